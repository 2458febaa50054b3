"""Many accounts in one plan or report: failures first, a line for each, what changes alike once, and nothing hidden."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from render.plans import account, document, failed, menu, view
from review.comments import is_harmless

from wxdeploy.model.operation import Outcome
from wxdeploy.model.plan import AccountPlan, Failure
from wxdeploy.model.report import AccountReport, ApplyReport, Ending, Result
from wxdeploy.model.reportjson import to_json
from wxdeploy.render.fleet import MANY, plan_told, report_told
from wxdeploy.render.fleet_markdown import plan_comment
from wxdeploy.render.markdown import LIMIT

HOSTILE = "a|b`c <b>@everyone</b>\x1b[2J\u202e"


def shop(number: int, *, site: str = "https://www.example.com", name: str = "查找") -> AccountPlan:
    """One whose second button gets another name, and whose first leads elsewhere."""
    old = menu(view("首页", f"{site}/"), view("搜索", f"{site}/search"))
    new = menu(view("首页", f"{site}/home"), view(name, f"{site}/search"))
    return account(new, old, name=f"shop-{number:02}")


def same(number: int) -> AccountPlan:
    old = menu(view("首页"))
    return account(old, old, name=f"same-{number:02}")


def fleet(*more: AccountPlan) -> dict[str, Any]:
    return document(*more, *(shop(number) for number in range(18)), same(1), same(2))


def test_the_same_edit_is_told_once() -> None:
    text = plan_told(fleet())
    assert text.count("搜索 → 查找") == 1
    assert (
        "in 18 accounts (shop-00, shop-01, shop-02, shop-03, shop-04, shop-05, shop-06, shop-07 and 10 more):" in text
    )
    assert text.splitlines()[0] == "20 accounts:"
    assert text.splitlines()[-1].startswith("Plan: 18 to change · 18 API calls.")


def test_every_account_has_a_line_and_those_that_failed_come_first() -> None:
    text = plan_told(
        fleet(
            same(0),
            failed("gone-1", "nobody there", "look at the network"),
            failed("gone-2", "nobody there", "look at the network"),
        )
    )
    lines = text.splitlines()
    assert lines[:3] == ["in 2 accounts (gone-1, gone-2):", "  ✗ nobody there", "      look at the network"]
    rows = lines[lines.index("23 accounts:") + 1 :][:23]
    assert [row.split()[1] for row in rows[:2]] == ["gone-1", "gone-2"]
    assert [row.split()[1] for row in rows[2:20]] == [f"shop-{number:02}" for number in range(18)]
    assert [row.split()[0] for row in rows[20:]] == ["same-00", "same-01", "same-02"]
    assert all(row.endswith("no changes") for row in rows[20:])


def test_values_of_an_account_s_own_stand_below_the_line_that_they_differ_from() -> None:
    text = plan_told(fleet(shop(50, site="https://evil.example")))
    (at,) = [index for index, line in enumerate(text.splitlines()) if "https://evil.example/home" in line]
    before, line = text.splitlines()[at - 1 : at + 1]
    assert "https://www.example.com/home" in before
    assert line.strip().startswith("shop-50: ")


def test_what_none_have_in_common_is_told_of_the_first_and_counted() -> None:
    plans = [shop(number, site=f"https://{number}.example.com") for number in range(12)]
    text = plan_told(document(*plans))
    assert "shop-00: " in text
    assert "and 7 more, each its own: --account NAME and --format json tell them" in text


def test_other_edits_are_another_group() -> None:
    text = plan_told(fleet(shop(60, name="找"), account(None, menu(view("首页")), name="none")))
    assert "in 19 accounts" in text
    assert "shop-60: ~ 找  name: 搜索 → 找" in text
    assert "\nnone:\n  - menu default" in text
    assert "! none " in text
    assert "1 to delete, needs a decision" in text


def test_few_accounts_are_told_one_after_another() -> None:
    plans = [shop(number) for number in range(MANY - 1)]
    assert plan_told(document(*plans)).count("搜索 → 查找") == MANY - 1
    assert plan_comment(document(*plans)).count("<!-- wxdeploy:plan:shop-") == MANY - 1


def test_hostile_names_are_harmless_in_every_medium() -> None:
    made = json.loads(
        json.dumps(fleet(failed(HOSTILE, HOSTILE, HOSTILE))).replace("查找", HOSTILE.replace("\x1b", "\\u001b"))
    )
    made["accounts"][1]["account"] = HOSTILE
    made["accounts"][2]["unmanaged"] = [{"kind": "tag", "name": HOSTILE, "detail": HOSTILE}]
    assert "\x1b" not in plan_told(made)
    assert "\u202e" not in plan_told(made)
    assert is_harmless(plan_comment(made))


def test_the_comment_of_many_is_one_and_fits() -> None:
    text = plan_comment(fleet(failed("gone", "nobody there")))
    assert text.startswith("<!-- wxdeploy:plan -->\n### wxdeploy plan: 21 accounts\n")
    assert text.count("### In 18 accounts") == 1
    assert text.index("nobody there") < text.index("### In 18 accounts")
    assert text.count("| Before |") == 1
    assert is_harmless(text)
    short = plan_comment(fleet(), limit=900)
    assert len(short) <= 900
    assert "Left out for length: " in short


def test_a_heading_says_how_many_and_a_note_what_to_do_below_it() -> None:
    made = fleet()
    for number in (0, 1):
        made["accounts"][number]["warnings"] = [
            {"severity": "warning", "code": "WX909", "message": "lost", "fix": "mend"}
        ]
    text = plan_comment(made)
    assert "\n### In 18 accounts\n\n<code>shop-00</code>, <code>shop-01</code>, " in text
    assert (
        "\n#### In 2 accounts\n\n<code>shop-00</code>, <code>shop-01</code>\n\n- &#33; WX909 lost\n  - mend\n" in text
    )
    assert "\n### In all 12 accounts\n" in plan_comment(document(*(shop(number) for number in range(12))))


def test_two_thousand_accounts_are_one_comment() -> None:
    plans = [shop(0)._replace(account=f"shop-{number}") for number in range(1998)]
    text = plan_comment(document(*plans, failed("gone", "nobody there"), same(1)))
    assert len(text) < LIMIT
    assert "- <code>gone</code>: nobody there\n" in text
    assert "- and 1699 more\n- &#49; without changes" in text or "- and 1699 more\n- 1 without changes" in text
    assert "Left out for length" not in text


def test_decisions_come_before_other_changes() -> None:
    text = plan_comment(fleet(account(None, menu(view("首页")), name="none")))
    assert text.index("### <code>none</code>") < text.index("### In 18 accounts")


ENDINGS = {Ending.FAILED: "✗", Ending.PARTIAL: "✗", Ending.REFUSED: "!", Ending.APPLIED: "✓", Ending.UNCHANGED: "✓"}


def report() -> dict[str, Any]:
    reports = [
        AccountReport(
            plan=shop(number),
            ending=ending,
            converged=ending is Ending.APPLIED or None,
            results=tuple(
                Result(operation=each, outcome=Outcome.APPLIED if ending is Ending.APPLIED else Outcome.FAILED)
                for each in shop(number).operations
                if ending is not Ending.UNCHANGED
            ),
        )
        for number, ending in enumerate([Ending.APPLIED, *ENDINGS, *[Ending.UNCHANGED] * MANY])
    ]
    return to_json(ApplyReport(tuple(reports)), version="0")


def test_a_report_of_many_has_a_line_for_each_the_worst_first() -> None:
    text = report_told(report(), "its configuration")
    rows = text.splitlines()[1:-2]
    assert len(rows) == len(report()["accounts"])
    marks = [row.split()[0] for row in rows]
    assert marks == sorted(marks, key="✗!·✓".index)
    assert "✓ shop-00  wx0000000000000001  applied, 1 call done, verified" in text
    assert text.splitlines()[-1].startswith("Apply: 2 calls done, 3 failed")


def test_what_failed_is_told_before_what_was_not_begun_for_it() -> None:
    left = Failure(message="not begun: the canary canary failed", fix="run the same command again")
    spared = [AccountReport(plan=shop(number), ending=Ending.NOT_TRIED, failure=left) for number in range(MANY)]
    wrong = Failure(message="answered 40018", fix="shorten the name")
    canary = AccountReport(plan=shop(0)._replace(account="canary"), ending=Ending.FAILED, failure=wrong)
    lines = report_told(to_json(ApplyReport((*spared, canary)), version="0"), "its configuration").splitlines()
    assert lines[:2] == ["canary:", "  ✗ answered 40018"]
    assert "  · shop-00  wx0000000000000001  not tried" in lines


def test_what_has_left_the_screen_is_told_in_short_at_the_end() -> None:
    dead = Failure(message="https://api.example.com can't be reached: the connection was refused", fix="look")
    denied = [Failure(message=f"answered {code}", fix="") for code in (48001, 40018, 40013)]
    plans = [shop(number)._replace(account=f"a-{number:03}", error=dead, changes=()) for number in range(60)]
    plans += [shop(number)._replace(account=f"b-{number}", error=each) for number, each in enumerate(denied)]
    told = plan_told(document(*plans)).splitlines()
    assert told[-4:] == [
        "✗ 60 accounts: https://api.example.com can't be reached: the connection was refused",
        "✗ b-0: answered 48001",
        "✗ b-1: answered 40018",
        "✗ and 1 more failure, told above",
    ]
    assert plan_told(document(*plans[:20])).splitlines()[-1].startswith("Plan: 20 accounts with errors")
    reports = [AccountReport(plan=each, ending=Ending.FAILED, failure=each.error) for each in plans]
    end = report_told(to_json(ApplyReport(tuple(reports)), version="0"), "its configuration").splitlines()[-4:]
    assert end == told[-4:]


@pytest.mark.parametrize("few", [True, False])
def test_a_report_tells_why_there_is_none(few: bool) -> None:
    made = copy.deepcopy(report())
    if few:
        made["accounts"] = made["accounts"][:1]
    made["error"] = {"message": "shard 2/4: no network", "fix": "", "rid": None, "errcode": None, "findings": []}
    assert report_told(made, "its configuration").startswith("✗ shard 2/4: no network\n")
