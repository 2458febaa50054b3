"""What a button is to a comparison of menus: where it stands, what it shares with others, and how two lists line up."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from wxdeploy.model.jsonvalue import JsonValue, Path

ROOT = -1
"""The parent of the first level."""

TARGETS = (("key",), ("url",), ("media_id",), ("article_id",), ("appid", "pagepath"), ("value",))
"""The fields that say where a button leads; those named together count together."""

FIELD_ORDER = ("name", "type", "key", "url", "media_id", "appid", "pagepath", "article_id", "value")
"""The order in which the changed fields of one button are told; others follow in alphabetical order."""

Pair: TypeAlias = tuple[int, int]


class Button(NamedTuple):
    """One button: its number in reading order, its own fields, and where it stands."""

    number: int
    fields: Mapping[str, JsonValue]
    path: Path
    parent: int
    place: int
    children: tuple[int, ...]


Tree: TypeAlias = tuple[Button, ...]


def read_tree(buttons: Sequence[Mapping[str, Any]]) -> Tree:
    """The buttons of a list in reading order, each parent before its children."""
    found: list[Button] = []
    for place, entry in enumerate(buttons):
        number, path = len(found), ("button", place)
        below = entry.get("sub_button", ())
        children = tuple(range(number + 1, number + 1 + len(below)))
        fields = {key: value for key, value in entry.items() if key != "sub_button"}
        found.append(Button(number=number, fields=fields, path=path, parent=ROOT, place=place, children=children))
        for index, child in enumerate(below):
            spot = (*path, "sub_button", index)
            found.append(
                Button(number=children[index], fields=child, path=spot, parent=number, place=index, children=())
            )
    return tuple(found)


def tree_of(document: JsonValue) -> Tree | None:
    """The button tree of a document, or None where it has none in canonical form.

    Canonical: ``button`` is a list of mappings without nulls, of two levels at most, and no ``sub_button`` is empty.
    A null has no edit of its own, because None says that a field is not there.
    """
    if not isinstance(document, Mapping):
        return None
    buttons = _listed(document.get("button"))
    if buttons is None:
        return None
    for button in buttons:
        if "sub_button" not in button:
            continue
        below = _listed(button["sub_button"])
        if not below or any("sub_button" in child for child in below):
            return None
    return read_tree(buttons)


def _listed(value: JsonValue) -> Sequence[Mapping[str, JsonValue]] | None:
    """``value`` where it is a list of mappings that hold no null, else None."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    entries: list[Mapping[str, JsonValue]] = []
    for entry in value:
        if not isinstance(entry, Mapping) or None in entry.values():
            return None
        entries.append(entry)
    return entries


def changed_fields(before: Mapping[str, JsonValue], after: Mapping[str, JsonValue]) -> list[str]:
    """The names of the fields that differ, in the order in which a button is written."""
    names = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
    order = {name: index for index, name in enumerate(FIELD_ORDER)}
    return sorted(names, key=lambda name: (order.get(name, len(order)), name))


def changes(before: Mapping[str, JsonValue], after: Mapping[str, JsonValue]) -> int:
    """In how many fields two buttons differ."""
    return sum(before.get(name) != after.get(name) for name in before.keys() | after.keys())


def alike(before: Mapping[str, JsonValue], after: Mapping[str, JsonValue]) -> bool:
    """Whether two buttons may correspond for their own sake: by name or by target."""
    if before.get("name") == after.get("name"):
        return True
    return any(
        group[0] in before and group[0] in after and all(before.get(name) == after.get(name) for name in group)
        for group in TARGETS
    )


def identity(fields: Mapping[str, JsonValue]) -> object:
    """What two buttons share if and only if they are equal."""
    try:
        return frozenset(fields.items())
    except TypeError:
        return json.dumps(fields, sort_keys=True)


Cells: TypeAlias = Sequence[Sequence[int | None]]


def align(cells: Cells, rows: Sequence[int], columns: Sequence[int], *, some: bool) -> tuple[int, list[Pair]] | None:
    """The cheapest pairing of rows with columns in which no two pairs cross, and its cost.

    ``cells`` is the cost of a pair (None: not allowed), ``rows`` and ``columns`` that of staying alone. With ``some``
    there has to be a pair; None where there can't be.
    """
    table = _table(cells, rows, columns)
    pairs = _trace(table, cells, rows, len(rows), len(columns))
    if pairs or not some:
        return table[-1][-1], pairs
    turned = [list(reversed(row)) for row in reversed(cells)]
    turned_rows = list(reversed(rows))
    back = _table(turned, turned_rows, list(reversed(columns)))
    forced = [
        (table[i][j] + cell + back[len(rows) - i - 1][len(columns) - j - 1], i, j)
        for i, row in enumerate(cells)
        for j, cell in enumerate(row)
        if cell is not None
    ]
    if not forced:
        return None
    cost, i, j = min(forced)
    after = _trace(back, turned, turned_rows, len(rows) - i - 1, len(columns) - j - 1)
    return cost, [
        *_trace(table, cells, rows, i, j),
        (i, j),
        *((len(rows) - 1 - a, len(columns) - 1 - b) for a, b in after),
    ]


def _table(cells: Cells, rows: Sequence[int], columns: Sequence[int]) -> list[list[int]]:
    above = [0]
    for gap in columns:
        above.append(above[-1] + gap)
    table = [above]
    for row, gap in zip(cells, rows, strict=True):
        left = above[0] + gap
        line = [left]
        for j, cell in enumerate(row):
            best = above[j + 1] + gap
            if left + columns[j] < best:
                best = left + columns[j]
            if cell is not None and above[j] + cell <= best:
                best = above[j] + cell
            left = best
            line.append(best)
        table.append(line)
        above = line
    return table


def _trace(table: list[list[int]], cells: Cells, rows: Sequence[int], i: int, j: int) -> list[Pair]:
    pairs: list[Pair] = []
    while i and j:
        cell = cells[i - 1][j - 1]
        if cell is not None and table[i][j] == table[i - 1][j - 1] + cell:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif table[i][j] == table[i - 1][j] + rows[i - 1]:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]
