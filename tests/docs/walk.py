"""Pages that are walked: what a page tells its reader to do is done in a folder of its own, and what it shows is what came out.

A page is read from its top. These parts of it are done, each where it stands:

- A block of ``console``: each line that begins with ``$ `` is a command, the lines below it are what it prints. A line
  ``...`` stands for any lines that the page leaves out.
- ``<!-- exits: 3 -->`` before such a block: the code of its last command; all others end with 0.
- ``<!-- file: NAME -->`` before a block: the block is written to the file.
- ``<!-- patch: NAME -->`` before a block of ``diff``, or with its lines inside the comment, where no reader sees them: lines
  of the file that begin with ``-`` become those that begin with ``+``.
- ``<!-- start: examples/NAME -->``: from here on in a copy of the example.
- ``<!-- run: wxdeploy ... -->``: a command whose output is not shown.
- ``<!-- picture: FILE.svg: wxdeploy ... -->``: a picture of the terminal in which the command was typed, in the repository.

Commands are ``wxdeploy``, ``cd`` and ``export``. ``wxdeploy sandbox --port N --seed FILE &`` is a server for the rest of the page.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, redirect_stderr
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from listening import listening

from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.seeding import seed
from wxdeploy.sandbox.store import Store

ROOT = Path(__file__).parents[2]
STEP = re.compile(
    r"^<!-- start: (?P<start>\S+) -->\n"
    r"|^<!-- run: (?P<run>.*?) -->\n"
    r"|^<!-- picture: (?P<picture>\S+): wxdeploy (?P<typed>.*?) -->\n"
    r"|^<!-- file: (?P<file>\S+) -->\n```\w+\n(?P<text>.*?)^```\n"
    r"|^<!-- patch: (?P<patch>\S+)(?: -->\n```diff)?\n(?P<lines>.*?)^(?:```|-->)\n"
    r"|^(?:<!-- exits: (?P<exits>\d+) -->\n)?```console\n(?P<console>.*?)^```\n",
    re.DOTALL | re.MULTILINE,
)
LEFT_OUT = "..."
COLUMNS = 96
CHANGING = (
    # What is another at every run, and what stands for it in a page.
    (re.compile(r"\d{8}T\d{6}\.\d{6}Z-(\w+)-[0-9a-f]{8}"), r"20260301T093000.000000Z-\1-5f0c1e2a"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"), "2026-03-01 09:30:00 UTC"),
)


@dataclass
class Walk:
    """One page on its way through a folder."""

    folder: Path
    program: Callable[..., Any]
    monkeypatch: pytest.MonkeyPatch
    stack: ExitStack
    addresses: dict[str, str] = field(default_factory=dict)
    pictures: dict[Path, str] = field(default_factory=dict)

    def through(self, page: str) -> str:
        """The page with what its commands print now."""
        self.monkeypatch.chdir(self.folder)
        return STEP.sub(self._step, page)

    def _step(self, step: re.Match[str]) -> str:
        if step["start"]:
            here = self.folder / Path(step["start"]).name
            shutil.copytree(ROOT / step["start"], here, ignore=shutil.ignore_patterns(".wxdeploy"))
            self.monkeypatch.chdir(here)
        elif step["run"]:
            self._output(step["run"], 0)
        elif step["picture"]:
            from docs.terminal_picture import in_terminal, picture

            printed = in_terminal(step["typed"].split(), Path.cwd(), COLUMNS)
            self.pictures[ROOT / step["picture"]] = picture(f"wxdeploy {step['typed']}", printed, COLUMNS)
        elif step["file"]:
            path = Path(step["file"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step["text"], "utf-8")
        elif step["patch"]:
            patch(Path(step["patch"]), step["lines"])
        else:
            shown = self._console(step["console"], int(step["exits"] or 0))
            return step[0].replace(step["console"], shown, 1)
        return step[0]

    def _console(self, block: str, exits: int) -> str:
        commands = re.split(r"^\$ ", block, flags=re.MULTILINE)
        assert commands[0] == "", f"a block of console begins with a command: {block}"
        shown = ""
        for number, each in enumerate(commands[1:], 1):
            command, _, told = each.partition("\n")
            printed = self._output(command, exits if number == len(commands) - 1 else 0)
            shown += f"$ {command}\n{fitting(told, printed)}"
        return shown

    def _output(self, command: str, exits: int) -> str:
        match shlex.split(command):
            case ["cd", folder]:
                self.monkeypatch.chdir(folder)
                return ""
            case ["export", assignment]:
                name, _, value = assignment.partition("=")
                self.monkeypatch.setenv(name, self.addresses.get(value, value))
                return ""
            case ["wxdeploy", "sandbox", "--port", port, "--seed", file, "&"]:
                store = self.stack.enter_context(closing(Store()))
                seed(store, json.loads(Path(file).read_text("utf-8")))
                shown = f"http://127.0.0.1:{port}"
                self.addresses[shown] = self.stack.enter_context(listening(create_app(store)))
                return f"{shown}\n"
            case ["wxdeploy", *arguments]:
                with redirect_stderr(sys.stdout):  # in the order in which a terminal shows both
                    ran = self.program(*arguments)
                assert (ran.exit, ran.err) == (exits, ""), f"{command}: {ran}"
                return self._settled(ran.out)
        raise AssertionError(f"a page may not ask for {command!r}")

    def _settled(self, text: str) -> str:
        for shown, real in self.addresses.items():
            text = text.replace(real, shown)
        for pattern, instead in CHANGING:
            text = pattern.sub(instead, text)
        return text


@contextmanager
def walking(folder: Path, program: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Walk]:
    """A walk that ends what it started."""
    with ExitStack() as stack:
        yield Walk(folder, program, monkeypatch, stack)


def patch(path: Path, lines: str) -> None:
    """Change what a diff without line numbers says."""
    sides = {"-": "", "+": ""}
    for line in lines.splitlines():
        for side in "-+" if line[:1] == " " else line[:1]:
            sides[side] += f"{line[1:]}\n"
    text = path.read_text("utf-8")
    assert text.count(sides["-"]) == 1, f"{path} does not hold once:\n{sides['-']}"
    path.write_text(text.replace(sides["-"], sides["+"]), "utf-8")


def fitting(told: str, printed: str) -> str:
    """What a page is to show: all that was printed, or its own text where that leaves lines out and is true."""
    if LEFT_OUT not in told.splitlines():
        return printed
    rest = printed
    for part in re.split(rf"^{re.escape(LEFT_OUT)}\n", told, flags=re.MULTILINE):
        assert part in rest, f"this is not printed:\n{part}\nin\n{printed}"
        rest = rest.partition(part)[2] if part else rest
    return told
