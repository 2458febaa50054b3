"""What is on the screen: cut where the phone cuts it, with what each tap does, marked where it changes."""

from __future__ import annotations

from typing import Any

import pytest
from render import plans

from wxdeploy.model.cells import cells
from wxdeploy.model.jsonvalue import format_path
from wxdeploy.planning.diff import edits_of
from wxdeploy.render.audience import seen_by
from wxdeploy.render.phone import marks_of, phone_of
from wxdeploy.render.taps import FACTS, TAPS, tap_of
from wxdeploy.wechat import limits
from wxdeploy.wechat.buttons import ALL_FIELDS, CONSOLE_ONLY, FIELDS

Marks = dict[str, str]


def marked(before: Any, after: Any) -> tuple[Marks, Marks]:
    """The marks by name."""
    edits: list[dict[str, Any]] = [
        {"op": each.op.value, "path": format_path(each.path), "field": each.field, "before": each.before}
        for each in edits_of(before, after)
    ]
    olds, news = marks_of(edits, before, after)
    names = [{key.path: key.name for key in phone_of(each).keys} for each in (before, after)]
    return {names[0][path]: op for path, op in olds.items()}, {names[1][path]: op for path, op in news.items()}


def test_names_are_cut_where_the_phone_cuts_them() -> None:
    screen = phone_of(plans.menu(plans.parent("附近的门店", plans.view("预约试饮与门店导览服务"), plans.view("外卖"))))
    (column,) = screen.columns
    assert (column.shown, [key.shown for key in column.keys]) == ("附近的门…", ["预约试饮与门店导…", "外卖"])
    assert cells(column.shown.rstrip("…")) <= limits.NAME_CELLS
    assert cells(column.keys[0].shown.rstrip("…")) <= limits.SUB_NAME_CELLS
    assert [key.name for key in screen.keys] == ["附近的门店", "预约试饮与门店导览服务", "外卖"]


def test_a_list_opens_and_ignores_what_else_its_button_says() -> None:
    (column,) = phone_of(
        plans.menu({**plans.parent("会员", plans.click("积分", "POINTS")), "type": "click", "key": "K"})
    ).columns
    assert (column.type, column.facts) == (None, ())
    assert tap_of(column).does.en == "Opens a list"
    assert column.keys[0].facts == (("key", "POINTS"),)
    assert column.keys[0].path == "button[0].sub_button[0]"


@pytest.mark.parametrize("kind", sorted({*FIELDS, *CONSOLE_ONLY}))
def test_every_type_has_words_in_both_languages(kind: str) -> None:
    tap = TAPS[kind]
    assert all((tap.sign, tap.does.zh, tap.does.en, tap.then.zh, tap.then.en))
    assert tap.does.zh != tap.does.en


def test_no_type_has_words_that_is_none() -> None:
    assert set(TAPS) == {*FIELDS, *CONSOLE_ONLY}
    assert {*ALL_FIELDS, "value"} == set(FACTS)


@pytest.mark.parametrize(
    ("button", "does"),
    [
        ({"name": "新", "type": "hologram"}, "A type that is not known"),
        ({"name": "空"}, "Does nothing"),
        ({"name": "数", "type": 3}, "A type that is not known"),
    ],
)
def test_what_is_not_known_is_said_to_be(button: dict[str, Any], does: str) -> None:
    assert tap_of(phone_of({"button": [button]}).columns[0]).does.en == does


@pytest.mark.parametrize("document", [None, {}, {"button": None}, {"button": "x"}, {"button": ["x", 3]}, "absent"])
def test_a_document_of_another_shape_is_an_empty_screen(document: Any) -> None:
    assert phone_of(document).columns == ()


def test_what_comes_goes_moves_and_changes_is_marked_where_it_was_and_is() -> None:
    one, two, three = (plans.view(name, f"https://{name}.example.com") for name in ("one", "two", "three"))
    olds, news = marked(
        plans.menu(plans.parent("list", one, two, three)),
        plans.menu(plans.parent("list", plans.click("new"), {**three, "name": "third"}, one)),
    )
    assert (olds["two"], news["new"]) == ("remove", "add")
    assert olds["three"] in ("change", "move")
    assert news["third"] in ("change", "move")


def test_a_changed_button_is_found_where_it_stood_though_others_went() -> None:
    olds, news = marked(
        plans.menu(plans.parent("list", plans.click("a", "A"), plans.view("b"))),
        plans.menu(plans.parent("list", plans.view("c"))),
    )
    assert olds == {"a": "remove", "b": "change"}
    assert news == {"c": "change"}


def test_of_two_that_could_be_meant_none_is_marked() -> None:
    twins = [plans.click("x", "K"), plans.view("twin"), plans.view("twin")]
    edits = [{"op": "change", "path": "button[0]", "field": "name", "before": "twin"}]
    olds, news = marks_of(edits, {"button": twins}, {"button": [plans.view("other")]})
    assert olds == {}
    assert news == {"button[0]": "change"}


@pytest.mark.parametrize(
    ("rule", "zh", "en"),
    [
        (None, "其他所有关注者", "everyone else"),
        ({"tag": "VIP", "client_platform_type": "ios"}, "标签 VIP · iOS", "tag VIP · iOS"),
        ({"client_platform_type": "other"}, "其他平台", "other platforms"),
        ({"tag_id": "101"}, "tag_id 101", "tag_id 101"),
    ],
)
def test_whom_a_menu_is_for_is_said_in_words(rule: Any, zh: str, en: str) -> None:
    words = seen_by(rule)
    assert (words.zh, words.en) == (zh, en)
