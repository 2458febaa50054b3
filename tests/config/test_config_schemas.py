"""What the schemas say, in our words and at its place."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from wxdeploy.config.documents import load
from wxdeploy.config.emit import dump
from wxdeploy.config.project import load_project
from wxdeploy.config.resolve import resolve
from wxdeploy.config.schemas import check, check_sections, names, text
from wxdeploy.model.diagnostic import Diagnostic, Severity, order_of
from wxdeploy.model.errors import UsageError
from wxdeploy.model.source import Span


def findings(source: str, schema: str = "account") -> tuple[Diagnostic, ...]:
    document = load(source.encode(), "f.yaml")
    assert document.diagnostics == ()
    return check(document, schema)


def found(source: str, schema: str = "account") -> list[tuple[str, int, int]]:
    return [(each.code, each.span.line, each.span.column) for each in findings(source, schema) if each.span]


PROJECT = "version: 1\naccounts:\n  prod:\n    appid: wx8f3c1a2b4d5e6f70\n"


@pytest.mark.parametrize("name", names())
def test_every_schema_is_a_schema_and_holds_its_own_examples(name: str) -> None:
    schema = json.loads(text(name))
    Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert schema["$id"] == f"https://wxdeploy.dev/schemas/v1/{name}"
    assert schema["title"]


@pytest.mark.parametrize("name", ["project", "findings", "account"])
def test_the_examples_of_a_schema_fit_it(name: str) -> None:
    for example in json.loads(text(f"{name}.schema.json"))["examples"]:
        assert findings(json.dumps(example, ensure_ascii=False), name) == ()


def test_an_unknown_schema_is_named() -> None:
    with pytest.raises(UsageError, match=r"no schema menus\.schema\.json"):
        text("menus.schema.json")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("mneu: {}", [("WX100", 1, 1)]),
        ("[]", [("WX101", 1, 1)]),
        ("menu: 1", [("WX101", 1, 7)]),
        ("menu:", [("WX101", 1, 6)]),
        ("menu: absnt", [("WX103", 1, 7)]),
        ("menu: {button: {type: click}}", [("WX101", 1, 16)]),
        ("menu: {button: [{type: click, name: a, key: 0123}]}", [("WX105", 1, 45)]),
        ("menu: {button: [{type: click, name: no, key: true}]}", [("WX105", 1, 46)]),
        ("menu: {button: [{type: click, name: a, key: ~}]}", [("WX105", 1, 45)]),
        ("menu: {button: [{type: click, nmae: a, key: k}]}", [("WX100", 1, 31)]),
        ("menu: {button: [{type: click, name: a, key:k}]}", [("WX100", 1, 40)]),
        ("override: menu", [("WX101", 1, 11)]),
        ("override: [mneu]", [("WX103", 1, 12)]),
    ],
)
def test_findings_in_a_resource_file(source: str, expected: list[tuple[str, int, int]]) -> None:
    assert found(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{}", [("WX102", 1, 1), ("WX102", 1, 1)]),
        ('version: "1"\naccounts: {}', [("WX101", 1, 10)]),
        ("version: 2\naccounts: {}", [("WX103", 1, 10)]),
        ("version: 1\naccounts: {p: {}}", [("WX102", 2, 15)]),
        ("version: 1\naccounts: {-p: {appid: wx8f3c1a2b4d5e6f70}}", [("WX104", 2, 12)]),
        ("version: 1\naccounts: {p: {appid: wx12}}", [("WX104", 2, 23)]),
        (PROJECT + "    apps: 1", [("WX100", 5, 5)]),
        (PROJECT + "    api: ''", []),
        (PROJECT + "    files: a.yaml", [("WX101", 5, 12)]),
        (PROJECT + "    files: ['']", [("WX104", 5, 13)]),
        (PROJECT + "    vars: {a: 1, b: [c], 1c: d}", [("WX105", 5, 15), ("WX101", 5, 21), ("WX104", 5, 26)]),
        (PROJECT + "    prune: [menu]", [("WX103", 5, 13)]),
        (PROJECT + "    prune: [tags, tags]", [("WX104", 5, 12)]),
        (PROJECT + "    protect: [users]", [("WX104", 5, 15)]),
        (PROJECT + "    rules: {WX2xx: warn, WXxxx: off}", [("WX103", 5, 20), ("WX104", 5, 26)]),
        (PROJECT + "    callback: {mode: safe, url: cb}", [("WX103", 5, 22), ("WX104", 5, 33)]),
        (PROJECT + "    secret: 12", []),
        (PROJECT + "    secret: [a]", [("WX101", 5, 13)]),
        ("version: 1\ndefaults: {files: 1}\naccounts: {}", [("WX101", 2, 19)]),
    ],
)
def test_findings_in_the_project_file(source: str, expected: list[tuple[str, int, int]]) -> None:
    assert found(source, "project") == expected


@pytest.mark.parametrize(
    ("source", "detail", "fix"),
    [
        ("menu: {button: [{type: click, name: a, key: 0x1F}]}", "0x1F is read as a number", '"0x1F"'),
        ("menu: {button: [{type: click, name: a, key: }]}", "nothing stands here", '""'),
        ("mneu: {}", "the file has no key `mneu`", "write `menu`"),
        ("MENU: {}", "the file has no key `MENU`", "write `menu`"),
        ("menu: {button: [{name:a}]}", "has no key `name:a`", "a space after the colon: `name: a`"),
        ("menu: absnt", "`absnt` is not allowed for `menu`", "write `absent`"),
        ("menu: {button: x}", "`button` has to be a list, and this is a text", "`button: [x]`"),
    ],
)
def test_the_words(source: str, detail: str, fix: str) -> None:
    finding = findings(source)[0]
    assert detail in finding.detail
    assert fix in finding.fix
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("source", "place", "fix"),
    [
        ("replies: {subscribe: {text: 你好,欢迎}}", (1, 32), 'in quotes: `text: "你好,欢迎"`'),
        ("menu: {button: [{type: click, name: 一,二,三, key: K}]}", (1, 39), 'in quotes: `name: "一,二,三"`'),
    ],
)
def test_a_text_that_a_comma_ends_is_one_finding_and_its_fix_are_quotes(
    source: str, place: tuple[int, int], fix: str
) -> None:
    assert found(source) == [("WX105", *place)]
    assert fix in findings(source)[0].fix


def test_a_key_without_a_value_on_a_line_of_its_own_is_no_part_of_a_text() -> None:
    assert found("menu:\n  button:\n    - type: click\n      key: a\n      name: b\n      colour:\n") == [
        ("WX100", 6, 7)
    ]


def test_a_secret_is_never_shown() -> None:
    assert "hunter2" not in findings(PROJECT + "    callback: {token: hunter2,x}\n", "project")[0].fix
    source = PROJECT + "    secret: 0123456789abcdef\n    callback: {token: [hunter2], encoding_aes_key: hunter2}\n"
    assert "hunter2" not in repr(findings(source, "project"))
    assert "89abcdef" not in repr(findings(source, "project"))


def test_a_path_of_a_key_leads_to_the_key() -> None:
    finding = findings("menu:\n  button:\n    - {type: click, name: a, keyy: k, key: k}\n")[0]
    assert (finding.path, finding.span) == (("menu", "button", 0, "keyy"), Span("f.yaml", 3, 30))


def test_a_section_waits_for_the_variable_that_stands_for_a_word() -> None:
    text_of = "menu: {button: [{type: '${type}', name: a, key: 1}]}\nmneu: 1\n"
    diagnostics, waiting = check_sections(load(text_of.encode(), "f.yaml"), "account")
    assert [each.code for each in diagnostics] == ["WX100"]
    assert waiting == {"menu"}


def test_names_and_texts_need_no_library() -> None:
    program = (
        "import sys; from wxdeploy.config import rules, schemas; schemas.text(schemas.names()[0]);"
        "sys.exit(bool({'jsonschema', 'jsonschema_rs', 'yaml', 'referencing'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


KEYS = [
    "version", "accounts", "defaults", "prod", "appid", "secret", "api", "files", "vars", "rules", "prune", "protect",
    "callback", "menu", "override", "button", "sub_button", "type", "name", "key", "url", "news_info", "list", "x:y", "",
]  # fmt: skip
WORDS = [
    "click",
    "view",
    "absent",
    "wx8f3c1a2b4d5e6f70",
    "${x}",
    "${env:X}",
    "off",
    "menu",
    "a.yaml",
    "",
    "\x1b",
    "../a",
]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=25,
)


@given(anything)
def test_any_data_is_reported_and_none_raises(value: Any) -> None:
    document = load(dump(value).encode(), "f.yaml")
    for schema in ("project", "account"):
        for finding in check(document, schema):
            assert finding.span is not None
            assert finding.detail
            assert finding.fix
            assert "is not valid under" not in finding.detail
    validator = Draft7Validator(json.loads(text("findings.schema.json")))
    validator.validate(
        {"format": "wxdeploy.findings/1", "findings": [each.to_json() for each in check(document, "project")]}
    )


@given(anything)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_project_is_loaded_and_resolved(tmp_path: Path, value: Any) -> None:
    head = {
        "version": 1,
        "defaults": value,
        "accounts": {"prod": value, "b": {"files": ["a.yaml"], "vars": {"x": "y"}}},
    }
    (tmp_path / "wxdeploy.yaml").write_text(dump(head), encoding="utf-8")
    (tmp_path / "a.yaml").write_text(dump(value), encoding="utf-8")
    project = load_project(tmp_path)
    for account in project.accounts.values():
        resolve(project, account, {"X": "click"})
        assert project.findings(account.name) == tuple(sorted(project.findings(account.name), key=order_of))
