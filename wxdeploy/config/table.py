"""CSV to cells with their places (RFC 4180): a bare cell loses the blanks around it, a quoted one keeps all.

The csv module of Python tells the line of a record and not the column of a cell, which is what a finding has to name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BARE = re.compile(r"[^,\r\n]*")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"[ \t]*')
_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and where it begins: line and column from 1, columns in characters."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the quotes of a table go wrong, after which nothing of it can be told, and how."""

    why: str
    line: int
    column: int


def rows(text: str) -> Iterator[list[Cell] | Broken]:
    """The lines of a table that hold anything, cell by cell; a ``Broken`` is the last."""
    at, line, begin = 0, 1, 0
    row: list[Cell] = []
    while True:
        bare = _BARE.match(text, at)
        written = bare[0] if bare else ""
        start = at + len(written) - len(written.lstrip(" \t"))
        place = (line, start - begin + 1)
        if text.startswith('"', start):
            quoted = _QUOTED.match(text, start)
            if quoted is None:
                yield Broken("a quote opens here and is never closed", *place)
                return
            at = quoted.end()
            if at < len(text) and text[at] not in ",\r\n":
                yield Broken("after the closing quote of this cell stands something else than a comma", *place)
                return
            row.append(Cell(quoted[1].replace('""', '"'), *place))
            for found in _BREAK.finditer(text, start, at):
                line, begin = line + 1, found.end()
        elif '"' in written:
            yield Broken("a quote stands in the middle of this cell", *place)
            return
        else:
            at += len(written)
            row.append(Cell(written.strip(" \t"), *place))
        if text.startswith(",", at):
            at += 1
            continue
        if any(cell.text for cell in row):
            yield row
        row = []
        found_break = _BREAK.match(text, at)
        if found_break is None:
            return
        at = begin = found_break.end()
        line += 1
