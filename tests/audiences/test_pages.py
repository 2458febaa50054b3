"""What the page about audiences says in words, and that the example's seed is one; its commands are walked with those of all pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "audiences.md"
EXAMPLE = ROOT / "examples" / "audiences"


@pytest.mark.parametrize("words", ["2000 additions", "three domains", "older than five minutes"])
def test_the_page_has_the_figures_of_the_table(words: str) -> None:
    from wxdeploy.wechat import limits

    assert words in " ".join(PAGE.read_text("utf-8").split())
    assert (limits.CONDITIONAL_DOMAINS.value, limits.MENU_REFRESH_SECONDS) == (3, 300)


def test_the_partings_told_are_those_that_there_are() -> None:
    source = (ROOT / "wxdeploy" / "workflow" / "match.py").read_text("utf-8")
    for row in re.findall(r"^\| ((?:the account|no tag)[^|]*?)(?: …)? \|", PAGE.read_text("utf-8"), re.MULTILINE):
        assert row.removesuffix(" with the last tag") in source


def test_the_seed_of_the_example_is_one_that_the_command_takes(tmp_path: Path) -> None:
    """``wxdeploy sandbox --seed`` as a process of its own says that it is ready."""
    import subprocess
    import sys

    command = [sys.executable, "-m", "wxdeploy", "sandbox", "--port", "0", "--seed", str(EXAMPLE / "seed.json")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http://127.0.0.1:")
    finally:
        process.terminate()
        process.communicate()
