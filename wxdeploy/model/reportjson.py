"""The public JSON form of what an apply did (``schemas/v1/apply.schema.json``)."""

from __future__ import annotations

from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.operation import Outcome
from wxdeploy.model.plan import Failure
from wxdeploy.model.planjson import account_json, change_json, operation_json
from wxdeploy.model.report import AccountReport, ApplyReport, Ending

FORMAT = "wxdeploy.apply/1"


def to_json(report: ApplyReport, *, version: str, failure: Failure | None = None) -> dict[str, JsonValue]:
    """The document that ``apply --format json`` prints; ``plan`` in it is what was to be done."""
    return {
        "format": FORMAT,
        "wxdeploy": version,
        "accounts": [_account(account) for account in report.accounts],
        "summary": {
            "accounts": len(report.accounts),
            **{ending.value: sum(each.ending is ending for each in report.accounts) for ending in Ending},
            "operations": {
                outcome.value: sum(result.outcome is outcome for each in report.accounts for result in each.results)
                for outcome in Outcome
            },
        },
        "error": failure.to_json() if failure else None,
        **({"shard": report.shard.to_json()} if report.shard else {}),
    }


def _account(report: AccountReport) -> dict[str, JsonValue]:
    return {
        "account": report.plan.account,
        "appid": report.plan.appid,
        "status": report.ending.value,
        "converged": report.converged,
        "snapshot": report.snapshot,
        "operations": [
            {
                **operation_json(result.operation),
                "outcome": result.outcome.value,
                "error": result.failure.to_json() if result.failure else None,
            }
            for result in report.results
        ],
        "moved": [change_json(change) for change in report.moved],
        "plan": account_json(report.plan),
        "error": report.failure.to_json() if report.failure else None,
    }
