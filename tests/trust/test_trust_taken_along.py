"""What ``menu/delete`` takes along: protected like anything else, and kept with what it belongs to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cli.shell import Project, account
from trust.shop import Run, account_of, vip, wants
from workflow.drill import menu

LIVE: dict[str, Any] = {"tags": ["VIP"], "menu": menu("旧"), "conditional_menus": [vip("旧")]}
GONE = json.dumps({"menu": "absent"})


@pytest.mark.parametrize("protect", ["conditional_menu", "conditional_menu.vip"])
@pytest.mark.parametrize("saved", [False, True])
def test_what_is_protected_does_not_go_along(project: Project, run: Run, protect: str, saved: bool) -> None:
    project.live(**LIVE)
    wants(project, GONE)
    if saved:
        assert run("plan", "--out", "plan.json").code == 0  # protected afterwards
    project.accounts(account(protect=f"[{protect}]"))
    what = ("plan.json",) if saved else ("--yes",)
    ran = run("apply", *what, "--allow-delete", "--format", "json")
    assert ran.code == 4, ran.out
    (change,) = account_of(ran)["plan"]["changes"]
    assert [(each["code"], each["permit"]) for each in change["hazards"]] == [("WX903", None)]
    assert "conditional_menu.vip" in change["hazards"][0]["message"]
    assert project.writes() == []


def test_a_name_of_the_files_protects_where_the_run_is_aimed_elsewhere(project: Project, run: Run) -> None:
    project.live(**LIVE)
    wants(project, json.dumps({"menu": "absent", "conditional_menus": []}))
    project.accounts(account(protect="[conditional_menu.members]"))
    assert run("apply", "--yes", "--allow-delete", "--target", "menu").code == 4
    assert project.writes() == []


def test_what_goes_along_is_permitted_where_nothing_protects_it(project: Project, run: Run) -> None:
    project.live(**LIVE)
    wants(project, GONE)
    project.accounts(account(protect="[tag]"))
    assert run("apply", "--yes").code == 4
    assert run("apply", "--yes", "--allow-delete").code == 0


def test_what_went_along_comes_back(project: Project, run: Run) -> None:
    project.live(**LIVE)
    before = run("pull", "--out", "-").out
    wants(project, GONE)
    assert run("apply", "--yes", "--allow-delete").code == 0
    (path,) = (project.root / ".wxdeploy" / "snapshots").glob("*.json")
    assert json.loads(path.read_text("utf-8"))["kinds"] == ["tag", "menu", "conditional_menu"]
    assert run("rollback", "--yes").code == 0
    assert run("pull", "--out", "-").out == before


def test_what_a_snapshot_holds_beyond_its_kinds_is_said_to_stay_away(project: Project, run: Run) -> None:
    project.live(**LIVE)
    wants(project, json.dumps({"menu": menu("新")}))
    assert run("apply", "--yes").code == 0  # it has nothing to do with personalised menus
    project.live(tags=["VIP"], menu=menu("新"))
    ran = run("rollback", "--yes")
    assert ran.code == 0, ran.out
    assert "WX907" in ran.out
    assert "conditional_menu" in ran.out
