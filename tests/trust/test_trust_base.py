"""Three ways: what the configuration changed since a revision, what the account did, and both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cli.repository import commit, git, with_git
from cli.shell import Project
from trust.shop import Run, account_of, files, plan_of, vip, wants
from workflow.drill import menu

pytestmark = with_git


def origins(run: Run, *arguments: str) -> dict[str, Any]:
    account = account_of(run("plan", "--format", "json", *arguments))
    return {f"{each['kind']}.{each['name']}": each["origin"] for each in account["changes"]}


def test_each_change_says_which_side_it_comes_from(project: Project, run: Run) -> None:
    wants(project, files(tags=[{"name": "一"}, {"name": "VIP"}], default=menu("旧"), personalised=[vip("旧")]))
    assert run("apply", "--yes").code == 0
    base = commit(project)
    wants(
        project,
        files(tags=[{"name": "一"}, {"name": "VIP"}, {"name": "二"}], default=menu("新"), personalised=[vip("旧")]),
    )
    assert origins(run, "--base", "HEAD") == {"tag.二": "configuration", "menu.default": "configuration"}
    project.live(tags=["VIP"], menu=menu("别"), conditional_menus=[vip("别")])
    assert origins(run, "--base", "HEAD") == {
        "tag.一": "account",
        "tag.二": "configuration",
        "menu.default": "both",
        "conditional_menu.vip": "account",
    }
    assert set(origins(run).values()) == {None}
    text = run("plan", "--base", "HEAD").out
    heads = [
        "from this configuration change:",
        "changed in the account, which this would undo:",
        "changed in the configuration and",
    ]
    assert [text.index(each) for each in heads] == sorted(text.index(each) for each in heads)
    assert run("plan", "--base", "main", "--format", "json").json["base"] == base
    assert project.writes().count("write /cgi-bin/menu/create") == 1


def test_a_renamed_tag_comes_from_the_configuration(project: Project, run: Run) -> None:
    wants(project, files(tags=[{"name": "旧"}]))
    assert run("apply", "--yes").code == 0
    commit(project)
    wants(project, files(tags=[{"name": "新", "was": "旧"}]))
    assert origins(run, "--base", "HEAD") == {"tag.新": "configuration"}


def test_what_the_revision_did_not_manage_comes_from_the_configuration(project: Project, run: Run) -> None:
    wants(project, files(tags=[{"name": "一"}]))
    commit(project)
    wants(project, files(tags=[{"name": "一"}], default=menu()))
    project.live(tags=["一"], menu=menu("别"))
    assert origins(run, "--base", "HEAD") == {"menu.default": "configuration"}


def test_a_project_below_the_top_of_its_repository_is_found(tmp_path: Path, run: Run) -> None:
    project = Project(tmp_path / "repository" / "shops" / "一 号")
    project.root.mkdir(parents=True)
    git(tmp_path / "repository", "init", "-q", "-b", "main")
    project.accounts()
    wants(project, files(default=menu("旧")))
    (project.root / "link.yaml").symlink_to("menu.yaml")
    commit_in(tmp_path / "repository")
    wants(project, files(default=menu("新")))
    project.live(menu=menu("旧"))
    found = account_of(run("-C", str(project.root), "plan", "--base", "HEAD", "--format", "json"))
    assert [each["origin"] for each in found["changes"]] == ["configuration"]
    project.close()


def commit_in(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "a state")


@pytest.mark.parametrize("revision", ["no-such", "--upload-pack=x", "", "main:menu.yaml"])
def test_a_revision_that_is_not_is_wrong_usage(project: Project, run: Run, revision: str) -> None:
    wants(project, files(default=menu()))
    commit(project)
    ran = run("plan", f"--base={revision}")
    assert (ran.code, ran.out) == (64, "")
    assert project.calls() == []


def test_a_project_in_no_repository_has_no_revisions(project: Project, run: Run) -> None:
    wants(project, files(default=menu()))
    ran = run("plan", "--base", "HEAD")
    assert ran.code == 64
    assert "in no git repository" in ran.err


def test_a_shallow_clone_says_what_to_fetch(project: Project, run: Run, tmp_path: Path) -> None:
    wants(project, files(default=menu("旧")))
    old = commit(project)
    wants(project, files(default=menu("新")))
    commit(project)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", project.root.as_uri(), str(clone))
    ran = run("-C", str(clone), "plan", "--base", old)
    assert ran.code == 64
    assert f"git fetch origin {old}" in ran.err
    assert "fetch-depth: 0" in ran.err
    assert run("-C", str(clone), "plan", "--base", "HEAD").code == 0
    ran = run("-C", str(clone), "plan", "--base", "HEAD~1")
    assert ran.code == 64
    assert "git fetch --unshallow origin" in ran.err
    git(clone, "fetch", "-q", "--unshallow", "origin")
    assert run("-C", str(clone), "plan", "--base", "HEAD~1").code == 0
    assert "name one that git log shows" in run("-C", str(clone), "plan", "--base", "HEAD~9").err


def test_where_the_configuration_was_wrong_nothing_is_told(project: Project, run: Run) -> None:
    wants(project, '{"menu": {"button": []}}')
    commit(project)
    wants(project, files(default=menu()))
    ran = run("plan", "--base", "HEAD", "--format", "json")
    assert ran.code == 0
    assert [each["origin"] for each in account_of(ran)["changes"]] == [None]
    assert "shop: the configuration was invalid at HEAD" in ran.err


def test_a_saved_plan_names_the_commit_it_was_made_from(project: Project, run: Run) -> None:
    wants(project, files(default=menu()))
    head = commit(project)
    assert run("plan", "--out", "plan.json").code == 0
    assert plan_of(project)["commit"] == {"revision": head, "dirty": False}
    wants(project, files(default=menu("新")))
    assert run("plan", "--out", "plan.json", "--base", "HEAD").code == 0
    assert plan_of(project)["commit"] == {"revision": head, "dirty": True}
    assert run("apply", "plan.json").code == 0
