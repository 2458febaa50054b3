"""Merging, variables, credentials and the desired state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxdeploy.config.credentials import api, callback, credentials
from wxdeploy.config.project import load_project
from wxdeploy.config.resolve import Resolved, desired, resolve
from wxdeploy.config.variables import MAX_TEXT, Variables, varying
from wxdeploy.kinds import KINDS
from wxdeploy.model.address import Address
from wxdeploy.model.errors import ConfigurationError
from wxdeploy.model.source import SourceMap, Span

Write = Callable[[Mapping[str, str]], Path]


def resolved(root: Path, environ: Mapping[str, str] | None = None) -> Resolved:
    project = load_project(root)
    assert project.findings("prod") == ()
    return resolve(project, project.accounts["prod"], environ or {})


def found(result: Resolved) -> list[tuple[str, str]]:
    assert all(each.account == "prod" for each in result.diagnostics)
    return [(each.code, str(each.span)) for each in result.diagnostics]


def project_of(entry: str) -> str:
    return f"version: 1\naccounts:\n  prod:\n    appid: wx8f3c1a2b4d5e6f70\n{entry}"


def menu(url: str) -> str:
    return f"menu:\n  button:\n    - {{type: view, name: 官网, url: {url}}}\n"


def url_of(result: Resolved) -> object:
    value = result.sections["menu"].value
    assert isinstance(value, Mapping)
    return value["button"][0]["url"]  # type: ignore[index, call-overload]


def test_a_section_given_twice_names_both_places(write: Write) -> None:
    root = write(
        {
            "wxdeploy.yaml": project_of("    files: [a.yaml, b.yaml]\n"),
            "a.yaml": menu("https://a.example"),
            "b.yaml": "\nmenu: absent\n",
        }
    )
    result = resolved(root)
    assert found(result) == [("WX040", "b.yaml:2:1")]
    assert "a.yaml:1:1" in result.diagnostics[0].detail
    assert url_of(result) == "https://a.example"


def test_a_later_file_may_override(write: Write) -> None:
    root = write(
        {
            "wxdeploy.yaml": project_of("    files: [a.yaml, b.yaml]\n"),
            "a.yaml": "menu: absent\n",
            "b.yaml": "override: [menu]\n" + menu("https://b.example"),
        }
    )
    result = resolved(root)
    assert found(result) == []
    assert url_of(result) == "https://b.example"
    assert result.sections["menu"].sources.find(("button", 0, "url")) == Span("b.yaml", 4, 35)


@pytest.mark.parametrize("text", ["override: [menu]\nmenu: absent\n", "override: [menu]\n"])
def test_an_override_of_nothing(write: Write, text: str) -> None:
    root = write({"wxdeploy.yaml": project_of("    files: [a.yaml]\n"), "a.yaml": text})
    assert found(resolved(root)) == [("WX041", "a.yaml:1:12")]


def test_variables_of_variables_and_of_the_environment(write: Write) -> None:
    entry = '    files: [a.yaml]\n    vars: {site: "https://${host}/${env:PATH_PART:-}", host: "${env:HOST_NAME}"}\n'
    root = write({"wxdeploy.yaml": project_of(entry), "a.yaml": menu('"${site}?q=$${x}&y={order.no}"')})
    result = resolved(root, {"HOST_NAME": "a.example"})
    assert found(result) == []
    assert url_of(result) == "https://a.example/?q=${x}&y={order.no}"


def test_a_value_changes_no_structure(write: Write) -> None:
    root = write({"wxdeploy.yaml": project_of("    files: [a.yaml]\n"), "a.yaml": menu('"https://a.example/${env:X}"')})
    assert (
        url_of(resolved(root, {"X": '"}\nmenu: absent # ${env:Y} ${x}'}))
        == 'https://a.example/"}\nmenu: absent # ${env:Y} ${x}'
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("${nope}", "WX030"),
        ("${env:NOPE}", "WX031"),
        ("${env:EMPTY}", "WX031"),
        ("${", "WX032"),
        ("${}", "WX032"),
        ("${site", "WX032"),
        ("${a b}", "WX032"),
        ("${env:}", "WX032"),
        ("${env:a-b}", "WX032"),
        ("${site:-x}", "WX032"),
        ("${env:BYTES}", "WX036"),
    ],
)
def test_what_can_t_be_filled_in_is_reported_at_its_place(write: Write, text: str, code: str) -> None:
    root = write(
        {
            "wxdeploy.yaml": project_of("    files: [a.yaml]\n    vars: {site: s}\n"),
            "a.yaml": menu(f'"https://a.example/{text}"'),
        }
    )
    result = resolved(root, {"EMPTY": "", "BYTES": "\udcb1\udcb1"})
    assert found(result) == [(code, "a.yaml:3:35")]
    assert result.diagnostics[0].path == ("button", 0, "url")
    assert url_of(result) == f"https://a.example/{text}"


def test_a_near_variable_is_proposed(write: Write) -> None:
    root = write(
        {"wxdeploy.yaml": project_of("    files: [a.yaml]\n    vars: {site: s}\n"), "a.yaml": menu('"${sit}"')}
    )
    assert resolved(root).diagnostics[0].fix == "write ${site}"


def test_circles_are_reported_where_they_are_written(write: Write) -> None:
    entry = '    files: [a.yaml]\n    vars: {a: "${b}", b: "x${a}"}\n'
    root = write({"wxdeploy.yaml": project_of(entry), "a.yaml": menu('"https://${a}"')})
    result = resolved(root)
    assert found(result) == [("WX033", "wxdeploy.yaml:6:15")]
    assert "a -> b -> a" in result.diagnostics[0].detail


def test_chains_and_growth_have_a_bound() -> None:
    chain = {f"a{n}": f"${{a{n + 1}}}" for n in range(5000)}
    variables = Variables("prod", chain, SourceMap(), {})
    variables.text("${a0}", None)
    assert [each.code for each in variables.diagnostics] == ["WX033"]
    growth = {f"a{n}": f"${{a{n + 1}}}" * 10 for n in range(30)} | {"a30": "x"}
    variables = Variables("prod", growth, SourceMap(), {})
    assert len(variables.text("${a0}", None)) <= MAX_TEXT
    assert {each.code for each in variables.diagnostics} == {"WX035"}


def test_many_uses_have_a_bound() -> None:
    variables = Variables("prod", {"x": "x" * 60_000}, SourceMap(), {})
    value = ["${x}"] * 1000
    filled = variables.fill(value, SourceMap(), varying(value))
    assert isinstance(filled, list)
    assert sum(map(len, filled)) < 20_000_000
    assert {each.code for each in variables.diagnostics} == {"WX035"}


@given(st.text(), st.text())
def test_an_escaped_text_is_itself_and_a_value_is_not_filled_again(text: str, value: str) -> None:
    variables = Variables("prod", {}, SourceMap(), {"X": value or "-"})
    assert variables.text(text.replace("${", "$${"), None) == text
    if not value or value.isascii():
        assert variables.text("<${env:X}>", None) == f"<{value or '-'}>"
    assert variables.diagnostics == []


@given(st.text(alphabet="${}:-envabAB_ \n", max_size=30))
def test_any_text_is_filled_or_reported(text: str) -> None:
    variables = Variables("prod", {"a": "b"}, SourceMap(), {"A": "B"})
    filled = variables.text(text, None)
    assert variables.diagnostics or ("${" not in filled) or "$${" in text


def test_a_waiting_section_is_held_to_the_schema_once_it_is_known(write: Write) -> None:
    text = "menu:\n  button:\n    - {type: '${env:TYPE:-click}', name: 歌, key: 1}\n"
    project = load_project(write({"wxdeploy.yaml": project_of("    files: [a.yaml]\n"), "a.yaml": text}))
    result = resolve(project, project.accounts["prod"], {})
    assert [(each.code, str(each.span), each.path) for each in (*project.findings("prod"), *result.diagnostics)] == [
        ("WX105", "a.yaml:3:50", ("button", 0, "key"))
    ]


def test_sections_without_variables_are_shared(write: Write) -> None:
    project = load_project(
        write({"wxdeploy.yaml": project_of("    files: [a.yaml]\n"), "a.yaml": menu("https://a.example")})
    )
    document = project.documents["a.yaml"]
    assert isinstance(document.value, Mapping)
    assert resolve(project, project.accounts["prod"], {}).sections["menu"].value is document.value["menu"]


def test_the_desired_state(write: Write) -> None:
    entry = "    files: [a.yaml]\n    protect: [menu, conditional_menu.vip]\n"
    project = load_project(write({"wxdeploy.yaml": project_of(entry), "a.yaml": menu("https://a.example")}))
    account = project.accounts["prod"]
    state = desired(account, resolve(project, account, {}).sections, KINDS)
    (resource,) = state.resources["menu"]
    assert resource.address == Address("menu", "default")
    assert resource.sources.find(("button", 0, "name")) == Span("a.yaml", 3, 26)
    assert state.protect == {"menu", "conditional_menu.vip"}


def test_an_absent_section_is_not_managed(write: Write) -> None:
    project = load_project(write({"wxdeploy.yaml": project_of("")}))
    assert desired(project.accounts["prod"], {}, KINDS).resources == {}


def test_credentials_are_resolved_on_demand_alone(write: Write) -> None:
    entry = "    secret: ${env:WX_SECRET}\n"
    root = write({"wxdeploy.yaml": project_of(entry)})
    assert found(resolved(root)) == []
    account = load_project(root).accounts["prod"]
    held = credentials(account, {"WX_SECRET": "hunter2"})
    assert held.appid == "wx8f3c1a2b4d5e6f70"
    assert held.secret is not None
    assert held.secret.reveal() == "hunter2"
    assert "hunter2" not in repr(held)
    for environ in ({}, {"WX_SECRET": ""}):
        with pytest.raises(ConfigurationError) as caught:
            credentials(account, environ)
        assert [(each.code, str(each.span)) for each in caught.value.diagnostics] == [("WX031", "wxdeploy.yaml:5:13")]


def test_an_appid_from_the_environment_is_held_to_its_shape(write: Write) -> None:
    text = "version: 1\naccounts:\n  prod: {appid: '${env:APPID}', access_token: '${env:TOKEN}'}\n"
    account = load_project(write({"wxdeploy.yaml": text})).accounts["prod"]
    held = credentials(account, {"APPID": "wx8f3c1a2b4d5e6f70", "TOKEN": "t"})
    assert (held.appid, held.secret) == ("wx8f3c1a2b4d5e6f70", None)
    with pytest.raises(ConfigurationError) as caught:
        credentials(account, {"APPID": "gh_123", "TOKEN": "t"})
    assert [(each.code, str(each.span)) for each in caught.value.diagnostics] == [("WX104", "wxdeploy.yaml:3:17")]


def test_the_address_of_the_api(write: Write) -> None:
    account = load_project(write({"wxdeploy.yaml": project_of("    api: '${env:API}'\n")})).accounts["prod"]
    assert api(account, {"API": "http://127.0.0.1:80"}) == "http://127.0.0.1:80"
    with pytest.raises(ConfigurationError) as caught:
        api(account, {"API": "http://a.example"})
    assert caught.value.diagnostics[0].code == "WX060"


def test_the_callback(write: Write) -> None:
    entry = "    vars: {site: https://a.example}\n    callback: {url: '${site}/wx', token: '${env:TOKEN}'}\n"
    account = load_project(write({"wxdeploy.yaml": project_of(entry)})).accounts["prod"]
    held = callback(account, {"TOKEN": "t"})
    assert (held.url, held.mode, held.encoding_aes_key) == ("https://a.example/wx", "plain", None)
    with pytest.raises(ConfigurationError):
        callback(account, {})


def test_what_no_variable_can_change_is_one_value_for_all_accounts(write: Write) -> None:
    root = write(
        {
            "wxdeploy.yaml": "version: 1\ndefaults: {files: [a.yaml, b.yaml]}\naccounts:\n"
            "  a: {appid: wx0000000000000001, vars: {x: https://a.example}}\n"
            "  b: {appid: wx0000000000000002, vars: {x: https://b.example}}\n",
            "a.yaml": "tags: [{name: VIP}]\n",
            "b.yaml": menu('"\\u0024\\x7bx}"'),  # an escaped variable is one
        }
    )
    project = load_project(root)
    first, second = (resolve(project, account, {}) for account in project.accounts.values())
    assert first.sections["tags"].value is second.sections["tags"].value
    assert (url_of(first), url_of(second)) == ("https://a.example", "https://b.example")
