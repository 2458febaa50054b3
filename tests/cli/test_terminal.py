"""The question that apply asks, in a real terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.shell import Project, environment, wait_for
from workflow.drill import menu

pty = pytest.importorskip("pty")

INTERRUPT, END = b"\x03", b"\x04"


class Terminal:
    """One run in a terminal of its own; stdout can be taken aside."""

    def __init__(self, project: Project, *arguments: str, aside: bool = False, **env: str) -> None:
        self._master, slave = pty.openpty()
        self.text = b""
        self._asleep = 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "wxdeploy", *arguments],
            cwd=project.root,
            env=environment(TERM="xterm", **env),
            stdin=slave,
            stdout=subprocess.PIPE if aside else slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(slave)

    def read_until(self, wanted: bytes | None) -> None:
        """Read on until this was shown, or (None) to the end."""
        while wanted is None or wanted not in self.text:
            try:
                part = os.read(self._master, 4096)
            except OSError:  # so a terminal ends on Linux
                part = b""
            if not part:
                assert wanted is None, self.text
                return
            self.text += part

    def answer(self, keys: bytes) -> int:
        """Press these keys at the question; the exit code."""
        self.read_until(b"[y/N]")
        wait_for(self._is_waiting)
        os.write(self._master, keys)
        self.read_until(None)
        return self.process.wait(30)

    def _is_waiting(self) -> bool:
        """Whether the process sleeps, where the system tells: a key that comes just before it waits for one is another
        story than a key that comes after.
        """
        state = Path(f"/proc/{self.process.pid}/stat")
        self._asleep = (
            self._asleep + 1 if not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "S" else 0
        )
        return self._asleep > 3

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        os.close(self._master)


def _take_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture
def terminal(project: Project) -> Iterator[Callable[..., Terminal]]:
    project.live(menu=menu("旧"))
    project.want(menu("新"))
    opened: list[Terminal] = []

    def start(*arguments: str, **options: Any) -> Terminal:
        opened.append(Terminal(project, *arguments, **options))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


def test_yes_applies(project: Project, terminal: Callable[..., Terminal]) -> None:
    run = terminal("apply")
    assert run.answer(b"y\n") == 0
    assert project.writes() == ["write /cgi-bin/menu/create"]
    assert "旧 → 新" in run.text.decode()
    assert b"verified" in run.text


@pytest.mark.parametrize(
    ("form", "keys"),
    [
        *(("text", keys) for keys in (b"n\n", b"\n", b"no\n", INTERRUPT, END)),
        *(("json", keys) for keys in (b"n\n", INTERRUPT, END)),  # what counts as a no is asked above
    ],
)
def test_anything_else_changes_nothing(
    project: Project, terminal: Callable[..., Terminal], keys: bytes, form: str
) -> None:
    run = terminal("apply", "--format", form, aside=form == "json")
    assert run.answer(keys) == 1
    assert project.writes() == []
    assert b"Traceback" not in run.text
    if form == "json":
        assert run.process.stdout is not None
        text = run.process.stdout.read()
        assert text.startswith(b"{")
        document = json.loads(text)
        assert document["accounts"] == []
        assert "nothing was changed" in document["error"]["message"]
    else:
        assert b"nothing was changed" in run.text


def test_a_terminal_is_shown_colours_unless_they_are_unwanted(terminal: Callable[..., Terminal]) -> None:
    plain, unwanted, coloured = (
        terminal("plan", "--no-color"),
        terminal("plan", NO_COLOR="1"),
        terminal("plan"),
    )
    for run in (plain, unwanted, coloured):
        run.read_until(None)
    assert b"\x1b[" not in plain.text
    assert plain.text == unwanted.text
    assert b"\x1b[3" in coloured.text


def test_nothing_is_asked_where_there_is_nothing_to_do(project: Project, terminal: Callable[..., Terminal]) -> None:
    project.want(menu("旧"))
    run = terminal("apply")
    run.read_until(None)
    assert run.process.wait(30) == 0
    assert b"[y/N]" not in run.text


def test_a_plan_is_folded_to_the_terminal_and_coloured(project: Project) -> None:
    project.want(menu(*("一", "二")))
    terminal = Terminal(project, "plan", COLUMNS="40")
    terminal.read_until(None)
    assert terminal.process.wait(30) == 0
    lines = terminal.text.decode().replace("\r", "").splitlines()
    assert any(line.startswith("\x1b[32m  + menu default:") for line in lines)
    plain = [line.replace("\x1b[32m", "").replace("\x1b[0m", "") for line in lines]
    assert all(len(line) <= 40 for line in plain)
    assert "Plan: 1 to create" in "".join(plain)


def test_colour_is_for_a_terminal_or_for_who_asks_for_it(project: Project) -> None:
    project.want(menu("一"))

    def out(**env: str) -> str:
        line = [sys.executable, "-m", "wxdeploy", "plan"]
        return subprocess.run(
            line, cwd=project.root, env=environment(**env), capture_output=True, check=True
        ).stdout.decode()

    assert "\x1b[" not in out()
    assert "\x1b[32m  + menu default" in out(FORCE_COLOR="1")
    assert "\x1b[" not in out(FORCE_COLOR="1", NO_COLOR="1")
