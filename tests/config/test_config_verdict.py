"""The quick verdict on a document and the thorough one are the same, whatever the schema and the document."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st
from jsonschema_rs import Draft7Validator
from laws import searched

from wxdeploy.config.documents import load
from wxdeploy.config.refusals import compiled
from wxdeploy.config.schemas import SUFFIX, check, names, text
from wxdeploy.config.verdict import in_ecma, is_valid
from wxdeploy.lint.pages import examples
from wxdeploy.workflow.load import rulebook

NAMES = [file.removesuffix(SUFFIX) for file in names()]
COMBINED = ("allOf", "anyOf", "oneOf")
BRANCHES = ("if", "then", "else", "not", "propertyNames")

TRICKY = [
    "", " ", "\n", "\r", "\x0b", "\x1c", "\x1f", "\x85", "\xa0", "\u1680", "\u180e", "\u200b", "\u2028", "\u3000", "\ufeff",
    "0", "٣", "1\n", "${x}", "${", "$", "absent", "今日", "今" * 6, "今" * 21, "x" * 17, "x" * 61, "😀" * 9, "👨‍👩‍👧", "\ud800",
    "http://a", "HTTPS://a", " https://a", "wx8f3c1a2b4d5e6f70", "wx8f3c1a2b4d5e6f70\n", "button[0]", "button[٣]", "tag.VIP",
]  # fmt: skip
numbers = st.sampled_from([0, 1, -1, 1.0, 0.0, -0.0, 1.5, 10**30, -(10**400), 2**63, 2**64, 1e308, float("inf")]) | (
    st.integers() | st.floats()
)
junk = st.recursive(
    st.none() | st.booleans() | numbers | st.sampled_from(TRICKY) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "type", "", "x"]), inner),
    max_leaves=4,
)


def about(schema: Any) -> Iterator[dict[str, Any]]:
    """The subschemas that speak of the same value."""
    if isinstance(schema, dict):
        yield schema
        for keyword in COMBINED:
            for part in schema.get(keyword, ()):
                yield from about(part)
        for keyword in BRANCHES:
            yield from about(schema.get(keyword))


def near(schema: Any) -> st.SearchStrategy[Any]:
    """Values that could be meant for a schema: words and shapes that it names, put together any way, and now and then others."""
    parts = list(about(schema))
    said = [word for part in parts for word in [*part.get("enum", ()), *part.get("examples", ())]]
    said += [part["const"] for part in parts if "const" in part]
    choices: list[st.SearchStrategy[Any]] = [st.sampled_from(said)] if said else []
    choices += [st.from_regex(part["pattern"]) for part in parts if "pattern" in part]
    choices += [st.integers(part["minimum"] - 1) for part in parts if "minimum" in part]
    choices += [st.lists(below(part["items"]), max_size=4) for part in parts if "items" in part]
    known: dict[str, list[st.SearchStrategy[Any]]] = {}
    for part in parts:
        for key, value in part.get("properties", {}).items():
            known.setdefault(key, []).append(below(value))
    if known:
        pairs = {key: st.one_of(values) for key, values in known.items()}
        needed = {key for part in parts for key in part.get("required", ()) if key in pairs}
        rest = {key: value for key, value in pairs.items() if key not in needed}
        choices.append(st.fixed_dictionaries({key: pairs[key] for key in sorted(needed)}, optional=rest))
        choices.append(st.fixed_dictionaries({}, optional=pairs))
    for part in parts:
        named = part.get("patternProperties", {})
        if isinstance(rest := part.get("additionalProperties"), dict):
            named = {**named, "^[a-z]+$": rest}
        choices += [
            st.dictionaries(st.from_regex(key) | st.sampled_from(TRICKY), below(value), max_size=3)
            for key, value in named.items()
        ]
    types = {
        kind
        for part in parts
        for kind in ([part["type"]] if isinstance(part.get("type"), str) else part.get("type", ()))
    }
    choices += [strategy for kind, strategy in PLAIN.items() if kind in types and not known]
    return st.one_of(*choices, junk) if choices else junk


PLAIN = {
    "string": st.sampled_from(TRICKY) | st.text(max_size=8),
    "integer": numbers,
    "number": numbers,
    "boolean": st.booleans(),
}
_made: dict[int, st.SearchStrategy[Any]] = {}


def below(schema: Any) -> st.SearchStrategy[Any]:
    """``near`` of a part, made once and when it is needed."""
    return _made.setdefault(id(schema), st.deferred(lambda: near(schema)))


def agree(name: str, value: Any) -> None:
    thorough = compiled(name).is_valid(value)
    quick = is_valid(value, name)
    assert not (quick and not thorough), "valid to the quick one alone: a mistake would not be told"
    undecided = any(sign in repr(value) for sign in ("\\ud800", "inf", "nan"))
    assert quick or not thorough or undecided, "valid to the thorough one alone: the quick one would be slow"


@pytest.mark.parametrize("name", NAMES)
@searched(
    10,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
@given(data=st.data())
def test_both_judge_alike(name: str, data: st.DataObject) -> None:
    agree(name, data.draw(below(compiled(name).schema)))


def test_both_judge_the_pages_of_the_rules_alike() -> None:
    for value in written():
        agree("account", value)


@searched(40)
@given(data=st.data())
def test_both_judge_what_people_nearly_write_alike(data: st.DataObject) -> None:
    value = data.draw(st.sampled_from(written()))
    for _ in range(data.draw(st.integers(1, 3))):
        value = mutated(value, data)
    agree("account", value)


@cache
def written() -> list[Any]:
    """The examples, good and bad, of every rule's page."""
    pages = [each for rule in rulebook() for heading in ("Bad", "Good") for each in examples(rule, heading)]
    return [load(page.encode(), "f.yaml").value for page in pages]


def mutated(value: Any, data: st.DataObject) -> Any:
    """The value with one of its parts, somewhere, taken out, put in or replaced."""
    if isinstance(value, dict) and value and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(sorted(value)))
        return {**value, key: mutated(value[key], data)}
    if isinstance(value, list) and value and data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(value) - 1))
        return [*value[:at], mutated(value[at], data), *value[at + 1 :]]
    change = data.draw(st.sampled_from(["less", "more", "other"]))
    if isinstance(value, dict) and change != "other":
        key = data.draw(st.sampled_from([*sorted(value), "name", "key", "url", "type", "sub_button"]))
        return (
            {at: part for at, part in value.items() if at != key}
            if change == "less"
            else {**value, key: data.draw(junk)}
        )
    if isinstance(value, list) and change != "other":
        return value[1:] if change == "less" else [*value, data.draw(st.sampled_from(value) if value else junk)]
    if isinstance(value, str) and change == "more":
        return value + data.draw(st.sampled_from(TRICKY))
    return data.draw(junk)


def test_a_blank_is_what_it_is_to_python() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert re.findall(in_ecma(r"\s"), every) == re.findall(r"\s", every)


@given(st.text(st.sampled_from("a1 \n\r\x1c\x85\ufeff$/"), max_size=6))
@example("12\n")
@example("\n\n")
@example("\x85")
def test_a_translated_pattern_finds_the_same(value: str) -> None:
    for pattern, translated in translations().items():
        assert translated.is_valid(value) == bool(re.search(pattern, value))


@cache
def translations() -> dict[str, Draft7Validator]:
    """Each pattern of the schemas, and what its translation is to the quick one."""
    return {pattern: Draft7Validator({"pattern": in_ecma(pattern)}) for pattern in patterns()}


def patterns() -> set[str]:
    """All that the schemas hold, those of names among them."""
    found: set[str] = set()

    def look(schema: dict[str, Any]) -> dict[str, Any]:
        found.update(part for part in [schema.get("pattern")] if isinstance(part, str))
        found.update(schema.get("patternProperties", ()))
        return schema

    for file in names():
        json.loads(text(file), object_hook=look)
    return found


def test_the_patterns_hold_nothing_else_that_means_two_things() -> None:
    """The escapes and signs whose meaning the dialects share, and the three that are translated."""
    shared = re.compile(
        r"\[\\s\\S\]"
        r"|\[\^?(?:\\u[0-9a-f]{4}|\\s|\\[.\[\]]|[^\\\]])+\]"
        r"|\\[sS${}.\[\]]|\$(?=[|)]|$)|\^|\(\?[:!]|[()|*+?{}/:,_A-Za-z0-9 -]"
    )
    assert {pattern for pattern in patterns() if shared.sub("", pattern)} == set()


def test_what_the_quick_one_can_not_decide_is_looked_at_again() -> None:
    assert not is_valid({"menu": {"button": [{"type": "click", "name": "\ud800", "key": "k"}]}}, "account")
    assert not is_valid({"menu": {1: 2}}, "account")  # type: ignore[dict-item]
    document = load(b"menu: {button: [{type: click, name: a, key: k, weight: .inf}]}", "f.yaml")
    assert [each.code for each in check(document, "account")] == ["WX100"]
