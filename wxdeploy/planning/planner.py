"""Desired and live state in, a plan out: pure, deterministic, the same for every kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from wxdeploy.kinds.base import Kind
from wxdeploy.kinds.fingerprint import desired_fingerprint, live_digests, live_fingerprint
from wxdeploy.kinds.reconciliation import Reconciliation, Setting, Step
from wxdeploy.model.operation import Change, Operation
from wxdeploy.model.plan import AccountPlan, Audience, Unmanaged
from wxdeploy.model.resource import DesiredState, LiveState, Reading
from wxdeploy.model.source import SourceMap
from wxdeploy.planning.safety import guard


class _Move(NamedTuple):
    """A step of a kind, and the index of its change among all changes."""

    kind: Kind[Any]
    step: Step[Any]
    change: int


def plan_account(
    desired: DesiredState, live: LiveState, kinds: Sequence[Kind[Any]], *, appid: str | None
) -> AccountPlan:
    """What has to be done to bring ``live`` to ``desired``.

    ``kinds`` are those that were read, in order; a kind whose section is absent is looked at and left alone.
    """
    setting = Setting(desired=desired.resources, live=live.readings, prune=desired.prune, source=desired.source)
    changes: list[Change] = []
    unmanaged: list[Unmanaged] = []
    audiences: list[Audience] = []
    warnings = [warning for kind in kinds for warning in live.readings[kind.name].warnings]
    moves: list[_Move] = []
    for kind in kinds:
        if kind.name not in desired.resources:
            continue
        wanted = kind.reconcile(setting)
        moves.extend(_Move(kind, step, len(changes) + step.change) for step in wanted.steps)
        if wanted.changes:
            changes.extend(_finished(wanted, desired))
        unmanaged.extend(wanted.unmanaged)
        audiences.extend(wanted.audiences)
        warnings.extend(wanted.warnings)
    if changes:
        from wxdeploy.planning.keys import live_and_desired, lost_keys

        warnings.extend(lost_keys(*live_and_desired(desired, live), changes, desired.replies, desired.account))
    live_digest, objects = live_digests(kinds, live.readings)
    return AccountPlan(
        account=desired.account,
        appid=appid,
        live_digest=live_digest,
        desired_digest=desired_fingerprint(kinds, desired.resources),
        kinds=tuple(kind.name for kind in kinds),
        objects=objects,
        changes=tuple(changes),
        operations=_operations(_in_order(moves), kinds, live.readings, live_digest),
        unmanaged=tuple(unmanaged),
        audiences=tuple(audiences),
        warnings=tuple(warnings),
    )


def _finished(wanted: Reconciliation[Any], desired: DesiredState) -> Iterable[Change]:
    from wxdeploy.planning.diff import edits_of

    sources = {each.address: each.sources for group in desired.resources.values() for each in group}
    for change in wanted.changes:
        edits = edits_of(change.before, change.after, sources.get(change.address, SourceMap()))
        yield guard(change._replace(edits=edits, span=desired.place_of(change.address)), desired.protect)


def _in_order(moves: Sequence[_Move]) -> list[_Move]:
    """Kind by kind, what a kind requires first; steps that are to be last in the reverse order behind all others."""
    first = [move for move in moves if not move.step.last]
    behind: dict[str, list[_Move]] = {}
    for move in moves:
        if move.step.last:
            behind.setdefault(move.kind.name, []).append(move)
    return first + [move for name in reversed(behind) for move in behind[name]]


def _operations(
    moves: Iterable[_Move], kinds: Sequence[Kind[Any]], readings: Mapping[str, Reading[Any]], before: str
) -> tuple[Operation, ...]:
    """Each step with the fingerprint of the account before it, which is ``before`` at first, and after it."""
    state = dict(readings)
    operations = []
    for move in moves:
        state[move.kind.name] = Reading(objects=move.step.live)
        state.update({name: Reading(objects=each) for name, each in move.step.others.items() if name in state})
        after = live_fingerprint(kinds, state)
        operations.append(
            Operation(
                call=move.step.call, change=move.change, live_before=before, live_after=after, note=move.step.note
            )
        )
        before = after
    return tuple(operations)
