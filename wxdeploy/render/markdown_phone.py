"""A menu's phone as a table in Markdown: the lists as they open upwards, the bar below, changed keys marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wxdeploy.model.phone import Key
from wxdeploy.render.escape import markdown_code as code
from wxdeploy.render.escape import markdown_prose as prose
from wxdeploy.render.phone import marks_of, phone_of
from wxdeploy.render.text import SYMBOLS

_LEGEND = {"add": "new", "remove": "goes", "move": "moved", "change": "changed"}
_COLUMNS = 3
Marks = Mapping[str, str]


def screens(change: Mapping[str, Any]) -> str:
    """The screens before and after a change, and what the marks on them mean; nothing where no button differs."""
    before, after = change["before"], change["after"]
    if before and after and before.get("button") == after.get("button"):
        return ""
    olds, news = marks_of(change["edits"], before, after) if before and after else ({}, {})
    used: set[str] = set()
    tables = [
        _screen(side, document, marks, used)
        for side, document, marks in (("Before", before, olds), ("After", after, news))
        if phone_of(document).columns
    ]
    legend = " · ".join(f"{prose(SYMBOLS[op])} {word}" for op, word in _LEGEND.items() if op in used)
    return "\n".join(tables) + (f"\n{legend}\n" if legend else "")


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, rule: str = "---") -> str:
    """A table; the cells are Markdown already, without a pipe in them. ``rule`` says how they are aligned."""
    lines = [head, [rule] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _screen(side: str, document: Any, marks: Marks, used: set[str]) -> str:
    keys = phone_of(document).columns
    height = max(len(key.keys) for key in keys)
    columns = [_column(key, height, marks, used) for key in keys]
    columns += [[""] * (height + 1)] * (_COLUMNS - len(columns))
    rows = [[column[row] for column in columns] for row in range(height + 1)]
    return table(["", side, ""] if len(columns) == _COLUMNS else [side, *[""] * (len(columns) - 1)], rows, rule=":---:")


def _column(key: Key, height: int, marks: Marks, used: set[str]) -> list[str]:
    """A key of the bar under its list, which ends right above it."""
    own = marks.get(key.path)
    whole = own if own in ("add", "remove") else None
    lists = [_marked(_shown(each), marks.get(each.path) or whole, used) for each in key.keys]
    bar = f"**{'≡ ' if key.keys else ''}{_shown(key)}**"
    return [*[""] * (height - len(lists)), *lists, _marked(bar, own, used)]


def _shown(key: Key) -> str:
    return code(key.shown) or "&nbsp;"


def _marked(text: str, op: str | None, used: set[str]) -> str:
    if op is None:
        return text
    used.add(op)
    return f"**{prose(SYMBOLS[op])}** {text}"
