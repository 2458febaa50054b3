"""Menus told as edits, and documents made of edits again: the proof that edits tell everything.

Which button became which is found in ``assignment``; here that correspondence is told. Removing or adding a parent is
one edit that holds the children which go or come with it; a child that lives on elsewhere is a move of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from wxdeploy.model.jsonvalue import JsonValue, Path, format_path, parse_path
from wxdeploy.model.operation import Edit, Op
from wxdeploy.model.source import SourceMap
from wxdeploy.planning.assignment import Correspondence, correspond
from wxdeploy.planning.buttons import ROOT, Button, Tree, changed_fields, tree_of


def plain(value: JsonValue) -> Any:
    """``value`` as dictionaries and lists that may be altered and that compare by content."""
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(part) for part in value]
    return value


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


def rebuild(before: JsonValue, edits: Iterable[Edit]) -> Any:
    """What ``before`` becomes by ``edits``, whatever their order."""
    document = plain(before)
    told = tuple(edits)
    in_tree = [edit for edit in told if is_button(edit.path)]
    if in_tree:
        document["button"] = _rebuild_buttons(document["button"], in_tree)
    for edit in told:
        if not is_button(edit.path):
            document = _set(document, edit)
    return document


def is_button(path: Path) -> bool:
    """Whether a path leads to a button of a button tree."""
    return len(path) > 1 and path[0] == "button" and isinstance(path[1], int)


def _set(document: Any, edit: Edit) -> Any:
    if edit.field is None:
        return plain(edit.after)
    target = document
    for step in edit.path:
        target = target[step]
    if edit.after is None:
        target.pop(edit.field, None)
    else:
        target[edit.field] = plain(edit.after)
    return document


def _rebuild_buttons(buttons: list[dict[str, Any]], edits: Sequence[Edit]) -> list[dict[str, Any]]:
    pool = _Pool(buttons)
    for edit in edits:
        if edit.op is Op.MOVE:
            pool.place(edit.path, pool.take(parse_path(str(edit.before))))
        elif edit.op is Op.ADD:
            pool.place(edit.path, plain(edit.after))
        elif edit.op is Op.REMOVE:
            pool.take(edit.path)
    rebuilt = pool.fill()
    for edit in edits:
        if edit.op is Op.CHANGE:
            _set({"button": rebuilt}, edit)
    return rebuilt


class _Pool:
    """The buttons of a menu between the old order and the new.

    A button that is not moved keeps its order among the others that stay in its list, so the places which no edit
    names are filled with those in that order.
    """

    def __init__(self, buttons: list[dict[str, Any]]) -> None:
        self.old: dict[Path, dict[str, Any]] = {}
        self.taken: set[Path] = set()
        self.placed: dict[Path, dict[int, dict[str, Any]]] = {}
        self.paths: dict[int, Path] = {}
        for place, button in enumerate(buttons):
            path: Path = ("button", place)
            self._register(path, button)
            for index, child in enumerate(button.pop("sub_button", ())):
                self._register((*path, "sub_button", index), child)

    def _register(self, path: Path, button: dict[str, Any]) -> None:
        self.old[path] = button
        self.paths[id(button)] = path

    def take(self, path: Path) -> dict[str, Any]:
        """The button that stood at ``path``, which thereby no longer stays there."""
        self.taken.add(path)
        return self.old[path]

    def place(self, path: Path, button: dict[str, Any]) -> None:
        """``button`` stands at ``path`` afterwards."""
        self.placed.setdefault(path[:-1], {})[int(path[-1])] = button

    def fill(self) -> list[dict[str, Any]]:
        """The list of buttons afterwards."""
        first = self._merge(("button",), self._staying(("button",)))
        for index, button in enumerate(first):
            origin = self.paths.get(id(button))
            rest = button.pop("sub_button", []) if origin is None else self._staying((*origin, "sub_button"))
            if below := self._merge(("button", index, "sub_button"), rest):
                button["sub_button"] = below
        return first

    def _staying(self, at: Path) -> list[dict[str, Any]]:
        return [button for path, button in self.old.items() if path[:-1] == at and path not in self.taken]

    def _merge(self, at: Path, staying: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        placed = self.placed.get(at, {})
        rest = iter(staying)
        return [placed[index] if index in placed else next(rest) for index in range(len(placed) + len(staying))]


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


def _whole(button: Button, children: Sequence[Button]) -> JsonValue:
    whole = dict(button.fields)
    if children:
        whole["sub_button"] = [dict(child.fields) for child in children]
    return whole
