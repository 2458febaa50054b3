"""Where in the files a value was written."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from wxdeploy.model.jsonvalue import Path


class Span(NamedTuple):
    """A place in a file: lines and columns count from 1, columns in characters."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class SourceMap(NamedTuple):
    """The places of the values of one document, and of the keys that name them."""

    values: Mapping[Path, Span] = MappingProxyType({})
    keys: Mapping[Path, Span] = MappingProxyType({})

    def find(self, path: Path) -> Span | None:
        """The place of the value at ``path``, or of the nearest value around it."""
        for end in range(len(path), -1, -1):
            if span := self.values.get(path[:end]):
                return span
        return None

    def find_key(self, path: Path) -> Span | None:
        """The place of the key that names the value at ``path``; the value's own where it has none."""
        return self.keys.get(path) or self.find(path)

    def below(self, prefix: Path) -> SourceMap:
        """The part of this map under ``prefix``, with paths counted from there."""
        size = len(prefix)
        return SourceMap(
            MappingProxyType({path[size:]: span for path, span in self.values.items() if path[:size] == prefix}),
            MappingProxyType({path[size:]: span for path, span in self.keys.items() if path[:size] == prefix}),
        )
