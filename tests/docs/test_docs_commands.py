"""The pages about the commands say what the commands say of themselves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from wxdeploy.cli import group
from wxdeploy.cli.group import COMMANDS

DOCS = Path(__file__).parents[2] / "docs"
SCRIPTS = re.compile(r"^<!-- shell: (\w+) -->\n```text\n(.*?)```\n", re.DOTALL | re.MULTILINE)

HEAD = """\
# Commands

What `wxdeploy --help` and `wxdeploy COMMAND --help` print. The common options may stand before the command's name or
after it, where it has them. Results go to stdout, progress and logs to stderr; [exit codes](exit-codes.md) are the same for all.

"""

Program = Callable[..., Any]


def below() -> list[list[str]]:
    """The commands of commands."""
    context = click.Context(group.wxdeploy)
    found = ((name, group.wxdeploy.get_command(context, name)) for name in COMMANDS)
    return [[name, inner] for name, command in found if isinstance(command, click.Group) for inner in command.commands]


def test_the_page_of_commands_is_the_program_s(
    program: Program, golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    page = HEAD
    for words in ([], *([name] for name in COMMANDS), *below()):
        ran = program(*words, "--help")
        assert (ran.exit, ran.err) == (0, "")
        text = "\n".join(line.rstrip() for line in ran.out.rstrip().splitlines())
        page += f"## {' '.join(['wxdeploy', *words])}\n\n```text\n{text}\n```\n\n"
    golden(DOCS / "commands.md", page.rstrip() + "\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does_and_shows_how(name: str) -> None:
    command = group.wxdeploy.get_command(click.Context(group.wxdeploy), name)
    assert command is not None
    assert command.help
    assert re.search(rf"^  .*\bwxdeploy {name}\b", command.epilog or "", re.MULTILINE), "no example in the help"
    for param in command.params:
        if isinstance(param, click.Option):
            assert param.help, f"{param.name} has no help"


def test_every_module_of_a_command_is_listed() -> None:
    folder = Path(group.__file__).parent
    commands = {path.stem for path in folder.glob("*.py") if "\ndef command(" in path.read_text("utf-8")}
    assert commands == set(COMMANDS)


def program_in_shell(shell: str) -> list[str]:
    """What the page tells a person of this shell to type, split into words of an environment and a command."""
    scripts = dict(SCRIPTS.findall((DOCS / "completion.md").read_text("utf-8")))
    (found,) = re.findall(r"(_WXDEPLOY_COMPLETE=\w+) wxdeploy\b", scripts[shell])
    return str(found).split("=")


@pytest.mark.parametrize(
    ("shell", "knows"), [("bash", "complete -o nosort"), ("zsh", "#compdef wxdeploy"), ("fish", "complete --no-files")]
)
def test_completion_prints_a_script(shell: str, knows: str) -> None:
    name, value = program_in_shell(shell)
    done = subprocess.run(
        [sys.executable, "-c", "from wxdeploy.cli import main; main()"],
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    if shell == "bash" and "Couldn't detect Bash version" in done.stderr + done.stdout:
        pytest.skip("there is no bash to ask")
    assert knows in done.stdout
    assert "_WXDEPLOY_COMPLETE" in done.stdout


def test_completion_knows_the_commands() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from wxdeploy.cli import main; main()"],
        env={**os.environ, "_WXDEPLOY_COMPLETE": "bash_complete", "COMP_WORDS": "wxdeploy ", "COMP_CWORD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line.partition(",")[2] for line in done.stdout.splitlines()] == list(COMMANDS)
