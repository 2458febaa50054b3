"""What a kind of resource needs besides its code: this names whatever is missing."""

from __future__ import annotations

import json
import pkgutil
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from wxdeploy.kinds import KINDS
from wxdeploy.kinds.base import Kind
from wxdeploy.sandbox import endpoints as simulated
from wxdeploy.wechat.endpoints import ENDPOINTS, Mode
from wxdeploy.workflow.load import rulebook

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "schemas" / "v1"
ACCOUNT = json.loads((SCHEMAS / "account.schema.json").read_text("utf-8"))

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def sandbox_paths() -> set[str]:
    modules = [import_module(f"{simulated.__name__}.{each.name}") for each in pkgutil.iter_modules(simulated.__path__)]
    return {endpoint.path for module in modules for endpoint in getattr(module, "ENDPOINTS", ())}


def enums(value: Any) -> list[list[Any]]:
    """Every ``enum`` anywhere in a schema."""
    if isinstance(value, dict):
        return [*([value["enum"]] if isinstance(value.get("enum"), list) else []), *enums(list(value.values()))]
    return [found for each in value for found in enums(each)] if isinstance(value, list) else []


def test_kinds_have_names_and_sections_of_their_own() -> None:
    assert len({kind.name for kind in KINDS}) == len({kind.section for kind in KINDS}) == len(KINDS)


def test_kinds_come_after_those_they_require() -> None:
    names = [kind.name for kind in KINDS]
    for kind in KINDS:
        assert set(kind.requires) <= set(names[: names.index(kind.name)]), kind.name


@every_kind
def test_its_section_is_in_the_schema_of_resource_files(kind: Kind[Any]) -> None:
    assert kind.section in ACCOUNT["properties"]
    assert (SCHEMAS / kind.schema).is_file()
    assert any(kind.section in example for example in ACCOUNT["examples"]), "no example in the schema"


@every_kind
@pytest.mark.parametrize("schema", ["plan", "apply"])
def test_its_name_is_in_the_schemas_of_the_output(kind: Kind[Any], schema: str) -> None:
    text = json.loads((SCHEMAS / f"{schema}.schema.json").read_text("utf-8"))
    kinds = [listed for listed in enums(text) if "menu" in listed]
    assert kinds or schema == "apply"
    assert all(kind.name in listed for listed in kinds)


@every_kind
def test_its_calls_are_known_and_its_reads_read(kind: Kind[Any]) -> None:
    assert kind.reads
    assert [ENDPOINTS[name].mode for name in kind.reads] == [Mode.READ] * len(kind.reads)


@every_kind
def test_its_reads_are_simulated_and_tested(kind: Kind[Any]) -> None:
    paths = {ENDPOINTS[name].path for name in kind.reads}
    assert paths <= sandbox_paths()
    tests = "".join(path.read_text("utf-8") for path in (ROOT / "tests" / "contract").glob("*.py"))
    assert [path for path in paths if path.removeprefix("/cgi-bin/") not in tests] == []


@every_kind
def test_it_has_rules_and_each_its_page(kind: Kind[Any]) -> None:
    assert kind.rules
    for rule in kind.rules:
        assert (ROOT / "docs" / "rules" / f"{rule.code}.md").is_file()


@every_kind
def test_it_has_an_example(kind: Kind[Any]) -> None:
    files = [path for path in (ROOT / "examples").rglob("*.yaml") if path.name != "wxdeploy.yaml"]
    sections = [yaml.safe_load(path.read_text("utf-8")) for path in files]
    assert any(kind.section in each for each in sections if isinstance(each, dict))


@every_kind
def test_it_is_documented(kind: Kind[Any]) -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    assert re.search(rf"^{kind.section}:", page, re.MULTILINE), (
        f"no example of {kind.section}: in docs/configuration.md"
    )


def test_there_is_no_page_of_a_rule_that_is_not() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "rules").glob("WX*.md")}
    assert pages == {rule.code for rule in rulebook()}
