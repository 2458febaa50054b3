"""The semantic difference of two menus: which button was moved, changed, added or removed.

Which button became which is found in ``assignment``; here that correspondence is told as edits. Removing or adding a
parent is one edit that holds the children which go or come with it; a child that lives on elsewhere is a move of its
own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wxdeploy.model.jsonvalue import JsonValue, format_path
from wxdeploy.model.operation import Edit, Op
from wxdeploy.model.source import SourceMap
from wxdeploy.planning.assignment import ROOT, Button, Correspondence, Tree, correspond, read_tree

FIELD_ORDER = ("name", "type", "key", "url", "media_id", "appid", "pagepath", "article_id", "value")
"""The order in which the changed fields of one button are told; others follow in alphabetical order."""


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


def edits(before: JsonValue, after: JsonValue, sources: SourceMap | None = None) -> tuple[Edit, ...]:
    """The edits that turn the buttons of ``before`` into those of ``after``, as few as sensible, in reading order.

    Only the ``button`` lists are looked at; other keys of the documents are the concern of ``diff``. No edits where
    either document has no canonical button list (one that is None has none).
    """
    if before == after:
        return ()
    old, new = tree_of(before), tree_of(after)
    if old is None or new is None:
        return ()
    return tuple(_Telling(old, new, sources).tell())


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


class _Telling:
    """One pass over two trees whose correspondence is known."""

    def __init__(self, before: Tree, after: Tree, sources: SourceMap | None) -> None:
        self.before = before
        self.after = after
        self.sources = sources
        self.match: Correspondence = correspond(before, after)
        self.survivors = frozenset(self.match.origin.values())

    def tell(self) -> Iterator[Edit]:
        """The edits in reading order of the after tree, a removal where the button stood."""
        return self._list(
            tuple(button.number for button in self.before if button.parent == ROOT),
            tuple(button.number for button in self.after if button.parent == ROOT),
        )

    def _list(self, old: tuple[int, ...], new: tuple[int, ...]) -> Iterator[Edit]:
        gone = [number for number in old if number not in self.survivors]
        told = 0
        for number in new:
            if number in self.match.staying:
                origin = self.match.origin[number]
                while told < len(gone) and gone[told] < origin:
                    yield self._removal(self.before[gone[told]])
                    told += 1
            yield from self._button(self.after[number])
        for number in gone[told:]:
            yield self._removal(self.before[number])

    def _button(self, button: Button) -> Iterator[Edit]:
        span = self.sources.find(button.path) if self.sources else None
        origin = self.match.origin.get(button.number)
        if origin is None:
            coming = [child for child in button.children if child not in self.match.origin]
            whole = _whole(button, [self.after[child] for child in coming])
            yield Edit(op=Op.ADD, path=button.path, after=whole, span=span)
            for number in button.children:
                if number in self.match.origin:
                    yield from self._button(self.after[number])
            return
        old = self.before[origin]
        if button.number not in self.match.staying:
            yield Edit(
                op=Op.MOVE,
                path=button.path,
                before=format_path(old.path),
                after=format_path(button.path),
                span=span,
            )
        for field in changed_fields(old.fields, button.fields):
            was, now = old.fields.get(field), button.fields.get(field)
            yield Edit(op=Op.CHANGE, path=button.path, field=field, before=was, after=now, span=span)
        yield from self._list(old.children, button.children)

    def _removal(self, button: Button) -> Edit:
        going = [self.before[child] for child in button.children if child not in self.survivors]
        return Edit(op=Op.REMOVE, path=button.path, before=_whole(button, going))


def changed_fields(before: Mapping[str, JsonValue], after: Mapping[str, JsonValue]) -> list[str]:
    """The names of the fields that differ, in the order in which a button is written."""
    names = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
    order = {name: index for index, name in enumerate(FIELD_ORDER)}
    return sorted(names, key=lambda name: (order.get(name, len(order)), name))


def _whole(button: Button, children: Sequence[Button]) -> JsonValue:
    whole = dict(button.fields)
    if children:
        whole["sub_button"] = [dict(child.fields) for child in children]
    return whole
