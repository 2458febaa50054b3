"""A live account kept in a file, and brought back from it by an ordinary plan."""

from __future__ import annotations

import json
import stat
from typing import Any

import pytest
from cli.shell import _KNOWN, _SCHEMAS, Project, account
from jsonschema import Draft7Validator
from trust.shop import ALL, Run, account_of, files, vip, wants
from workflow.drill import button, menu

SNAPSHOT = Draft7Validator(_SCHEMAS["snapshot.schema.json"], registry=_KNOWN)
IOS = {"name": "ios", "matchrule": {"client_platform_type": "1"}, "button": [button("苹果")]}
BUSY: dict[str, Any] = {
    "tags": ["VIP", "北京"],
    "menu": menu("旧一", "旧二"),
    "conditional_menus": [vip("旧"), IOS],
    "followers": {"o1": {"tags": ["北京"]}},
}


def kept(project: Project) -> list[Any]:
    return sorted((project.root / ".wxdeploy" / "snapshots").glob("*.json"))


def state(run: Run) -> Any:
    """What is live, as a pull tells it."""
    return run("pull", "--out", "-").out


def test_a_snapshot_is_a_file_of_raw_answers_for_its_owner(project: Project, run: Run) -> None:
    project.live(**BUSY)
    wants(project)
    ran = run("snapshot")
    assert ran.code == 0
    (path,) = kept(project)
    assert ran.out.strip() == str(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    document = json.loads(path.read_text("utf-8"))
    SNAPSHOT.validate(document)
    assert set(document["kinds"]) >= {"tag", "menu", "conditional_menu"}
    assert document["answers"]["menu.get"]["menu"]["button"][0]["name"] == "旧一"
    assert project.writes() == []
    assert run("snapshot", "--out", "mine.json").out.strip().endswith("mine.json")
    SNAPSHOT.validate(json.loads((project.root / "mine.json").read_text("utf-8")))
    assert run("snapshot", "--target", "menu").code == 64


def test_the_newest_is_how_it_was_before_the_last_apply(project: Project, run: Run) -> None:
    project.live(**BUSY)
    before = state(run)
    wants(project, files(tags=[{"name": "VIP"}, {"name": "上海", "was": "北京"}], default=menu("新"), personalised=[]))
    assert run("apply", "--yes", "--allow-delete").code == 0
    SNAPSHOT.validate(json.loads(kept(project)[-1].read_text("utf-8")))
    after = state(run)
    assert after != before
    ran = run("rollback", "--yes", "--format", "json")
    assert ran.code == 0, ran.out
    assert state(run) == before
    names = [each["name"] for each in account_of(ran)["plan"]["changes"] if each["kind"] == "tag"]
    assert names == ["北京"], "it was renamed, with its followers, and not made anew"
    done = project.writes()
    assert run("rollback", "--yes", "--allow-delete").code == 0  # run again, it finishes, and never goes back
    assert (state(run), project.writes()) == (before, done)
    replaced = next(path for path in kept(project) if "-rollback-" in path.name)
    assert run("rollback", str(replaced), "--yes", "--allow-delete").code == 0
    assert state(run) == after


def test_it_asks_and_needs_permits_as_apply_does(project: Project, run: Run) -> None:
    project.live(tags=[])
    wants(project, files(default=menu()))
    assert run("apply", "--yes").code == 0
    done = project.writes()
    assert run("rollback").code == 4  # there is no terminal
    ran = run("rollback", "--yes")
    assert ran.code == 4
    assert "menu.default would be deleted" in ran.out
    assert project.writes() == done
    assert run("rollback", "--yes", "--allow-delete").code == 0
    assert project.writes() == [*done, "write /cgi-bin/menu/delete"]


def test_what_was_made_since_is_left_alone_unless_prune_says_otherwise(project: Project, run: Run) -> None:
    project.live(tags=["VIP"])
    wants(project, files(tags=[{"name": "VIP"}]))
    assert run("snapshot", "--out", "mine.json").code == 0
    project.live(tags=["VIP", "后来的"])
    report = account_of(run("rollback", "mine.json", "--yes", "--format", "json"))
    assert (report["status"], [each["name"] for each in report["plan"]["unmanaged"]]) == ("unchanged", ["后来的"])
    project.accounts(account(prune="[tags]"))
    assert run("rollback", "mine.json", "--yes").code == 0
    assert project.writes() == ["write /cgi-bin/tags/delete"]


def test_it_may_aim_at_a_part(project: Project, run: Run) -> None:
    project.live(**BUSY)
    wants(project)
    assert run("snapshot", "--out", "mine.json").code == 0
    assert run("apply", "--yes", "--allow-delete").code == 0
    done = len(project.writes())
    assert run("rollback", "mine.json", "--target", "menu", "--yes").code == 0
    assert project.writes()[done:] == ["write /cgi-bin/menu/create"]
    assert run("rollback", "mine.json", "--target", "card", "--yes").code == 64
    assert run("rollback", "mine.json", "--target", "tag.没有", "--yes").code == 64


def test_what_can_t_be_put_back_is_said(project: Project, run: Run) -> None:
    by_hand = {"button": [{"type": "text", "name": "文字", "value": "你好"}]}
    project.live(console_menu=by_hand, tags=["VIP"])
    wants(project, files(default=menu()))
    assert run("apply", "--yes", "--allow-delete").code == 0
    done = project.writes()
    ran = run("rollback", "--yes", "--allow-delete")
    assert ran.code == 4
    assert "WX907" in ran.out
    assert "make it again by hand" in ran.out
    assert project.writes() == done


def test_a_dead_rule_is_not_put_back_and_named(project: Project, run: Run) -> None:
    dead = {"matchrule": {"sex": "1"}, "button": [button("旧规则")]}
    project.live(tags=["VIP"], menu=menu(), conditional_menus=[dead, vip()])
    wants(project, files(tags=[{"name": "VIP"}], default=menu(), personalised=[vip("新")]))
    assert run("apply", "--yes", "--allow-delete").code == 0
    ran = run("rollback", "--yes", "--allow-delete")
    assert ran.code == 0, ran.out
    assert "its rule asks for what WeChat removed" in ran.out
    assert "贵宾" in state(run)
    assert "旧规则" not in state(run)


def test_a_file_that_is_no_snapshot_is_not_replaced(project: Project, run: Run) -> None:
    project.live(**BUSY)
    wants(project)
    held = (project.root / "menu.yaml").read_text("utf-8")
    assert run("snapshot", "--out", "menu.yaml").code == 4
    assert (project.root / "menu.yaml").read_text("utf-8") == held
    assert run("snapshot", "--out", "mine.json").code == 0
    assert run("snapshot", "--out", "mine.json").code == 0


def test_a_snapshot_of_what_is_live_is_passed_over(project: Project, run: Run) -> None:
    project.live(**BUSY)
    before = state(run)
    wants(project, files(default=menu("新")))
    assert run("apply", "--yes").code == 0
    assert run("snapshot").code == 0
    ran = run("rollback", "--yes")
    assert ran.code == 0
    assert "by wxdeploy apply" in ran.err
    assert "differs from the snapshot" in ran.out
    assert "the configuration" not in ran.out
    assert state(run) == before
    assert run("snapshot").code == 0
    done = project.writes()
    again = run("rollback", "--yes")
    assert "Every account matches the snapshot." in again.out
    assert (state(run), project.writes()) == (before, done)


SPOILED = {
    "nothing": "",
    "cut off": '{"format": "wxdeploy.snapshot/1", ',
    "another format": '{"format": "wxdeploy.snapshot/9"}',
    "a plan": '{"format": "wxdeploy.plan/1"}',
    "little": '{"format": "wxdeploy.snapshot/1", "account": "shop"}',
    "too deep": "[" * 100_000,
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_file_that_can_t_be_used_is_refused(project: Project, run: Run, how: str) -> None:
    wants(project)
    project.write("mine.json", SPOILED[how])
    ran = run("rollback", "mine.json", "--yes", "--format", "json")
    assert ran.code == 4
    assert "is no snapshot that can be used" in ran.json["error"]["message"]
    assert project.calls() == []


def test_one_of_another_account_is_not_put_into_this_one(project: Project, run: Run) -> None:
    project.live(**BUSY)
    wants(project)
    assert run("snapshot", "--out", "mine.json").code == 0
    project.accounts(account(appid="wx0000000000000002"))
    assert run("rollback", "mine.json", "--yes").code == 4
    project.accounts(account("demo"))
    assert run("rollback", "mine.json", "--yes").code == 64
    assert project.writes() == []


def test_without_a_snapshot_there_is_nothing_to_go_back_to(project: Project, run: Run) -> None:
    wants(project)
    ran = run("rollback", "--yes")
    assert ran.code == 4
    assert "there is no snapshot of shop" in ran.out


def test_the_files_may_be_wrong_when_it_matters(project: Project, run: Run) -> None:
    project.live(menu=menu("旧"))
    wants(project, files(default=menu("新")))
    assert run("apply", "--yes").code == 0
    project.write("menu.yaml", "menu: [")
    assert run("rollback", "--yes").code == 0
    assert "旧" in state(run)
    assert ALL


def test_what_can_t_be_put_back_is_said_where_there_is_nothing_to_do(project: Project, run: Run) -> None:
    dead = {"matchrule": {"sex": "1"}, "button": [button("旧规则")]}
    project.live(tags=["VIP"], menu=menu(), conditional_menus=[dead, vip()])
    wants(project, files(tags=[{"name": "VIP"}], default=menu(), personalised=[vip()]))
    assert run("apply", "--yes", "--allow-delete").code == 0
    ran = run("rollback", "--yes")
    assert ran.code == 0, ran.out
    assert "shop: nothing to do" in ran.out
    assert "WX907" in ran.out
    assert "its rule asks for what WeChat removed" in ran.out
