"""The schemas of tags and personalised menus: their figures are those of the table, other shapes are theirs to refuse."""

from __future__ import annotations

from typing import Any

import pytest
from lint.section_schemas import errors, schema

from wxdeploy.kinds.base import Account
from wxdeploy.kinds.conditional_menu import CONDITIONAL_MENU
from wxdeploy.kinds.menu import MENU
from wxdeploy.kinds.tag import TAG
from wxdeploy.wechat import limits
from wxdeploy.wechat.matchrules import PLATFORM, PLATFORMS, REMOVED, TAG_IDS

TAGS, MENUS = schema("tags"), schema("conditional_menus")
RULES = (*TAG.rules, *MENU.rules, *CONDITIONAL_MENU.rules)
BUTTON = [{"type": "click", "name": "a", "key": "a"}]
IOS = {PLATFORM: "ios"}


def menus(**fields: Any) -> list[Any]:
    return [{"name": "x", "matchrule": IOS, "button": BUTTON, **fields}]


def test_figures_and_words_are_those_of_the_table() -> None:
    assert TAGS["allOf"][0]["maxItems"] == limits.TAGS.value
    assert f"at most {limits.TAGS.value}" in TAGS["description"]
    name = TAGS["definitions"]["tag"]["properties"]["name"]
    assert f"At most {limits.TAG_NAME.value} UTF-8 bytes: {limits.TAG_NAME.value // 3} Chinese" in name["description"]
    _, chinese, any_sign = name["allOf"]
    assert f"{{0,{limits.TAG_NAME.value // 3}}}" in chinese["pattern"]
    assert any_sign["else"]["maxLength"] == limits.TAG_NAME.value
    fields = MENUS["definitions"]["matchrule"]["properties"]
    assert set(fields) == {"tag", PLATFORM, *TAG_IDS, *REMOVED}
    proposed, accepted = fields[PLATFORM]["anyOf"]
    assert proposed["enum"] == list(PLATFORMS)
    assert len(proposed["enum"]) == len(proposed["markdownEnumDescriptions"])
    assert {str(each) for each in accepted["then"]["enum"]} == {*PLATFORMS.values(), ""}


@pytest.mark.parametrize(
    "body",
    [
        # The samples of api_addconditionalmenu, today's and an older one.
        {"button": BUTTON, "matchrule": {"tag_id": "2", "client_platform_type": "2"}},
        {"button": BUTTON, "matchrule": {"group_id": "2", "sex": "", "country": "", "client_platform_type": "2"}},
        {"button": BUTTON, "matchrule": {"tag_id": 134, "client_platform_type": 2}},
        {"button": BUTTON, "matchrule": {"tag": "${tag}"}},
        {"button": BUTTON, "matchrule": {"tag_id": "${tag}"}},
    ],
)
def test_a_pasted_body_is_valid(body: Any) -> None:
    assert errors("conditional_menus", [body]) == []


@pytest.mark.parametrize(
    ("section", "code"),
    [
        (menus(matchrule={}), "WX302"),
        ([{"button": BUTTON}], "WX302"),
        ([{"matchrule": IOS}], "WX201"),
        (menus(button=[]), "WX201"),
        (menus(button={"button": BUTTON}), "WX243"),
        (menus(button={"list": BUTTON}), "WX244"),
        (menus(button=[*BUTTON, *BUTTON, *BUTTON, *BUTTON]), "WX202"),
        *((menus(matchrule={**IOS, name: "1"}), "WX306") for name in REMOVED),
    ],
)
def test_what_the_schema_leaves_to_a_rule_the_rule_finds(section: Any, code: str) -> None:
    assert {error.schema["x-rule"] for error in errors("conditional_menus", section)} == {code}
    account = Account({"conditional_menus": section})
    assert code in [rule.code for rule in RULES if rule.check and list(rule.check(account))]


@pytest.mark.parametrize(
    "section",
    [
        {},
        "absent",
        None,
        [5],
        menus(menuid=5),
        menus(matchrule=None),
        menus(matchrule={"tag": 5}),
        menus(matchrule={"tag_id": "VIP"}),
        menus(matchrule={"tag_id": True}),
        menus(matchrule={PLATFORM: "iphone"}),
        menus(matchrule={PLATFORM: 4}),
        menus(matchrule={"tagid": "1"}),
        menus(name=""),
        menus(name=5),
    ],
)
def test_another_shape_is_the_schema_s_own(section: Any) -> None:
    assert any("x-rule" not in error.schema for error in errors("conditional_menus", section))


@pytest.mark.parametrize(
    "section",
    [
        {},
        "x",
        [5],
        ["VIP"],
        [{"name": 5}],
        [{"name": "a", "id": 5}],
        [{"name": "a", "was": 5}],
        [{"name": "a", "was": [""]}],
    ],
)
def test_another_shape_of_tags_is_the_schema_s_own(section: Any) -> None:
    assert any("x-rule" not in error.schema for error in errors("tags", section))


@pytest.mark.parametrize("was", ["a", ["a", "b"], []])
def test_a_former_name_or_a_list_of_them(was: Any) -> None:
    assert errors("tags", [{"name": "x", "was": was}]) == []
