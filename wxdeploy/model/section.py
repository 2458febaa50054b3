"""One section of a resource file, and the comments that silence a rule."""

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


class Silence(NamedTuple):
    """A comment ``# wxdeploy: ignore[WX203] reason``: the rule is silent on ``line`` of the comment's file.

    ``line`` is the comment's own line, or the next one with content where the comment stands alone.
    """

    code: str
    reason: str
    line: int
    span: Span
