"""One section of a resource file."""

from __future__ import annotations

from typing import NamedTuple

from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.source import SourceMap, Span


class Section(NamedTuple):
    """The value of one top-level key (``menu``, ``tags`` …), after variables; paths are counted from the section.

    ``place`` is where its key stands.
    """

    name: str
    value: JsonValue
    sources: SourceMap
    place: Span | None = None
