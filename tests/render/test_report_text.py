"""What an apply did, as text: the sum is counted from what happened, never from what was planned."""

from __future__ import annotations

from typing import Any

import pytest
from render.plans import account, click, failed, menu

from wxdeploy.model.operation import Outcome
from wxdeploy.model.plan import AccountPlan, Failure
from wxdeploy.model.report import AccountReport, ApplyReport, Ending, Result
from wxdeploy.model.reportjson import to_json
from wxdeploy.render.findings import findings_text
from wxdeploy.render.report import report_text
from wxdeploy.render.text import plan_text

PLAN = account(menu(click("新")), menu(click("旧")))


def told(*accounts: AccountReport) -> str:
    return report_text(to_json(ApplyReport(accounts), version="0.0.0"))


def report(ending: Ending, outcome: Outcome | None = None, plan: AccountPlan = PLAN, **more: Any) -> AccountReport:
    results = () if outcome is None else (Result(operation=PLAN.operations[0], outcome=outcome),)
    return AccountReport(plan=plan, ending=ending, results=results, **more)


@pytest.mark.parametrize(
    ("ending", "outcome", "expected"),
    [
        (Ending.APPLIED, Outcome.APPLIED, "1 call done"),
        (Ending.APPLIED, Outcome.SKIPPED, "1 was done already"),
        (Ending.FAILED, Outcome.FAILED, "1 failed"),
        (Ending.PARTIAL, Outcome.UNKNOWN, "1 unknown"),
        (Ending.FAILED, Outcome.NOT_TRIED, "1 not tried"),
        (Ending.REFUSED, None, "1 account refused"),
    ],
)
def test_the_sum_tells_what_became_of_each_call(ending: Ending, outcome: Outcome | None, expected: str) -> None:
    last = told(report(ending, outcome)).splitlines()[-1]
    assert expected in last
    assert ("1 call done" in last) == (outcome is Outcome.APPLIED)


def test_what_was_refused_is_not_counted_as_done() -> None:
    text = told(report(Ending.REFUSED, failure=Failure(message="no\x1b[2J", fix="ask\u202e")))
    assert "0 calls done" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_an_account_that_failed_before_any_call_is_counted() -> None:
    """Or the last line of a run in which nothing worked would read like one in which nothing was to be done."""
    plan = failed("bad", "no")
    text = told(report(Ending.FAILED, plan=plan, failure=plan.error))
    assert "1 account failed" in text.splitlines()[-1]


def test_nothing_to_do_is_said_where_that_is_so_alone() -> None:
    unchanged = report(Ending.UNCHANGED, converged=True)
    assert "Nothing to do" in told(unchanged)
    assert "Nothing to do" in told(unchanged, unchanged)
    assert "Nothing to do" not in told(unchanged, report(Ending.REFUSED))


def test_findings_show_no_control_character_and_no_line_of_their_own() -> None:
    finding = {
        "code": "WX210", "severity": "error", "message": "a\nb\x1b[31m\u202e", "fix": "c\r\nd", "file": "e\x07\nf",
        "line": 1, "column": 2, "account": "g\nh", "path": "",
    }  # fmt: skip
    text = findings_text({"findings": [finding]})
    assert len(text.splitlines()) == 3
    assert not set(text) & set("\x1b\u202e\x07\r")
    plan = {"accounts": [], "summary": {"accounts": 0, "errors": 0, "create": 0, "update": 0, "delete": 0, "rename": 0},
            "error": {"message": "x\ny", "fix": "z\x1b", "rid": "\x07", "findings": [finding]}}  # fmt: skip
    assert not set(plan_text(plan)) & set("\x1b\u202e\x07\r")
