"""The README shows what the program does: its tables, its configuration, its output."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from wxdeploy.cli.exits import Exit, worst
from wxdeploy.cli.group import COMMANDS, Commands, wxdeploy

ROOT = Path(__file__).parents[2]
README, CHINESE = ROOT / "README.md", ROOT / "README.zh-CN.md"
EXITS_PAGE = ROOT / "docs" / "exit-codes.md"
COMMAND = re.compile(r"^<!-- command: (\w+) -->\n```sh\n(.*?)```\n", re.DOTALL | re.MULTILINE)
TABLE = re.compile(r"^(<!-- table: (\w+) -->\n)((?:\|.*\n)*)", re.MULTILINE)
FILE = re.compile(r"^<!-- file: (\S+) -->\n```yaml\n(.*?)```\n", re.DOTALL | re.MULTILINE)

Program = Callable[..., Any]
Golden = Callable[[Path, str], None]


def exits() -> dict[int, str]:
    """The codes and their meanings, as the program's own help lists them."""
    (line,) = re.findall(r"Exit codes: (.*?)\.\n", " ".join((wxdeploy.help or "").split()) + "\n")
    return {int(code): text for code, text in re.findall(r"(\d+) ([^,]+)(?:, |$)", line)}


def commands_table() -> str:
    group = wxdeploy
    assert isinstance(group, Commands)
    rows = ["| command | does |", "| --- | --- |"]
    for name, does in COMMANDS.items():
        context = click.Context(group, info_name="wxdeploy")
        command = group.get_command(context, name)
        assert command is not None
        arguments = [
            piece
            for param in command.params
            if isinstance(param, click.Argument)
            for piece in param.get_usage_pieces(context)
        ]
        rows.append(f"| `{' '.join(['wxdeploy', name, *arguments])}` | {does} |")
    return "\n".join(rows) + "\n"


def exits_table() -> str:
    rows = ["| code | means |", "| --- | --- |", *(f"| `{code}` | {text} |" for code, text in exits().items())]
    return "\n".join(rows) + "\n"


def test_the_tables_are_the_program_s(golden: Golden) -> None:
    tables = {"commands": commands_table(), "exits": exits_table()}
    page = README.read_text("utf-8")
    assert {name for _, name, _ in TABLE.findall(page)} == set(tables)
    golden(README, TABLE.sub(lambda found: found[1] + tables[found[2]], page))


def test_the_chinese_tables_have_the_program_s_rows(golden: Golden) -> None:
    """Their first column is the program's; what stands beside it is written by hand, and in Chinese."""
    tables = {"commands": commands_table(), "exits": exits_table()}

    def rows(found: re.Match[str]) -> str:
        head, rule, *told = found[3].splitlines()
        by_name = {line.split(" | ")[0]: line for line in told}
        kept = [by_name.get(line.split(" | ")[0], line) for line in tables[found[2]].splitlines()[2:]]
        assert all(re.search(r"[\u4e00-\u9fff]", line) for line in kept), kept
        return "\n".join([found[1].rstrip(), head, rule, *kept, ""])

    golden(CHINESE, TABLE.sub(rows, CHINESE.read_text("utf-8")))


def skeleton(page: Path) -> list[str]:
    """What two languages of a page have in common, from its top: headings, marks, code, links, pictures, rows of tables."""
    text, parts = page.read_text("utf-8"), []
    for block in re.split(r"(^```.*?^```$|^<!-- .*?-->$)", text, flags=re.DOTALL | re.MULTILINE):
        if block.startswith(("```", "<!--")):
            parts.append(re.sub(r" +# .*", "", block))
        else:
            marks = re.findall(r"^(#+|- \*\*|- |\|)|\]\(([^)\s]+)\)", block, re.MULTILINE)
            parts += [re.sub(r"^README.*", "README", link) or mark for mark, link in marks]
    return parts


def test_the_two_languages_are_one_page() -> None:
    """A command, a file, a section or a link that one has and the other has not is a mistake."""
    assert skeleton(README) == skeleton(CHINESE)


def test_the_page_of_exit_codes_is_the_program_s(golden: Golden) -> None:
    page = EXITS_PAGE.read_text("utf-8")
    golden(EXITS_PAGE, TABLE.sub(lambda found: found[1] + exits_table(), page))


def test_every_exit_code_is_told_and_no_other() -> None:
    assert list(exits()) == [int(code) for code in Exit]


def test_the_page_of_exit_codes_names_every_command_that_has_the_detailed_one() -> None:
    def having(command: click.Command, words: str) -> list[str]:
        below = command.commands.items() if isinstance(command, click.Group) and words else ()
        found = [each for name, inner in below for each in having(inner, f"{words} {name}")]
        return found + [words] * any(each.name == "detailed_exitcode" for each in command.params)

    context = click.Context(wxdeploy)
    commands = ((name, wxdeploy.get_command(context, name)) for name in COMMANDS)
    names = [each for name, command in commands if command for each in having(command, name)]
    (told,) = re.findall(r"`--detailed-exitcode` of (.*?):", " ".join(EXITS_PAGE.read_text("utf-8").split()))
    assert sorted(re.findall(r"`([^`]+)`", told)) == sorted(names)


def test_the_order_over_several_accounts_is_the_documented_one() -> None:
    (told,) = re.findall(
        r"^The worst one wins, in the order ([0-9, ]+)\.$", EXITS_PAGE.read_text("utf-8"), re.MULTILINE
    )
    order = [Exit(int(code)) for code in told.split(", ")]
    for index, code in enumerate(order):
        assert worst(reversed(order[index:])) is code


def test_there_are_two_commands_each_of_one_line() -> None:
    commands = COMMAND.findall(README.read_text("utf-8"))
    assert [name for name, _ in commands] == ["run", "test"]
    for _, text in commands:
        assert text.count("\n") == 1
        assert text.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert README.read_text("utf-8").count("```sh") == 2


def test_the_first_command_does_the_whole_job_on_the_example() -> None:
    steps = dict(COMMAND.findall(README.read_text("utf-8")))["run"].strip().split(" && ")
    assert steps[2:] == [
        f".venv/bin/wxdeploy -C examples/first-menu {step}" for step in ("validate", "plan", "apply --yes", "plan")
    ]


def test_the_gate_ends_with_the_second_command() -> None:
    """``.ci/run`` takes the command out of the README, by this very expression, and runs it last."""
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "test_command=$(sed -n '/^<!-- command: test -->$/,/^```$/ { /^```/d; /^<!--/d; p; }' README.md)" in script
    assert script.splitlines()[-1] == 'bash -euo pipefail -c "$test_command"'
    for step in ("ruff format --check", "ruff check", "mypy --strict", "lint-imports"):
        assert f"\n.venv/bin/{step}" in script


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "docs/configuration.md"])
def test_the_configuration_shown_is_valid(page: str, program: Program, tmp_path: Path) -> None:
    files = FILE.findall((ROOT / page).read_text("utf-8"))
    assert files
    for name, text in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        assert not path.exists(), f"{name} is shown twice"
        path.write_text(text, "utf-8")
    ran = program("-C", tmp_path, "validate")
    assert ran.exit == 0
    assert ran.out.startswith("All good"), ran.out


def test_every_link_leads_somewhere() -> None:
    pages = [
        README,
        CHINESE,
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "examples").rglob("*.md"),
    ]
    for page in pages:
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
            if "://" not in target:
                assert (page.parent / target.partition("#")[0]).exists(), f"{page.name}: {target}"
