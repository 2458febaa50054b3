"""This configuration against that of a git revision, which plays the part of the live accounts; offline.

What a revision asked for need not be live: a difference is one of the files, and has no calls. Objects are the same by
their names, since both sides come from files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wxdeploy.kinds import KINDS
from wxdeploy.kinds.base import Kind
from wxdeploy.kinds.fingerprint import desired_fingerprint
from wxdeploy.model.address import Address
from wxdeploy.model.diagnostic import Severity
from wxdeploy.model.errors import ConfigurationError, WxdeployError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.operation import Action, Change, Edit
from wxdeploy.model.plan import AccountPlan, Plan, Unmanaged
from wxdeploy.model.resource import DesiredState, Resource
from wxdeploy.model.source import SourceMap
from wxdeploy.workflow.base import Base
from wxdeploy.workflow.load import Configuration, Configured, aims_of, narrowed
from wxdeploy.workflow.plan import failed
from wxdeploy.workflow.replies import change_of
from wxdeploy.workflow.viewers import audiences

_NOT_ANY_MORE = "declared at {then} and not managed any more: wxdeploy leaves the live one as it is"
_GONE_ACCOUNT = "the account is not in the project any more: wxdeploy leaves it as it is"


def compare(
    configuration: Configuration, base: Base, then: str, *, targets: Sequence[str] = (), whole: bool = True
) -> Plan:
    """What the files ask for that they did not ask for at the revision of ``base``, which is called ``then``.

    ``whole`` says that no account was chosen, so that those which are gone belong to it.
    """
    aims = aims_of(targets)
    plans = [_account(each, base, then, aims) for each in configuration.accounts]
    names = configuration.project.accounts
    gone = [name for name in base.desired if name not in names] if whole else []
    left = (_gone(name, narrowed_if(base.desired[name], aims)) for name in gone)
    return Plan((*plans, *left), targets=tuple(targets))


def narrowed_if(state: DesiredState | None, aims: Mapping[str, frozenset[str]]) -> DesiredState | None:
    """The state with nothing managed but what is aimed at; all of it without aims."""
    return narrowed(state, aims) if aims else state


def _account(configured: Configured, base: Base, then: str, aims: Mapping[str, frozenset[str]]) -> AccountPlan:
    account, now = configured.account, configured.desired
    appid = account.appid if account.appid and "${" not in account.appid else None
    if now is None:
        errors = tuple(each for each in configured.findings if each.severity is Severity.ERROR)
        return failed(account.name, appid, ConfigurationError(errors))
    was = base.desired.get(account.name, DesiredState(account=account.name, resources={}))
    if was is None:
        error = WxdeployError(
            f"the configuration was invalid at {then}, so there is nothing to compare with",
            fix="name a revision at which it was valid: wxdeploy diff REV",
        )
        return failed(account.name, appid, error)
    old = narrowed_if(was, aims)
    assert old is not None  # noqa: S101 - for the type checker
    return _compared(old, now, then, appid)


def _compared(was: DesiredState, now: DesiredState, then: str, appid: str | None) -> AccountPlan:
    from wxdeploy.planning.keys import declared, lost_keys
    from wxdeploy.planning.safety import guard

    kinds = [kind for kind in KINDS if kind.name in was.resources or kind.name in now.resources]
    sides = [_Sides(kind, was, now, then) for kind in kinds]
    sources = {each.address: each.sources for group in now.resources.values() for each in group}
    found = (*(change for side in sides for change in side.changes()), *change_of(was, now, then))
    changes = [
        guard(change._replace(edits=_edits(change, sources), span=now.place_of(change.address)), now.protect)
        for change in found
    ]
    menus = declared(was), {**declared(was), **declared(now)}
    lost = lost_keys(*menus, changes, now.replies, now.account)
    return AccountPlan(
        account=now.account,
        appid=appid,
        live_digest=desired_fingerprint(kinds, was.resources),
        desired_digest=desired_fingerprint(kinds, now.resources),
        kinds=tuple(kind.name for kind in kinds),
        changes=tuple(changes),
        unmanaged=tuple(each for side in sides for each in side.unmanaged()),
        audiences=audiences(was, now),
        warnings=lost,
    )


def _edits(change: Change, sources: Mapping[Address, SourceMap]) -> tuple[Edit, ...]:
    from wxdeploy.planning.diff import edits_of

    return edits_of(change.before, change.after, sources.get(change.address))


@dataclass(frozen=True, slots=True)
class _Sides:
    """The objects of one kind on both sides."""

    kind: Kind[Any]
    was: DesiredState
    now: DesiredState
    then: str

    @property
    def old(self) -> dict[str, Resource[Any]]:
        return {each.address.name: each for each in self.was.resources.get(self.kind.name, ())}

    @property
    def new(self) -> dict[str, Resource[Any]]:
        return {each.address.name: each for each in self.now.resources.get(self.kind.name, ())}

    @property
    def owned(self) -> bool:
        """Whether what is not declared any more is deleted: always of a kind that is owned as a whole."""
        whole = self.kind.ordered or self.kind.name == "menu"
        return self.kind.name in self.now.resources and (whole or self.kind.name in self.now.prune)

    def renamed(self) -> dict[str, str]:
        """New name -> old name: by ``was``, or (of a menu, whose name is a label of the files) by the same content."""
        old, new = self.old, self.new
        free = [name for name in old if name not in new]
        found: dict[str, str] = {}
        for name, resource in new.items():
            if name in old:
                continue
            former = getattr(resource.spec, "was", ())
            document = self.kind.document(resource.spec)
            same = [each for each in free if each in former]
            if self.kind.ordered:
                same = [each for each in free if self.kind.document(old[each].spec) == document]
            if same:
                found[name] = same[0]
                free.remove(same[0])
        return found

    def changes(self) -> Iterator[Change]:
        if self.kind.name not in self.now.resources:
            return
        old, new, renamed = self.old, self.new, self.renamed()
        moved = _moved([renamed.get(name, name) for name in new], list(old)) if self.kind.ordered else set()
        for index, name in enumerate(new):
            former = renamed.get(name, name)
            before = self._document(former, old.get(former))
            after = self._document(name, new[name])
            if name in renamed:
                yield self._change(name, Action.RENAME, self._renaming(former), before, after)
            elif before is None:
                yield self._change(name, Action.CREATE, self._arrival(), None, after)
            elif before != after:
                yield self._change(name, Action.UPDATE, f"it is not as at {self.then}", before, after)
            elif former in moved:
                reason = f"it has another place in the order, number {index + 1} of {len(new)}"
                yield self._change(name, Action.UPDATE, reason, before, after)
        if self.owned:
            yield from self._deletions(renamed)

    def _deletions(self, renamed: Mapping[str, str]) -> Iterator[Change]:
        for name, resource in self.old.items():
            if name not in self.new and name not in renamed.values():
                reason = "the configuration asks for none" if not self.new else "it is not declared any more"
                change = self._change(name, Action.DELETE, reason, self._document(name, resource), None)
                yield change._replace(harmless=self.kind.ordered and bool(self.new))

    def unmanaged(self) -> Iterator[Unmanaged]:
        if self.owned:
            return
        taken = {*self.new, *self.renamed().values()}
        for name in self.old:
            if name not in taken:
                yield Unmanaged(self.kind.name, name, _NOT_ANY_MORE.format(then=self.then))

    def _change(self, name: str, action: Action, reason: str, before: JsonValue, after: JsonValue) -> Change:
        return Change(address=Address(self.kind.name, name), action=action, reason=reason, before=before, after=after)

    def _document(self, name: str, resource: Resource[Any] | None) -> JsonValue:
        if resource is None:
            return None
        document = self.kind.document(resource.spec)
        labelled = self.kind.ordered and isinstance(document, Mapping)
        return {"name": name, **document} if labelled and isinstance(document, Mapping) else document

    def _renaming(self, former: str) -> str:
        if self.kind.ordered:
            return f"it was called {former}; the name is a label of the files, and nothing else changes"
        return f"it was called {former}; it keeps its followers"

    def _arrival(self) -> str:
        if not self.was.resources:
            return f"the account was not configured at {self.then}"
        if self.kind.name not in self.was.resources:
            return f"not managed at {self.then}: what is live now is not known here"
        return f"it was not declared at {self.then}"


def _moved(now: Sequence[str], then: Sequence[str]) -> set[str]:
    """The names that both have and that left their place: as few as explain the order."""
    common = [name for name in now if name in then]
    place = [then.index(name) for name in common]
    best: list[list[int]] = [[]]
    for end, value in enumerate(place):
        before = (chain for chain in best if not chain or place[chain[-1]] < value)
        best.append([*_longest(before), end])
    kept = set(_longest(best))
    return {name for index, name in enumerate(common) if index not in kept}


def _longest(chains: Iterable[list[int]]) -> list[int]:
    return max(chains, key=len)


def _gone(name: str, state: DesiredState | None) -> AccountPlan:
    declared = [each.address for group in state.resources.values() for each in group] if state else []
    return AccountPlan(
        account=name,
        appid=None,
        live_digest=None,
        desired_digest=None,
        unmanaged=tuple(Unmanaged(each.kind, each.name, _GONE_ACCOUNT) for each in declared),
    )
