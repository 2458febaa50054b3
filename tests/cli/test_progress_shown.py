"""What is shown while a run over many accounts is under way: a bar on a terminal, lines in a long log, nothing else."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cli.shell import Project, Ran, account, environment
from workflow.drill import menu

from wxdeploy.cli.options import Common
from wxdeploy.cli.progress import SECONDS, Bar, Lines
from wxdeploy.model.progress import Progress, Stage

Run = Callable[..., Ran]
MANY = 12


@pytest.fixture
def many(project: Project) -> Project:
    project.accounts(*(account(f"a{number}", appid=f"wx{number:016x}") for number in range(MANY)))
    project.want(menu("一"))
    return project


def at(done: int, total: int, *, stage: Stage = Stage.READ, failed: bool = False) -> Progress:
    return Progress(stage=stage, account=f"a{done}", done=done, total=total, failed=failed)


def told(total: int, seconds: float, failing: frozenset[int] = frozenset()) -> list[str]:
    """The lines of a run whose accounts take so long each."""
    lines: list[str] = []
    now = 0.0
    shown = Lines(lines.append, lambda: now)
    for stage in Stage:
        for done in range(1, total + 1):
            now += seconds
            shown.seen(at(done, total, stage=stage, failed=stage is Stage.READ and done in failing))
    return lines


def test_a_log_has_a_line_every_tenth() -> None:
    lines = told(2000, SECONDS, frozenset({3, 150, 1999}))
    assert lines[:2] == ["200 of 2000 accounts read, 2 failed", "400 of 2000 accounts read, 2 failed"]
    assert lines[9] == "2000 of 2000 accounts read, 3 failed"
    assert lines[10] == "200 of 2000 accounts done"
    assert len(lines) == 20


def test_short_work_and_few_accounts_need_no_line() -> None:
    assert told(2000, SECONDS / 5000) == []
    assert told(9, 2 * SECONDS) == []


def test_a_bar_is_there_for_one_stage_and_gone_after_it(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar(Common().but(no_color=True))
    for done in range(1, MANY + 1):
        bar.seen(at(done, MANY, failed=done == 2))
        assert (bar._bars is None) is (done == MANY)
    bar.seen(at(1, MANY, stage=Stage.WRITE))
    bar.stop()
    bar.stop()
    assert capsys.readouterr().out == ""


def test_a_run_without_a_terminal_says_nothing_of_it(many: Project, run: Run) -> None:
    ran = run("plan")
    assert (ran.code, ran.err) == (0, "")


def on_terminal(folder: Path, *arguments: str) -> tuple[str, str]:
    """What a run prints on stdout, and on stderr, which is a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "wxdeploy", *arguments],
        cwd=folder,
        env=environment(TERM="xterm", COLUMNS="100"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 4096):
            shown += part
    except OSError:
        pass  # how Linux says that the other end is closed
    out, _ = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0, shown
    return out.decode(), shown.decode()


def test_a_terminal_shows_a_bar_on_stderr_alone_and_gets_its_cursor_back(many: Project) -> None:
    out, err = on_terminal(many.root, "plan", "--format", "json")
    assert out.startswith("{")
    assert "Reading" in err
    assert f"{MANY}/{MANY} accounts" in re.sub(r"\x1b\[\d*m", "", err)
    assert err.rindex("\x1b[?25h") > err.rindex("\x1b[?25l")


@pytest.mark.parametrize("option", ["--quiet", "--verbose"])
def test_no_bar_where_it_would_be_in_the_way(many: Project, option: str) -> None:
    _, err = on_terminal(many.root, "plan", "--format", "json", option)
    assert "Reading" not in err
