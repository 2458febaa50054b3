"""One run at a time applies to an account."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from cli.shell import Host, Project, account, environment, program
from trust.shop import BEFORE, CREATE, Run, files, wants
from workflow.drill import menu

from wxdeploy.execution.lock import hold, is_free, last_holder
from wxdeploy.model.errors import RefusedError

HOLDER = """
import sys
from pathlib import Path
from wxdeploy.execution.lock import hold
with hold(Path(sys.argv[1]), now="2026", account="shop"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(project: Project) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the account's lock."""
    path = project.root / ".wxdeploy" / "lock" / "shop"
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_while_another_process_applies_it_is_refused_and_told_who_it_is(
    project: Project, run: Run, holder: subprocess.Popen[str]
) -> None:
    wants(project, files(default=menu()))
    ran = run("apply", "--yes", "--format", "json")
    assert ran.code == 4
    message = ran.json["accounts"][0]["error"]["message"]
    assert f"process {holder.pid} of " in message
    assert "since 2026" in message
    assert project.writes() == []
    assert run("plan").code == 0  # to look is free


def test_what_a_dead_process_held_is_taken_over(project: Project, run: Run, holder: subprocess.Popen[str]) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait(20)
    path = project.root / ".wxdeploy" / "lock" / "shop"
    assert json.loads(path.read_text("utf-8"))["over"] is False
    wants(project, files(default=menu()))
    assert run("apply", "--yes").code == 0
    assert json.loads(path.read_text("utf-8"))["over"] is True


def test_a_file_of_anything_is_no_lock(project: Project, run: Run) -> None:
    project.write(".wxdeploy/lock/shop", b"\xff{[")
    wants(project, files(default=menu()))
    assert run("apply", "--yes").code == 0


def test_a_lock_is_held_once_and_ends_with_an_exception(project: Project) -> None:
    path = project.root / "lock" / "shop"
    assert is_free(path)
    with hold(path, now="a", account="shop") as before:
        assert before == ""
        assert not is_free(path)
        with pytest.raises(RefusedError, match="by somebody else"), hold(path, now="b", account="shop"):
            pass
    assert is_free(path)
    with pytest.raises(ZeroDivisionError), hold(path, now="a", account="shop"):
        raise ZeroDivisionError
    assert is_free(path)
    assert '"since": "a"' in last_holder(path)


def test_of_two_applies_at_once_one_wins_and_the_other_refuses(
    project: Project, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WX_TEST_SECRET", "5ecret")
    project.accounts(account(api=host.url, secret="${env:WX_TEST_SECRET}"))
    host.live(**BEFORE)
    wants(project, files(default=menu("新")))
    env = environment(WX_TEST_SECRET="5ecret")
    gate = _Gate(host)
    with program("apply", "--yes", cwd=project.root, env=env) as first:
        assert gate.reached.wait(60)
        with program("apply", "--yes", cwd=project.root, env=env) as second:
            assert second.wait(60) == 4
        gate.open.set()
        assert first.wait(60) == 0
    assert host.writes() == [CREATE]


class _Gate:
    """Holds every creation until it is opened."""

    def __init__(self, host: Host) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()
        self._app = host.line.app
        host.line.app = self

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == CREATE:
            self.reached.set()
            await asyncio.to_thread(self.open.wait, 60)
        await self._app(scope, receive, send)
