"""A plan as text: golden cases, and what holds for every plan."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import searched
from render.plans import PLANS, account, click, document, menu, view

from wxdeploy.model.cells import cells
from wxdeploy.render.text import plan_text

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_is_told_as_it_was_reviewed(
    name: str, golden: Callable[[Path, str], None], request: pytest.FixtureRequest
) -> None:
    """``plan.json`` of a case is what comes in; it is written anew together with ``plan.txt``, which comes out."""
    case = CASES / name
    if request.config.getoption("--update-golden"):
        golden(case / "plan.json", json.dumps(PLANS[name], ensure_ascii=True, indent=1) + "\n")
    golden(case / "plan.txt", plan_text(json.loads((case / "plan.json").read_text("utf-8"))))


def test_every_case_is_one_of_today() -> None:
    assert {path.name for path in CASES.iterdir()} == set(PLANS)


@pytest.mark.parametrize("name", PLANS)
def test_the_text_needs_nothing_but_the_public_json(name: str) -> None:
    assert plan_text(json.loads(json.dumps(PLANS[name]))) == plan_text(PLANS[name])


def harmless(text: str) -> bool:
    joiners = "\u200d\ufe0f\n"
    return all(
        unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or each in joiners for each in text
    )


@pytest.mark.parametrize("name", PLANS)
def test_no_case_tells_a_terminal_what_to_do(name: str) -> None:
    assert harmless(plan_text(PLANS[name]))


@pytest.mark.parametrize("name", ["hostile-create", "hostile-edits", "errors"])
def test_a_name_can_add_no_line_of_its_own(name: str) -> None:
    assert not any(
        line.strip().startswith(("✓", "b")) for line in plan_text(PLANS[name]).splitlines() if "bad" not in line
    )


def columns(text: str, marks: list[str]) -> set[int]:
    """The cells at which these marks begin."""
    found = set()
    for line in text.splitlines():
        found |= {cells(line[: line.index(mark)]) for mark in marks if mark in line}
    return found


def test_columns_are_aligned_in_cells_whatever_the_script() -> None:
    names = ["ab", "中文字", "한글", "é", "e\u0301", "ｆｕｌｌ", "🎉", "ab中"]
    text = plan_text(document(account(menu(*(click(name, f"KEY-{n}") for n, name in enumerate(names))), None)))
    assert len(columns(text, [f"click KEY-{n}" for n in range(len(names))])) == 1
    before = menu(*(click(name, f"KEY-{n}") for n, name in enumerate(names)))
    after = menu(*(click(name, f"NEW-{n}") for n, name in enumerate(names)))
    text = plan_text(document(account(after, before)))
    assert len(columns(text, [f"key: KEY-{n}" for n in range(len(names))])) == 1


NAMES = st.text(max_size=6)
BUTTONS = st.builds(click, NAMES, NAMES) | st.builds(view, NAMES, NAMES)
MENUS = st.lists(
    BUTTONS | st.builds(lambda name, below: {"name": name, "sub_button": below}, NAMES, st.lists(BUTTONS, min_size=1, max_size=3)),
    min_size=1, max_size=3,
).map(lambda buttons: {"button": buttons})  # fmt: skip


@searched(40)
@given(MENUS, MENUS)
def test_no_text_of_an_account_gets_through_to_the_terminal(before: Any, after: Any) -> None:
    text = plan_text(document(account(after, before), account("absent", before), account(after, None)))
    assert harmless(text)
    text.encode()
