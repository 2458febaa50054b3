"""The public JSON form of a plan (``schemas/v1/plan.schema.json``), written and read: the contract with other programs.

What is read back is equal to what was written, but for warnings and findings: their public form has one message in
place of summary and detail, and they are read back with the message as their summary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wxdeploy.model.address import Address
from wxdeploy.model.diagnostic import Diagnostic, Severity
from wxdeploy.model.jsonvalue import JsonValue, format_path, parse_path
from wxdeploy.model.operation import Action, ApiCall, Capture, Change, Deferred, Edit, Hazard, Op, Operation, Origin
from wxdeploy.model.plan import AccountPlan, Audience, Failure, Plan, Status, Unmanaged
from wxdeploy.model.shard import Shard
from wxdeploy.model.source import Span

FORMAT = "wxdeploy.plan/1"


def to_json(plan: Plan, *, version: str, failure: Failure | None = None) -> dict[str, JsonValue]:
    """The document that ``plan --format json`` prints, and that every other renderer reads.

    ``failure`` says why no account could be planned at all.
    """
    return {
        "format": FORMAT,
        "wxdeploy": version,
        "base": plan.base,
        "accounts": [account_json(account) for account in plan.accounts],
        "summary": _summary(plan),
        "error": failure.to_json() if failure else None,
        **({"shard": plan.shard.to_json()} if plan.shard else {}),
        **({"targets": list(plan.targets)} if plan.targets else {}),
    }


def account_json(plan: AccountPlan) -> dict[str, JsonValue]:
    """One account of the document."""
    return {
        "account": plan.account,
        "appid": plan.appid,
        "status": plan.status.value,
        "fingerprint": {
            "live": plan.live_digest,
            "desired": plan.desired_digest,
            "kinds": list(plan.kinds),
            "objects": dict(plan.objects),
        },
        "changes": [change_json(change) for change in plan.changes],
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
        "captures": [
            {
                "kind": each.deferred.address.kind,
                "name": each.deferred.address.name,
                "attribute": each.deferred.attribute,
                "pointer": list(each.pointer),
            }
            for each in operation.call.captures
        ],
        "change": operation.change,
        "live_before": operation.live_before,
        "live_after": operation.live_after,
        "note": operation.note,
    }


def change_json(change: Change) -> dict[str, JsonValue]:
    """One object of the document as it is and as it is to be."""
    along: list[JsonValue] = [{"kind": each.kind, "name": each.name} for each in change.takes_along]
    return {
        "kind": change.address.kind,
        "name": change.address.name,
        "action": change.action.value,
        "reason": change.reason,
        "origin": change.origin.value if change.origin else None,
        "before": change.before,
        "after": change.after,
        "edits": _edits(change.edits),
        "hazards": [
            {"code": each.code, "message": each.message, "fix": each.fix, "permit": each.permit}
            for each in change.hazards
        ],
        "harmless": change.harmless,
        "source": _source(change.span),
        **({"takes_along": along} if along else {}),
    }


def _summary(plan: Plan) -> dict[str, JsonValue]:
    return {
        "accounts": len(plan.accounts),
        **{action.value: plan.count(action) for action in Action},
        "errors": sum(account.status is Status.ERROR for account in plan.accounts),
    }


def _edits(edits: Sequence[Edit]) -> list[JsonValue]:
    return [
        {
            "op": edit.op.value,
            "path": format_path(edit.path),
            "field": edit.field,
            "before": edit.before,
            "after": edit.after,
            "source": _source(edit.span),
        }
        for edit in edits
    ]


def _source(span: Span | None) -> JsonValue:
    return {"file": span.file, "line": span.line, "column": span.column} if span else None


def from_json(document: Mapping[str, Any]) -> Plan:
    """The plan that a document tells of; raises ``ValueError`` where it tells of none.

    The failure of a whole command is no part of a plan: look at ``error`` first.
    """
    return Plan(
        tuple(_read_account(each) for each in _objects(document, "accounts")),
        _text_or_none(document.get("base")),
        Shard.from_json(document["shard"]) if "shard" in document else None,
        _texts(document.get("targets", [])),
    )


def failure_of(value: Any) -> Failure | None:
    """The failure that a document tells of."""
    if value is None:
        return None
    code = value["errcode"]
    return Failure(
        message=_text(value["message"]),
        fix=_text(value["fix"]),
        errcode=None if code is None else _number(code),
        rid=_text_or_none(value["rid"]),
        findings=tuple(map(_read_finding, _objects(value, "findings"))),
    )


def _read_account(value: Mapping[str, Any]) -> AccountPlan:
    fingerprint = _mapping(value["fingerprint"])
    plan = AccountPlan(
        account=_text(value["account"]),
        appid=_text_or_none(value["appid"]),
        live_digest=_text_or_none(fingerprint["live"]),
        desired_digest=_text_or_none(fingerprint["desired"]),
        kinds=_texts(fingerprint["kinds"]),
        objects={_text(key): _text(each) for key, each in _mapping(fingerprint["objects"]).items()},
        changes=tuple(map(_read_change, _objects(value, "changes"))),
        operations=tuple(map(_read_operation, _objects(value, "operations"))),
        unmanaged=tuple(
            Unmanaged(_text(each["kind"]), _text(each["name"]), _text(each["detail"]))
            for each in _objects(value, "unmanaged")
        ),
        audiences=tuple(map(_read_audience, _objects(value, "audiences"))),
        warnings=tuple(map(_read_finding, _objects(value, "warnings"))),
        error=failure_of(value["error"]),
    )
    if any(not 0 <= each.change < len(plan.changes) for each in plan.operations):
        raise ValueError("an operation serves a change that is not there")
    return plan


def _read_change(value: Mapping[str, Any]) -> Change:
    return Change(
        address=Address(_text(value["kind"]), _text(value["name"])),
        action=Action(value["action"]),
        reason=_text(value["reason"]),
        before=value["before"],
        after=value["after"],
        edits=tuple(map(_read_edit, _objects(value, "edits"))),
        hazards=tuple(
            Hazard(
                code=_text(each["code"]),
                message=_text(each["message"]),
                fix=_text(each["fix"]),
                permit=_text_or_none(each["permit"]),
            )
            for each in _objects(value, "hazards")
        ),
        harmless=_truth(value["harmless"]),
        origin=None if value["origin"] is None else Origin(value["origin"]),
        takes_along=tuple(
            Address(_text(each["kind"]), _text(each["name"]))
            for each in (_objects(value, "takes_along") if "takes_along" in value else ())
        ),
        span=_read_span(value.get("source")),
    )


def _read_edit(value: Mapping[str, Any]) -> Edit:
    return Edit(
        op=Op(value["op"]),
        path=parse_path(_text(value["path"])),
        field=_text_or_none(value["field"]),
        before=value["before"],
        after=value["after"],
        span=_read_span(value["source"]),
    )


def _read_operation(value: Mapping[str, Any]) -> Operation:
    captures = tuple(
        Capture(
            Deferred(Address(_text(each["kind"]), _text(each["name"])), _text(each["attribute"])),
            _texts(each["pointer"]),
        )
        for each in _objects(value, "captures")
    )
    return Operation(
        call=ApiCall(_text(value["call"]), value["body"], captures),
        change=_number(value["change"]),
        live_before=_text(value["live_before"]),
        live_after=_text(value["live_after"]),
        note=_text(value["note"]),
    )


def _read_audience(value: Mapping[str, Any]) -> Audience:
    between = value["between"]
    return Audience(
        tag=_text_or_none(value["tag"]),
        platform=_text_or_none(value["platform"]),
        before=_text_or_none(value["before"]),
        after=_text_or_none(value["after"]),
        buttons_change=_truth(value["buttons_change"]),
        between=tuple(map(_text_or_none, between if isinstance(between, list) else [between])),
    )


def _read_finding(value: Mapping[str, Any]) -> Diagnostic:
    placed = value["file"] is not None
    return Diagnostic(
        code=_text(value["code"]),
        severity=Severity(value["severity"]),
        summary=_text(value["message"]),
        detail="",
        fix=_text(value["fix"]),
        span=Span(_text(value["file"]), _number(value["line"]), _number(value["column"])) if placed else None,
        account=_text_or_none(value["account"]),
        path=parse_path(_text(value["path"])),
    )


def _read_span(value: Any) -> Span | None:
    if value is None:
        return None
    return Span(_text(value["file"]), _number(value["line"]), _number(value["column"]))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("something other than text stands where text has to")  # noqa: TRY004 - one error for a reader
    return value


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("something other than a list stands where a list has to")  # noqa: TRY004
    return tuple(map(_text, value))


def _number(value: Any) -> int:
    if type(value) is not int:
        raise ValueError("something other than a whole number stands where one has to")
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("something other than true or false stands where one has to")  # noqa: TRY004
    return value


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError("something other than an object stands where an object has to")  # noqa: TRY004
    return value


def _objects(value: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    items = value[key]
    if not isinstance(items, list):
        raise ValueError(f"{key} is no list")  # noqa: TRY004
    return [_mapping(each) for each in items]
