"""Three ways: what the configuration asked for once, what it asks for now, and what is live tell who changed what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from wxdeploy.kinds.base import Kind
from wxdeploy.model.errors import ConfigurationError, UsageError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.operation import Change, Origin
from wxdeploy.model.plan import AccountPlan
from wxdeploy.model.resource import DesiredState
from wxdeploy.workflow.load import load
from wxdeploy.workflow.plan import Run
from wxdeploy.workflow.replies import told
from wxdeploy.workflow.revision import project_at, resolve
from wxdeploy.workflow.stale import labelled_as


class Base(NamedTuple):
    """What each account was asked for at a git commit; None for an account whose files were wrong then.

    An account that is not among them was not in the project.
    """

    revision: str
    desired: Mapping[str, DesiredState | None]

    def told(self, run: Run) -> AccountPlan:
        """The run's plan, each of its changes with its origin."""
        plan = run.plan
        if plan.account not in self.desired:
            return plan._replace(changes=tuple(each._replace(origin=Origin.CONFIGURATION) for each in plan.changes))
        then = self.desired[plan.account]
        if then is None or run.desired is None:
            return plan
        kinds = {kind.name: kind for kind in run.kinds}
        changes = (
            each._replace(origin=_origin(each, kinds[each.address.kind], then, run.desired)) for each in plan.changes
        )
        return plan._replace(changes=tuple(changes), warnings=(*plan.warnings, *told(then, run.desired)))

    @property
    def broken(self) -> tuple[str, ...]:
        """The accounts of which nothing can be told."""
        return tuple(name for name, state in self.desired.items() if state is None)


def load_base(root: Path, revision: str, environ: Mapping[str, str]) -> Base:
    """The project of a git revision; raises ``UsageError`` for one that there is not.

    A variable of the environment has the value that it has now: git does not know another.
    """
    from wxdeploy.config.files import PROJECT_FILE

    commit = resolve(root, revision)
    with project_at(root, commit) as folder:
        if not (folder / PROJECT_FILE).is_file():
            return Base(commit, {})
        try:
            found = load(folder, environ)
        except ConfigurationError:
            raise UsageError(
                f"the {PROJECT_FILE} of {revision} names no accounts that could be compared with",
                fix="choose a revision at which the configuration was valid",
            ) from None
        return Base(commit, {each.account.name: each.desired for each in found.accounts})


def _origin(change: Change, kind: Kind[Any], then: DesiredState, now: DesiredState) -> Origin:
    if kind.name not in then.resources:
        return Origin.CONFIGURATION
    if change.before == change.after:
        # Nothing but its place among the others: that is the list's, not the object's.
        return Origin.ACCOUNT if list(_documents(kind, then)) == list(_documents(kind, now)) else Origin.CONFIGURATION
    was = {name: labelled_as(document, change) for name, document in _documents(kind, then)}
    # Under its name, or else (a renamed object) wherever the same content is.
    old = was.get(change.address.name, change.before if change.before in was.values() else None)
    if old == change.after:
        return Origin.ACCOUNT
    return Origin.CONFIGURATION if old == change.before else Origin.BOTH


def _documents(kind: Kind[Any], state: DesiredState) -> Iterator[tuple[str, JsonValue]]:
    for resource in state.resources.get(kind.name, ()):
        yield resource.address.name, kind.document(resource.spec)
