"""Real processes against a real server: killed in the middle, interrupted, two accounts at once."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.shell import SECRET, Host, Project, Ran, account, environment, program, wait_for
from workflow.drill import APPID, CREATE, MENU_GET, menu


class Gate:
    """Holds every call of one path, before its effect or behind it, until it is opened."""

    def __init__(self, host: Host, *, behind: bool, path: str = CREATE) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()
        self._app = host.line.app
        self._behind = behind
        self._path = path
        host.line.app = self

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def held(message: Any) -> None:
            await self._hold()
            await send(message)

        if scope["path"] != self._path or self.open.is_set():
            await self._app(scope, receive, send)
        elif self._behind:
            await self._app(scope, receive, held)
        else:
            await self._hold()  # and then the request is lost

    async def _hold(self) -> None:
        self.reached.set()
        await asyncio.to_thread(self.open.wait, 30)


@pytest.fixture
def remote(project: Project, host: Host) -> Host:
    project.accounts(account(api=host.url, secret="${env:SHOP_SECRET}"))
    project.want(menu("新"))
    host.live(menu=menu("旧"))
    return host


def live(host: Host) -> str:
    with host.store.transaction() as state:
        held = state.menu(APPID)
    return held.buttons[0]["name"] if held else ""


@pytest.fixture
def applied_again(run: Callable[..., Ran], remote: Host, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """The next run does what is left, so many calls, and nothing twice."""

    def check(calls: int) -> None:
        monkeypatch.setenv("SHOP_SECRET", SECRET)
        ran = run("apply", "--yes", "--format", "json")
        assert ran.code == 0, ran.err
        assert live(remote) == "新"
        assert remote.writes() == [CREATE]
        assert ran.json["summary"]["operations"]["applied"] == calls

    return check


def wait_until_it_stops(process: subprocess.Popen[str]) -> None:
    """It has understood that it is to stop, and says so after the plan."""
    assert process.stderr is not None
    assert any(line.startswith("! stopping") for line in process.stderr)


@pytest.mark.parametrize("behind", [False, True], ids=["before the effect", "behind it"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM], ids=lambda each: each.name)
def test_an_apply_stopped_at_once_is_finished_by_the_next(
    project: Project, remote: Host, applied_again: Callable[[int], None], number: signal.Signals, behind: bool
) -> None:
    gate = Gate(remote, behind=behind)
    with program("apply", "--yes", cwd=project.root, env=environment(SHOP_SECRET=SECRET)) as process:
        assert gate.reached.wait(30)
        process.send_signal(number)
        if number is not signal.SIGKILL:
            wait_until_it_stops(process)
            process.send_signal(number)
        _, err = process.communicate(timeout=30)
    gate.open.set()
    assert live(remote) == ("新" if behind else "旧")
    assert "Traceback" not in err
    if number is signal.SIGKILL:
        assert process.returncode == -number
    else:
        assert process.returncode == 5
        assert "may have taken effect" in err
    journal = (project.root / ".wxdeploy" / "journal" / "shop.jsonl").read_text("utf-8").splitlines()
    assert json.loads(journal[0])["call"] == f"POST {CREATE}"
    assert len(list((project.root / ".wxdeploy" / "snapshots").iterdir())) == 1
    applied_again(0 if behind else 1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda each: each.name)
def test_the_call_under_way_comes_to_its_end_and_no_more_are_made(
    project: Project, remote: Host, number: signal.Signals
) -> None:
    gate = Gate(remote, behind=True)
    other = account("other", appid="wx0000000000000002", api=remote.url, secret="${env:SHOP_SECRET}")
    project.accounts(account(api=remote.url, secret="${env:SHOP_SECRET}"), other)
    command = ("apply", "--yes", "--concurrency", "1", "--format", "json")
    with program(*command, cwd=project.root, env=environment(SHOP_SECRET=SECRET)) as process:
        assert gate.reached.wait(30)
        process.send_signal(number)
        wait_until_it_stops(process)
        gate.open.set()
        out, err = process.communicate(timeout=30)
    assert process.returncode == 5, err
    first, second = json.loads(out)["accounts"]
    assert [each["outcome"] for each in first["operations"]] == ["applied"]
    assert (first["status"], first["converged"], second["status"]) == ("partial", None, "not-tried")
    assert "not read again" in first["error"]["message"]
    assert "stopped" in second["error"]["message"]
    assert remote.writes() == [CREATE]


@pytest.fixture(params=["in front", "in the background"])
def _begun(request: pytest.FixtureRequest) -> Iterator[None]:
    """How a shell starts a process: for what a script starts with `&` it has Ctrl-C switched off."""
    before = signal.signal(
        signal.SIGINT, signal.SIG_IGN if request.param == "in the background" else signal.default_int_handler
    )
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_begun")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda each: each.name)
def test_stopped_while_it_reads_nothing_was_changed(project: Project, remote: Host, number: signal.Signals) -> None:
    gate = Gate(remote, behind=True, path=MENU_GET)
    with program("apply", "--yes", cwd=project.root, env=environment(SHOP_SECRET=SECRET)) as process:
        assert gate.reached.wait(30)
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
    gate.open.set()
    assert process.returncode == 1
    assert "nothing was changed" in err
    assert remote.writes() == []


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[str]:
    """The address of the simulator as a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "wxdeploy", "sandbox", "--credential", f"{APPID}:{SECRET}", "--credential", f"wx0000000000000002:{SECRET}"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(20) == 0
        process.stdout.close()


def test_two_accounts_on_one_server_are_brought_up_side_by_side(project: Project, sandbox: str) -> None:
    project.accounts(
        account(secret="${env:SHOP_SECRET}", api=""),
        account("other", appid="wx0000000000000002", secret="${env:SHOP_SECRET}", api=""),
    )
    project.want(menu("新"))
    env = environment(SHOP_SECRET=SECRET, WXDEPLOY_API=sandbox)

    def ran(*arguments: str) -> tuple[int, str]:
        with program(*arguments, cwd=project.root, env=env) as process:
            out, err = process.communicate(timeout=60)
        assert "✗" not in err
        return process.returncode, out

    assert ran("plan", "--detailed-exitcode")[0] == 2
    code, out = ran("apply", "--yes", "--format", "json")
    assert code == 0
    assert [each["status"] for each in json.loads(out)["accounts"]] == ["applied", "applied"]
    assert ran("plan", "--detailed-exitcode")[0] == 0
    code, out = ran("pull", "--account", "other", "--out", "-")
    assert "name: 新" in out


def test_two_applies_at_once_end_well_and_leave_what_was_wanted(project: Project, sandbox: str) -> None:
    project.accounts(account(secret="${env:SHOP_SECRET}", api=sandbox))
    project.want(menu("新"))
    env = environment(SHOP_SECRET=SECRET)
    with (
        program("apply", "--yes", cwd=project.root, env=env) as one,
        program("apply", "--yes", cwd=project.root, env=env) as two,
    ):
        wait_for(lambda: one.poll() is not None and two.poll() is not None, 60)
        assert {one.returncode, two.returncode} <= {0, 4}
    with program("plan", "--detailed-exitcode", cwd=project.root, env=env) as process:
        assert process.wait(60) == 0
