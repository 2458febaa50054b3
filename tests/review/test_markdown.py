"""Comments in Markdown: golden cases, the phone as GitHub and GitLab show it, the limit, and hostile names."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli.shell import Project, Ran
from hypothesis import given
from hypothesis import strategies as st
from laws import searched
from render.plans import PLANS, account, click, document, failed, menu, parent, view
from review.comments import RENDERERS, is_harmless, seen

from wxdeploy.render.fleet_markdown import plan_comment
from wxdeploy.render.markdown import LIMIT, marker, plan_markdown

CASES = Path(__file__).parent / "cases" / "markdown"
HOSTILE = (
    "a|b`c` <b>@everyone</b> ![x](https://evil.example) #1 !2 ~l GH-3\r\n# h\n| - | - |\n</details>-->"
    "<!-- x --> *b* _i_ $x$ [^1] www.evil.example mail@evil.example \u202e\x1b[2J \\| &lt; ``` </code> "
    ":tada: %1 $1 &1 ~\"bug\" %'v1' [vulnerability:1] ^alert#1 user/repo@1234567 \n/close\n/assign @root"
)


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_is_told_as_it_was_reviewed(name: str, golden: Callable[[Path, str], None]) -> None:
    golden(CASES / f"{name}.md", plan_markdown(PLANS[name]))


@pytest.mark.parametrize("name", PLANS)
def test_the_comment_needs_nothing_but_the_public_json(name: str) -> None:
    assert plan_markdown(json.loads(json.dumps(PLANS[name]))) == plan_markdown(PLANS[name])


@pytest.mark.parametrize("name", PLANS)
def test_no_case_has_an_effect(name: str) -> None:
    assert is_harmless(plan_markdown(PLANS[name]))


SEARCH, HELP, ABOUT = (f"https://www.example.com/{name}" for name in ("search", "help", "about"))
OLD = menu(
    click("今日歌曲", "A"),
    parent("菜单很长很长", view("搜索", SEARCH), view("旧的", HELP + "/old"), view("帮助", HELP)),
    view("关于", ABOUT),
)
NEW = menu(
    click("今日歌曲", "B"),
    parent("菜单很长很长", view("帮助", HELP), view("查找", SEARCH), view("一二三四五六七八九", ABOUT + "/us")),
    view("关于", ABOUT),
)


def test_the_tables_are_the_phone_before_and_after() -> None:
    before, after = seen(plan_markdown(document(account(NEW, OLD)))).tables
    assert before == [
        ["", "Before", ""],
        ["", "~ 搜索", ""],
        ["", "- 旧的", ""],
        ["", "↕ 帮助", ""],
        ["~ 今日歌曲", "≡ 菜单很长…", "关于"],
    ]
    assert after == [
        ["", "After", ""],
        ["", "↕ 帮助", ""],
        ["", "~ 查找", ""],
        ["", "+ 一二三四五六七八…", ""],
        ["~ 今日歌曲", "≡ 菜单很长…", "关于"],
    ]


def test_two_buttons_stand_in_three_columns() -> None:
    (table,) = seen(plan_markdown(document(account(menu(click("一"), click("二")), None)))).tables
    assert table == [["", "After", ""], ["一", "二", ""]]


def many(accounts: int, menus: int) -> dict[str, Any]:
    """A change of the default menu, of so many personalised ones and a deletion, in each of the accounts."""
    one = document(account(NEW, OLD), failed("bad", "no"))
    made = []
    for number in range(accounts):
        each = copy.deepcopy(one["accounts"][0])
        each["account"] = f"shop-{number}"
        change = each["changes"][0]
        for index in range(menus):
            personal = copy.deepcopy(change) | {"kind": "conditional_menu", "name": f"menu-{index}"}
            each["changes"].append(personal)
        gone = copy.deepcopy(change) | {"name": f"gone-{number}", "action": "delete", "after": None, "edits": []}
        gone["hazards"] = [
            {"code": "WX901", "message": f"gone-{number} goes", "fix": "read", "permit": "--allow-delete"}
        ]
        each["changes"].append(gone)
        made.append(each)
    one["accounts"] = [*made, one["accounts"][1]]
    one["summary"] = one["summary"] | {"accounts": accounts + 1, "update": accounts * (menus + 1), "delete": accounts}
    return one


def test_a_large_change_stays_under_the_limit_and_says_what_it_left_out() -> None:
    text = plan_markdown(many(20, 6))
    assert LIMIT * 0.8 < len(text) < LIMIT
    assert text.count("<!-- wxdeploy:plan:shop-") == 20
    for number in range(20):
        assert f"gone-{number} goes" in text
        assert "**7 to change, 1 to delete** · 1 API call" in text
    assert "POST /x" not in text
    found = [int(each) for each in re.findall(r"Left out for length:.*?(\d+) phones?", text)]
    shown = text.count("|  | Before |")
    assert sum(found) + shown == 20 * 8
    assert "`" not in text.replace("`wxdeploy", "").replace("plan`", "")
    assert "<code>wxdeploy plan --account shop-3</code> prints all of it" in text
    assert is_harmless(text)


def test_twenty_accounts_with_six_personalised_menus_each_are_one_comment() -> None:
    text = plan_comment(many(20, 6))
    assert len(text) < LIMIT
    assert is_harmless(text)
    assert text.count("<!-- wxdeploy:plan") == 1
    whole, cut = plan_comment(many(20, 6), limit=10**9), plan_comment(many(20, 6), limit=9_000)
    parts = whole.count("\n### In 20 accounts\n")
    assert parts == 7
    assert len(cut) < 9_000
    assert re.search(r"Left out for length: \d+ of \d+ parts", cut)
    assert "Left out" not in whole


def test_a_hostile_text_has_no_effect_among_many_accounts() -> None:
    plan = document(*(account(NEW, OLD, name=f"shop-{number}") for number in range(12)))
    assert is_harmless(plan_comment(moves_kept(plan, HOSTILE)))


def test_a_small_change_leaves_nothing_out() -> None:
    text = plan_markdown(many(2, 2))
    assert "Left out" not in text
    assert text.count("|  | Before |") == 2 * 4


def test_what_is_gone_and_what_failed_is_never_cut() -> None:
    text = plan_markdown(many(20, 6), limit=100)
    for number in range(20):
        assert f"gone-{number} goes" in text
    assert "✗ no" in text
    assert "|  | Before |" not in text


def test_accounts_without_changes_make_room_and_are_counted() -> None:
    plan = document(*(account(OLD, OLD, name=f"shop-{number}") for number in range(800)), account("absent", OLD))
    text = plan_markdown(plan)
    assert len(text) < LIMIT
    assert "Left out for length: 800 accounts without changes." in text
    assert "WX901" in text
    few = plan_markdown(document(account(OLD, OLD), account(OLD, OLD, name="other")))
    assert few.count("**No changes:**") == 2


def test_deletions_and_hazards_come_first() -> None:
    text = plan_markdown(many(1, 1))
    assert text.index("#### Deletions, and what needs a decision") < text.index("#### **&#126;** menu")


def test_a_comment_is_found_by_its_marker() -> None:
    assert marker("plan", "shop-1.北京") == "<!-- wxdeploy:plan:shop-1.北京 -->"
    assert marker("diff", "a--> <b>--") == "<!-- wxdeploy:diff:a%2D-%3E%20%3Cb%3E%2D%2D -->"
    for name in (HOSTILE, "-", "--", "->", "a-", "--!>"):
        found = seen(marker("plan", name) + "\n\ntext\n")
        assert len(found.comments) == 1
        assert found.prose.strip() == "text"


def spoilt(value: Any, text: str) -> Any:
    """A plan whose every text of people and of accounts is a hostile one."""
    if isinstance(value, dict):
        kept = {"kind", "action", "op", "status", "severity", "path", "origin", "format", "field", "code"}
        return {key: each if key in kept else spoilt(each, text) for key, each in value.items()}
    if isinstance(value, list):
        return [spoilt(each, text) for each in value]
    return text if isinstance(value, str) else value


def moves_kept(plan: dict[str, Any], text: str) -> Any:
    """The spoilt plan; where a part moved to and from stays a path."""
    made = spoilt(plan, text)
    for one, other in zip(plan["accounts"], made["accounts"], strict=True):
        for was, now in zip(one["changes"], other["changes"], strict=True):
            for old, new in zip(was["edits"], now["edits"], strict=True):
                if old["op"] == "move":
                    new["before"], new["after"] = old["before"], old["after"]
    return made


@pytest.mark.parametrize("name", [name for name in PLANS if not name.startswith("hostile")])
def test_a_hostile_text_has_no_effect_wherever_it_stands(name: str) -> None:
    text = plan_markdown(moves_kept(PLANS[name], HOSTILE))
    assert is_harmless(text)
    plain, made = seen(plan_markdown(PLANS[name])), seen(text)
    assert [len(row) for table in made.tables for row in table] == [len(row) for table in plain.tables for row in table]


TEXTS = st.text(st.sampled_from("ab1|`*_<>&@#!~$[](){}\\\"'-+=:/.\n\r\t \u200b\u202e中🎉"), max_size=14)


@searched(50)
@given(TEXTS, TEXTS)
def test_no_name_gets_out_of_its_place(one: str, other: str) -> None:
    plan = document(
        account(menu(click(one, other), parent(other, view(one, other))), menu(click("x"), parent("y", view("z")))),
        failed("a" + one, other, one),
    )
    text = plan_markdown(plan)
    assert is_harmless(text)
    assert all(len(row) == 3 for table in seen(text).tables for row in table)


@searched(40)
@given(TEXTS)
def test_a_name_is_read_as_it_was_written(name: str) -> None:
    from wxdeploy.render.escape import markdown_code, terminal

    for renderer in RENDERERS:
        found = seen(f"| a |\n| --- |\n| x{markdown_code(name)}x |\n", renderer)
        assert "".join(found.code) == terminal(name), renderer


def test_the_program_prints_it_whatever_the_code(project: Project, run: Callable[..., Ran]) -> None:
    project.want({"button": [{"type": "click", "name": "好", "key": "K"}]})
    ran = run("plan", "--format", "markdown", "--detailed-exitcode")
    assert ran.code == 2
    assert ran.out.startswith("<!-- wxdeploy:plan:shop -->\n### wxdeploy plan: <code>shop</code>")
    project.write("wxdeploy.yaml", "version: 1\n")
    ran = run("plan", "--format", "markdown")
    assert ran.code == 3
    assert ran.out.startswith("<!-- wxdeploy:plan -->\n**✗ the configuration has 1 error**\n\n- ")
    assert "- <code>wxdeploy.yaml&#58;1&#58;1</code> error WX102 " in ran.out
    assert "\n  - fix: add " in ran.out
