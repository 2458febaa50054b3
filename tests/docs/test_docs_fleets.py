"""The page about fleets shows a project that is valid, and names every column and every choice that there is."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wxdeploy.config.accounts_file import COLUMNS, OPEN

PAGE = (Path(__file__).parents[2] / "docs" / "fleets.md").read_text("utf-8")
FILE = re.compile(r"^<!-- file: (\S+) -->\n```\w+\n(.*?)```\n", re.DOTALL | re.MULTILINE)
MENU = "menu: {button: [{type: view, name: 官网, url: '${site}'}]}\n"


def written(folder: Path) -> Path:
    for name, text in FILE.findall(PAGE):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (folder / "menu.yaml").write_text(MENU, "utf-8")
    (folder / "shanghai.yaml").write_text("tags: [{name: VIP}]\n", "utf-8")
    return folder


def test_the_project_that_is_shown_is_valid(program: Callable[..., Any], tmp_path: Path) -> None:
    ran = program("-C", written(tmp_path), "validate")
    assert (ran.exit, ran.out) == (0, "All good (3 accounts, 4 files).\n")


def test_the_platform_that_is_shown_is_valid(program: Callable[..., Any], tmp_path: Path) -> None:
    agency = written(tmp_path) / "agency"
    (agency / "menu.yaml").write_text(MENU.replace("${site}", "https://www.example.com"), "utf-8")
    (agency / "accounts.csv").write_text("name,appid\nbeijing,wx0000000000000001\n", "utf-8")
    assert program("-C", agency, "validate").exit == 0


def test_every_column_is_told() -> None:
    prose = re.sub(r"^```.*?^```$", "", PAGE.partition("## Choosing")[0], flags=re.DOTALL | re.MULTILINE)
    told = set(re.findall(r"`([^`]+)`", prose))
    assert set(COLUMNS) <= told
    assert {name.partition(".")[0] for name in OPEN} <= {word.partition(".")[0] for word in told}
