"""Where tokens come from: what is refused offline, what is merged, what the entries stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from wxdeploy.config.credentials import Credentials, credentials
from wxdeploy.config.project import load_project
from wxdeploy.model.credential import Authorizer, TokenCommand, TokenFolder, TokenService
from wxdeploy.model.errors import ConfigurationError
from wxdeploy.model.secret import Secret

Write = Callable[[Mapping[str, str]], Path]

ROOT = Path(__file__).parents[2]
APPID = "wx8f3c1a2b4d5e6f70"
WHOLE = (
    "    authorizer: {component_appid: wx1a2b3c4d5e6f7081, component_access_token: {command: [a]}, "
    "refresh_token: '${env:R}', on_refresh: {command: [b]}}\n"
)


def project_of(entry: str, defaults: str = "") -> str:
    return f"version: 1\n{defaults}accounts:\n  prod:\n    appid: {APPID}\n{entry}"


def codes(write: Write, entry: str, defaults: str = "") -> list[str]:
    return [each.code for each in load_project(write({"wxdeploy.yaml": project_of(entry, defaults)})).diagnostics]


def held(write: Write, entry: str, environ: Mapping[str, str], defaults: str = "") -> Credentials:
    project = load_project(write({"wxdeploy.yaml": project_of(entry, defaults)}))
    assert project.diagnostics == ()
    return credentials(project.accounts["prod"], environ)


def refused(write: Write, entry: str, environ: Mapping[str, str]) -> list[tuple[str, str]]:
    with pytest.raises(ConfigurationError) as caught:
        held(write, entry, environ)
    return [(each.code, each.detail) for each in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("access_token: ./token.sh prod", ["WX034"]),
        ("access_token: {command: ./token.sh prod}", ["WX101"]),
        ("access_token: {command: []}", ["WX104"]),
        ("access_token: {command: ['']}", ["WX104"]),
        ("access_token: {command: [a, 1]}", ["WX105"]),
        ("access_token: {comand: [a]}", ["WX100"]),
        ("access_token: {}", ["WX102"]),
        ("access_token: [a]", ["WX101"]),
        ("access_token: {command: [a], expires_in: 7201}", ["WX104"]),
        ("access_token: {command: [a], url: 'https://a'}", ["WX100"]),
        ("access_token: {url: 'http://tokens.example.com'}", ["WX060"]),
        ("access_token: {url: 'ftp://tokens.example.com'}", ["WX060"]),
        ("access_token: {url: 'https://me:word@tokens.example.com'}", ["WX060"]),
        ("access_token: {url: 'https://a', headers: {Authorization: Bearer abc}}", ["WX034"]),
        ("access_token: {url: 'https://a', headers: {X-Api-Key: abc}}", ["WX034"]),
        ("access_token: {url: 'https://a', headers: {X-Shop: abc}}", []),
        ("access_token: {url: 'http://127.0.0.1:8080/x', field: a.b}", []),
        ("authorizer: {component_appid: wx1a2b3c4d5e6f7081}", ["WX102"] * 2),
        ("authorizer: {on_refresh: ./a}", ["WX102"] * 2 + ["WX101"]),
        ("authorizer: {refresh_token: abc}", ["WX102"] * 3 + ["WX034"]),
        ("authorizer: {on_refresh: {command: [a], folder: b}}", ["WX102"] * 2 + ["WX104"]),
        ("authorizer: {on_refresh: {}}", ["WX102"] * 2 + ["WX104"]),
    ],
)
def test_what_is_wrong_is_found_offline_and_secrets_are_not_shown(write: Write, entry: str, found: list[str]) -> None:
    assert codes(write, f"    {entry}\n") == found
    project = load_project(write({"wxdeploy.yaml": project_of(f"    {entry}\n")}))
    assert "abc" not in str([(each.detail, each.fix) for each in project.diagnostics])


def test_a_program(write: Write) -> None:
    entry = (
        "    vars: {shop: beijing}\n    access_token: {command: [./token.sh, '${shop}', '$${x}'], expires_in: 600}\n"
    )
    assert held(write, entry, {}).access_token == TokenCommand(("./token.sh", "beijing", "${x}"), 600)
    assert held(write, "    access_token: {command: [a]}\n", {}).access_token == TokenCommand(("a",))


def test_a_service(write: Write) -> None:
    entry = (
        "    access_token: {url: 'https://a.example.com/${env:SHOP}', headers: {Authorization: 'Bearer ${env:KEY}'}}\n"
    )
    origin = held(write, entry, {"SHOP": "beijing", "KEY": "hunter2"}).access_token
    headers = {"Authorization": Secret("Bearer hunter2")}
    assert origin == TokenService("https://a.example.com/beijing", headers, "access_token")
    assert "hunter2" not in repr(origin)
    assert refused(write, entry, {"SHOP": "beijing"}) == [("WX031", "the environment variable KEY is not set")]
    entry = "    access_token: {url: '${env:URL}/x'}\n"
    for url in ("http://a.example.com", "ftp://a", "https://u:p@a"):
        ((code, detail),) = refused(write, entry, {"URL": url})
        assert code == "WX104"
        assert url not in detail


def test_an_authorizer(write: Write) -> None:
    known = held(write, WHOLE, {"R": "hunter2"})
    assert known.authorizer == Authorizer(
        component_appid="wx1a2b3c4d5e6f7081",
        component_access_token=TokenCommand(("a",)),
        refresh_token=Secret("hunter2"),
        on_refresh=("b",),
    )
    assert "hunter2" not in repr(known)
    assert refused(write, WHOLE, {}) == [("WX031", "the environment variable R is not set")]
    entry = WHOLE.replace("wx1a2b3c4d5e6f7081", "'${env:C}'")
    assert refused(write, entry, {"R": "r", "C": "gh_1"})[0][0] == "WX104"


def test_an_authorizer_without_a_refresh_token_and_with_a_folder(write: Write) -> None:
    entry = WHOLE.replace("refresh_token: '${env:R}', on_refresh: {command: [b]}", "on_refresh: {folder: '${env:F}/x'}")
    known = held(write, entry, {"F": "/srv"})
    assert known.authorizer is not None
    assert known.authorizer.refresh_token is None
    assert known.authorizer.on_refresh == TokenFolder(Path("/srv/x"))


def test_an_authorizer_is_merged_key_by_key_and_a_token_s_origin_as_a_whole(write: Write) -> None:
    defaults = (
        "defaults:\n  authorizer: {component_appid: wx1a2b3c4d5e6f7081, on_refresh: {command: [b]}, "
        "component_access_token: {url: 'https://a', field: x}}\n  access_token: {url: 'https://a', field: x}\n"
    )
    entry = "    access_token: {command: [a]}\n    authorizer: {refresh_token: '${env:R}', component_access_token: {command: [c]}}\n"
    known = held(write, entry, {"R": "r"}, defaults)
    assert known.access_token == TokenCommand(("a",))
    assert known.authorizer is not None
    assert known.authorizer.component_access_token == TokenCommand(("c",))
    assert known.authorizer.on_refresh == ("b",)


def test_what_the_page_shows_is_right(write: Write) -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    ((text),) = re.findall(r"<!-- file: agency/wxdeploy.yaml -->\n```yaml\n(.*?)```", page, re.DOTALL)
    project = load_project(write({"wxdeploy.yaml": text}))
    assert project.diagnostics == ()
    environ = {"WX_READY_ACCESS_TOKEN": "t", "TOKEN_SERVICE_KEY": "k", "WX_CLIENT_REFRESH_TOKEN": "r"}
    known = {name: credentials(account, environ) for name, account in project.accounts.items()}
    assert [type(each.access_token or each.authorizer) for each in known.values()] == [
        Secret,
        TokenCommand,
        TokenService,
        Authorizer,
    ]
    assert [name for name, each in known.items() if each.authorizer] == ["client"]
