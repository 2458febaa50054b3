"""Accidents that other deployers published, each as a test that it can't happen here. Named for what they prevent."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.shell import Host, Project, account
from trust.shop import ADD, BEFORE, CREATE, TAG, Run, account_of, files, plan_of, vip, wants
from workflow.drill import Fault, menu

FORMS = ("text", "json")
every_form = pytest.mark.parametrize("form", FORMS)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def remote(project: Project, host: Host, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """The project with its account on the server."""
    monkeypatch.setenv("WX_TEST_SECRET", "5ecret")
    project.accounts(account(api=host.url, secret="${env:WX_TEST_SECRET}"))
    host.live(**BEFORE)
    wants(project)
    return host


@pytest.mark.parametrize(
    "arguments",
    [
        ("apply", "--dry_run"),
        ("apply", "--yse"),
        ("apply", "plan.json", "--allow-deletes"),
        ("apply", "plan.json", "another.json"),
        ("plan", "--outt", "plan.json"),
        ("rollback", "--allow_delete"),
        ("snapshot", "somewhere.json"),
        ("schema", "account", "--out", "schemas"),
    ],
)
def test_a_mistyped_option_is_never_ignored(project: Project, run: Run, arguments: tuple[str, ...]) -> None:
    """Accident 2: a mistyped flag for a dry run was ignored, and the tool deployed for real."""
    wants(project)
    assert run(*arguments).code == 64
    assert project.calls() == []


@pytest.mark.parametrize(
    "command", [("plan",), ("apply", "--yes"), ("apply", "plan.json"), ("rollback",), ("snapshot",)]
)
def test_a_mistyped_variable_is_never_ignored(
    project: Project, run: Run, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Accident 2, for the environment."""
    wants(project)
    monkeypatch.setenv("WXDEPLOY_APY", "http://127.0.0.1:1")
    assert run(*command).code == 64
    assert project.calls() == []


def test_what_was_approved_is_what_is_applied(project: Project, remote: Host, run: Run) -> None:
    """Accident 3: apply planned again, and approved that by itself."""
    assert run("plan", "--out", "plan.json").code == 0
    (planned,) = plan_of(project)["accounts"]
    wants(project, files(tags=[{"name": "别的"}], default=menu("别的"), personalised=[]))
    remote.line.seen.clear()
    assert run("apply", "plan.json").code == 0
    sent = [(path, json.loads(body)) for path, _, body in remote.line.seen if path in (TAG, CREATE, ADD)]
    ids = {each["name"]: each["id"] for each in _tags(remote)}
    body = json.dumps([each["body"] for each in planned["operations"]], ensure_ascii=False)
    deferred = json.dumps(planned["operations"][-1]["body"]["matchrule"]["tag_id"], ensure_ascii=False)
    assert '"$deferred"' in deferred
    assert [each for _, each in sent] == json.loads(body.replace(deferred, json.dumps(str(ids["VIP"]))))
    assert [f"POST {path}" for path, _ in sent] == [each["call"] for each in planned["operations"]]


def _tags(host: Host) -> list[dict[str, Any]]:
    from workflow.drill import APPID

    with host.store.transaction() as state:
        return [{"name": each.name, "id": each.id} for each in state.tags(APPID)]


def test_the_same_plan_on_an_account_that_has_it_makes_no_duplicates(project: Project, remote: Host, run: Run) -> None:
    """Accident 4: the same saved plan applied twice made everything twice."""
    assert run("plan", "--out", "plan.json").code == 0
    for _ in range(3):
        assert run("apply", "plan.json").code == 0
    assert remote.writes() == [TAG, TAG, CREATE, ADD]


@pytest.mark.parametrize(
    "moved",
    [
        {"menu": menu("旧一", "改"), "tags": ["普通"]},
        {"menu": menu("旧一", "旧二"), "tags": ["普通", "新来"]},
        {
            "menu": menu("旧一", "旧二"),
            "tags": ["普通"],
            "conditional_menus": [{**vip(), "matchrule": {"client_platform_type": "1"}}],
        },
        {"console_menu": menu("旧一", "旧二"), "tags": ["普通"]},
        {"menu": menu("旧一", "旧二"), "tags": ["普通"], "followers": {"o1": {"tags": ["普通"]}}},
        {},
    ],
    ids=["the menu", "a tag more", "a personalised menu", "a menu by hand", "a follower of a tag", "all gone"],
)
@every_form
def test_an_old_plan_is_no_way_back(project: Project, run: Run, moved: dict[str, Any], form: str) -> None:
    """Accident 5: saved plans had no check of staleness at all, and the manual applied old ones as a rollback."""
    project.live(**BEFORE)
    wants(project)
    assert run("plan", "--out", "plan.json").code == 0
    project.live(**moved)
    ran = run("apply", "plan.json", "--allow-delete", "--format", form)
    assert ran.code == 4
    assert "the account changed since the plan was made: " in ran.out
    assert project.writes() == []


FAILURES: dict[str, tuple[Callable[[Host, Path], None], int]] = {
    "refused by the account": (lambda host, _: _answers(host, CREATE, {"errcode": 40018, "errmsg": "invalid"}), 1),
    "half done": (lambda host, _: _answers(host, ADD, {"errcode": 45009, "errmsg": "quota"}), 5),
    "not read": (lambda host, _: _answers(host, "/cgi-bin/menu/get", {"errcode": 48001, "errmsg": "no"}), 1),
    "stale": (lambda host, _: host.live(menu=menu("别人")), 4),
    "edited": (lambda _, path: path.write_text(path.read_text("utf-8").replace("首页", "尾页"), "utf-8"), 4),
    "cut off": (lambda _, path: path.write_text(path.read_text("utf-8")[:400], "utf-8"), 4),
    "empty": (lambda _, path: path.write_text("", "utf-8"), 4),
    "gone": (lambda _, path: path.unlink(), 64),
}


def _answers(host: Host, path: str, answer: dict[str, Any]) -> None:
    host.line.faults = [Fault(path, answer, times=99)]


@every_form
@pytest.mark.parametrize("how", FAILURES)
def test_a_failure_has_its_code_in_every_format_and_the_document_is_there(
    project: Project, remote: Host, run: Run, how: str, form: str
) -> None:
    """Accidents 6 and 7: the error was in the JSON and the code was 0; the code was 2 and the JSON was not printed."""
    fail, code = FAILURES[how]
    wants(project, files(default=menu("首页"), tags=[{"name": "VIP"}], personalised=[vip()]))
    if how == "refused by the account":
        wants(project, files(default=menu("首页")))
    assert run("plan", "--out", "plan.json").code == 0
    fail(remote, project.root / "plan.json")
    ran = run("apply", "plan.json", "--format", form)
    assert ran.code == code
    if form == "json":
        failures = [ran.json["error"], *(each["error"] for each in ran.json["accounts"])]
        results = [each["error"] for account in ran.json["accounts"] for each in account["operations"]]
        assert any(failures + results)
    else:
        assert "✗" in ran.out + ran.err


@every_form
def test_changes_an_error_and_wrong_usage_are_three_codes(project: Project, run: Run, form: str) -> None:
    """Accidents 7, 8 and 18: one code for changes and for errors; and the code came before the document."""
    project.live(**BEFORE)
    wants(project)
    changes = run("plan", "--detailed-exitcode", "--format", form, "--out", "plan.json")
    assert changes.code == 2
    assert changes.out
    assert plan_of(project)["summary"]["create"] > 0
    assert run("apply", "plan.json").code == 0
    assert run("plan", "--detailed-exitcode", "--format", form).code == 0
    assert run("plan", "--detailed-exitcode", "--formt", form).code == 64
    project.write("menu.yaml", "menu: {button: []}")
    wrong = run("plan", "--detailed-exitcode", "--format", form, "--out", "plan.json")
    assert wrong.code == 3
    assert wrong.out
    assert run("apply", "plan.json").code == 4, "the plan that was in the file before is not applied"


def test_the_summary_counts_what_was_done_and_not_what_was_planned(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Accident 16: "Done. 1 corrections." after the answer was no."""
    project.live(**BEFORE)
    wants(project)
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    ran = run("apply")
    assert ran.code == 1
    assert "nothing was changed: the answer was no" in ran.err
    assert "done" not in ran.out
    assert project.writes() == []
    assert run("plan", "--out", "plan.json").code == 0
    project.live(menu=menu("别人改的"))
    refused = run("apply", "plan.json", "--format", "json").json["summary"]
    assert refused["operations"] == {"applied": 0, "skipped": 0, "failed": 0, "not-tried": 0, "unknown": 0}
    assert (refused["applied"], refused["refused"]) == (0, 1)


@every_form
def test_a_discarded_plan_is_an_error_and_never_a_success(project: Project, run: Run, form: str) -> None:
    """Accident 17: the plan was discarded, "apply for 0 projects" succeeded, and the change was merged."""
    wants(project, files(default=menu()))
    for content in (None, "", "{}", '{"format": "wxdeploy.plan/1", "accounts": []}'):
        if content is not None:
            project.write("plan.json", content)
        ran = run("apply", "plan.json", "--format", form)
        assert ran.code in (4, 64)
        assert ran.out + ran.err
    assert run("plan", "--out", "plan.json").code == 0
    document = plan_of(project)
    document["accounts"] = []
    project.write("plan.json", json.dumps(document))
    assert run("apply", "plan.json", "--format", form).code == 4
    assert project.writes() == []


def test_an_account_that_could_not_be_planned_is_refused_then(project: Project, run: Run) -> None:
    """Accident 17, for one account among several: its error is in the file, and it is not passed over."""
    project.accounts(account(), account("demo", appid="wx0000000000000002", files="[missing.yaml]"))
    wants(project, files(default=menu()))
    assert run("plan", "--out", "plan.json").code == 3
    ran = run("apply", "plan.json", "--format", "json")
    assert ran.code == 4
    assert [each["status"] for each in ran.json["accounts"]] == ["applied", "refused"]
    assert run("apply", "plan.json", "--account", "shop").code == 0
    assert account_of(run("apply", "plan.json", "--account", "shop", "--format", "json"))["status"] == "unchanged"
