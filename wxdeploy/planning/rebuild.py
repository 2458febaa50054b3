"""The document after, made of the document before and the edits between them: the proof that edits tell everything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wxdeploy.model.jsonvalue import JsonValue, Path, parse_path
from wxdeploy.model.operation import Edit, Op


def plain(value: JsonValue) -> Any:
    """``value`` as dictionaries and lists that may be altered and that compare by content."""
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(part) for part in value]
    return value


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
            for index, child in enumerate(button.get("sub_button", ())):
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
            rest = button.get("sub_button", []) if origin is None else self._staying((*origin, "sub_button"))
            below = self._merge(("button", index, "sub_button"), rest)
            button.pop("sub_button", None)
            if below:
                button["sub_button"] = below
        return first

    def _staying(self, at: Path) -> list[dict[str, Any]]:
        return [button for path, button in self.old.items() if path[:-1] == at and path not in self.taken]

    def _merge(self, at: Path, staying: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        placed = self.placed.get(at, {})
        rest = iter(staying)
        return [placed[index] if index in placed else next(rest) for index in range(len(placed) + len(staying))]
