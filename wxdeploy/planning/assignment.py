"""Which button of the menu before became which of the menu after; for now, those of one name at one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wxdeploy.model.jsonvalue import JsonValue, Path

ROOT = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One button: its number in reading order, its own fields, and where it stands."""

    number: int
    fields: Mapping[str, JsonValue]
    path: Path
    parent: int
    place: int
    children: tuple[int, ...]


Tree = tuple[Button, ...]


def read_tree(buttons: Sequence[Mapping[str, Any]]) -> Tree:
    """The buttons of a list in reading order, each parent before its children."""
    found: list[Button] = []
    for place, entry in enumerate(buttons):
        number, path = len(found), ("button", place)
        below = entry.get("sub_button", [])
        children = tuple(range(number + 1, number + 1 + len(below)))
        fields = {key: value for key, value in entry.items() if key != "sub_button"}
        found.append(Button(number=number, fields=fields, path=path, parent=ROOT, place=place, children=children))
        for index, child in enumerate(below):
            spot = (*path, "sub_button", index)
            found.append(
                Button(number=children[index], fields=child, path=spot, parent=number, place=index, children=())
            )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Which button became which: ``origin`` of an after number, and the after numbers that keep their place."""

    origin: Mapping[int, int]
    staying: frozenset[int]


def correspond(before: Tree, after: Tree) -> Correspondence:
    """The buttons that have the same name at the same place."""
    places = {button.path: button for button in before}
    origin: dict[int, int] = {}
    for button in after:
        other = places.get(button.path)
        same = other and other.fields.get("name") == button.fields.get("name")
        if other and same and (button.parent == ROOT or origin.get(button.parent) == other.parent):
            origin[button.number] = other.number
    return Correspondence(origin, frozenset(origin))
