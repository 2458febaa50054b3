"""Push what a plan says, and read the account again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wxdeploy.kinds.fingerprint import live_fingerprint, object_digests
from wxdeploy.model.errors import RefusedError, StaleError, WxdeployError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.operation import Deferred, Outcome
from wxdeploy.model.plan import AccountPlan, Failure, Plan, Status
from wxdeploy.model.progress import Stage
from wxdeploy.model.report import AccountReport, ApplyReport, Ending, Result
from wxdeploy.workflow.load import Configuration
from wxdeploy.workflow.plan import Run, failed, planned, replan
from wxdeploy.workflow.rollout import Rollout
from wxdeploy.workflow.state import Locks, journal_of, snapshots_of, stamp
from wxdeploy.workflow.world import World, each, fetch_live, hosts_of

if TYPE_CHECKING:
    from wxdeploy.execution.hosts import Hosts

_VERIFY_PAUSES = (0.5, 1.0, 2.0)  # seconds; the delay between a write and its showing in a read is not documented

_FRESH = timedelta(seconds=30)  # after which an account is read again before it is written to

_STOPPED = "the run was stopped"
_AGAIN = "run the same command again: it reads the accounts and does what is left"

EVERY = Rollout()
"""Every account is tried, whatever becomes of the others."""

Prepare = Callable[[Any, "Hosts"], Awaitable[Run]]
"""Reads the account of one item and says what is to be done to it."""


async def apply(
    configuration: Configuration,
    world: World,
    *,
    confirm: Callable[[Plan], bool],
    asks: bool,
    allow: frozenset[str] = frozenset(),
    rollout: Rollout = EVERY,
) -> ApplyReport | None:
    """Plan every account, push the changes and read again what they left; None where ``confirm`` said no.

    ``confirm`` is shown the plans of all accounts before the first write; where it ``asks`` somebody, time passes, and
    every account is read again before it is written to, as is one that was read a while ago. ``allow`` are the options
    that permit hazards: an account with one that is not permitted is refused, alone. ``rollout`` says whether an
    account that fails stops others. Where the world's ``stop`` is asked for, the calls under way come to their end and
    no more are made.
    """
    root = configuration.project.root
    locks = Locks(root, world)
    return await push(
        configuration.accounts,
        root,
        world,
        prepare=lambda item, hosts: planned(item, hosts, root, world, locks),
        confirm=confirm,
        asks=asks,
        allow=allow,
        rollout=rollout,
    )


async def push(
    items: Sequence[Any],
    root: Path,
    world: World,
    *,
    prepare: Prepare,
    confirm: Callable[[Plan], bool],
    asks: bool,
    allow: frozenset[str],
    rollout: Rollout,
) -> ApplyReport | None:
    """``apply`` for whatever a plan is made of; one of ``items``, by its ``name``, stands for one account."""
    rollout.check([item.name for item in items])
    async with hosts_of(root, world, read_only=False) as hosts:
        runs = await each(
            items, world, lambda item: prepare(item, hosts), halt=rollout.halt, left=lambda item, _: _unbegun(item.name)
        )
        if reason := rollout.halt([run for run in runs if run.begun]):
            return ApplyReport(tuple(_unwritten(run, reason) for run in runs))
        if not confirm(Plan(tuple(run.plan for run in runs))):
            return None
        return ApplyReport(await _written(runs, root, world, allow=allow, again=asks, rollout=rollout))


async def _written(
    runs: Sequence[Run], root: Path, world: World, *, allow: frozenset[str], again: bool, rollout: Rollout
) -> tuple[AccountReport, ...]:
    """Those that could not be read are through already; then the canary alone, then all others side by side."""
    groups = (
        [run for run in runs if run.failed],
        [run for run in runs if not run.failed and run.account == rollout.canary],
        [run for run in runs if not run.failed and run.account != rollout.canary],
    )
    done: tuple[AccountReport, ...] = ()
    for group in groups:
        # While a canary was applied to and verified, time passed.
        stale = again or any(report.account == rollout.canary for report in done)
        done += await each(
            group,
            world,
            lambda run, stale=stale: applied(run, root, world, allow=allow, again=stale),  # type: ignore[misc]
            Stage.WRITE,
            before=done,
            total=len(runs),
            halt=lambda through: _STOPPED if world.stop.asked else rollout.halt(through),
            left=_unwritten,
        )
    by_account = {report.account: report for report in done}
    return tuple(by_account[run.account] for run in runs)


def _unbegun(account: str) -> Run:
    """An account that is not read either, because too many others could not be."""
    return Run(failed(account, None, WxdeployError("not read", fix=_AGAIN)), begun=False)


def _unwritten(run: Run, reason: str) -> AccountReport:
    """The report of an account that nothing was sent to because of what became of others."""
    if run.failed and run.begun:
        return _unread(run)
    failure = Failure(message=f"not begun: {reason}", fix=_AGAIN)
    return AccountReport(plan=run.plan, ending=Ending.NOT_TRIED, failure=failure)


def _stopped(what: str) -> Failure:
    return Failure(message=f"{what}: {_STOPPED}", fix=_AGAIN)


def _unread(run: Run) -> AccountReport:
    ending = Ending.REFUSED if run.refused else Ending.FAILED
    return AccountReport(plan=run.plan, ending=ending, failure=run.plan.error)


async def applied(run: Run, root: Path, world: World, *, allow: frozenset[str], again: bool) -> AccountReport:
    """Do what one account's plan says; whatever happens is in the report."""
    from wxdeploy.execution.lock import hold

    account = run.plan.account
    if run.client is None or run.live is None or run.lock is None:
        return _unread(run)
    try:
        if report := _without_writing(run, allow):
            return report
        with hold(run.lock, now=stamp(world), account=account, project=root) as seen:
            old = run.since is not None and world.now() - run.since > _FRESH
            if again or old or seen != (run.lock_seen or ""):
                # Time has passed, or somebody else was at work since the account was read.
                run = run._replace(live=await fetch_live(run.client, run.kinds, world))
            return await _execute(run, root, world)
    except StaleError as error:
        return _stale(run, error)
    except RefusedError as error:
        return AccountReport(plan=run.plan, ending=Ending.REFUSED, failure=Failure.of(error))
    except WxdeployError as error:
        return AccountReport(plan=run.plan, ending=Ending.FAILED, failure=Failure.of(error))


def _without_writing(run: Run, allow: frozenset[str]) -> AccountReport | None:
    """The report where there is nothing to do, or nothing that may or can be done."""
    if run.saved and _start(run) == len(run.plan.operations) and not run.plan.blockers:
        results = tuple(Result(operation=each, outcome=Outcome.SKIPPED) for each in run.plan.operations)
        return AccountReport(plan=run.plan, ending=Ending.UNCHANGED, results=results, converged=True)
    barred = [hazard for hazard in run.plan.hazards if hazard.permit not in allow]
    if barred:
        failure = Failure(message="; ".join(each.message for each in barred), fix=barred[0].fix)
        return AccountReport(plan=run.plan, ending=Ending.REFUSED, failure=failure)
    if run.plan.status is Status.UNCHANGED:
        return AccountReport(plan=run.plan, ending=Ending.UNCHANGED, converged=True)
    if not run.plan.changes:
        return AccountReport(plan=run.plan, ending=Ending.FAILED, failure=_unsettled(run.plan))
    return None


def _start(run: Run) -> int:
    """The first operation that is still to be done; raises ``StaleError``."""
    from wxdeploy.execution.apply import resume_at

    assert run.live is not None  # noqa: S101 - applied saw to it
    start = resume_at(run.plan, live_fingerprint(run.kinds, run.live.readings))
    if start == 0 and object_digests(run.kinds, run.live.readings) != run.plan.objects:
        # Everything reads the same, and something was made anew: the ids in the calls would be those of what is gone.
        raise StaleError("the account changed since the plan was made", fix="look at what changed with: wxdeploy plan")
    return start


def _stale(run: Run, error: StaleError) -> AccountReport:
    from wxdeploy.workflow.stale import moved, named

    assert run.live is not None  # noqa: S101 - applied saw to it
    changes = moved(run.plan, run.live, run.kinds)
    failure = Failure(message=f"{error.message}: {named(changes)}" if changes else error.message, fix=error.fix)
    return AccountReport(plan=run.plan, ending=Ending.REFUSED, failure=failure, moved=changes)


async def _execute(run: Run, root: Path, world: World) -> AccountReport:
    from wxdeploy.execution.apply import Execution
    from wxdeploy.execution.snapshot import Snapshot, save

    client, live = run.client, run.live
    assert client is not None and live is not None  # noqa: S101, PT018 - applied saw to it

    latest = live

    async def reread() -> str:
        nonlocal latest
        latest = await fetch_live(client, run.kinds, world)
        return live_fingerprint(run.kinds, latest.readings)

    def find(deferred: Deferred) -> JsonValue:
        # What was read last knows the ids of what a call made whose answer was lost.
        objects = latest.readings[deferred.address.kind].objects if deferred.address.kind in latest.readings else ()
        return next((each.remote.get(deferred.attribute) for each in objects if each.address == deferred.address), None)

    _start(run)
    fingerprint, names = live_fingerprint(run.kinds, live.readings), tuple(kind.name for kind in run.kinds)
    snapshot = save(
        snapshots_of(root),
        Snapshot(
            account=run.plan.account,
            appid=run.plan.appid,
            taken=stamp(world),
            command=run.command,
            fingerprint=fingerprint,
            kinds=names,
            answers=live.answers,
        ),
    )
    execution = Execution(
        call=client.call,
        reread=reread,
        find=find,
        journal=journal_of(root, run.plan.account, world, names),
        pause=lambda seconds: world.stop.pause(world.pause(seconds)),
        is_stopping=lambda: world.stop.asked,
    )
    results = await execution.run(run.plan, fingerprint)
    report = AccountReport(
        plan=run.plan, ending=_ending(results), results=results, snapshot=str(snapshot.relative_to(root))
    )
    if report.ending is Ending.APPLIED:
        return await _verified(report, run, world)
    if world.stop.asked and all(result.failure is None for result in results):
        return replace(report, failure=_stopped("not all done"))
    return report


async def _verified(report: AccountReport, run: Run, world: World) -> AccountReport:
    """The report with what the account, read again, has to say: nothing may be left to do."""
    assert run.client is not None  # noqa: S101 - the account was written to
    for seconds in (*_VERIFY_PAUSES, None):
        if world.stop.asked:
            return replace(report, ending=Ending.PARTIAL, failure=_stopped("applied, and not read again"))
        try:
            live = await fetch_live(run.client, run.kinds, world)
        except WxdeployError as error:
            failure = Failure(message=f"applied, and could not be read again: {error.message}", fix=error.fix)
            return replace(report, ending=Ending.PARTIAL, failure=failure)
        if run.desired is None:
            differs = _differs_from_plan(run, live_fingerprint(run.kinds, live.readings))
        else:
            left = replan(run.desired, live, run.kinds, run.plan.appid)
            differs = _differs(left)
            if left.blockers and not left.changes:
                seconds = None  # waiting settles nothing
        if differs is None:
            return replace(report, converged=True)
        if seconds is None:
            break
        await world.stop.pause(world.pause(seconds))
    return replace(report, ending=Ending.PARTIAL, converged=False, failure=differs)


def _differs_from_plan(run: Run, found: str) -> Failure | None:
    if found == run.plan.operations[-1].live_after:
        return None
    return Failure(
        message="applied, and the account is not as the plan leaves it",
        fix="look at what differs with: wxdeploy plan; somebody else may be changing the account",
    )


def _differs(left: AccountPlan) -> Failure | None:
    if left.status is Status.UNCHANGED:
        return None
    if not left.changes:
        return _unsettled(left)
    names = ", ".join(str(change.address) for change in left.changes)
    return Failure(
        message=f"applied, and the account still differs: {names}",
        fix="look at what differs with: wxdeploy plan; somebody else may be changing the account",
    )


def _unsettled(plan: AccountPlan) -> Failure:
    """What is not as declared, and no call can settle."""
    told = "; ".join(f"{each.code} {each.detail or each.summary}" for each in plan.blockers)
    return Failure(message=f"no call can settle this: {told}", fix=plan.blockers[0].fix)


def _ending(results: Sequence[Result]) -> Ending:
    outcomes = {result.outcome for result in results}
    if outcomes <= {Outcome.APPLIED, Outcome.SKIPPED}:
        return Ending.APPLIED
    if outcomes <= {Outcome.NOT_TRIED, Outcome.SKIPPED}:
        return Ending.NOT_TRIED
    return Ending.PARTIAL if outcomes & {Outcome.APPLIED, Outcome.UNKNOWN} else Ending.FAILED
