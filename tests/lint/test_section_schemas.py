"""The schema of every section: it is one, what it leaves to a rule the rule finds, what it proposes is valid."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft7Validator
from lint.section_schemas import SCHEMAS, errors, schema, snippet, subschemas
from lint.test_rule_pages import SHOWN, by_code, find

from wxdeploy.config.documents import load
from wxdeploy.kinds import KINDS
from wxdeploy.kinds.base import Rule
from wxdeploy.lint.pages import examples
from wxdeploy.workflow.load import rulebook

SECTIONS = [*(kind.section for kind in KINDS), "replies", "expectations"]
NOTES = {"x-rule", "patternErrorMessage", "markdownEnumDescriptions", "description", "doNotSuggest"}


@pytest.mark.parametrize("name", ["account", *SECTIONS])
def test_a_schema_is_one(name: str) -> None:
    found = schema(name)
    Draft7Validator.check_schema(found)
    assert (SCHEMAS / found["$id"].removeprefix("https://wxdeploy.dev/schemas/v1/")).is_file()
    for each in (found, *subschemas(found.get("definitions", {}))):
        if each.get("type") == "object" and "properties" in each:
            assert each["title"], each
            assert each["description"], each


@pytest.mark.parametrize("name", SECTIONS)
def test_what_is_left_to_a_rule_is_alone_with_it(name: str) -> None:
    """``x-rule`` takes every complaint of its own subschema, so that nothing else may be stated there."""
    checked = {rule.code for rule in rulebook() if rule.check}
    for each in subschemas(schema(name)):
        if "x-rule" in each:
            assert len(set(each) - NOTES) == 1, each
            assert each["x-rule"] in checked


@pytest.mark.parametrize("rule", SHOWN, ids=by_code)
def test_what_an_editor_underlines_in_a_bad_example_is_of_its_rule_or_one_beside_it(rule: Rule) -> None:
    (bad,) = examples(rule, "Bad")
    codes = {error.schema["x-rule"] for error in errors("account", load(bad.encode("utf-8"), "menu.yaml").value)}
    assert all(code[:4] == rule.code[:4] for code in codes)


def inserted(part: dict[str, Any], proposal: dict[str, Any]) -> Any:
    """What an editor writes for a proposal: where a list is wanted, an entry of it."""
    body = snippet(proposal["body"])
    return [body] if part.get("type") == "array" and not isinstance(body, list) else body


@pytest.mark.parametrize("name", ["account", *SECTIONS])
def test_every_snippet_is_valid_where_it_is_proposed(name: str) -> None:
    whole = schema(name)
    proposed = [(part, each) for part in subschemas(whole) for each in part.get("defaultSnippets", ())]
    assert proposed
    for part, each in proposed:
        assert errors(name, inserted(part, each), part) == [], each["label"]


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_that_is_proposed_trips_no_rule(name: str) -> None:
    section = schema(name)
    for each in section.get("defaultSnippets", ()):
        text = json.dumps({name: inserted(section, each)}, ensure_ascii=False)
        assert find(text) == ()
