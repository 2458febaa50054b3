"""Rules about the fields of mappings, held to one field at a time."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import TypeAlias

from wxdeploy.kinds.base import Account, Each, Rule, Things, Violation, rule_of_each
from wxdeploy.kinds.template.spec import SECTION
from wxdeploy.kinds.template.walk import Part, fields
from wxdeploy.model.diagnostic import Severity

Look: TypeAlias = Callable[[Part, Part], Iterator[Violation]]
"""A check of one field, which is given the mapping and the field, and looks at nothing of the mapping but its name."""


def field_rule(code: str, *, severity: Severity = Severity.ERROR, since: str = "0.1.0") -> Callable[[Look], Rule]:
    """Make a ``Rule`` of a check that looks at one field, held to every field of every mapping."""

    def make(look: Look) -> Rule:
        each = Each(things=_FIELDS, look=lambda found: look(*found))
        return rule_of_each(code, each, look, section=SECTION, severity=severity, since=since)

    return make


def _walk(account: Account) -> Iterator[tuple[None, tuple[Part, Part]]]:
    return ((None, found) for found in fields(account))


def _likeness(found: tuple[Part, Part]) -> Hashable:
    mapping, field = found
    texts = field.body
    return (mapping.name, field.name, *texts.items()) if {*map(type, texts.values())} == {str} else None


_FIELDS = Things(walk=_walk, place=lambda violation, _: violation, likeness=_likeness)
