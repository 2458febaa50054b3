"""Killed between its calls or in the middle of one, a run is finished by the next, which says what was unknown."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli.shell import Host, Project, account, environment, program
from trust.shop import ADD, APPID, BEFORE, CREATE, TAG, Run, account_of, wants

from wxdeploy.execution.journal import Journal
from wxdeploy.model.operation import ApiCall, Operation, Outcome


@pytest.fixture
def remote(project: Project, host: Host, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """The project, its account on the server, and the plan of four calls in ``plan.json``."""
    monkeypatch.setenv("WX_TEST_SECRET", "5ecret")
    project.accounts(account(api=host.url, secret="${env:WX_TEST_SECRET}"))
    host.live(**BEFORE)
    wants(project)
    yield host
    host.line.meddle = None


def killed_at(project: Project, host: Host, path: str, *arguments: str) -> None:
    """Run the program, and kill it when its first call of ``path`` arrives, which takes effect all the same."""
    env = environment(WX_TEST_SECRET="5ecret")
    with program(*arguments, cwd=project.root, env=env) as process:

        def kill(seen: str) -> None:
            if seen == path and process.poll() is None:
                process.send_signal(signal.SIGKILL)
                process.wait(20)

        host.line.meddle = kill
        assert process.wait(60) == -signal.SIGKILL
    host.line.meddle = None


@pytest.mark.parametrize("path", [TAG, CREATE, ADD])
def test_a_saved_plan_that_was_killed_is_finished_by_the_same_command(
    project: Project, remote: Host, run: Run, path: str
) -> None:
    assert run("plan", "--out", "plan.json").code == 0
    killed_at(project, remote, path, "apply", "plan.json")
    ran = run("apply", "plan.json", "--format", "json")
    assert ran.code == 0, ran.out
    assert remote.writes() == [TAG, TAG, CREATE, ADD]  # each once, over both runs
    assert run("plan", "--detailed-exitcode").code == 0


def test_the_next_command_says_what_was_unknown_and_settles_it(project: Project, remote: Host, run: Run) -> None:
    killed_at(project, remote, CREATE, "apply", "--yes")
    ran = run("plan")
    assert f"the run that sent POST {CREATE}" in ran.out
    assert "the account shows that it took effect" in ran.out
    assert "cut off" not in run("plan").out  # it is told once
    assert run("apply", "--yes").code == 0
    assert remote.writes() == [TAG, TAG, CREATE, ADD]


def test_a_plan_of_something_else_leaves_it_unknown(project: Project, remote: Host, run: Run) -> None:
    killed_at(project, remote, ADD, "apply", "--yes")
    ran = run("plan", "--target", "tag")
    assert "its effect is unknown, since conditional_menu, menu was not read now" in ran.out
    report = run("apply", "--yes", "--format", "json")
    (warning,) = [each for each in account_of(report)["plan"]["warnings"] if each["code"] == "WX906"]
    assert "took effect" in warning["message"]


def test_a_call_that_did_not_take_effect_is_told_so(project: Project, run: Run) -> None:
    project.live(**BEFORE)
    wants(project)
    planned = account_of(run("plan", "--format", "json"))
    first = planned["operations"][0]
    entry = {"at": "then", "intend": 0, "kinds": planned["fingerprint"]["kinds"], "call": first["call"]}
    path = project.write(
        ".wxdeploy/journal/shop.jsonl",
        json.dumps({**entry, "live_before": first["live_before"], "live_after": first["live_after"]}) + '\n{"at": "th',
    )
    assert "the account shows that it did not take effect" in run("plan").out
    last = json.loads(path.read_text("utf-8").splitlines()[-1])
    assert last["outcome"] == "not-tried"


def test_a_journal_is_bounded(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "shop.jsonl", lambda: "now", ("menu",))
    operation = Operation(call=ApiCall("POST /x"), change=0, live_before="a" * 100_000, live_after="b")
    for _ in range(40):
        journal.begin()
        journal.intend(0, operation)
        assert journal.pending() is None or journal.pending()
        journal.settle(0, Outcome.APPLIED)
    sizes = [path.stat().st_size for path in tmp_path.iterdir()]
    assert len(sizes) == 2
    assert sum(sizes) < 3_000_000


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[]\n", b'{"intend": "x"}\n', b"[" * 100_000, b'{"intend": 0}\n']
)
def test_any_journal_can_be_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "shop.jsonl"
    path.write_bytes(content)
    journal = Journal(path, lambda: "now")
    journal.begin()
    assert journal.pending() is None
    assert APPID


def test_a_rollback_that_was_killed_goes_on_and_never_back(project: Project, remote: Host, run: Run) -> None:
    before = run("pull", "--out", "-").out
    assert run("apply", "--yes").code == 0
    killed_at(project, remote, CREATE, "rollback", "--yes", "--allow-delete")
    ran = run("rollback", "--yes", "--allow-delete")
    assert ran.code == 0, ran.out
    made = run("pull", "--out", "-").out
    assert made.partition("menu:")[2] == before.partition("menu:")[2]  # the tags made since are left alone
    done = remote.writes()
    assert run("rollback", "--yes").code == 0
    assert remote.writes() == done
