"""A plan is a validation too, a mistyped tag is said to be one, and nobody is asked for nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wxdeploy.cli.group import call

PROJECT = """\
version: 1
accounts:
  demo: {appid: wx0000000000000001, api: sandbox, files: [menu.yaml]}
"""
MENU = """\
menu:
  button:
    - {type: view, name: 官网, url: "http://www.example.com/"}
tags: [{name: VIP}]
conditional_menus:
  - name: vip
    matchrule: {tag: VIP}
    button: [{type: click, name: 会员, key: VIP}]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "wxdeploy.yaml").write_text(PROJECT, "utf-8")
    (tmp_path / "menu.yaml").write_text(MENU, "utf-8")
    return tmp_path


def test_what_a_rule_warns_of_is_in_the_plan(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["plan", "-C", str(project), "--format", "json"]) == 0
    (account,) = json.loads(capsys.readouterr().out)["accounts"]
    assert [(each["code"], each["line"]) for each in account["warnings"]] == [("WX262", 3)]


def test_what_a_rule_warns_of_keeps_no_account_from_being_up_to_date(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["apply", "-C", str(project), "--yes"]) == 0
    capsys.readouterr()
    assert call(["plan", "-C", str(project), "--detailed-exitcode"]) == 0
    assert "No changes." in capsys.readouterr().out


def test_a_tag_that_no_file_knows_is_named_with_the_one_that_was_meant(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["match", "-C", str(project), "--tag", "VlP"]) == 0
    assert "did you mean VIP?" in capsys.readouterr().err
    assert call(["match", "-C", str(project), "--tag", "VIP"]) == 0
    assert capsys.readouterr().err == ""


def test_nobody_is_asked_about_a_plan_of_which_nothing_may_be_done(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["apply", "-C", str(project), "--yes"]) == 0
    (project / "menu.yaml").write_text("menu: absent\nconditional_menus: []\n", "utf-8")
    capsys.readouterr()
    assert call(["apply", "-C", str(project)]) == 4
    told = capsys.readouterr()
    assert "--allow-delete" in told.out
    assert "no terminal" not in told.err
