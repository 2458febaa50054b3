"""The schema of the section: its keys are what is read, its samples are valid, its figures are the table's."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from wxdeploy.kinds.base import Account
from wxdeploy.kinds.template.rules import RULES
from wxdeploy.kinds.template.spec import Field, MiniProgram, Template
from wxdeploy.lint.pages import examples
from wxdeploy.model.diagnostic import Severity
from wxdeploy.wechat.template_fields import TYPES

SCHEMA = json.loads((Path(__file__).parents[3] / "schemas" / "v1" / "templates.schema.json").read_text("utf-8"))
MAPPING, FIELD = SCHEMA["definitions"]["mapping"], SCHEMA["definitions"]["field"]
ERRORS = [rule for rule in RULES if rule.check and rule.severity is Severity.ERROR]


def problems(section: Any) -> list[str]:
    return [error.message for error in Draft7Validator(SCHEMA).iter_errors(section)]


def broken(section: Any) -> list[str]:
    return [rule.code for rule in ERRORS for _ in rule.check(Account({"templates": section}))] if section else []  # type: ignore[misc]


def subschemas(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from subschemas(each)


def snippet(value: Any) -> Any:
    """A snippet as it is read when every default is taken: without the quotes that YAML needs around digits."""
    if isinstance(value, dict):
        return {snippet(key): snippet(each) for key, each in value.items()}
    if isinstance(value, list):
        return [snippet(each) for each in value]
    return re.sub(r"\$\{\d+:([^}]*)\}", r"\1", value).strip('"')


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"].endswith("/templates.schema.json")
    for each in subschemas(SCHEMA["definitions"]):
        if each.get("type") and "properties" in each:
            assert each["title"], each
            assert each["description"], each


def test_keys_are_the_fields_that_are_read() -> None:
    def names(kind: Any) -> set[str]:
        return {each.name for each in dataclasses.fields(kind)}

    assert set(MAPPING["properties"]) == names(Template) - {"fields"} | {"data"}
    assert set(FIELD["properties"]) == names(Field) - {"placeholder", "source"} | {"from", "color"}
    assert set(MAPPING["properties"]["miniprogram"]["properties"]) == names(MiniProgram)


def test_snippets_are_valid() -> None:
    for each in SCHEMA["defaultSnippets"]:
        section = snippet(each["body"])
        assert problems(section) == []
        assert broken(section) == []
    for each in MAPPING["defaultSnippets"]:
        assert problems({"order_paid": snippet(each["body"])}) == []


def test_what_is_left_to_a_rule_is_alone_with_it() -> None:
    for each in subschemas(SCHEMA):
        if "x-rule" in each:
            assert len(set(each) - {"x-rule", "patternErrorMessage"}) == 1, each
            assert each["x-rule"] in {rule.code for rule in RULES}


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.check], ids=lambda rule: rule.code)
def test_the_schema_takes_every_good_example_and_words_no_bad_one_itself(rule: Any) -> None:
    import yaml

    for text in examples(rule, "Good"):
        assert problems(yaml.safe_load(text)["templates"]) == []
    for text in examples(rule, "Bad"):
        for error in Draft7Validator(SCHEMA).iter_errors(yaml.safe_load(text)["templates"]):
            assert rule.code in json.dumps(_around(error.absolute_schema_path)), error.message


def _around(path: Any) -> Any:
    schema: Any = SCHEMA
    last: Any = {}
    for step in path:
        if isinstance(schema, dict) and "$ref" in schema:
            schema = SCHEMA["definitions"][schema["$ref"].rpartition("/")[2]]
        schema = schema[step]
        last = schema if isinstance(schema, dict) and "x-rule" in schema else last
    return last


def test_the_page_of_typed_fields_names_every_type() -> None:
    (page,) = [rule.doc for rule in RULES if rule.code == "WX520"]
    missing = {name for name in TYPES if not re.search(rf"`{name}`", page)}
    assert missing == {"enum", "enum_string", "short_thing"}  # no figure, and values that the template alone knows
    for name, row in TYPES.items():
        if row.most and name not in missing:
            assert re.search(rf"\b{row.most}\b", page), name
