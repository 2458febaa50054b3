"""The page about safety names tests that are there, and something to hold each promise and each accident."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "safety.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))
ACCIDENTS = 18


def rows(heading: str) -> list[list[str]]:
    """The cells of each row of the table under a heading."""
    part = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_each_test_that_is_named_is_there(file: str, test: str) -> None:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    assert test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_each_promise_and_each_accident_has_a_test() -> None:
    promises, accidents = rows("How a change travels"), rows("Accidents elsewhere")
    assert promises
    assert [row[0] for row in accidents] == [str(number) for number in range(1, ACCIDENTS + 1)]
    for row in (*promises, *accidents):
        assert re.search(r"`tests/[\w/]+\.py::\w+`", row[-1]), row


def test_what_is_not_promised_is_said() -> None:
    part = PAGE.partition("\n## What is not promised\n")[2].partition("\n## ")[0]
    for word in ("Atomicity", "web console", "Locks across machines", "simulator"):
        assert word in part
