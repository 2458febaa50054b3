"""``diff``: this configuration against that of a git revision, without an account, a secret or a word about calls."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli.repository import commit, git, with_git
from cli.shell import Project, Ran, account
from trust.shop import account_of, files, vip, wants
from workflow.drill import APPID, button, menu

CASES = Path(__file__).parent / "cases" / "diff"
pytestmark = with_git
LIVE = {"appid": APPID, "secret": "${env:NOT_SET_ANYWHERE}", "api": ""}

Run = Callable[..., Ran]


def told(run: Run, *arguments: str) -> dict[str, tuple[str, int]]:
    found = account_of(run("diff", "--format", "json", *arguments))
    assert found["operations"] == []
    return {f"{each['kind']}.{each['name']}": (each["action"], len(each["edits"])) for each in found["changes"]}


def personal(name: str, tag: str, text: str = "一") -> dict[str, Any]:
    return {"name": name, "matchrule": {"tag": tag}, "button": [button(text)]}


TAGS = [{"name": "VIP"}, {"name": "北京"}, {"name": "上海"}]


def test_a_change_is_told_as_it_was_reviewed(
    project: Project, run: Run, golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOT_SET_ANYWHERE", raising=False)
    project.accounts(account(**LIVE))
    three = [personal("vip", "VIP"), personal("bj", "北京"), personal("sh", "上海")]
    wants(project, files(tags=[*TAGS, {"name": "旧"}], default=menu("首页", "搜索"), personalised=three))
    commit(project)
    assert told(run) == {}
    changed = [personal("sh", "上海"), personal("vip", "VIP"), personal("new", "新")]
    wants(
        project,
        files(tags=[*TAGS, {"name": "新", "was": "旧"}], default=menu("搜索", "首页", "关于"), personalised=changed),
    )
    found = told(run)
    assert found == {
        "tag.新": ("rename", 1),
        "menu.default": ("update", 3),
        "conditional_menu.vip": ("update", 0),
        "conditional_menu.new": ("create", 0),
        "conditional_menu.bj": ("delete", 0),
    }
    golden(CASES / "change.txt", run("diff", "HEAD").out)
    assert run("diff").code == 0
    assert run("diff", "--detailed-exitcode").code == 2
    assert project.calls() == []
    assert not (project.root / ".wxdeploy").exists()


def test_the_text_promises_no_call(project: Project, run: Run) -> None:
    wants(project, files(default=menu("旧")))
    commit(project)
    assert run("diff").out.endswith(
        "No changes: the files ask for what they asked for at main (" + head(project) + ").\n"
    )
    wants(project, files(default=menu("新")))
    out = run("diff").out
    assert "call" not in out
    assert out.endswith(
        f"Since main ({head(project)}): 1 to change. No account was asked: wxdeploy plan says what it takes.\n"
    )


def head(project: Project) -> str:
    return git(project.root, "rev-parse", "HEAD")[:7]


def test_a_document_of_a_diff_says_what_it_is_against_and_is_not_applied(project: Project, run: Run) -> None:
    wants(project, files(default=menu("旧")))
    first = commit(project)
    wants(project, files(default=menu("新")))
    document = run("diff", "HEAD", "--format", "json").json
    assert document["against"] == {"revision": first, "name": "HEAD"}
    assert document["accounts"][0]["appid"] == APPID
    project.write("diff.json", run("diff", "--format", "json").out)
    assert run("apply", "diff.json").code in (1, 4, 64)
    assert project.calls() == []


def test_what_is_not_managed_any_more_is_left_alone(project: Project, run: Run) -> None:
    wants(project, files(tags=[{"name": "VIP"}, {"name": "二"}], default=menu("旧"), personalised=[vip()]))
    commit(project)
    wants(project, files(tags=[{"name": "VIP"}]))
    found = account_of(run("diff", "--format", "json"))
    assert found["status"] == "unchanged"
    assert [f"{each['kind']}.{each['name']}" for each in found["unmanaged"]] == [
        "tag.二",
        "menu.default",
        "conditional_menu.vip",
    ]
    project.accounts(account(prune="[tags]", protect="[tag.二]"))
    wants(project, files(tags=[{"name": "VIP"}], default="absent", personalised=[]))
    found = account_of(run("diff", "--format", "json"))
    hazards = {each["name"]: [hazard["code"] for hazard in each["hazards"]] for each in found["changes"]}
    assert hazards == {"二": ["WX903"], "default": ["WX901"], "vip": ["WX901"]}


def test_a_label_of_the_files_is_no_other_menu(project: Project, run: Run) -> None:
    wants(project, files(tags=TAGS, personalised=[personal("vip", "VIP"), personal("bj", "北京")]))
    commit(project)
    wants(project, files(tags=TAGS, personalised=[personal("gold", "VIP"), personal("bj", "北京")]))
    found = account_of(run("diff", "--format", "json"))
    assert [(each["name"], each["action"]) for each in found["changes"]] == [("gold", "rename")]
    assert found["audiences"] == []


def test_the_followers_who_see_another_menu_are_told(project: Project, run: Run) -> None:
    wants(project, files(tags=TAGS, default=menu("首页"), personalised=[personal("vip", "VIP")]))
    commit(project)
    wants(
        project,
        files(tags=TAGS, default=menu("首页"), personalised=[personal("bj", "北京"), personal("vip", "VIP", "二")]),
    )
    found = account_of(run("diff", "--format", "json"))
    assert [(each["tag"], each["before"], each["after"]) for each in found["audiences"]] == [
        ("VIP", "vip", "vip"),
        ("北京", None, "bj"),
    ]


def test_accounts_come_and_go(project: Project, run: Run) -> None:
    wants(project, files(default=menu()))
    project.accounts(account("one"), account("two", appid="wx0000000000000002"))
    commit(project)
    project.accounts(account("two", appid="wx0000000000000002"), account("three", appid="wx0000000000000003"))
    document = run("diff", "--format", "json").json
    assert [(each["account"], each["status"], len(each["unmanaged"])) for each in document["accounts"]] == [
        ("two", "unchanged", 0),
        ("three", "changes", 0),
        ("one", "unchanged", 1),
    ]
    assert len(run("diff", "--account", "two", "--format", "json").json["accounts"]) == 1


def test_a_target_narrows_both_sides(project: Project, run: Run) -> None:
    wants(project, files(tags=[{"name": "一"}, {"name": "二"}], default=menu("旧")))
    commit(project)
    wants(project, files(tags=[{"name": "一"}, {"name": "三"}], default=menu("新")))
    assert set(told(run, "--target", "menu")) == {"menu.default"}
    assert set(told(run, "--target", "tag.三")) == {"tag.三"}


def test_the_revision_is_where_the_work_left_the_main_branch(project: Project, run: Run) -> None:
    wants(project, files(default=menu("一")))
    first = commit(project)
    git(project.root, "checkout", "-q", "-b", "work")
    wants(project, files(default=menu("二")))
    commit(project)
    git(project.root, "checkout", "-q", "main")
    wants(project, files(default=menu("三")))
    commit(project)
    git(project.root, "checkout", "-q", "work")
    assert run("diff", "--format", "json").json["against"]["revision"] == first
    (edit,) = account_of(run("diff", "--format", "json"))["changes"][0]["edits"]
    assert (edit["before"], edit["after"]) == ("一", "二")


def test_a_shallow_clone_says_what_to_fetch(project: Project, run: Run, tmp_path: Path) -> None:
    wants(project, files(default=menu("一")))
    commit(project)
    git(project.root, "checkout", "-q", "-b", "work")
    wants(project, files(default=menu("二")))
    commit(project)
    git(project.root, "checkout", "-q", "main")
    wants(project, files(default=menu("三")))
    commit(project)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", "--branch", "work", project.root.as_uri(), str(clone))
    ran = run("-C", str(clone), "diff")
    assert (ran.code, ran.out) == (64, "")
    assert "git fetch origin main:refs/remotes/origin/main" in ran.err
    assert "fetch-depth: 0" in ran.err
    git(clone, "fetch", "-q", "--depth", "1", "origin", "main:refs/remotes/origin/main")
    ran = run("-C", str(clone), "diff")
    assert ran.code == 64
    assert "git fetch --unshallow origin" in ran.err
    assert "wxdeploy diff origin/main" in ran.err
    assert run("-C", str(clone), "diff", "origin/main").code == 0
    git(clone, "fetch", "-q", "--unshallow", "origin")
    ran = run("-C", str(clone), "diff")
    assert (ran.code, "一 → 二" in ran.out) == (0, True)


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
def test_the_codes_are_the_same_in_every_format(project: Project, run: Run, form: str) -> None:
    at = ("diff", "--format", form)
    wants(project, files(default=menu()))
    assert run(*at).code == 64
    commit(project)
    assert run(*at, "no-such").code == 64
    assert run(*at).code == 0
    wants(project, '{"menu": {"button": []}}')
    assert run(*at, "--detailed-exitcode").code == 3
    commit(project)
    wants(project, files(default=menu()))
    ran = run(*at)
    assert ran.code == 1
    assert "was invalid at" in ran.out
    assert run(*at, "HEAD~1", "--detailed-exitcode").code == 0


def test_json_is_printed_whatever_the_code(project: Project, run: Run) -> None:
    wants(project, files(default=menu()))
    ran = run("diff", "--format", "json")
    assert "in no git repository" in ran.json["error"]["message"]


def test_the_page_of_a_diff_is_that_of_a_plan_and_promises_no_call(project: Project, run: Run) -> None:
    wants(project, files(default=menu("旧")))
    commit(project)
    wants(project, files(default=menu("新")))
    ran = run("diff", "--format", "html")
    assert (ran.code, ran.err) == (0, "")
    assert "旧 → 新" in ran.out
    assert f"与 main ({head(project)}) 相比：修改 1 项" in ran.out
    assert "没有读取线上账号" in ran.out
    assert "接口调用" not in ran.out
    assert project.calls() == []
