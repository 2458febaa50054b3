"""Every page that shows commands is walked: its commands are run, and what it shows is what they print."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docs.walk import ROOT, fitting, patch, walking

PAGES = [
    ROOT / "README.md",
    *ROOT.glob("README.*.md"),
    *(ROOT / "docs").glob("*.md"),
    *ROOT.glob("examples/*/README.md"),
]
WALKED = sorted(path for path in PAGES if "```console\n" in path.read_text("utf-8"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", WALKED, ids=name_of)
def test_what_a_page_shows_is_what_happens(
    page: Path,
    tmp_path: Path,
    program: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    golden: Callable[[Path, str], None],
) -> None:
    with walking(tmp_path, program, monkeypatch) as walk:
        golden(page, walk.through(page.read_text("utf-8")))
        for path, drawn in walk.pictures.items():
            golden(path, drawn)


def test_the_pages_for_a_beginning_are_walked() -> None:
    assert {"README.md", "docs/getting-started.md", "docs/adopting.md"} <= {name_of(page) for page in WALKED}


def test_a_page_that_lies_is_found(
    tmp_path: Path, program: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = "<!-- start: examples/first-menu -->\n\n```console\n$ wxdeploy validate\nAll bad.\n```\n"
    with walking(tmp_path, program, monkeypatch) as walk:
        assert walk.through(page) == page.replace("All bad.", "All good (1 account, 2 files).")
    for wrong in ("$ rm -r /\n", "$ wxdeploy valid\n", "All good.\n$ wxdeploy validate\n"):
        with walking(tmp_path, program, monkeypatch) as walk, pytest.raises(AssertionError):
            walk.through(f"```console\n{wrong}```\n")


def test_lines_may_be_left_out_and_what_is_shown_has_to_be_there() -> None:
    printed = "first\nsecond\nthird\n"
    assert fitting("second\n", printed) == printed
    assert fitting("first\n...\nthird\n", printed) == "first\n...\nthird\n"
    with pytest.raises(AssertionError, match="is not printed"):
        fitting("third\n...\nfirst\n", printed)


def test_a_patch_fits_once_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "menu.yaml"
    file.write_text("a: 1\nb: 2\n", "utf-8")
    patch(file, " a: 1\n-b: 2\n+b: 3\n+c: 4\n")
    assert file.read_text("utf-8") == "a: 1\nb: 3\nc: 4\n"
    with pytest.raises(AssertionError, match="does not hold once"):
        patch(file, "-b: 2\n+b: 3\n")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_shows_commands_in_no_form_that_nothing_holds(page: Path) -> None:
    """``$ wxdeploy`` is walked; ``sh`` and ``text`` blocks of a page belong to a test of that page by name."""
    for language, block in re.findall(r"^```(\w*)\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE):
        assert language, f"{page.name}: a block without a language"
        assert language == "console" or "$ wxdeploy" not in block


def test_the_index_names_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    linked = {target.partition("#")[0] for target in re.findall(r"\]\(([^)]+)\)", index)}
    assert {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"} <= linked
