"""Laws of the rules about the default menu: they never raise, and they word all that the schema leaves to them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from wxdeploy.kinds.base import Account, Violation
from wxdeploy.kinds.menu.rules import RULES
from wxdeploy.model.diagnostic import Severity
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.jsonvalue import Path as DataPath
from wxdeploy.wechat.buttons import ALL_FIELDS, CONSOLE_ONLY, FIELDS

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "v1" / "menu.schema.json").read_text("utf-8"))

INSTEAD = {"WX212": {"WX211"}, "WX230": {"WX231", "WX232"}, "WX213": {"WX211"}}
"""Where the schema knows one sign of a mistake, and another rule of the same button says it better."""

WORDS = st.sampled_from(
    [
        "",
        " ",
        "今日歌曲",
        "今日歌曲推荐的歌手",
        "#",
        "absent",
        "www.example.com",
        "http://",
        "https://www.example.com/?a=1&amp;b=2",
        "https%3A%2F%2Fa.cn",
        " https://a.cn\n",
        "wx286b93c14bbf93aa",
        "gh_3dfda90e39d6",
        "\\u4eca",
        "\ud83c",
        "\x00",
        "k" * 61,
        "k" * 129,
        "https://" + "k" * 1100,
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | WORDS
KEYS = st.sampled_from(["button", "list", "menu", "name", "sub_button", "type", "url"]) | st.text(max_size=4)
ANY = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
TYPES = st.sampled_from([*FIELDS, *CONSOLE_ONLY, "clik", ""])


def filled(value: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    fields = dict.fromkeys(("name", *ALL_FIELDS, "value", "news_info", "sub_button", "other"), value)
    return st.fixed_dictionaries({}, optional={"type": TYPES | SCALARS, **fields})


LEAF = filled(WORDS) | filled(WORDS | SCALARS)
PARENT = st.fixed_dictionaries(
    {"sub_button": st.lists(LEAF, max_size=6) | st.fixed_dictionaries({"list": st.lists(LEAF, max_size=2)})},
    optional={"name": WORDS, "type": TYPES, "key": WORDS},
)
BUTTONS = st.lists(LEAF | PARENT | ANY, max_size=4)
MENU = st.fixed_dictionaries(
    {},
    optional={
        "button": BUTTONS | st.fixed_dictionaries({}, optional={"button": BUTTONS, "list": BUTTONS}) | SCALARS,
        **dict.fromkeys(("menu", "selfmenu_info", "is_menu_open", "conditionalmenu", "matchrule", "menuid"), ANY),
    },
)


def violations(section: JsonValue) -> Iterator[tuple[str, Violation]]:
    for rule in RULES:
        assert rule.check
        for violation in rule.check(Account({"menu": section})):
            yield rule.code, violation


def reachable(value: JsonValue, path: DataPath) -> bool:
    for step in path:
        if isinstance(value, Mapping) and step in value:
            value = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return False
    return True


@given(ANY | MENU)
def test_no_rule_raises_and_every_violation_is_whole(section: JsonValue) -> None:
    for code, violation in violations(section):
        assert reachable(section, violation.path), code
        assert violation.detail
        assert violation.fix
        (violation.detail + violation.fix).encode("utf-8")
        assert violation.detail.isprintable() or "\u200d" in violation.detail


@given(ANY)
def test_a_second_run_finds_the_same(section: JsonValue) -> None:
    assert list(violations(section)) == list(violations(section))


def button_of(path: DataPath) -> DataPath:
    """The path of the button that holds what is at ``path``; of the section where none does."""
    ends = [place for place, step in enumerate(path) if isinstance(step, int)]
    return path[: ends[-1] + 1] if ends else ()


@given(MENU | ANY)
def test_what_the_schema_leaves_to_a_rule_the_rule_finds(section: JsonValue) -> None:
    found = {(code, button_of(violation.path)) for code, violation in violations(section)}
    errors = list(Draft7Validator(SCHEMA).iter_errors(section))
    of_wrong_type = {tuple(error.absolute_path) for error in errors if error.validator == "type"}
    for error in errors:
        code = error.schema.get("x-rule") if isinstance(error.schema, dict) else None
        place = tuple(error.absolute_path)
        if code is None or place in of_wrong_type:
            continue
        # A list that is too long is told at its first superfluous button.
        places = {button_of(place), button_of((*place, 3)), button_of((*place, 5))}
        assert any((each, at) in found for each in {code, *INSTEAD.get(code, ())} for at in places), (code, place)


@given(MENU)
def test_what_the_schema_and_the_errors_let_through_can_be_sent(section: JsonValue) -> None:
    errors = {rule.code for rule in RULES if rule.severity is Severity.ERROR}
    if any(code in errors for code, _ in violations(section)) or any(Draft7Validator(SCHEMA).iter_errors(section)):
        return
    assert isinstance(section, Mapping)
    columns = section["button"]
    assert isinstance(columns, list)
    for column in columns:
        for button in column.get("sub_button") or [column]:
            assert all(button[field].strip() for field in FIELDS[button["type"]])
