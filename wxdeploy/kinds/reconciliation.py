"""What a kind plans with, and what it answers: changes, and the calls that bring them about."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.operation import ApiCall, Change
from wxdeploy.model.plan import Audience, Unmanaged
from wxdeploy.model.resource import LiveObject, Reading, Resource

S = TypeVar("S")


class Setting(NamedTuple):
    """What a kind may look at while it plans: the desired and the live state of every kind, and who asks for it."""

    desired: Mapping[str, tuple[Resource[Any], ...]]
    live: Mapping[str, Reading[Any]]
    prune: frozenset[str] = frozenset()
    source: str = "the configuration"


class Step(NamedTuple, Generic[S]):
    """One call, the index of the change it serves among this kind's, and this kind's objects once it is done.

    ``last`` puts it behind the steps of every kind that requires this one: nothing is deleted while it is in use.
    ``others`` holds the objects of other kinds as the call leaves them, where it touches those too (``menu/delete``).
    """

    call: ApiCall
    change: int
    live: tuple[LiveObject[S], ...]
    note: str = ""
    last: bool = False
    others: Mapping[str, tuple[LiveObject[Any], ...]] = MappingProxyType({})


class Reconciliation(NamedTuple, Generic[S]):
    """What a kind wants done: changes (their edits are found by ``planning``), the steps, and what is left alone.

    ``audiences`` are the followers for whom something changes, ``warnings`` what a reviewer should know besides; one of
    severity error says of an object that it is not as declared and that no call can settle it.
    """

    changes: tuple[Change, ...] = ()
    steps: tuple[Step[S], ...] = ()
    unmanaged: tuple[Unmanaged, ...] = ()
    audiences: tuple[Audience, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
