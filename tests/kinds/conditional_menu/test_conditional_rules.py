"""What the rules about tags and personalised menus find, and where."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from lint.conftest import sections_of

from wxdeploy.kinds.base import Account
from wxdeploy.kinds.conditional_menu import CONDITIONAL_MENU
from wxdeploy.kinds.menu import MENU
from wxdeploy.kinds.tag import TAG
from wxdeploy.lint.engine import lint
from wxdeploy.lint.registry import build
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.wechat import limits

REGISTRY = build(MENU.rules, TAG.rules, CONDITIONAL_MENU.rules)
OURS = [rule for rule in build(TAG.rules, CONDITIONAL_MENU.rules) if rule.check]


def find(text: str) -> tuple[Diagnostic, ...]:
    return lint(sections_of(text), REGISTRY, {}, "prod")


def codes(sections: Mapping[str, JsonValue]) -> list[str]:
    return [rule.code for rule in OURS if rule.check for _ in rule.check(Account(sections))]


def test_the_rules_about_buttons_are_held_to_every_menu() -> None:
    (found,) = find(
        "conditional_menus:\n"
        "  - matchrule: {client_platform_type: ios}\n"
        "    button:\n"
        "      - name: 菜单\n"
        "        sub_button:\n"
        "          - {type: view, name: 搜索, url: 'www.example.com'}\n"
    )
    assert found.span is not None
    assert (found.code, found.span.line, found.span.column) == ("WX230", 6, 41)


@pytest.mark.parametrize("menu", ["{matchrule: {tag_id: '7'}}", "{matchrule: {tag_id: '7'}, button: []}"])
def test_a_personalised_menu_without_buttons_is_no_default_menu_to_be_removed(menu: str) -> None:
    (found,) = find(f"conditional_menus: [{menu}]")
    assert found.code == "WX201"
    assert found.fix == "add 1 to 3 buttons under `button`, or take the menu out of the list"


def test_every_tag_too_many_is_counted() -> None:
    names: list[JsonValue] = [{"name": f"t{number}"} for number in range(limits.TAGS.value + 1)]
    assert codes({"tags": names}) == ["WX401"]
    assert codes({"tags": names[1:]}) == []


@pytest.mark.parametrize("size", [0, 1])
def test_a_name_is_counted_in_bytes(size: int) -> None:
    name = "门" * (limits.TAG_NAME.value // 3) + "x" * size
    assert codes({"tags": [{"name": name}]}) == ["WX402"] * size


RULE = {"client_platform_type": "1"}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"tag": "a"}, {"tag": "a"}, ["WX305"]),
        ({"tag_id": 7}, {"group_id": "7"}, ["WX305"]),
        ({"client_platform_type": "1"}, {"client_platform_type": "ios"}, ["WX305"]),
        ({"client_platform_type": 1}, {"tag": "a", "client_platform_type": "ios"}, ["WX304"]),
        ({"tag": "a", "client_platform_type": ""}, {"tag": "a", "client_platform_type": "ios"}, ["WX304"]),
        ({"tag": "a", "client_platform_type": "ios"}, {"tag": "a"}, []),
        ({"tag": "a"}, {"client_platform_type": "ios"}, []),
        ({"tag": "a", "sex": "1"}, {"tag": "a"}, ["WX306"]),
    ],
)
def test_rules_beside_each_other(
    first: dict[str, JsonValue], second: dict[str, JsonValue], expected: list[str]
) -> None:
    assert codes({"conditional_menus": [{"matchrule": first}, {"matchrule": second}]}) == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({}, ["WX302"]),
        ({"tag": "", "sex": ""}, ["WX302"]),
        ({"tag_id": "7", "group_id": 7}, []),
        ({"tag_id": "7", "group_id": "8"}, ["WX309"]),
        ({"tag_id": "7", "sex": ""}, []),
        ("x", []),
        (None, []),
    ],
)
def test_rules_of_all_sorts(rule: JsonValue, expected: list[str]) -> None:
    assert codes({"conditional_menus": [{"matchrule": rule}]}) == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ([{"name": "VIP"}], []),
        ([{"name": "大客户", "was": "VIP"}], ["WX307"]),
        ([], ["WX307"]),
        ("x", []),
    ],
)
def test_a_tag_has_to_be_declared_where_tags_are(tags: JsonValue, expected: list[str]) -> None:
    assert codes({"tags": tags, "conditional_menus": [{"matchrule": {"tag": "VIP"}}]}) == expected


def test_where_tags_are_not_managed_any_may_be_live() -> None:
    assert codes({"conditional_menus": [{"matchrule": {"tag": "VIP"}}]}) == []


def test_a_former_name_is_told_the_new_one() -> None:
    (found,) = find(
        "tags: [{name: 大客户, was: [VIP]}]\n"
        "conditional_menus:\n"
        "  - {matchrule: {tag: VIP}, button: [{type: click, name: a, key: a}]}\n"
    )
    assert found.fix == "write `tag: 大客户`, as the tag is called now"


def test_the_page_that_a_mini_program_falls_back_to_counts() -> None:
    def menu(number: int) -> dict[str, JsonValue]:
        url = f"https://{'abcd'[number]}.example.com/"
        button = {"type": "miniprogram", "name": "m", "appid": "wx286b93c14bbf93aa", "pagepath": "p", "url": url}
        return {"matchrule": {"tag_id": str(number)}, "button": [{"name": "l", "sub_button": [button]}]}

    assert codes({"conditional_menus": [menu(number) for number in range(4)]}) == ["WX303"]
    assert codes({"conditional_menus": [menu(number) for number in range(3)]}) == []


@pytest.mark.parametrize("section", ["absent", None, 5, {}, [], [5, None, "x", []], [{}], {"0": {}}])
def test_data_of_any_shape_raises_nothing(section: JsonValue) -> None:
    for name in ("tags", "conditional_menus"):
        for other in ("tags", "conditional_menus", "menu"):
            codes({name: section, other: section})
            codes({name: [{"matchrule": section, "button": section, "name": section, "was": section}]})
