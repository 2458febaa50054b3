"""wxdeploy.yaml, the defaults and the files of each account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from wxdeploy.config.project import Project, find_root, load_project, unsafe_api
from wxdeploy.config.selection import named
from wxdeploy.model.errors import ConfigurationError, UsageError
from wxdeploy.model.source import Span

Write = Callable[[Mapping[str, str]], Path]

MENU = "menu: {button: [{type: click, name: 歌, key: SONG}]}\n"


def project_of(entry: str, head: str = "version: 1\n") -> str:
    return f"{head}accounts:\n  prod:\n    appid: wx8f3c1a2b4d5e6f70\n{entry}"


def found(project: Project) -> list[tuple[str, str, int, int]]:
    return [(each.code, each.span.file, each.span.line, each.span.column) for each in project.diagnostics if each.span]


def files(project: Project, account: str = "prod") -> list[str]:
    return [document.file for document in project.accounts[account].documents]


def test_the_root_is_found_upwards(write: Write) -> None:
    root = write({"wxdeploy.yaml": project_of(""), "a/b/c.txt": ""})
    assert find_root(root / "a" / "b") == find_root(root) == root


def test_without_a_root_init_is_proposed(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        find_root(tmp_path)
    assert caught.value.diagnostics[0].code == "WX001"
    assert "wxdeploy init" in caught.value.diagnostics[0].fix


def test_another_ending_is_recognised(write: Write) -> None:
    with pytest.raises(ConfigurationError) as caught:
        find_root(write({"wxdeploy.yml": ""}))
    assert "rename" in caught.value.diagnostics[0].fix


def test_defaults_lie_under_every_account(write: Write) -> None:
    head = (
        "version: 1\ndefaults:\n  vars: {site: https://a.example, shop: s}\n  rules: {WX2xx: warning}\n"
        "  files: [a.yaml]\n  prune: [tags]\n  api: sandbox\n"
    )
    entry = "    vars: {site: https://b.example}\n    prune: []\n    rules: {WX220: 'off'}\n"
    account = load_project(write({"wxdeploy.yaml": project_of(entry, head), "a.yaml": MENU})).accounts["prod"]
    assert account.vars == {"site": "https://b.example", "shop": "s"}
    assert account.rules == {"WX2xx": "warning", "WX220": "off"}
    assert (account.prune, account.api) == ((), "sandbox")
    assert [document.file for document in account.documents] == ["a.yaml"]
    assert account.sources.find(("vars", "site")) == Span("wxdeploy.yaml", 11, 18)
    assert account.sources.find(("vars", "shop")) == Span("wxdeploy.yaml", 3, 41)
    assert account.sources.find(("prune",)) == Span("wxdeploy.yaml", 12, 12)


def test_patterns_in_order_and_each_file_once(write: Write) -> None:
    names = ["base/b.yaml", "base/a.yaml", "base/deep/er/c.yaml", "z.yaml", ".hidden.yaml", ".git/x.yaml", "base/n.txt"]
    root = write({"wxdeploy.yaml": "", **dict.fromkeys(names, "")})
    for patterns, expected in {
        "[z.yaml, base/*.yaml]": ["z.yaml", "base/a.yaml", "base/b.yaml"],
        "['**/*.yaml']": ["base/a.yaml", "base/b.yaml", "base/deep/er/c.yaml", "z.yaml"],
        "[base/**/**/c.yaml, 'base/**']": ["base/deep/er/c.yaml", "base/a.yaml", "base/b.yaml", "base/n.txt"],
        "['*/[a-b].yaml', ./base/a.yaml, base/../base]": ["base/a.yaml", "base/b.yaml"],
        "['?.yaml', .hidden.yaml]": ["z.yaml", ".hidden.yaml"],
    }.items():
        write({"wxdeploy.yaml": project_of(f"    files: {patterns}\n")})
        assert files(load_project(root)) == expected


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("mneu.yaml", "WX006"),
        ("menus/*.yaml", "WX006"),
        ("base\\*.yaml", "WX006"),
        ("/etc/hosts", "WX007"),
        ("../*.yaml", "WX007"),
        ("base/../../x.yaml", "WX007"),
        ("~/x.yaml", "WX007"),
        ("C:/x.yaml", "WX007"),
    ],
)
def test_patterns_that_lead_nowhere(write: Write, pattern: str, code: str) -> None:
    root = write(
        {"wxdeploy.yaml": project_of(f"    files: [a.yaml, '{pattern}']\n"), "a.yaml": MENU, "base/a.yaml": ""}
    )
    project = load_project(root)
    assert found(project) == [(code, "wxdeploy.yaml", 5, 21)]
    assert project.diagnostics[0].account == "prod"
    assert files(project) == ["a.yaml"]


@pytest.mark.parametrize("pattern", ["link.yaml", "*.yaml", "folder/*.yaml", "folder/secret.yaml"])
def test_links_must_not_leave_the_project(write: Write, tmp_path_factory: pytest.TempPathFactory, pattern: str) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.yaml").write_text(MENU)
    root = write({"wxdeploy.yaml": project_of(f"    files: ['{pattern}']\n")})
    (root / "link.yaml").symlink_to(outside / "secret.yaml")
    (root / "folder").symlink_to(outside)
    assert found(load_project(root)) == [("WX007", "wxdeploy.yaml", 5, 13)]


def test_links_within_the_project_are_one_file(write: Write) -> None:
    root = write({"wxdeploy.yaml": project_of("    files: [a.yaml, b.yaml, '**/*.yaml']\n"), "a.yaml": MENU})
    (root / "b.yaml").symlink_to(root / "a.yaml")
    (root / "loop").symlink_to(root)
    project = load_project(root)
    assert (files(project), project.diagnostics) == (["a.yaml"], ())


def test_files_that_are_none(write: Write) -> None:
    root = write({"wxdeploy.yaml": project_of("    files: [folder, dangling.yaml, self.yaml]\n"), "folder/a.yaml": ""})
    (root / "dangling.yaml").symlink_to(root / "nothing.yaml")
    (root / "self.yaml").symlink_to(root / "self.yaml")
    project = load_project(root)
    assert [(each.code, str(each.span)) for each in project.findings("prod")] == [
        ("WX002", "dangling.yaml:1:1"),
        ("WX002", "folder:1:1"),
        ("WX002", "self.yaml:1:1"),
    ]


def test_a_file_is_read_once_for_all_accounts(write: Write) -> None:
    second = "  test: {appid: wx8f3c1a2b4d5e6f71, files: [a.yaml]}\n"
    root = write({"wxdeploy.yaml": project_of("    files: ['*.yaml']\n") + second, "a.yaml": MENU})
    project = load_project(root)
    assert project.accounts["prod"].documents[0] is project.accounts["test"].documents[0]
    assert list(project.documents) == ["a.yaml"]


@pytest.mark.parametrize(
    ("button", "codes"),
    [
        ("url: https://www.example.com/?a=1,2", ["WX105"]),
        ("url: https://www.example.com/?a=1,b,2", ["WX105"]),
        ("url: https://www.example.com/?a=1,true", ["WX105"]),
        ("url: https://www.example.com/, 2: k", ["WX013", "WX100"]),
        ("2: k, url: https://www.example.com/?a=1,b", ["WX013", "WX100", "WX105"]),
    ],
)
def test_a_part_of_a_text_that_ends_at_a_comma_is_no_key_without_quotes(
    write: Write, button: str, codes: list[str]
) -> None:
    root = write(
        {
            "wxdeploy.yaml": project_of("    files: [menu.yaml]\n"),
            "menu.yaml": f"menu: {{button: [{{name: 歌, {button}}}]}}\n",
        }
    )
    (document,) = load_project(root).documents.values()
    assert [each.code for each in document.diagnostics] == codes


def test_findings_of_a_file_concern_the_accounts_that_read_it(write: Write) -> None:
    second = "  test: {appid: wx12, files: [b.yaml]}\n"
    root = write(
        {"wxdeploy.yaml": project_of("    files: [a.yaml]\n") + second, "a.yaml": "menu: {butto: []}", "b.yaml": MENU}
    )
    project = load_project(root)
    assert [each.code for each in project.findings("prod")] == ["WX100"]
    assert project.findings("prod")[0].path == ("butto",)
    assert [(each.code, each.account) for each in project.findings("test")] == [("WX104", "test")]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "version: 1", "accounts: 1", "accounts: {a: 1, b: , c: []}", "a: [", "defaults: 1\naccounts: {a: {}}"],
)
def test_any_project_file_is_reported_and_none_raises(write: Write, text: str) -> None:
    project = load_project(write({"wxdeploy.yaml": text}))
    assert project.diagnostics
    assert [account.name for account in named(project, [])] == list(project.accounts)


@pytest.mark.parametrize("field", ["secret", "access_token"])
@pytest.mark.parametrize(
    "literal", ["0123456789abcdef0123456789abcdef", "12", "${name}", "${env:A:-hunter2}", "x${env:A}", "''"]
)
def test_a_literal_secret_is_an_error_that_does_not_show_it(write: Write, field: str, literal: str) -> None:
    project = load_project(write({"wxdeploy.yaml": project_of(f"    {field}: {literal}\n    vars: {{name: a}}\n")}))
    assert found(project) == [("WX034", "wxdeploy.yaml", 5, len(field) + 7)]
    assert literal not in project.diagnostics[0].detail
    assert f"${{env:WX_PROD_{field.upper()}}}" in project.diagnostics[0].fix


def test_secrets_of_the_callback(write: Write) -> None:
    entry = "    callback: {url: https://cb.example.com, token: abc, encoding_aes_key: '${env:AES}', mode: secure}\n"
    project = load_project(write({"wxdeploy.yaml": project_of(entry)}))
    assert found(project) == [("WX034", "wxdeploy.yaml", 5, 52)]


@pytest.mark.parametrize(
    ("api", "safe"),
    [
        ("sandbox", True),
        ("https://api2.weixin.qq.com", True),
        ("https://proxy.example.com:8443/wx/", True),
        ("http://127.0.0.1:8080", True),
        ("http://localhost", True),
        ("http://[::1]:80", True),
        ("http://127.0.0.2:8080", True),
        ("http://api.weixin.qq.com", False),
        ("http://127.0.0.1.example.com", False),
        ("http://localhost@example.com", False),
        ("https://user:pass@example.com", False),
        ("https://a.example/?x=1", False),
        ("https://a.example/#x", False),
        ("https://a.example:port", False),
        ("https://[::1", False),
        ("https://", False),
        ("ftp://a.example", False),
        ("api.weixin.qq.com", False),
        ("Sandbox", False),
        ("", False),
    ],
)
def test_addresses_of_the_api(write: Write, api: str, safe: bool) -> None:
    assert (unsafe_api(api) is None) is safe
    project = load_project(write({"wxdeploy.yaml": project_of(f"    api: '{api}'\n")}))
    assert found(project) == ([] if safe else [("WX060", "wxdeploy.yaml", 5, 10)])


def test_two_accounts_with_one_appid(write: Write) -> None:
    more = "  test: {appid: wx8f3c1a2b4d5e6f70}\n  demo: {appid: wx8f3c1a2b4d5e6f70, api: sandbox}\n"
    project = load_project(write({"wxdeploy.yaml": project_of("") + more}))
    assert found(project) == [("WX061", "wxdeploy.yaml", 5, 17)]
    assert "wxdeploy.yaml:4:12" in project.diagnostics[0].detail


def test_choosing_accounts(write: Write) -> None:
    more = "  shop-a: {appid: wx8f3c1a2b4d5e6f71}\n  shop-b: {appid: wx8f3c1a2b4d5e6f72}\n"
    project = load_project(write({"wxdeploy.yaml": project_of("") + more}))

    def chosen(*patterns: str) -> list[str]:
        return [account.name for account in named(project, patterns)]

    assert chosen() == ["prod", "shop-a", "shop-b"]
    assert chosen("shop-*", "prod") == ["prod", "shop-a", "shop-b"]
    assert chosen("shop-b") == ["shop-b"]
    with pytest.raises(UsageError) as caught:
        chosen("prod", "pord")
    assert caught.value.fix == "write prod"


def test_silences_of_a_project_once_each(write: Write) -> None:
    second = "  test: {appid: wx8f3c1a2b4d5e6f71, files: [a.yaml]}  # wxdeploy: ignore[WX061] one\n"
    root = write(
        {
            "wxdeploy.yaml": project_of("    files: [a.yaml]\n") + second,
            "a.yaml": MENU.strip() + " # wxdeploy: ignore[WX220] two\n",
        }
    )
    project = load_project(root)
    assert [each.reason for each in project.silences(project.accounts.values())] == ["one", "two"]
