"""What the rules about the default menu find, and say, beyond the examples of their pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from wxdeploy.kinds.base import Account
from wxdeploy.kinds.menu.rules import RULES
from wxdeploy.kinds.menu.rules_sizes import fitting
from wxdeploy.lint.registry import build
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.wechat import limits
from wxdeploy.wechat.buttons import CONSOLE_ONLY, FIELDS, KEY_TYPES
from wxdeploy.wechat.errtable import table

Find = Callable[[str], tuple[Diagnostic, ...]]
REGISTRY = build(RULES)

VALID: dict[str, JsonValue] = {
    "key": "SONG",
    "url": "https://www.example.com/",
    "media_id": "q1w2e3",
    "article_id": "a1b2c3",
    "appid": "wx286b93c14bbf93aa",
    "pagepath": "pages/index/index",
}


def codes(menu: JsonValue) -> list[str]:
    account = Account({"menu": menu})
    return [rule.code for rule in REGISTRY if rule.check for _ in rule.check(account)]


def first(**fields: JsonValue) -> JsonValue:
    return {"button": [fields]}


def second(**fields: JsonValue) -> JsonValue:
    return {"button": [{"name": "菜单", "sub_button": [fields]}]}


def said(code: str, menu: JsonValue) -> list[tuple[str, str]]:
    rule = REGISTRY.rules[code]
    assert rule.check
    return [(violation.detail, violation.fix) for violation in rule.check(Account({"menu": menu}))]


@pytest.mark.parametrize("section", ["absent", "absnet", None, 1, True, [], [{"button": []}]])
def test_a_section_that_is_no_mapping_trips_nothing(section: JsonValue) -> None:
    assert codes(section) == []


def test_an_account_without_a_menu_trips_nothing() -> None:
    assert [rule.code for rule in REGISTRY if rule.check and list(rule.check(Account({})))] == []


def test_an_empty_section_has_no_buttons() -> None:
    assert codes({}) == ["WX201"]


@pytest.mark.parametrize("value", [None, "x", 5, {}, {"list": []}])
def test_buttons_of_another_type_are_the_schema_s(value: JsonValue) -> None:
    assert "WX201" not in codes({"button": value})


@pytest.mark.parametrize("kind", FIELDS)
@pytest.mark.parametrize("level", [first, second])
def test_a_whole_button_of_every_type_trips_nothing(kind: str, level: Callable[..., JsonValue]) -> None:
    button = {"type": kind, "name": "歌曲", **{field: VALID[field] for field in FIELDS[kind]}}
    expected = ["WX241"] if kind == "view_limited" else []
    assert codes(level(**button)) == expected
    assert codes(level(**button, sub_button=[])) == expected


@pytest.mark.parametrize("kind", FIELDS)
@pytest.mark.parametrize("value", [None, "", "  "])
@pytest.mark.parametrize("level", [first, second])
def test_every_required_field_is_missed(kind: str, value: str | None, level: Callable[..., JsonValue]) -> None:
    for field in FIELDS[kind]:
        button = {"type": kind, "name": "歌曲", **{each: VALID[each] for each in FIELDS[kind]}, field: value}
        if value is None:
            del button[field]
        found = codes(level(**button))
        assert [code for code in found if code != "WX241"] == ["WX211"]


@pytest.mark.parametrize(
    ("field", "kind", "answers"),
    [
        ("key", "click", ("40019", "40026")),
        ("url", "view", ("40020", "40027")),
        ("media_id", "media_id", ("40117", "40118")),
        ("article_id", "article_id", ("53600", "53600")),
        ("appid", "miniprogram", ("40166", "40166")),
        ("pagepath", "miniprogram", ("40165", "40165")),
    ],
)
def test_a_missing_field_is_answered_by_level(field: str, kind: str, answers: tuple[str, str]) -> None:
    button = {"type": kind, "name": "歌曲", **{each: VALID[each] for each in FIELDS[kind] if each != field}}
    for level, answer in zip((first, second), answers, strict=True):
        ((detail, _),) = said("WX211", level(**button))
        assert answer in detail


@pytest.mark.parametrize("kind", FIELDS)
def test_every_field_of_another_type_is_found_and_an_empty_one_let_through(kind: str) -> None:
    whole = {"type": kind, "name": "歌曲", **{field: VALID[field] for field in FIELDS[kind]}}
    for field in set(VALID) - set(FIELDS[kind]):
        assert [code for code in codes(first(**whole, **{field: VALID[field]})) if code != "WX241"] == ["WX212"]
        assert [code for code in codes(first(**whole, **{field: ""})) if code != "WX241"] == []


def test_a_slip_is_one_finding_and_what_is_left_over_another() -> None:
    assert codes(first(type="view", name="搜索", key="SEARCH")) == ["WX211"]
    assert codes(first(type="view", name="搜索", key="SEARCH", media_id="m")) == ["WX211", "WX212"]
    assert codes(first(type="miniprogram", name="程序", key="X")) == ["WX211", "WX211", "WX211", "WX212"]


def test_fields_beside_a_list_are_ignored_and_only_that_is_said() -> None:
    child = {"type": "click", "name": "歌曲", "key": "SONG"}
    parent = {"type": "view", "name": "菜单", "key": "a", "url": "", "appid": "x", "sub_button": [child]}
    assert codes({"button": [parent]}) == ["WX260"]
    ((detail, fix),) = said("WX260", {"button": [parent]})
    assert "`type` and `key` and `appid`" in detail
    assert "`url`" not in detail + fix


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("Click", {"key": "A"}, "`type: click`"),
        ("mini-program", VALID, "`type: miniprogram`"),
        ("scancode_wait_msg", {"key": "A"}, "`type: scancode_waitmsg`"),
        ("link", {"url": "https://www.example.com/"}, "`type: view`"),
        ("button", {"key": "A"}, "`type: click`"),
        ("", {}, "`type: view` or `type: click`"),
    ],
)
def test_an_unknown_type_is_told_the_one_that_is_meant(kind: str, fields: dict[str, JsonValue], expected: str) -> None:
    ((_, fix),) = said("WX210", first(type=kind, name="歌曲", **fields))
    assert expected in fix


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"url": "https://www.example.com/"}, "`type: view`"),
        ({"key": "A"}, "`type: click`"),
        ({"article_id": "a"}, "`type: article_id`"),
        ({}, "add a `type`"),
    ],
)
def test_a_missing_type_is_told_from_the_fields(fields: dict[str, JsonValue], expected: str) -> None:
    ((_, fix),) = said("WX205", first(name="歌曲", **fields))
    assert expected in fix


def test_a_list_of_the_wrong_shape_is_not_called_a_button_without_type() -> None:
    assert codes({"button": [{"name": "菜单", "sub_button": {"list": []}}]}) == ["WX244"]
    assert codes({"button": [{"name": "菜单", "sub_button": "x"}]}) == []
    assert codes({"button": [{"name": "菜单", "sub_button": []}]}) == ["WX205"]


@pytest.mark.parametrize(
    ("name", "level", "expected"),
    [
        ("a" * 8, first, []),
        ("a" * 9, first, ["WX261"]),
        ("a" * 16, first, ["WX261"]),
        ("a" * 17, first, ["WX220"]),
        ("歌" * 4, first, []),
        ("歌" * 5, first, ["WX261"]),
        ("歌" * 5 + "a", first, ["WX261"]),
        ("歌" * 5 + "ab", first, ["WX220"]),
        ("歌" * 8, second, []),
        ("歌" * 9, second, ["WX261"]),
        ("歌" * 20, second, ["WX261"]),
        ("歌" * 20 + "a", second, ["WX221"]),
    ],
)
def test_names_are_counted_in_bytes_and_shown_in_cells(
    name: str, level: Callable[..., JsonValue], expected: list[str]
) -> None:
    assert codes(level(type="click", name=name, key="A")) == expected


def test_a_long_name_is_told_its_bytes_and_what_fits() -> None:
    assert said("WX220", first(type="click", name="今日歌曲推荐", key="A")) == [
        (
            '"今日歌曲推荐": the name has 18 bytes (a Chinese character is 3), 16 are allowed; the account would answer 40018',
            'shorten it; "今日歌曲推" is what fits',
        )
    ]


def test_what_fits_ends_with_a_whole_character() -> None:
    assert fitting("💕💕💕💕💕", limits.NAME) == "💕💕💕💕"
    assert fitting("a" * 15 + "歌", limits.NAME) == "a" * 15
    assert fitting("歌曲", limits.NAME) == "歌曲"
    assert fitting("a" * 9 + "👩\u200d👩", limits.NAME) == "a" * 9 + "👩"


@pytest.mark.parametrize(
    ("field", "kind", "code", "limit"), [("key", "click", "WX222", limits.KEY), ("url", "view", "WX223", limits.URL)]
)
def test_keys_and_urls_are_counted_in_bytes(field: str, kind: str, code: str, limit: limits.Limit) -> None:
    start = "https://h.cn/"
    fits = start + "a" * (limit.value - len(start))
    assert codes(first(type=kind, name="歌曲", **{field: fits})) == []
    assert codes(first(type=kind, name="歌曲", **{field: fits + "a"})) == [code]
    assert codes(first(type=kind, name="歌曲", **{field: fits[:-2] + "歌"})) == [code]


@pytest.mark.parametrize(
    ("appid", "part"),
    [
        ("WX286B93C14BBF93AA", "write `appid: wx286b93c14bbf93aa`"),
        (" wx286b93c14bbf93aa", "write `appid: wx286b93c14bbf93aa`"),
        ("gh_3dfda90e39d6", "开发设置"),
        ("wx286b93c14bbf93a", "开发设置"),
        ("wx286b93c14bbf93ag", "开发设置"),
    ],
)
def test_appids(appid: str, part: str) -> None:
    button = {"type": "miniprogram", "name": "程序", "url": VALID["url"], "appid": appid, "pagepath": "pages/a"}
    assert codes(first(**button)) == ["WX213"]
    ((detail, fix),) = said("WX213", first(**button))
    assert part in fix
    assert "40166" in detail


@pytest.mark.parametrize("kind", sorted(CONSOLE_ONLY))
def test_every_type_of_the_console_has_its_advice(kind: str) -> None:
    for level, answer in ((first, "40017"), (second, "40024")):
        button = {"type": kind, "name": "内容", "value": "x", "news_info": {"list": []}}
        assert codes(level(**button)) == ["WX240"]
        ((detail, fix),) = said("WX240", level(**button))
        assert answer in detail
        assert "write `type:" in fix


def test_a_pasted_answer_of_menu_get_is_told_what_to_remove() -> None:
    answer: JsonValue = {
        "menu": {"button": [], "menuid": 208396938},
        "conditionalmenu": [{"button": [], "matchrule": {"group_id": 2}, "menuid": 208396993}],
    }
    assert codes(answer) == ["WX242", "WX245"]


def test_a_pasted_answer_of_selfmenu_info_is_one_finding() -> None:
    assert codes({"is_menu_open": 1, "selfmenu_info": {"button": []}}) == ["WX245"]
    assert codes({"button": {"list": [{"type": "text", "name": "x", "value": "y"}]}}) == ["WX244"]


def test_texts_left_by_an_encoder_are_decoded_in_the_fix() -> None:
    ((_, fix),) = said("WX250", first(type="click", name=r"\u4eca\u65e5\ud83c\udfb5", key="A"))
    assert fix == "write `name: 今日🎵`"
    ((detail, fix),) = said("WX250", first(type="click", name="礼物\ud83c", key="A"))
    assert r"礼物\ud83c" in detail
    assert fix == "write `name: 礼物`"


@pytest.mark.parametrize("sign", ["\x00", "\t", "\n", "\x7f", "\x85", "\u2028", "\u202e"])
def test_control_characters_in_a_name(sign: str) -> None:
    assert codes(first(type="click", name=f"歌{sign}曲", key="A")) == ["WX251"]


@pytest.mark.parametrize("name", ["🎁", "❤️", "☀", "1️⃣", "⭐", "🇨🇳"])
def test_emoji_in_a_name(name: str) -> None:
    assert "WX264" in codes(first(type="click", name=name, key="A"))


@pytest.mark.parametrize("name", ["今日歌曲", "①号店", "A→B", "《新》", "½价", "®", "…"])
def test_signs_that_are_no_emoji(name: str) -> None:
    assert codes(first(type="click", name=name, key="A")) == []


def test_one_key_of_two_types_or_under_one_name_is_not_shared() -> None:
    scan = {"type": "scancode_push", "name": "扫码", "key": "A"}
    click = {"type": "click", "name": "歌曲", "key": "A"}
    assert codes({"button": [scan, click]}) == []
    assert codes({"button": [click, {"name": "菜单", "sub_button": [click]}]}) == []
    assert codes({"button": [click, {"name": "菜单", "sub_button": [{**click, "name": "歌手"}]}]}) == ["WX263"]


def test_a_button_is_named_as_a_person_would() -> None:
    def name_of(menu: JsonValue) -> Iterable[str]:
        return [detail.split(" has ")[0] for detail, _ in said("WX205", menu)]

    assert name_of({"button": [{"name": "搜索"}]}) == ['"搜索"']
    assert name_of({"button": [5, {}]}) == ["first-level button 2"]
    assert name_of({"button": [{"name": "菜单", "sub_button": [{"name": "搜索"}]}]}) == ['"菜单 › 搜索"']
    assert name_of({"button": [{"name": "菜单", "sub_button": [{}]}]}) == ['"菜单" › second-level button 1']
    assert name_of({"button": [{"sub_button": [{"name": "搜索"}]}]}) == ['first-level button 1 › "搜索"']
    assert name_of({"button": [{"name": "a\x1b[31m\u202e"}]}) == [r'"a\x1b[31m\u202e"']


def test_the_place_of_every_code_that_messages_name_is_the_table() -> None:
    known = {str(number) for number in table()}
    menu = {"button": [{"type": kind, "name": "", "url": "#", "key": "k" * 200} for kind in (*KEY_TYPES, "view")]}
    for rule in RULES:
        assert rule.check
        for violation in rule.check(Account({"menu": menu})):
            answer = violation.detail.partition("would answer ")[2]
            assert not answer or answer in known


TWENTY = """\
menu:
  button:
    - name: 今日歌曲推荐
      type: view
      url: www.example.com
    - name: ""
      sub_button:
        - {type: view, name: 搜索, key: SEARCH}
        - {type: click, name: 赞一下, key: GOOD, url: "https://www.example.com/"}
        - {type: clik, name: 联系, key: CONTACT}
        - {type: text, name: 电话, value: "010-12345678"}
        - {name: 地图, url: "https://www.example.com/map"}
        - {type: view, name: 地址, url: "#"}
    - name: 小程序
      type: click
      key: MENU
      sub_button:
        - {type: miniprogram, name: 商城, url: "https:///", appid: gh_3dfda90e39d6, pagepath: "https://a.cn/"}
        - {type: view, name: '\\u6b4c', url: "https%3A%2F%2Fa.cn"}
        - {type: view, name: 优惠, url: "http://www.example.com/?a=1&amp;b=2"}
        - {type: media_id, name: 优惠}
    - {type: view_limited, name: 图文, media_id: m}
  matchrule: {tag_id: "101"}
"""


def test_one_file_with_many_mistakes_gives_them_all_at_their_places(find: Find) -> None:
    lines = TWENTY.splitlines()
    found = [
        (each.code, each.span.line, lines[each.span.line - 1][each.span.column - 1 :])
        for each in find(TWENTY)
        if each.span
    ]
    expected = [
        ("WX220", 3, "今日歌曲推荐"),
        ("WX230", 5, "www.example.com"),
        ("WX206", 6, '""'),
        ("WX211", 8, "key: SEARCH}"),
        ("WX212", 9, "url: "),
        ("WX210", 10, "clik,"),
        ("WX240", 11, "text,"),
        ("WX205", 12, "{name: 地图"),
        ("WX203", 13, "{type: view, name: 地址"),
        ("WX231", 13, '"#"'),
        ("WX260", 15, "type: click"),
        ("WX235", 18, '"https:///"'),
        ("WX213", 18, "gh_3dfda90e39d6"),
        ("WX214", 18, '"https://a.cn/"'),
        ("WX250", 19, "'\\u6b4c'"),
        ("WX232", 19, '"https%3A'),
        ("WX233", 20, '"http://www'),
        ("WX262", 20, '"http://www'),
        ("WX211", 21, "media_id, name"),
        ("WX265", 21, "优惠}"),
        ("WX202", 22, "{type: view_limited"),
        ("WX241", 22, "view_limited,"),
        ("WX246", 23, "matchrule:"),
    ]
    assert [each[:2] for each in found] == [each[:2] for each in expected]
    for (code, _, text), (_, _, start) in zip(found, expected, strict=True):
        assert text.startswith(start), code
