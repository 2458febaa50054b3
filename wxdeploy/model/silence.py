"""The comments that silence a rule."""

from __future__ import annotations

from typing import NamedTuple

from wxdeploy.model.source import Span


class Silence(NamedTuple):
    """A comment ``# wxdeploy: ignore[WX203] reason``: the rule is silent on ``line`` of the comment's file.

    ``line`` is the comment's own line, or the next one with content where the comment stands alone.
    """

    code: str
    reason: str
    line: int
    span: Span
