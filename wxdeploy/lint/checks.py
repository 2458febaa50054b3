"""Which rules have something to look at; the modules of the others are not imported."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from wxdeploy.kinds import KINDS
from wxdeploy.kinds.base import Rule


@cache
def checks(sections: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that look at one of these sections, in the order of their codes."""
    return tuple(sorted((rule for rule in _about(sections) if rule.check), key=lambda rule: rule.code))


def _about(sections: frozenset[str]) -> Iterator[Rule]:
    for kind in KINDS:
        if not sections.isdisjoint(kind.linted):
            yield from kind.rules
    if "replies" in sections:
        from wxdeploy.kinds.replies.rules import RULES as REPLIES

        yield from REPLIES
    if "expectations" in sections:
        from wxdeploy.lint.cross import RULES as CROSS

        yield from CROSS
