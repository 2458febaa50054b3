"""What no call can settle is in the plan as a finding of severity error, and is never taken for a match."""

from __future__ import annotations

from wxdeploy.model.diagnostic import Diagnostic, Severity
from wxdeploy.model.plan import AccountPlan, Plan, Status
from wxdeploy.model.planjson import to_json
from wxdeploy.render.text import plan_text


def planned(severity: Severity) -> AccountPlan:
    finding = Diagnostic(code="WX561", severity=severity, summary="Missing", detail="order_paid", fix="add it")
    return AccountPlan(account="prod", appid=None, live_digest=None, desired_digest=None, warnings=(finding,))


def test_an_account_with_one_does_not_match_its_configuration() -> None:
    plan = planned(Severity.ERROR)
    assert plan.status is Status.CHANGES
    assert plan.blockers == plan.warnings
    text = plan_text(to_json(Plan((plan,)), version="0"))
    assert "    ✗ WX561 Missing: order_paid\n        add it\n" in text
    assert text.endswith("Plan: 1 that no call can settle · 0 API calls.\n")


def test_a_warning_changes_nothing() -> None:
    plan = planned(Severity.WARNING)
    assert plan.status is Status.UNCHANGED
    assert plan.blockers == ()
    text = plan_text(to_json(Plan((plan,)), version="0"))
    assert "  ! WX561 Missing: order_paid\n" in text
    assert text.endswith("No changes. The account matches its configuration.\n")
