"""Which live template a mapping stands for, and what the account's own placeholders are.

A template has no name in the account but its id, which differs from account to account. So a mapping finds its template
by the pinned id, else by the title and the labels of its fields; placeholders decide only between several that fit,
because the digits in them (``thing2``) may differ between accounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum, StrEnum
from typing import NamedTuple

from wxdeploy.kinds.template.spec import Field, Template
from wxdeploy.kinds.template.wire import id_of
from wxdeploy.model.jsonvalue import Path
from wxdeploy.model.resource import LiveObject, Resource
from wxdeploy.wechat.errcodes import Code
from wxdeploy.wechat.template_fields import type_of


class State(StrEnum):
    """How a mapping stands to the account."""

    FITTING = "fitting"
    OTHER_FIELDS = "other-fields"
    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    GONE = "gone"


class Fit(IntEnum):
    """How well a live template fits a mapping; the lowest fits best."""

    EXACT = 0
    ORDER = 1
    PLACEHOLDERS = 2
    TYPES = 3
    TITLE = 4


class Match(NamedTuple):
    """A mapping and what the account has of it.

    ``live`` is its template (state FITTING or OTHER_FIELDS); ``candidates`` are the templates that it may stand for
    (AMBIGUOUS), or that have its title although the pinned id is gone (GONE): nothing else may claim or delete them.
    """

    resource: Resource[Template]
    state: State
    live: LiveObject[Template] | None = None
    candidates: tuple[LiveObject[Template], ...] = ()

    @property
    def wanted(self) -> Template:
        """The mapping itself."""
        return self.resource.spec


class Difference(NamedTuple):
    """One field that differs: its path in the mapping, what differs, and what that means for senders."""

    path: Path
    detail: str


def matches(resources: Sequence[Resource[Template]], objects: Sequence[LiveObject[Template]]) -> tuple[Match, ...]:
    """What each mapping stands for, in the order of ``resources``; the order of either does not decide."""
    pinned = {each.spec.template_id for each in resources if each.spec.template_id}
    free = [live for live in objects if id_of(live) not in pinned]
    fitting = {each.address: _fitting(each.spec, free) for each in resources if not each.spec.template_id}
    taken = {id_of(live) for found in fitting.values() for live in found}
    rest = [live for live in free if id_of(live) not in taken]
    return tuple(
        _pinned(each, objects, rest)
        if each.spec.template_id
        else _named(each, fitting[each.address], [live for live in rest if live.spec.title == each.spec.title])
        for each in resources
    )


def left_over(found: Sequence[Match], objects: Sequence[LiveObject[Template]]) -> tuple[LiveObject[Template], ...]:
    """The live templates that no mapping stands for, nor may stand for."""
    claimed = {id_of(each.live) for each in found if each.live}
    claimed |= {id_of(live) for each in found for live in each.candidates}
    return tuple(live for live in objects if id_of(live) not in claimed)


def fit(wanted: Template, live: Template) -> Fit | None:
    """How well a live template fits a mapping; None under another title."""
    if wanted.title != live.title:
        return None
    if not _fields_fit(wanted, live):
        return Fit.TITLE
    here, there = _pairs(wanted), _pairs(live)
    if here == there:
        return Fit.EXACT
    if sorted(here) == sorted(there):
        return Fit.ORDER
    return Fit.PLACEHOLDERS if _typed(wanted) == _typed(live) else Fit.TYPES


def bound(wanted: Template, live: Template) -> tuple[Field, ...]:
    """The fields of a mapping under this account's own placeholders.

    A field that the live template lacks, and one that is no longer shown, is left out.
    """
    names = {(each.label, each.placeholder) for each in live.fields}
    by_label: dict[str, str] = {}
    for each in live.shown:
        by_label.setdefault(each.label, each.placeholder)
    return tuple(
        Field(
            each.placeholder if (each.label, each.placeholder) in names else by_label[each.label],
            each.label,
            each.source,
            each.sample,
        )
        for each in wanted.shown
        if each.label in by_label
    )


def differences(wanted: Template, live: Template) -> tuple[Difference, ...]:
    """Field by field what a mapping and its live template disagree on, with the consequence for senders.

    There are none if and only if the labels are the same, each as often.
    """
    theirs, mine = list(live.shown), []
    for each in wanted.shown:
        same = next((other for other in theirs if other.label == each.label), None)
        if same is None:
            mine.append(each)
        else:
            theirs.remove(same)
    told = []
    for each in mine:
        other = next((other for other in theirs if other.placeholder == each.placeholder), None)
        if other is not None:
            theirs.remove(other)
        told.append(_not_live(each, other))
    return (*told, *(_not_mapped(each) for each in theirs))


def renamed(wanted: Template, live: Template) -> tuple[Difference, ...]:
    """The fields that go by another placeholder in this account."""
    theirs = {each.label: each.placeholder for each in bound(wanted, live)}
    return tuple(
        Difference(
            ("data", each.placeholder),
            f"{each.label} is {theirs[each.label]} in the account, {each.placeholder} in the mapping",
        )
        for each in wanted.shown
        if theirs.get(each.label, each.placeholder) != each.placeholder
    )


def _pinned(
    resource: Resource[Template], objects: Sequence[LiveObject[Template]], rest: Sequence[LiveObject[Template]]
) -> Match:
    live = next((each for each in objects if id_of(each) == resource.spec.template_id), None)
    if live is None:
        heirs = tuple(each for each in rest if each.spec.title == resource.spec.title)
        return Match(resource=resource, state=State.GONE, candidates=heirs)
    state = State.FITTING if _fields_fit(resource.spec, live.spec) else State.OTHER_FIELDS
    return Match(resource=resource, state=state, live=live)


def _named(
    resource: Resource[Template], fitting: Sequence[LiveObject[Template]], titled: Sequence[LiveObject[Template]]
) -> Match:
    several = fitting or titled
    if not several:
        return Match(resource=resource, state=State.MISSING)
    if len(several) > 1:
        return Match(resource=resource, state=State.AMBIGUOUS, candidates=tuple(several))
    return Match(resource=resource, state=State.FITTING if fitting else State.OTHER_FIELDS, live=several[0])


def _fitting(wanted: Template, free: Sequence[LiveObject[Template]]) -> list[LiveObject[Template]]:
    """The templates with the same labels, of those only the ones that fit best."""
    ranked = [(fit(wanted, live.spec), live) for live in free]
    fitting = [(rank, live) for rank, live in ranked if rank is not None and rank is not Fit.TITLE]
    best = min((rank for rank, _ in fitting), default=None)
    return [live for rank, live in fitting if rank is best]


def _fields_fit(wanted: Template, live: Template) -> bool:
    return sorted(each.label for each in wanted.shown) == sorted(each.label for each in live.shown)


def _pairs(template: Template) -> list[tuple[str, str]]:
    return [(each.label, each.placeholder) for each in template.shown]


def _typed(template: Template) -> list[tuple[str, str]]:
    return sorted((each.label, type_of(each.placeholder) or "") for each in template.shown)


def _not_live(field: Field, other: Field | None) -> Difference:
    path = ("data", field.placeholder)
    if other is not None:
        why = f'{field.placeholder} is "{other.label}" in the account and "{field.label}" in the mapping'
        return Difference(path, f"{why}: a value sent for the one would be shown as the other")
    why = f'the live template has no field "{field.label}" ({field.placeholder})'
    return Difference(path, f"{why}: what is sent for it would not be shown")


def _not_mapped(field: Field) -> Difference:
    why = f'the live template has a field "{field.label}" ({field.placeholder}) that the mapping lacks'
    answer = f"WeChat would answer {Code.INVALID_TEMPLATE_ARGUMENT:d}"
    return Difference(("data",), f"{why}: senders would leave it empty, and {answer}")
