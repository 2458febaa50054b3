"""Examples of menus that changed, told as a reader would tell it."""

from __future__ import annotations

from typing import Any

import pytest

from wxdeploy.model.jsonvalue import format_path
from wxdeploy.model.operation import Edit, Op
from wxdeploy.model.source import SourceMap, Span
from wxdeploy.planning.rebuild import edits, rebuild


def view(name: str, page: str) -> dict[str, Any]:
    return {"type": "view", "name": name, "url": f"https://www.example.com/{page}"}


def click(name: str, key: str) -> dict[str, Any]:
    return {"type": "click", "name": name, "key": key}


def parent(name: str, *children: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "sub_button": list(children)}


SONGS = click("今日歌曲", "V1001_TODAY_MUSIC")
SEARCH, VIDEO, PRAISE = view("搜索", "search"), view("视频", "video"), click("赞一下我们", "V1001_GOOD")
MENU = parent("菜单", SEARCH, VIDEO, PRAISE)
HELP = parent("帮助", view("联系", "contact"), view("地址", "places"))
BEFORE = [SONGS, MENU, HELP]


def name_of(part: Any) -> str:
    below = ", ".join(name_of(child) for child in part.get("sub_button", ()))
    return f"{part['name']} ({below})" if below else str(part["name"])


def line(edit: Edit) -> str:
    where = format_path(edit.path)
    match edit.op:
        case Op.ADD:
            return f"add {where}: {name_of(edit.after)}"
        case Op.REMOVE:
            return f"remove {where}: {name_of(edit.before)}"
        case Op.MOVE:
            return f"move {edit.before} -> {edit.after}"
        case Op.CHANGE:
            return f"change {where}.{edit.field}: {edit.before} -> {edit.after}"


def told(before: list[Any], after: list[Any]) -> list[str]:
    found = edits({"button": before}, {"button": after})
    assert rebuild({"button": before}, found) == {"button": after}
    return [line(edit) for edit in found]


def test_a_renamed_button() -> None:
    after = [SONGS, parent("菜单", {**SEARCH, "name": "查找"}, VIDEO, PRAISE), HELP]
    assert told(BEFORE, after) == ["change button[1].sub_button[0].name: 搜索 -> 查找"]


def test_a_button_in_front_renames_no_other() -> None:
    new = click("签到", "SIGN_IN")
    assert told(BEFORE[:2], [new, *BEFORE[:2]]) == ["add button[0]: 签到"]


def test_two_parents_that_changed_places() -> None:
    assert told(BEFORE, [SONGS, HELP, MENU]) == ["move button[2] -> button[1]"]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (
            [SONGS, parent("菜单", VIDEO, PRAISE, SEARCH), HELP],
            "move button[1].sub_button[0] -> button[1].sub_button[2]",
        ),
        (
            [SONGS, parent("菜单", SEARCH, PRAISE), parent("帮助", *HELP["sub_button"], VIDEO)],
            "move button[1].sub_button[1] -> button[2].sub_button[2]",
        ),
        ([parent("菜单", SEARCH, VIDEO, PRAISE, SONGS), HELP], "move button[0] -> button[0].sub_button[3]"),
        ([SONGS, SEARCH, parent("菜单", VIDEO, PRAISE), HELP], "move button[1].sub_button[0] -> button[1]"),
    ],
    ids=["in its list", "to another parent", "a level down", "a level up"],
)
def test_a_moved_button(after: list[Any], expected: str) -> None:
    assert told(BEFORE, after) == [expected]


def test_a_removed_parent_is_one_edit_with_the_children_that_go() -> None:
    assert told(BEFORE, [SONGS, MENU]) == ["remove button[2]: 帮助 (联系, 地址)"]


def test_a_child_that_lives_on_is_not_told_as_removed() -> None:
    contact, _ = HELP["sub_button"]
    after = [SONGS, parent("菜单", SEARCH, VIDEO, PRAISE, contact)]
    assert told(BEFORE, after) == [
        "move button[2].sub_button[0] -> button[1].sub_button[3]",
        "remove button[2]: 帮助 (地址)",
    ]


def test_an_added_parent_is_one_edit_with_its_new_children() -> None:
    shop = parent("商城", view("新品", "new"), SEARCH, view("订单", "orders"))
    assert told([SONGS, MENU], [SONGS, parent("菜单", VIDEO, PRAISE), shop]) == [
        "add button[2]: 商城 (新品, 订单)",
        "move button[1].sub_button[0] -> button[2].sub_button[1]",
    ]


def test_a_renamed_parent_is_known_by_its_children() -> None:
    assert told(BEFORE, [SONGS, {**MENU, "name": "更多"}, HELP]) == ["change button[1].name: 菜单 -> 更多"]


def test_many_changes_in_one_parent_do_not_make_it_another() -> None:
    after = parent("菜单", *({**child, "name": f"新{child['name']}"} for child in MENU["sub_button"]))
    assert told([MENU], [after]) == [
        "change button[0].sub_button[0].name: 搜索 -> 新搜索",
        "change button[0].sub_button[1].name: 视频 -> 新视频",
        "change button[0].sub_button[2].name: 赞一下我们 -> 新赞一下我们",
    ]


def test_a_parent_of_which_nothing_lives_on_is_another() -> None:
    assert told([SONGS, MENU], [SONGS, HELP]) == [
        "add button[1]: 帮助 (联系, 地址)",
        "remove button[1]: 菜单 (搜索, 视频, 赞一下我们)",
    ]


def test_renamed_and_retargeted_is_another_button() -> None:
    after = [view("商城", "shop"), MENU]
    assert told([SEARCH, MENU], after) == ["add button[0]: 商城", "remove button[0]: 搜索"]


def test_moved_and_renamed_is_the_same_button() -> None:
    after = [parent("菜单", VIDEO, PRAISE), parent("帮助", *HELP["sub_button"], {**SEARCH, "name": "查找"})]
    assert told([MENU, HELP], after) == [
        "move button[0].sub_button[0] -> button[1].sub_button[2]",
        "change button[1].sub_button[2].name: 搜索 -> 查找",
    ]


def test_two_fields_of_a_button_are_two_edits_in_the_order_of_writing() -> None:
    before = {"type": "miniprogram", "name": "小程序", "url": "u", "appid": "wx1", "pagepath": "a"}
    assert told([before], [{**before, "pagepath": "b", "appid": "wx2"}]) == [
        "change button[0].appid: wx1 -> wx2",
        "change button[0].pagepath: a -> b",
    ]


def test_edits_point_at_the_place_where_the_button_is_written() -> None:
    sources = SourceMap({(): Span("menu.yaml", 1, 1), ("button", 1, "sub_button", 0): Span("menu.yaml", 7, 11)})
    after = [SONGS, parent("菜单", {**SEARCH, "name": "查找"}, VIDEO, PRAISE)]
    renamed, removal = edits({"button": BEFORE}, {"button": after}, sources)
    assert renamed == Edit(
        op=Op.CHANGE,
        path=("button", 1, "sub_button", 0),
        field="name",
        before="搜索",
        after="查找",
        span=Span("menu.yaml", 7, 11),
    )
    assert (removal.op, removal.span) == (Op.REMOVE, None)


def test_an_unknown_field_may_hold_anything() -> None:
    before, after = {**SONGS, "extra": {"a": [1, None]}}, {**SONGS, "extra": [{"b": 2}]}
    found = edits({"button": [before]}, {"button": [after]})
    assert [(edit.field, edit.before, edit.after) for edit in found] == [("extra", before["extra"], after["extra"])]
    assert rebuild({"button": [before]}, found) == {"button": [after]}


def test_no_menu_on_one_side_has_no_edits() -> None:
    assert edits(None, {"button": BEFORE}) == ()
    assert edits({"button": BEFORE}, None) == ()
