"""Which objects of an account moved since a plan was made, and by what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from wxdeploy.kinds.base import Kind
from wxdeploy.kinds.fingerprint import object_digests
from wxdeploy.model.address import Address
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.operation import Action, Change
from wxdeploy.model.plan import AccountPlan
from wxdeploy.model.resource import LiveState


def moved(plan: AccountPlan, live: LiveState, kinds: Sequence[Kind[Any]]) -> tuple[Change, ...]:
    """Each object that is not as it was, as a change from what the plan knows of it to what is live.

    Of an object that the plan does not change it knows no more than the digest. What is as the plan leaves it is told
    only where nothing else is.
    """
    known = {str(change.address): change for change in plan.changes}
    found = [
        (change, known.get(str(change.address)))
        for change in (*_different(plan, live, kinds, known), *_order(plan, live))
    ]
    foreign = [change for change, planned in found if planned is None or change.after != planned.after]
    return tuple(foreign or (change for change, _ in found))


def _different(
    plan: AccountPlan, live: LiveState, kinds: Sequence[Kind[Any]], known: Mapping[str, Change]
) -> Iterator[Change]:
    from wxdeploy.planning.diff import edits_of

    now = object_digests(kinds, live.readings)
    documents = {
        str(each.address): kind.document(each.spec) for kind in kinds for each in live.readings[kind.name].objects
    }
    for name in dict.fromkeys((*plan.objects, *now)):
        if plan.objects.get(name) == now.get(name):
            continue
        planned = known.get(name)
        before = planned.before if planned and name in plan.objects else None
        kind, _, rest = name.partition(".")
        address, after = Address(kind, rest), documents.get(name)
        if planned:
            after = labelled_as(after, planned)
        if name not in now:
            yield Change(address=address, action=Action.DELETE, reason="it is gone", before=before, after=None)
        elif name not in plan.objects:
            yield Change(address=address, action=Action.CREATE, reason="it is new", before=None, after=after)
        else:
            reason = "it changed" if before != after else "it was made anew, or elsewhere, with the same content"
            edits = edits_of(before, after)
            yield Change(address=address, action=Action.UPDATE, reason=reason, before=before, after=after, edits=edits)


def _order(plan: AccountPlan, live: LiveState) -> Iterator[Change]:
    """The kinds whose objects are the same and stand in another order, by the first that has another place."""
    for kind, reading in live.readings.items():
        then = [name for name in plan.objects if name.partition(".")[0] == kind]
        now = [str(each.address) for each in reading.objects]
        if then != now and sorted(then) == sorted(now):
            first = next(new for old, new in zip(then, now, strict=True) if old != new)
            address = Address(kind, first.partition(".")[2])
            yield Change(
                address=address, action=Action.UPDATE, reason="its place in the order changed", before=None, after=None
            )


def labelled_as(document: JsonValue, change: Change) -> JsonValue:
    """A document of an object with the label that a change tells it by, where the account stores none."""
    told = change.before if change.before is not None else change.after
    if isinstance(document, Mapping) and isinstance(told, Mapping) and "name" in told and "name" not in document:
        return {"name": told["name"], **document}
    return document


def named(changes: Iterable[Change]) -> str:
    """The objects in one line."""
    return ", ".join(dict.fromkeys(str(change.address) for change in changes))
