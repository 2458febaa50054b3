"""What a plan and a comparison say of keys and replies: what loses its button, what answers in vain, what changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from cli.conftest import project, run
from cli.repository import commit, with_git
from cli.shell import Project, Ran
from trust.shop import account_of

__all__ = ["project", "run"]

Run = Callable[..., Ran]


def menu(**keys: str) -> dict[str, Any]:
    return {"button": [{"type": "click", "name": name, "key": key} for name, key in keys.items()]}


def want(project: Project, **sections: Any) -> None:
    project.write("menu.yaml", json.dumps(sections, ensure_ascii=False))


def answers(**texts: str) -> dict[str, Any]:
    return {"click": {key: {"text": text} for key, text in texts.items()}}


def warnings(found: dict[str, Any], code: str = "WX909") -> list[str]:
    return [each["message"] for each in found["warnings"] if each["code"] == code]


def planned(run: Run, *arguments: str) -> dict[str, Any]:
    return account_of(run("plan", "--format", "json", *arguments))


@pytest.fixture
def applied(project: Project, run: Run) -> Project:
    """An account that has two buttons with keys, and replies to both."""
    want(project, menu=menu(歌="SONG", 新闻="NEWS"), replies=answers(SONG="歌", NEWS="新闻"))
    assert run("apply", "--yes").code == 0
    return project


def test_replies_make_no_change_and_no_call(applied: Project, run: Run) -> None:
    want(applied, menu=menu(歌="SONG", 新闻="NEWS"), replies=answers(SONG="另一首歌", NEWS="新闻"))
    found = planned(run)
    assert (found["status"], found["changes"], found["operations"], found["warnings"]) == ("unchanged", [], [], [])


def test_a_key_that_loses_its_button_while_its_reply_stays(applied: Project, run: Run) -> None:
    want(applied, menu=menu(歌="SONG"), replies=answers(SONG="歌", NEWS="新闻"))
    (told,) = warnings(planned(run))
    assert '"NEWS" of 新闻; the reply stays, and nobody gets it' in told


def test_a_key_and_its_reply_that_go_together(applied: Project, run: Run) -> None:
    want(applied, menu=menu(歌="SONG"), replies=answers(SONG="歌"))
    (told,) = warnings(planned(run))
    assert '"NEWS" of 新闻; the callback may still expect it' in told


def test_a_key_that_is_renamed_while_its_reply_is_not(applied: Project, run: Run) -> None:
    replies = {**answers(SONG="歌", NEWS="新闻"), "handled_elsewhere": ["NEWS_2"]}
    want(applied, menu=menu(歌="SONG", 新闻="NEWS_2"), replies=replies)
    (told,) = warnings(planned(run))
    assert '"新闻" sends "NEWS_2" and no longer "NEWS"; the reply to the old key stays' in told


def test_a_key_that_is_renamed_where_another_program_answers(applied: Project, run: Run) -> None:
    want(applied, menu=menu(歌="SONG", 新闻="NEWS_2"))
    (told,) = warnings(planned(run))
    assert '"新闻" sends "NEWS_2" and no longer "NEWS"; the callback still expects the old key' in told


def test_a_key_that_moves_to_another_menu_is_not_lost(applied: Project, run: Run) -> None:
    vip = {"name": "vip", "matchrule": {"tag": "VIP"}, **menu(新闻="NEWS")}
    want(applied, tags=[{"name": "VIP"}], menu=menu(歌="SONG"), conditional_menus=[vip])
    assert warnings(planned(run)) == []


def test_a_key_that_a_menu_which_is_not_managed_has_too_is_not_lost(applied: Project, run: Run) -> None:
    vip = {"matchrule": {"client_platform_type": "1"}, **menu(新闻="NEWS")}
    applied.live(menu=menu(歌="SONG", 新闻="NEWS"), conditional_menus=[vip])
    want(applied, menu=menu(歌="SONG"))
    assert warnings(planned(run)) == []
    want(applied, menu="absent")
    (told,) = warnings(planned(run))
    assert '"SONG" of 歌, "NEWS" of 新闻' in told


def test_many_keys_are_counted(applied: Project, run: Run) -> None:
    many = [{"type": "click", "name": f"{index}", "key": f"K{index}"} for index in range(15)]
    columns = [{"name": f"栏{at}", "sub_button": many[at * 5 : at * 5 + 5]} for at in range(3)]
    want(applied, menu={"button": columns})
    assert run("apply", "--yes").code == 0
    want(applied, menu=menu(歌="SONG"))
    assert '"K9" of 9 and 5 more; the callback' in warnings(planned(run))[0]


@with_git
def test_a_changed_reply_is_seen_against_a_revision(applied: Project, run: Run) -> None:
    commit(applied)
    assert account_of(run("diff", "--format", "json"))["status"] == "unchanged"
    replies = {**answers(SONG="另一首歌", NEWS="新闻"), "subscribe": {"text": "欢迎"}}
    want(applied, menu=menu(歌="SONG", 新闻="NEWS"), replies=replies)
    found = account_of(run("diff", "--format", "json"))
    (change,) = found["changes"]
    assert (change["kind"], change["name"], change["action"]) == ("replies", "callback", "update")
    assert {(each["path"], each["field"]): each["after"] for each in change["edits"]} == {
        ("click.SONG", "text"): "另一首歌",
        ("", "subscribe"): {"text": "欢迎"},
    }
    assert change["hazards"] == []
    assert run("diff", "--detailed-exitcode").code == 2
    for form in ("text", "markdown"):
        assert "另一首歌" in run("diff", "--format", form).out
    (told,) = warnings(planned(run, "--base", "HEAD"), "WX910")
    assert "changed since: subscribe, click.SONG; no call sets them" in told


@with_git
@pytest.mark.parametrize(("before", "after", "action"), [(True, False, "delete"), (False, True, "create")])
def test_replies_come_and_go(applied: Project, run: Run, before: bool, after: bool, action: str) -> None:
    replies = {"replies": answers(SONG="歌", NEWS="新闻")}
    want(applied, menu=menu(歌="SONG", 新闻="NEWS"), **(replies if before else {}))
    commit(applied)
    want(applied, menu=menu(歌="SONG", 新闻="NEWS"), **(replies if after else {}))
    (change,) = account_of(run("diff", "--format", "json"))["changes"]
    assert (change["kind"], change["action"], change["hazards"]) == ("replies", action, [])


@with_git
def test_a_comparison_tells_of_keys_that_lose_their_button(applied: Project, run: Run) -> None:
    commit(applied)
    want(applied, menu=menu(歌="SONG"), replies=answers(SONG="歌", NEWS="新闻"))
    (told,) = warnings(account_of(run("diff", "--format", "json")))
    assert '"NEWS" of 新闻; the reply stays' in told
