"""Where the values of a document stand, as a tree beside the data.

A tree costs one small tuple a value and is shared where an alias or a default repeats a value; paths and ``Span``s are
made when somebody asks for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from wxdeploy.model.jsonvalue import Path
from wxdeploy.model.source import SourceMap, Span

Below: TypeAlias = "str | list[Place] | dict[str, Entry] | None"
Entry: TypeAlias = tuple[int, int, Below, int, int]
"""The place of a mapping's value, and the line and column of its key: one tuple for both."""

Place: TypeAlias = tuple[int, int, Below] | Entry
"""Line, column, and what is below: of a list its places, of a mapping the entry of each key.

Of a scalar that is no text (a number, true, null) it is the text it was written as; of a text it is None.
"""


class Places(Mapping[Path, Span]):
    """The places of all values below one, by path."""

    __slots__ = ("file", "root")

    def __init__(self, file: str, root: Place) -> None:
        self.file = file
        self.root = root

    def __getitem__(self, path: Path) -> Span:
        place = descend(self.root, path)
        if place is None:
            raise KeyError(path)
        return Span(self.file, place[0], place[1])

    def __iter__(self) -> Iterator[Path]:
        for path, _ in _walk(self.root):
            yield path

    def __len__(self) -> int:
        return sum(1 for _ in _walk(self.root))


class KeyPlaces(Mapping[Path, Span]):
    """The places of all keys below a value, by the path of the value that each names."""

    __slots__ = ("file", "root")

    def __init__(self, file: str, root: Place) -> None:
        self.file = file
        self.root = root

    def __getitem__(self, path: Path) -> Span:
        around = descend(self.root, path[:-1]) if path else None
        key = path[-1] if path else 0
        if around is None or not isinstance(around[2], dict) or not isinstance(key, str) or key not in around[2]:
            raise KeyError(path)
        *_, line, column = around[2][key]
        return Span(self.file, line, column)

    def __iter__(self) -> Iterator[Path]:
        for path, place in _walk(self.root):
            if isinstance(place[2], dict):
                for key in place[2]:
                    yield (*path, key)

    def __len__(self) -> int:
        return sum(len(place[2]) for _, place in _walk(self.root) if isinstance(place[2], dict))


class _Over(Mapping[Path, Span]):
    """Places of one file, and where it has none those of another: an account's own entry over the defaults."""

    __slots__ = ("_own", "_rest")

    def __init__(self, own: Mapping[Path, Span], rest: Mapping[Path, Span]) -> None:
        self._own = own
        self._rest = rest

    def __getitem__(self, path: Path) -> Span:
        found = self._own.get(path)
        return self._rest[path] if found is None else found

    def __iter__(self) -> Iterator[Path]:
        yield from self._own
        yield from (path for path in self._rest if path not in self._own)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def over(own: SourceMap, rest: SourceMap) -> SourceMap:
    """The places of two documents whose values were merged, the first of them over the second."""
    return SourceMap(_Over(own.values, rest.values), _Over(own.keys, rest.keys))


def source_map(file: str, root: Place) -> SourceMap:
    """The tree as the map that the rest of the program knows."""
    return SourceMap(Places(file, root), KeyPlaces(file, root))


def below(sources: SourceMap, path: Path) -> SourceMap:
    """As ``sources.below(path)``, without a walk over the whole document where the map is one of ours."""
    if isinstance(sources.values, Places):
        place = descend(sources.values.root, path)
        if place is not None:
            return source_map(sources.values.file, place)
    return sources.below(path)


def literal(sources: SourceMap, path: Path) -> str | None:
    """What a number, true, false or null was written as; None for all else."""
    if not isinstance(sources.values, Places):
        return None
    place = descend(sources.values.root, path)
    return place[2] if place is not None and isinstance(place[2], str) else None


def descend(place: Place | None, path: Path) -> Place | None:
    """The place at ``path``, or None where there is no such value."""
    for step in path:
        if place is None:
            return None
        children = place[2]
        if isinstance(children, dict) and isinstance(step, str):
            place = children.get(step)
        elif isinstance(children, list) and isinstance(step, int) and 0 <= step < len(children):
            place = children[step]
        else:
            return None
    return place


def _walk(root: Place) -> Iterator[tuple[Path, Place]]:
    pending: list[tuple[Path, Place]] = [((), root)]
    while pending:
        path, place = pending.pop()
        yield path, place
        children = place[2]
        if isinstance(children, dict):
            pending.extend(((*path, key), entry) for key, entry in reversed(children.items()))
        elif isinstance(children, list):
            pending.extend(((*path, index), child) for index, child in reversed([*enumerate(children)]))
