"""A plan in a terminal of any width, and what is told beside the changes: symbols, places, narrowing, warnings apart."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from cli.shell import Project, Ran
from hypothesis import given
from hypothesis import strategies as st
from render.plans import PLANS, account, document, menu, view
from trust.shop import files, vip, wants
from workflow.drill import menu as body

from wxdeploy.model.cells import cells
from wxdeploy.render.layout import columns, fold
from wxdeploy.render.text import plan_text

Run = Callable[..., Ran]
ADDRESS = "https://www.example.com/" + "long/" * 20
LONG = document(
    account(
        menu(view("搜索", ADDRESS), view("预约试饮与门店导览服务", "https://www.example.com/")),
        menu(view("查找", ADDRESS), view("门店", "https://www.example.com/")),
    )
)


def widest(text: str, without: str = "") -> int:
    return max(cells(line) for line in text.splitlines() if not without or without not in line)


@pytest.mark.parametrize("name", [name for name in PLANS if not name.startswith("hostile")])
@pytest.mark.parametrize("width", [40, 72, 100])
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    text = plan_text(PLANS[name], width)
    addresses = "https://"
    assert widest(text, without=addresses) <= width
    assert "".join(text.split()) == "".join(plan_text(PLANS[name]).split()), "folding takes nothing away"


def test_an_address_stays_whole_so_that_it_can_be_copied() -> None:
    text = plan_text(LONG, 60)
    assert ADDRESS not in plan_text(document(account(menu(view("搜索")), None)), 60)
    assert (
        sum(
            ADDRESS in line for line in plan_text(document(account(menu(view("搜索", ADDRESS)), None)), 60).splitlines()
        )
        == 1
    )
    assert widest(text, without="https://") <= 60


def test_a_row_that_is_too_wide_does_not_push_the_others() -> None:
    rows = [("+ a", "x" * 120, "f:1"), ("+ bb", "y", "f:2"), ("+ ccc", "zz", "f:3")]
    assert list(columns(rows, None, "  ")) == [
        "  + a    " + "x" * 120 + "  f:1",
        "  + bb   y   f:2",
        "  + ccc  zz  f:3",
    ]
    assert list(columns(rows, 40, "  ")) == [
        "  + a",
        "      " + "x" * 120,
        "      f:1",
        "  + bb   y   f:2",
        "  + ccc  zz  f:3",
    ]


def test_chinese_is_broken_between_characters_and_not_before_punctuation() -> None:
    assert list(fold("  ! 公众号的菜单在后台做过，替换后不能恢复", 26)) == [
        "  ! 公众号的菜单在后台做",
        "      过，替换后不能恢复",
    ]
    assert next(fold("  一二三四五六七八九十一二，三", 26)).endswith("一")


TEXTS = st.text(st.sampled_from("ab中，é🎉 /-"), max_size=80)


@given(TEXTS, st.integers(0, 90))
def test_folding_keeps_every_sign_and_the_width(text: str, width: int) -> None:
    line = "    " + text.strip()
    found = list(fold(line, width))
    assert "".join("".join(found).split()) == "".join(line.split())
    for piece in found[1:]:
        assert cells(piece) <= max(width, 24) or " " not in piece.strip()
    assert list(fold(line, None)) == [line]


def test_only_the_symbols_that_are_used_are_explained() -> None:
    lines = {name: plan_text(PLANS[name]).splitlines() for name in PLANS}
    assert "Symbols: + added, ~ changed, ↕ moved, ! needs a look" in lines["edits"]
    assert lines["edits"][-1].startswith("Plan: "), "the sum comes last"
    assert not any(line.startswith("Symbols") for line in lines["nothing"])


def test_each_change_has_its_place_a_deletion_that_of_its_section(project: Project, run: Run) -> None:
    project.live(tags=["VIP", "旧"], menu=body("首页"), conditional_menus=[vip()])
    project.accounts(
        "  shop:\n    appid: wx0000000000000001\n    api: sandbox\n    files: [menu.yaml]\n    prune: [tags]\n"
    )
    project.write("menu.yaml", "tags:\n  - name: VIP\n  - name: 新\n\nmenu: absent\nconditional_menus: []\n")
    ran = run("plan", "--format", "json")
    (found,) = ran.json["accounts"]
    places = {(each["kind"], each["name"]): each["source"]["line"] for each in found["changes"]}
    assert places == {
        ("tag", "新"): 3,
        ("tag", "旧"): 1,
        ("menu", "default"): 5,
        ("conditional_menu", "vip"): 6,
    }
    told = run("plan").out
    assert "says menu: absent  menu.yaml:5\n" in told
    assert told.index("+ tag 新") < told.index("menu.yaml:3")
    wants(project, files(tags=[{"name": "VIP"}], default=body("二")))
    assert "the menu differs from the configuration  menu.yaml:1\n" in run("plan", "--target", "menu").out


def test_a_plan_that_was_narrowed_says_so(project: Project, run: Run) -> None:
    project.live(menu=body("首页"))
    wants(project, files(tags=[{"name": "VIP"}], default=body("首页")))
    ran = run("plan", "--target", "menu")
    assert ran.out.splitlines()[-2:] == [
        "Note: only menu was looked at (--target): there may be more.",
        "No changes. The account matches its configuration.",
    ]
    assert run("plan", "--target", "menu", "--format", "json").json["targets"] == ["menu"]
    assert "Note:" not in run("plan").out
    assert "targets" not in run("plan", "--format", "json").json


def test_what_is_not_managed_and_what_is_to_be_known_stand_apart(project: Project, run: Run) -> None:
    project.live(
        tags=["VIP", "别人的"], menu=body("首页"), conditional_menus=[{"matchrule": {"sex": "1"}, **body("死")}]
    )
    wants(project, files(tags=[{"name": "VIP"}], default=body("首页"), personalised=[vip()]))
    lines = run("plan").out.splitlines()
    at = lines.index("  not managed, left as it is:")
    assert lines[at + 1].startswith("    · tag 别人的")
    known = lines.index("  to be known:")
    assert lines[known + 1].startswith("    ! WX310 ")
    assert at < known


def test_whoever_loses_a_menu_by_the_default_one_s_removal_is_named(project: Project, run: Run) -> None:
    project.live(tags=["VIP"], menu=body("首页"), conditional_menus=[vip()])
    wants(project, json.dumps({"menu": "absent"}))
    (found,) = run("plan", "--format", "json").json["accounts"]
    assert [(each["tag"], each["before"], each["after"]) for each in found["audiences"]] == [("VIP", "vip", None)]
    assert "    tag VIP, any platform  vip → no menu\n" in run("plan").out
    wants(project, json.dumps({"menu": "absent", "conditional_menus": []}))
    assert "    tag VIP, any platform  vip → no menu\n" in run("plan").out
