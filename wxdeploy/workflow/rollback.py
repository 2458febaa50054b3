"""A live account brought back to a snapshot of it, by an ordinary plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wxdeploy.kinds import KINDS
from wxdeploy.kinds.base import Kind
from wxdeploy.model.address import Address
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.errors import RefusedError, UsageError, WxdeployError
from wxdeploy.model.plan import AccountPlan, Plan
from wxdeploy.model.report import ApplyReport
from wxdeploy.model.resource import DesiredState, LiveObject, LiveState, Reading, Resource
from wxdeploy.workflow.load import Configuration, Configured, aims_of, narrowed
from wxdeploy.workflow.plan import Run, failed, planned_whole, replan, with_required
from wxdeploy.workflow.rollout import Rollout
from wxdeploy.workflow.state import Locks, snapshots_of
from wxdeploy.workflow.world import World, fetch_live, remote_of

if TYPE_CHECKING:
    from wxdeploy.client.account import AccountClient
    from wxdeploy.execution.hosts import Hosts
    from wxdeploy.execution.snapshot import Snapshot


_COMMAND = "rollback"


async def rollback(
    configuration: Configuration,
    world: World,
    *,
    snapshot: Snapshot | None,
    confirm: Callable[[Plan], bool],
    tell: Callable[[str], None],
    asks: bool,
    allow: frozenset[str] = frozenset(),
    targets: Sequence[str] = (),
    rollout: Rollout | None = None,
) -> ApplyReport | None:
    """Bring accounts back to a snapshot: the account of the one that is given, or each to the newest that differs.

    ``tell`` is given the words for the one that is chosen.

    Takes back the kinds that the snapshot was read for, of these those in ``targets``; what was made since and is not
    owned as a whole is left alone, unless ``prune`` says otherwise. The files ask for nothing here.
    """
    from wxdeploy.workflow.apply import EVERY, push

    root = configuration.project.root
    locks, aims = Locks(root, world), aims_of(targets)
    return await push(
        _accounts(configuration, snapshot),
        root,
        world,
        prepare=lambda item, hosts: _planned(item, snapshot, _Scene(hosts, root, world, locks, aims, tell)),
        confirm=confirm,
        asks=asks,
        allow=allow,
        rollout=rollout or EVERY,
    )


@dataclass(frozen=True, slots=True)
class _Scene:
    """What all accounts have in common."""

    hosts: Hosts
    root: Path
    world: World
    locks: Locks
    aims: Mapping[str, frozenset[str]]
    tell: Callable[[str], None]


def _accounts(configuration: Configuration, snapshot: Snapshot | None) -> Sequence[Configured]:
    if snapshot is None:
        return configuration.accounts
    found = [each for each in configuration.accounts if each.account.name == snapshot.account]
    if not found:
        raise UsageError(
            f"the snapshot is of the account {snapshot.account}, which is not among those chosen",
            fix="name that account with --account, or another snapshot",
        )
    return found


async def _planned(configured: Configured, snapshot: Snapshot | None, scene: _Scene) -> Run:
    from wxdeploy.execution.lock import last_holder
    from wxdeploy.workflow.pull import check_entry
    from wxdeploy.workflow.recovery import settled

    name = configured.account.name
    appid = None
    try:
        check_entry(configured)
        remote = remote_of(configured.account, scene.world.environ)
        appid = remote.appid
        if snapshot is not None:
            _check_account(snapshot, name, appid)
            taken, kinds = snapshot, _covered(snapshot, scene.aims)
            client = await scene.hosts.client(remote)
        else:
            client = await scene.hosts.client(remote)
            path, taken = await _chosen(configured, client, appid, scene)
            scene.tell(f"{name}: back to {path.name}, taken {_time(taken.taken)} by wxdeploy {taken.command}")
            kinds = _covered(taken, scene.aims)
        lock = scene.locks.of(remote, client)
        seen, since = last_holder(lock), scene.world.now()
        live = await fetch_live(client, kinds, scene.world)
        then = _interpreted(taken, kinds)
        desired = _desired(configured, then, live, kinds, scene.aims)
        plan, read, live = await planned_whole(client, desired, live, kinds, appid)
    except UsageError:
        raise
    except WxdeployError as error:
        return Run(failed(name, appid, error), refused=isinstance(error, RefusedError))
    lost = (*_lost(plan, then, desired, kinds), *_unread(taken, live))
    plan = plan._replace(warnings=(*plan.warnings, *lost))
    run = Run(plan, desired, client, read, live, lock=lock, lock_seen=seen, since=since, command=_COMMAND)
    return settled(run, scene.root, scene.world)


def _found(account: str, root: Path) -> tuple[list[tuple[Path, Snapshot]], Snapshot | None]:
    """The snapshots to choose from, the latest at the front, and what the account was when it was being brought back.

    Run again, a rollback goes on to where it was going: until the next apply, the choice is made as it was then, among
    those that there were.
    """
    from wxdeploy.execution.snapshot import of_account, read

    kept = of_account(snapshots_of(root), account)
    since = next((index for index, (_, command) in enumerate(kept) if command == "apply"), len(kept))
    back = [index for index, (_, command) in enumerate(kept[:since]) if command == _COMMAND]
    older = kept[back[-1] :] if back else kept
    found = [(path, read(path)) for path, command in older if command != _COMMAND]
    if not found:
        raise RefusedError(
            f"there is no snapshot of {account} in {snapshots_of(root)}",
            fix="name one that was kept elsewhere; the next apply keeps one, and so does: wxdeploy snapshot",
        )
    return found, read(kept[back[-1]][0]) if back else None


async def _chosen(configured: Configured, client: AccountClient, appid: str, scene: _Scene) -> tuple[Path, Snapshot]:
    """The newest snapshot that there is something to bring back of; where there is none, the newest of use."""
    found, before = _found(configured.account.name, scene.root)
    usable: list[tuple[Path, Snapshot]] = []
    error: UsageError | None = None
    states: dict[tuple[str, ...], LiveState] = {}
    for path, taken in found:
        _check_account(taken, configured.account.name, appid)
        try:
            kinds = _covered(taken, scene.aims)
        except UsageError as unaimed:
            error = error or unaimed
            continue
        usable.append((path, taken))
        names = tuple(kind.name for kind in kinds)
        if names not in states:
            live = await fetch_live(client, kinds, scene.world)
            # Whatever the earlier rollback did not read, it left alone.
            then = _interpreted(before, [kind for kind in kinds if kind.name in before.kinds]) if before else live
            states[names] = LiveState({**live.readings, **then.readings}, live.answers)
        desired = _desired(configured, _interpreted(taken, kinds), states[names], kinds, scene.aims)
        if replan(desired, states[names], kinds, appid).changes:
            return path, taken
    if not usable and error:
        raise error
    return usable[0]


def _time(taken: str) -> str:
    try:
        return f"{datetime.strptime(taken, '%Y%m%dT%H%M%S.%fZ'):%Y-%m-%d %H:%M:%S} UTC"  # noqa: DTZ007 - only its words
    except ValueError:
        return taken


def _check_account(taken: Snapshot, name: str, appid: str) -> None:
    if taken.appid != appid:
        raise RefusedError(
            f"the snapshot is of {taken.appid}, and {name} is {appid}", fix="choose a snapshot of this account"
        )


def _covered(snapshot: Snapshot, aims: Mapping[str, frozenset[str]]) -> tuple[Kind[Any], ...]:
    """The kinds that the snapshot was read for, as far as they are aimed at, and what they look at."""
    held = {kind.name for kind in KINDS if kind.name in snapshot.kinds and snapshot.answers.keys() >= set(kind.reads)}
    if missing := sorted(aims.keys() - held):
        raise UsageError(
            f"the snapshot does not hold: {', '.join(missing)}", fix=f"it holds: {', '.join(sorted(held)) or 'nothing'}"
        )
    return with_required(kind for kind in KINDS if kind.name in (aims or held))


def _interpreted(snapshot: Snapshot, kinds: Sequence[Kind[Any]]) -> LiveState:
    from wxdeploy.execution.fetch import interpret

    try:
        return interpret(snapshot.answers, kinds)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise RefusedError(
            "the snapshot holds answers that can't be read",
            fix="choose another: the answers are as the account gave them",
        ) from None


def _desired(
    configured: Configured,
    then: LiveState,
    live: LiveState,
    kinds: Sequence[Kind[Any]],
    aims: Mapping[str, frozenset[str]],
) -> DesiredState:
    """What the account held, as if the files asked for it."""
    from wxdeploy.config.resolve import desired

    resources = {}
    for kind in kinds:
        objects: tuple[LiveObject[Any], ...] = then.readings[kind.name].objects
        now = live.readings[kind.name].objects
        section = kind.restored(objects, now) if kind.restored else kind.section_of(objects)
        resources[kind.name] = tuple(Resource(Address(kind.name, each.name), each.spec) for each in kind.parse(section))
    # Of the files only `prune` and `protect` count: what is undeclared is deleted where they say so, and never else.
    asked = desired(configured.account, {}, KINDS)._replace(resources=resources, source="the snapshot")
    for kind_name, names in aims.items():
        unknown = names - {each.address.name for each in resources.get(kind_name, ())}
        if unknown:
            raise UsageError(
                f"the snapshot holds no {kind_name}.{min(unknown)}", fix=f"aim at all: --target {kind_name}"
            )
    return (narrowed(asked, aims) if aims else None) or asked


def _lost(plan: AccountPlan, then: LiveState, desired: DesiredState, kinds: Sequence[Kind[Any]]) -> list[Diagnostic]:
    """What the snapshot holds and no call can bring back."""
    from wxdeploy.planning.safety import not_restorable

    found = []
    for change in plan.changes:
        for hazard in change.hazards:
            if hazard.permit is None and change.after is not None:
                others = " ".join(f"--target {kind.name}" for kind in kinds if kind.name != change.address.kind)
                fix = f"make it again by hand; roll the rest back with {others}" if others else "make it again by hand"
                found.append(not_restorable.found(f"{change.address}: {hazard.message}", fix, address=change.address))
    for kind in kinds:
        asked = [kind.document(each.spec) for each in desired.resources.get(kind.name, ())]
        held = then.readings[kind.name].objects if kind.ordered and kind.name in desired.resources else ()
        found.extend(_dead(item.address) for item in held if kind.document(item.spec) not in asked)
    return found


def _unread(taken: Snapshot, live: LiveState) -> Iterator[Diagnostic]:
    """What the answers tell of and is live no more, of the kinds that the snapshot was not read for."""
    from wxdeploy.planning.safety import not_restorable

    for kind in KINDS:
        if kind.name in taken.kinds or not set(kind.reads) <= taken.answers.keys() & live.answers.keys():
            continue
        # Without the answers that the kind looks at besides, both sides are told apart alike.
        known: dict[str, Reading[Any]] = {name: Reading(objects=()) for name in kind.requires}
        try:
            then = kind.read(taken.answers, known).objects
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
        now = [kind.document(each.spec) for each in kind.read(live.answers, known).objects]
        for each in then:
            if kind.document(each.spec) not in now:
                yield not_restorable.found(
                    f"{each.address}: it was live then and is no more, and the snapshot was not taken to restore it",
                    "go back to a snapshot that wxdeploy snapshot took, or make it again by hand",
                    address=each.address,
                )


def _dead(address: Address) -> Diagnostic:
    from wxdeploy.planning.safety import not_restorable

    return not_restorable.found(
        f"{address}: its rule asks for what WeChat removed, and the API takes it no more",
        "nothing has to be done: it matched nobody",
        address=address,
    )
