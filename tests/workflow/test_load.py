"""From a folder to what its accounts ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from wxdeploy.model.errors import ConfigurationError
from wxdeploy.workflow.load import load

PROJECT = """\
version: 1
accounts:
  demo:
    appid: wx0000000000000001
    api: sandbox
    files: [menu.yaml]
    rules: {WX299: warning, WX2xx: error}
"""


def write(folder: Path, menu: str, project: str = PROJECT) -> Path:
    (folder / "wxdeploy.yaml").write_text(project, "utf-8")
    (folder / "menu.yaml").write_text(menu, "utf-8")
    return folder


def test_a_severity_for_a_rule_that_does_not_exist_is_an_error_at_its_key(tmp_path: Path) -> None:
    folder = write(tmp_path, "menu:\n  button:\n    - {type: click, name: 今日歌曲, key: V1}\n")
    found = load(folder, {}).findings
    assert [(each.code, str(each.span)) for each in found] == [("WX062", "wxdeploy.yaml:7:13")]


def test_a_missing_variable_is_one_finding_and_no_rule_speaks_of_the_text_without_it(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        'menu:\n  button:\n    - {type: view, name: 官网, url: "${sit}/x"}\n',
        PROJECT.replace("    rules: {WX299: warning, WX2xx: error}\n", ""),
    )
    assert [each.code for each in load(folder, {}).findings] == ["WX030"]


def test_a_mistyped_key_is_one_finding_and_not_a_missing_field_besides(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        "menu:\n  button:\n    - {type: view, name: 官网, ulr: https://www.example.com/}\n",
        PROJECT.replace("    rules: {WX299: warning, WX2xx: error}\n", ""),
    )
    assert [each.code for each in load(folder, {}).findings] == ["WX100"]


def test_a_silenced_finding_is_silent_in_the_account_whose_other_errors_are_told(tmp_path: Path) -> None:
    menu = (
        "menu:\n  button:\n"
        "    - {type: click, name: 官方网站首页首页, key: A}  # wxdeploy: ignore[WX220] live like this\n"
        "    - {type: view, name: 官网, url: www.example.com}\n"
    )
    folder = write(tmp_path, menu, PROJECT.replace("    rules: {WX299: warning, WX2xx: error}\n", ""))
    configuration = load(folder, {})
    assert [each.code for each in configuration.findings] == ["WX230"]
    (account,) = configuration.accounts
    assert "checked" not in vars(account), "what a thousand accounts declare is kept for nobody"
    assert [each.code for each in account.findings] == ["WX230"]


def test_a_project_without_an_account_is_a_finding_at_its_place(tmp_path: Path) -> None:
    folder = write(tmp_path, "{}\n", "version: 1\naccounts: {}\n")
    with pytest.raises(ConfigurationError) as raised:
        load(folder, {})
    assert [(each.code, str(each.span)) for each in raised.value.diagnostics] == [("WX102", "wxdeploy.yaml:2:11")]


def test_a_choice_that_may_be_text_or_number_is_listed_once(tmp_path: Path) -> None:
    menu = (
        "menu: {button: [{type: click, name: 今日歌曲, key: A}]}\n"
        "conditional_menus:\n"
        "  - {matchrule: {client_platform_type: symbian}, button: [{type: click, name: 会员, key: B}]}\n"
    )
    folder = write(tmp_path, menu, PROJECT.replace("    rules: {WX299: warning, WX2xx: error}\n", ""))
    (found,) = load(folder, {}).findings
    assert found.code == "WX103"
    assert found.detail.count("`1`") == 1
    assert "``" not in found.detail.replace("```", "")
