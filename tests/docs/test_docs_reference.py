"""The reference of the configuration is that of the schemas, and every link inside it leads to a heading."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from docs.reference import SCHEMAS, reference

PAGE = Path(__file__).parents[2] / "docs" / "reference.md"
FILES = ["account", "conditional_menus", "expectations", "menu", "project", "replies", "tags", "templates"]


def test_the_reference_is_that_of_the_schemas(golden: Callable[[Path, str], None]) -> None:
    golden(PAGE, reference())


def keys(schema: Any, definitions: Any) -> Iterator[str]:
    """Every key that a schema knows and an editor proposes."""
    if isinstance(schema, list):
        schema = dict(enumerate(schema))
    if not isinstance(schema, dict):
        return
    for key, each in schema.get("properties", {}).items():
        target = definitions.get(str(each.get("$ref")).removeprefix("#/definitions/"), each)
        if not target.get("doNotSuggest"):
            yield key
    for each in schema.values():
        yield from keys(each, definitions)


@pytest.mark.parametrize("name", FILES)
def test_every_key_that_an_editor_proposes_is_in_it(name: str) -> None:
    told = set(re.findall(r"^\| `([^`]+)`", reference(), re.MULTILINE))
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    assert set(keys(schema, schema.get("definitions", {}))) <= told


def test_links_inside_the_page_lead_to_headings() -> None:
    page = reference()
    headings = [
        re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    ]
    assert len(set(headings)) == len(headings)
    links = re.findall(r"\]\(#([^)]+)\)", page)
    assert links
    assert set(links) <= set(headings)
