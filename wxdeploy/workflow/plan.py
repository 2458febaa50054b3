"""Fetch every account and say what would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wxdeploy.kinds import KINDS
from wxdeploy.kinds.base import Kind
from wxdeploy.model.diagnostic import Severity
from wxdeploy.model.errors import ConfigurationError, WxdeployError
from wxdeploy.model.plan import AccountPlan, Failure, Plan
from wxdeploy.model.resource import DesiredState, LiveState
from wxdeploy.workflow.load import Configuration, Configured
from wxdeploy.workflow.world import World, each, fetch_live, hosts_of, remote_of

if TYPE_CHECKING:
    from wxdeploy.client.account import AccountClient
    from wxdeploy.execution.hosts import Hosts


async def plan(configuration: Configuration, world: World) -> Plan:
    """Fetch every account and say what would change; nothing is written, and no account stops another."""
    async with hosts_of(configuration.project.root, world, read_only=True) as hosts:
        runs = await each(configuration.accounts, world, lambda item: planned(item, hosts, world))
    return Plan(tuple(run.plan for run in runs))


@dataclass(frozen=True, slots=True)
class Run:
    """One account in the middle of a run; where it could not be read, ``plan`` has the error that says why."""

    plan: AccountPlan
    desired: DesiredState | None = None
    client: AccountClient | None = None
    kinds: tuple[Kind[Any], ...] = ()
    live: LiveState | None = None


async def planned(configured: Configured, hosts: Hosts, world: World) -> Run:
    name = configured.account.name
    if configured.desired is None:
        errors = tuple(each for each in configured.findings if each.severity is Severity.ERROR)
        return Run(_failed(name, None, ConfigurationError(errors)))
    appid = None
    kinds = with_required(kind for kind in KINDS if kind.name in configured.desired.resources)
    try:
        remote = remote_of(configured.account, world.environ)
        appid = remote.appid
        client = await hosts.client(remote)
        live = await fetch_live(client, kinds)
    except WxdeployError as error:
        return Run(_failed(name, appid, error))
    planned = replan(configured.desired, live, kinds, appid)
    return Run(planned, configured.desired, client, kinds, live)


def replan(desired: DesiredState, live: LiveState, kinds: Sequence[Kind[Any]], appid: str | None) -> AccountPlan:
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


def _failed(account: str, appid: str | None, error: WxdeployError) -> AccountPlan:
    return AccountPlan(account=account, appid=appid, live_digest=None, desired_digest=None, error=Failure.of(error))
