"""Fetch every account and say what would change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from wxdeploy.kinds import KINDS
from wxdeploy.kinds.base import Kind
from wxdeploy.model.diagnostic import Severity
from wxdeploy.model.errors import ConfigurationError, WxdeployError
from wxdeploy.model.plan import AccountPlan, Failure, Plan
from wxdeploy.model.resource import DesiredState, LiveState
from wxdeploy.workflow.load import Configuration, Configured
from wxdeploy.workflow.state import Locks
from wxdeploy.workflow.world import World, each, fetch_live, hosts_of, remote_of

if TYPE_CHECKING:
    from wxdeploy.client.account import AccountClient
    from wxdeploy.execution.hosts import Hosts
    from wxdeploy.workflow.base import Base


async def plan(configuration: Configuration, world: World, base: Base | None = None) -> Plan:
    """Fetch every account and say what would change; nothing is written, and no account stops another.

    With a ``base``, each change says whether the configuration changed since or the account did.
    """
    root = configuration.project.root
    locks = Locks(root, world)
    async with hosts_of(root, world, read_only=True) as hosts:

        async def told(item: Configured) -> AccountPlan:
            # No more is kept of an account than its plan: the answers of thousands would fill the memory.
            run = await planned(item, hosts, root, world, locks)
            return run.plan if base is None else base.told(run)

        plans = await each(configuration.accounts, world, told)
    return Plan(plans, base.revision if base else None, configuration.shard, configuration.targets)


class Run(NamedTuple):
    """One account in the middle of a run; where it could not be read, ``plan`` has the error that says why.

    One ``saved`` is done exactly as it says or not at all, whatever the configuration asks for by now; ``refused`` says
    that the error is a refusal. ``lock`` is the file of the account's lock, ``lock_seen`` what it said before the
    account was read, ``since`` when that was, ``command`` the one that pushes. One that is not ``begun`` was not read,
    because of what became of others.
    """

    plan: AccountPlan
    desired: DesiredState | None = None
    client: AccountClient | None = None
    kinds: tuple[Kind[Any], ...] = ()
    live: LiveState | None = None
    saved: bool = False
    refused: bool = False
    lock: Path | None = None
    lock_seen: str | None = None
    since: datetime | None = None
    command: str = "apply"
    begun: bool = True

    @property
    def account(self) -> str:
        """The account's name."""
        return self.plan.account

    @property
    def failed(self) -> bool:
        """Whether it could not be read."""
        return self.plan.failed


async def planned(configured: Configured, hosts: Hosts, root: Path, world: World, locks: Locks) -> Run:
    """Read one account and say what would change; whatever goes wrong is in the plan."""
    from wxdeploy.execution.lock import last_holder
    from wxdeploy.workflow.recovery import settled

    name = configured.account.name
    if configured.desired is None:
        errors = tuple(each for each in configured.findings if each.severity is Severity.ERROR)
        return Run(failed(name, None, ConfigurationError(errors)))
    appid = None
    kinds = with_required(kind for kind in KINDS if kind.name in configured.desired.resources)
    try:
        remote = remote_of(configured.account, world.environ)
        appid = remote.appid
        client = await hosts.client(remote)
        lock = locks.of(remote, client)
        seen, since = last_holder(lock), world.now()
        live = await fetch_live(client, kinds, world)
        found, kinds, live = await planned_whole(client, configured.desired, live, kinds, appid)
    except WxdeployError as error:
        return Run(failed(name, appid, error))
    found = found._replace(warnings=(*configured.findings, *found.warnings))
    run = Run(found, configured.desired, client, kinds, live, lock=lock, lock_seen=seen, since=since)
    return settled(run, root, world)


async def planned_whole(
    client: AccountClient, desired: DesiredState, live: LiveState, kinds: tuple[Kind[Any], ...], appid: str | None
) -> tuple[AccountPlan, tuple[Kind[Any], ...], LiveState]:
    """What would change in an account that was read, the kinds that have to be read for that, and what they say.

    These are ``kinds`` and those that a change takes along: what is affected is read, told apart and kept.
    """
    from wxdeploy.execution.fetch import fetch

    plan = replan(desired, live, kinds, appid)
    along = {address.kind for change in plan.changes for address in change.takes_along}
    if along <= {kind.name for kind in kinds}:
        return plan, kinds, live
    kinds = with_required(kind for kind in KINDS if kind in kinds or kind.name in along)
    live = await fetch(client.call, kinds)
    return replan(desired, live, kinds, appid), kinds, live


def replan(desired: DesiredState, live: LiveState, kinds: Sequence[Kind[Any]], appid: str | None) -> AccountPlan:
    """What would change in an account that was read."""
    from wxdeploy.planning.planner import plan_account

    return plan_account(desired, live, kinds, appid=appid)


def with_required(kinds: Any) -> tuple[Kind[Any], ...]:
    """``kinds`` and those that they look at, in the order of ``KINDS``."""
    wanted: set[str] = set()
    waiting = [kind.name for kind in kinds]
    by_name = {kind.name: kind for kind in KINDS}
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting.extend(by_name[name].requires)
    return tuple(kind for kind in KINDS if kind.name in wanted)


def failed(account: str, appid: str | None, error: WxdeployError) -> AccountPlan:
    """The plan of an account that could not be planned."""
    return AccountPlan(account=account, appid=appid, live_digest=None, desired_digest=None, error=Failure.of(error))
