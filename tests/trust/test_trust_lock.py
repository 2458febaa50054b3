"""One run at a time applies to an account."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.shell import Host, Project, account, environment, program
from trust.shop import BEFORE, CREATE, Run, files, wants
from workflow.drill import APPID, menu

from wxdeploy.execution.lock import hold, is_free, last_holder
from wxdeploy.model.errors import RefusedError

HOLDER = """
import sys
from pathlib import Path
from wxdeploy.execution.lock import hold
with hold(Path(sys.argv[1]), now="2026", account="shop", project=Path("/elsewhere")):
    print("held", flush=True)
    sys.stdin.read()
"""


def lock(project: Project, host: str = "") -> Path:
    """The file of the account's lock; the embedded sandbox is a host by its database."""
    host = host or str(project.root.resolve() / ".wxdeploy" / "sandbox.sqlite3")
    return Path(os.environ["WXDEPLOY_CACHE"], "lock", hashlib.sha256(f"{host}\n{APPID}".encode()).hexdigest())


@pytest.fixture
def holder(project: Project) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the account's lock."""
    path = lock(project)
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
    assert "since 2026, as the account shop of /elsewhere" in message
    assert project.writes() == []
    assert run("plan").code == 0  # to look is free


def test_what_a_dead_process_held_is_taken_over(project: Project, run: Run, holder: subprocess.Popen[str]) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait(20)
    path = lock(project)
    assert json.loads(path.read_text("utf-8"))["over"] is False
    wants(project, files(default=menu()))
    assert run("apply", "--yes").code == 0
    assert json.loads(path.read_text("utf-8"))["over"] is True


def test_a_file_of_anything_is_no_lock(project: Project, run: Run) -> None:
    lock(project).parent.mkdir(parents=True)
    lock(project).write_bytes(b"\xff{[")
    wants(project, files(default=menu()))
    assert run("apply", "--yes").code == 0


def test_a_lock_is_held_once_and_ends_with_an_exception(project: Project) -> None:
    path = project.root / "lock" / "shop"
    assert is_free(path)
    with hold(path, now="a", account="shop", project=project.root) as before:
        assert before == ""
        assert not is_free(path)
        with (
            pytest.raises(RefusedError, match="by somebody else"),
            hold(path, now="b", account="shop", project=project.root),
        ):
            pass
    assert is_free(path)
    with pytest.raises(ZeroDivisionError), hold(path, now="a", account="shop", project=project.root):
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


@pytest.mark.parametrize("case", ["another checkout", "another name in another spelling", "no cache folder"])
def test_whoever_writes_to_the_same_appid_at_the_same_host_is_kept_apart(
    project: Project, host: Host, tmp_path: Path, case: str
) -> None:
    host.live(**BEFORE)
    env = environment(WX_TEST_SECRET="5ecret")
    other = Project(tmp_path / "other")
    if case == "no cache folder":
        del env["WXDEPLOY_CACHE"]
        env |= {"HOME": "", "XDG_CACHE_HOME": ""}
        other = Project(project.root)
    named, url = ("laden", host.url.upper() + "/") if "name" in case else ("shop", host.url)
    other.root.mkdir(exist_ok=True)
    for each, name, address in ((project, "shop", host.url), (other, named, url)):
        each.accounts(account(name, api=f'"{address}"', secret="${env:WX_TEST_SECRET}"))
        wants(each, files(default=menu("新")))
    gate = _Gate(host)
    with program("apply", "--yes", cwd=project.root, env=env) as first:
        assert gate.reached.wait(60)
        with program("apply", "--yes", cwd=other.root, env=env) as second:
            said = "".join(second.communicate(timeout=60))
            assert second.returncode == 4, said
            assert f"process {first.pid} of " in said
            assert f"as the account shop of {project.root}" in said
        gate.open.set()
        assert first.wait(60) == 0
    assert host.writes() == [CREATE]
    assert (project.root / ".wxdeploy" / "lock").exists() == (case == "no cache folder")


def test_two_names_of_one_account_do_not_write_at_once_in_one_run(project: Project, run: Run) -> None:
    project.accounts(account("one"), account("two"))
    wants(project, files(default=menu("新")))
    assert run("apply", "--yes").code == 4
    assert len(project.writes()) == 1


def test_a_cache_folder_that_can_t_be_written_to_stops_nothing(
    project: Project, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("WXDEPLOY_CACHE", str(tmp_path / "file" / "cache"))
    wants(project, files(default=menu("新")))
    assert run("apply", "--yes").code == 0
    assert len(list((project.root / ".wxdeploy" / "lock").iterdir())) == 1


def test_two_sandboxes_are_two_hosts(project: Project, run: Run, tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    assert holder.poll() is None
    other = Project(tmp_path / "other")
    other.root.mkdir()
    other.accounts()
    wants(other, files(default=menu("新")))
    assert run("-C", str(other.root), "apply", "--yes").code == 0


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
