"""The schema of a resource file: its figures are those of the table, its samples are valid, its places are told once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from lint.section_schemas import errors, schema, snippet

from wxdeploy.kinds.base import Account
from wxdeploy.kinds.menu.rules import RULES
from wxdeploy.model.diagnostic import Severity
from wxdeploy.wechat import limits
from wxdeploy.wechat.buttons import ALL_FIELDS, CONSOLE_ONLY, FIELDS, WITHDRAWN
from wxdeploy.wechat.limits import Limit

ACCOUNT, MENU = schema("account"), schema("menu")
DEFINITIONS = MENU["definitions"]
ERRORS = {rule.code for rule in RULES if rule.severity is Severity.ERROR}


def problems(file: Any) -> list[str]:
    return [error.message for error in errors("account", file)]


def broken(menu: Any) -> list[str]:
    return [
        rule.code for rule in RULES if rule.check and rule.code in ERRORS for _ in rule.check(Account({"menu": menu}))
    ]


def test_every_example_in_the_schemas_is_valid() -> None:
    for example in ACCOUNT["examples"]:
        assert problems(example) == []
        assert "menu" not in example or broken(example["menu"]) == []


def test_a_button_that_is_proposed_is_valid_in_a_menu_and_breaks_no_rule() -> None:
    for level, wrap in (
        ("first_level_button", lambda button: {"button": [button]}),
        ("second_level_button", lambda button: {"button": [{"name": "菜单", "sub_button": [button]}]}),
    ):
        for each in DEFINITIONS[level]["defaultSnippets"]:
            menu = wrap(snippet(each["body"]))
            assert problems({"menu": menu}) == []
            assert [code for code in broken(menu) if "${" not in json.dumps(each["body"])] == []


def test_types_are_those_of_the_table_each_with_a_text() -> None:
    ((proposed, accepted),) = [each["anyOf"] for each in DEFINITIONS["type"]["allOf"]]
    assert set(proposed["enum"]) == set(FIELDS) - WITHDRAWN
    assert set(accepted["then"]["enum"]) == WITHDRAWN | CONSOLE_ONLY
    assert len(proposed["markdownEnumDescriptions"]) == len(proposed["enum"])
    assert all(proposed["markdownEnumDescriptions"])


@pytest.mark.parametrize("level", ["first_level_button", "second_level_button"])
def test_fields_are_those_of_the_table(level: str) -> None:
    expected = {"type", "name", *ALL_FIELDS, "value", "news_info", "sub_button"}
    assert set(DEFINITIONS[level]["properties"]) == expected
    assert DEFINITIONS[level]["additionalProperties"] is False


@pytest.mark.parametrize(
    ("definition", "keyword", "limit"),
    [
        ("first_level", "maxItems", limits.BUTTONS.value),
        ("first_level", "minItems", limits.BUTTONS.least),
        ("second_level", "maxItems", limits.SUB_BUTTONS.value),
        ("key", "maxLength", limits.KEY.value),
        ("url", "maxLength", limits.URL.value),
    ],
)
def test_figures_are_those_of_the_table(definition: str, keyword: str, limit: int) -> None:
    assert [each[keyword] for each in DEFINITIONS[definition]["allOf"] if keyword in each] == [limit]


@pytest.mark.parametrize(
    ("level", "limit"), [("first_level_button", limits.NAME), ("second_level_button", limits.SUB_NAME)]
)
def test_bounds_of_names_are_made_of_the_table_s_figures(level: str, limit: Limit) -> None:
    wide = r"[\u2e80-\ud7ff\uf900-\uffef]"
    narrow = r"[^\u2e80-\ud7ff\uf900-\uffef]"
    name = DEFINITIONS[level]["properties"]["name"]
    chinese, any_sign = name["allOf"]
    assert chinese["pattern"] == rf"\$\{{|^(?:{narrow}*{wide}){{0,{limit.value // 3}}}{narrow}*$"
    assert any_sign["if"] == {"pattern": r"\$\{"}
    assert any_sign["else"]["maxLength"] == limit.value
    assert f"At most {limit.value} UTF-8 bytes: {limit.value // 3} Chinese characters" in name["description"]


@pytest.mark.parametrize(("definition", "limit"), [("key", limits.KEY), ("url", limits.URL)])
def test_descriptions_name_the_table_s_figures(definition: str, limit: Limit) -> None:
    assert f"at most {limit.value} UTF-8 bytes" in DEFINITIONS[definition]["description"]
    cells = DEFINITIONS["first_level_button"]["properties"]["name"]["description"]
    assert f"shows {limits.NAME_CELLS // 2} Chinese characters" in cells


@pytest.mark.parametrize("menu", [5, None, "absnet", [], {"button": "x"}, {"button": [5]}, {"button": [{"name": 5}]}])
def test_the_wrong_type_is_the_schema_s_own(menu: Any) -> None:
    own = [error for error in errors("menu", menu) if not (isinstance(error.schema, dict) and "x-rule" in error.schema)]
    assert len(own) == 1


@pytest.mark.parametrize("menu", [{"other": 1, "button": []}, {"button": [{"name": "a", "typ": "click"}]}])
def test_an_unknown_key_is_the_schema_s_own(menu: Any) -> None:
    assert any(error.validator == "additionalProperties" for error in errors("menu", menu))


def test_variables_are_let_through_in_an_editor() -> None:
    button = {
        "type": "miniprogram",
        "name": "${a_long_variable_for_a_name}",
        "url": "${site}/search",
        "appid": "${shop_appid}",
        "pagepath": "${page}",
    }
    assert problems({"menu": {"button": [button]}}) == []


def test_a_live_console_menu_can_be_written() -> None:
    menu = {
        "button": [
            {
                "name": "关于",
                "sub_button": [
                    {
                        "type": "news",
                        "name": "新闻",
                        "value": "ID",
                        "news_info": {"list": [{"title": "t", "show_cover": 0}]},
                    },
                    {"type": "video", "name": "视频", "value": "http://a.cn/v.mp4?vkey=1"},
                    {"type": "voice", "name": "语音", "value": "ID"},
                ],
            },
            {"type": "text", "name": "文字", "value": "您好"},
            {"type": "img", "name": "图片", "value": "ID"},
        ]
    }
    assert problems({"menu": menu}) == []


SCAN = {
    "name": "扫码",
    "sub_button": [
        {"type": "scancode_waitmsg", "name": "扫码带提示", "key": "rselfmenu_0_0", "sub_button": []},
        {"type": "scancode_push", "name": "扫码推事件", "key": "rselfmenu_0_1", "sub_button": []},
    ],
}
PHOTO = {
    "name": "发图",
    "sub_button": [
        {"type": "pic_sysphoto", "name": "系统拍照发图", "key": "rselfmenu_1_0", "sub_button": []},
        {"type": "pic_photo_or_album", "name": "拍照或者相册发图", "key": "rselfmenu_1_1", "sub_button": []},
        {"type": "pic_weixin", "name": "微信相册发图", "key": "rselfmenu_1_2", "sub_button": []},
    ],
}
SAMPLES = [
    {
        "button": [
            {"type": "click", "name": "今日歌曲", "key": "V1001_TODAY_MUSIC"},
            {
                "name": "菜单",
                "sub_button": [
                    {"type": "view", "name": "搜索", "url": "http://www.soso.com/"},
                    {
                        "type": "miniprogram",
                        "name": "wxa",
                        "url": "http://mp.weixin.qq.com",
                        "appid": "wx286b93c14bbf93aa",
                        "pagepath": "pages/lunar/index",
                    },
                    {"type": "click", "name": "赞一下我们", "key": "V1001_GOOD"},
                ],
            },
        ]
    },
    {"button": [SCAN, PHOTO, {"name": "发送位置", "type": "location_select", "key": "rselfmenu_2_0"}]},
    {
        "button": [
            {"type": "media_id", "name": "图片", "media_id": "MEDIA_ID1"},
            {
                "name": "图文消息",
                "sub_button": [
                    {"type": "article_id", "name": "发布后的图文消息", "article_id": "ARTICLE_ID1"},
                    {"type": "article_view_limited", "name": "发布后的图文消息", "article_id": "ARTICLE_ID2"},
                ],
            },
        ]
    },
    {
        "button": [
            {"type": "click", "name": "Songs", "key": "V1001_MUSIC"},
            {
                "name": "Menu",
                "sub_button": [
                    {"type": "view", "name": "Search", "url": "https://example.com/?a=1&b=2"},
                    {
                        "type": "miniprogram",
                        "name": "App",
                        "url": "https://example.com/fallback",
                        "appid": "wx0123456789abcdef",
                        "pagepath": "pages/index/index",
                    },
                    {"type": "scancode_waitmsg", "name": "Scan", "key": "rselfmenu_0_0"},
                    {"type": "location_select", "name": "Where", "key": "rselfmenu_2_0"},
                    {"type": "article_id", "name": "Article", "article_id": "ARTICLE_ID_1"},
                ],
            },
            {"type": "media_id", "name": "Picture", "media_id": "MEDIA_ID_1"},
        ]
    },
]
"""The bodies of the official page (doc/service/api/custommenu/api_createcustommenu), in menus of three columns."""


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_official_samples_have_no_errors(sample: dict[str, Any]) -> None:
    assert problems({"menu": sample}) == []
    assert broken(sample) == []


def test_the_official_samples_hold_every_type_of_today() -> None:
    text = json.dumps(SAMPLES)
    assert all(f'"type": "{kind}"' in text for kind in FIELDS if kind != "view_limited")
