"""From a folder to what its accounts ask for."""

from __future__ import annotations

from pathlib import Path

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
