"""The public JSON form of a plan (``schemas/v1/plan.schema.json``): the contract with other programs."""

from __future__ import annotations

from collections.abc import Sequence

from wxdeploy.model.jsonvalue import JsonValue, format_path
from wxdeploy.model.operation import Action, Change, Edit, Operation
from wxdeploy.model.plan import AccountPlan, Failure, Plan, Status

FORMAT = "wxdeploy.plan/1"


def to_json(plan: Plan, *, version: str, failure: Failure | None = None) -> dict[str, JsonValue]:
    """The document that ``plan --format json`` prints, and that every other renderer reads.

    ``failure`` says why no account could be planned at all.
    """
    return {
        "format": FORMAT,
        "wxdeploy": version,
        "accounts": [account_json(account) for account in plan.accounts],
        "summary": _summary(plan),
        "error": failure.to_json() if failure else None,
    }


def account_json(plan: AccountPlan) -> dict[str, JsonValue]:
    """One account of the document."""
    return {
        "account": plan.account,
        "appid": plan.appid,
        "status": plan.status.value,
        "fingerprint": {"live": plan.live_digest, "desired": plan.desired_digest},
        "changes": [_change(change) for change in plan.changes],
        "operations": [operation_json(operation) for operation in plan.operations],
        "unmanaged": [{"kind": each.kind, "name": each.name, "detail": each.detail} for each in plan.unmanaged],
        "audiences": [
            {
                "tag": each.tag,
                "platform": each.platform,
                "before": each.before,
                "after": each.after,
                "buttons_change": each.buttons_change,
                "between": list(each.between),
            }
            for each in plan.audiences
        ],
        "warnings": [warning.to_json() for warning in plan.warnings],
        "error": plan.error.to_json() if plan.error else None,
    }


def operation_json(operation: Operation) -> dict[str, JsonValue]:
    """One literal call of the document."""
    return {
        "call": operation.call.call,
        "body": operation.call.body,
        "change": operation.change,
        "live_before": operation.live_before,
        "live_after": operation.live_after,
        "note": operation.note,
    }


def _summary(plan: Plan) -> dict[str, JsonValue]:
    return {
        "accounts": len(plan.accounts),
        **{action.value: plan.count(action) for action in Action},
        "errors": sum(account.status is Status.ERROR for account in plan.accounts),
    }


def _change(change: Change) -> dict[str, JsonValue]:
    return {
        "kind": change.address.kind,
        "name": change.address.name,
        "action": change.action.value,
        "reason": change.reason,
        "before": change.before,
        "after": change.after,
        "edits": _edits(change.edits),
        "hazards": [
            {"code": each.code, "message": each.message, "fix": each.fix, "permit": each.permit}
            for each in change.hazards
        ],
    }


def _edits(edits: Sequence[Edit]) -> list[JsonValue]:
    return [
        {
            "op": edit.op.value,
            "path": format_path(edit.path),
            "field": edit.field,
            "before": edit.before,
            "after": edit.after,
            "source": (
                {"file": edit.span.file, "line": edit.span.line, "column": edit.span.column} if edit.span else None
            ),
        }
        for edit in edits
    ]
