"""What has happened to the users of other deployers, each as a test that it can't happen here."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from cli.shell import SECRET, Host, Project, Ran, account
from faults.scenes import buttons, personal, template
from hostile.everything import LINES, LIVE, WANTED, formats, remote

from wxdeploy.cli.group import COMMANDS
from wxdeploy.kinds import KINDS

Run = Callable[..., Ran]
pytestmark = pytest.mark.usefixtures("hurry")

WRITING = frozenset({"apply", "rollback", "send"})


@pytest.mark.parametrize("name", [name for name in COMMANDS if LINES[name] and name not in WRITING])
def test_no_command_that_reads_ever_sends_a_call_that_writes(
    project: Project, host: Host, run: Run, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elsewhere a dry run wrote to production: it took the road of the real one, with a flag."""
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    remote(project, host)
    for line in LINES[name]:
        for form in formats(name) or ("",):
            run(*line, *(("--format", form) if form else ()))
    assert host.writes() == []


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_guard_names_the_objects_the_reason_and_the_option_and_shows_no_traceback(
    project: Project, run: Run, form: str
) -> None:
    """Elsewhere the guard was an exception, and its text all there was."""
    project.accounts(account(prune="[tags, templates]"))
    project.write("menu.yaml", json.dumps({"tags": [], "templates": {}, "menu": "absent", "conditional_menus": []}))
    live = copy.deepcopy(LIVE) | {"followers": {"o": {"tags": [101, 102]}}}
    project.live(**live)
    ran = run("apply", "--yes", "--format", form)
    assert ran.code == 4
    assert project.writes() == []
    told = ran.json["accounts"][0]["error"] if form == "json" else {"message": ran.out + ran.err, "fix": ran.out}
    for named in ("tag.VIP", "menu", "template.", "its 1 follower" if form == "text" else "tag."):
        assert named in told["message"] or named in ran.out
    assert "--allow-delete" in told["fix"] + ran.out


LAST: Mapping[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "tag": ({"tags": [{"name": "VIP", "id": 101}], "followers": {"o": {"tags": [101]}}}, {"tags": []}),
    "menu": ({"menu": buttons("甲")}, {"menu": "absent"}),
    "conditional_menu": (
        {"menu": buttons("甲"), "conditional_menus": [personal("果", client_platform_type="1")]},
        {"menu": buttons("甲"), "conditional_menus": []},
    ),
    "template": ({"templates": [template("领取奖金提醒", "u", amount1="领奖金额")]}, {"templates": {}}),
}
"""Kind -> a live account with one object of it, and files that ask for none."""


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_a_deletion_of_any_kind_is_guarded_and_a_protected_one_is_never_done(
    project: Project, run: Run, kind: str
) -> None:
    """Elsewhere the guard knew members and teams, and a kind that was managed later was removed by the hundred."""
    live, wanted = LAST[kind]
    project.accounts(account(prune="[tags, templates]"))
    project.write("menu.yaml", json.dumps(wanted))
    project.live(**live)
    assert run("apply", "--yes").code == 4
    project.accounts(account(prune="[tags, templates]", protect=f"[{kind}]"))
    assert run("apply", "--yes", "--allow-delete").code == 4
    assert project.writes() == []
    project.accounts(account(prune="[tags, templates]"))
    assert run("apply", "--yes", "--allow-delete").code == 0
    assert len(project.writes()) == 1


def test_a_guard_can_be_satisfied_however_small_the_account_is(project: Project, run: Run) -> None:
    """Elsewhere a percentage stood in the way of every change to a collection of three."""
    project.live(menu=buttons("甲"), tags=["一"], conditional_menus=[personal("果", client_platform_type="1")])
    project.accounts(account(prune="[tags]"))
    changed = {
        "tags": [{"name": "二"}],
        "menu": buttons("乙", "丙"),
        "conditional_menus": [personal("安", client_platform_type="2")],
    }
    project.write("menu.yaml", json.dumps(changed))
    assert run("apply", "--yes").code == 0
    assert run("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("secret", ["a", "甲", "sandbox", "1"])
def test_a_short_secret_masks_nothing_of_what_is_shown_or_read(
    project: Project, host: Host, run: Run, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elsewhere secrets were replaced in the finished text: short ones took half of it along, old ones stayed."""
    from wxdeploy.sandbox.app import create_app

    monkeypatch.setenv("SHOP_SECRET", secret)
    wanted = copy.deepcopy(WANTED)
    wanted["menu"] = buttons("甲a1", "sandbox")
    remote(project, host, wanted=wanted, live=LIVE)
    host.line.app = create_app(host.store)
    assert run("apply", "--yes", "--allow-delete").code == 0
    ran = run("pull", "--out", "-")
    assert "甲a1" in ran.out
    assert "sandbox" in ran.out
    assert run("plan", "--detailed-exitcode").code == 0
