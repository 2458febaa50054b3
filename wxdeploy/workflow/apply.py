"""Push what a plan says, and read the account again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from wxdeploy.kinds.fingerprint import live_fingerprint
from wxdeploy.model.errors import RefusedError, WxdeployError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.operation import Deferred, Outcome
from wxdeploy.model.plan import AccountPlan, Failure, Plan, Status
from wxdeploy.model.report import AccountReport, ApplyReport, Ending, Result
from wxdeploy.workflow.load import Configuration
from wxdeploy.workflow.plan import Run, planned, replan
from wxdeploy.workflow.world import STATE_FOLDER, World, each, fetch_live, hosts_of

_VERIFY_PAUSES = (0.5, 1.0, 2.0)  # seconds; the delay between a write and its showing in a read is not documented


async def apply(
    configuration: Configuration,
    world: World,
    *,
    confirm: Callable[[Plan], bool],
    asks: bool,
    allow: frozenset[str] = frozenset(),
) -> ApplyReport | None:
    """Plan every account, push the changes and read again what they left; None where ``confirm`` said no.

    ``confirm`` is shown the plans of all accounts before the first write; where it ``asks`` somebody, time passes, and
    every account is read again before it is written to. ``allow`` are the options that permit hazards: an account with
    one that is not permitted is refused, alone.
    """
    async with hosts_of(configuration.project.root, world, read_only=False) as hosts:
        runs = await each(configuration.accounts, world, lambda item: planned(item, hosts, world))
        if not confirm(Plan(tuple(run.plan for run in runs))):
            return None
        reports = await each(
            runs, world, lambda run: applied(run, configuration.project.root, world, allow=allow, again=asks)
        )
    return ApplyReport(reports)


async def applied(run: Run, root: Path, world: World, *, allow: frozenset[str], again: bool) -> AccountReport:
    """Do what one account's plan says; whatever happens is in the report."""
    if run.client is None or run.live is None or run.desired is None:
        return AccountReport(plan=run.plan, ending=Ending.FAILED, failure=run.plan.error)
    barred = [hazard for hazard in run.plan.hazards if hazard.permit not in allow]
    if barred:
        failure = Failure(message="; ".join(each.message for each in barred), fix=barred[0].fix)
        return AccountReport(plan=run.plan, ending=Ending.REFUSED, failure=failure)
    if run.plan.status is Status.UNCHANGED:
        return AccountReport(plan=run.plan, ending=Ending.UNCHANGED, converged=True)
    if not run.plan.changes:
        return AccountReport(plan=run.plan, ending=Ending.FAILED, failure=_unsettled(run.plan))
    try:
        if again:
            run = replace(run, live=await fetch_live(run.client, run.kinds))
        return await _execute(run, root, world)
    except RefusedError as error:
        return AccountReport(plan=run.plan, ending=Ending.REFUSED, failure=Failure.of(error))
    except WxdeployError as error:
        return AccountReport(plan=run.plan, ending=Ending.FAILED, failure=Failure.of(error))


async def _execute(run: Run, root: Path, world: World) -> AccountReport:
    from wxdeploy.execution.apply import Execution
    from wxdeploy.execution.journal import Journal
    from wxdeploy.execution.snapshot import save

    client, live, desired = run.client, run.live, run.desired
    assert client is not None and live is not None and desired is not None  # noqa: S101, PT018 - applied saw to it

    def stamp() -> str:
        return world.now().strftime("%Y%m%dT%H%M%SZ")

    async def reread() -> str:
        return live_fingerprint(run.kinds, (await fetch_live(client, run.kinds)).readings)

    def find(deferred: Deferred) -> JsonValue:
        objects = live.readings[deferred.address.kind].objects if deferred.address.kind in live.readings else ()
        return next((each.remote.get(deferred.attribute) for each in objects if each.address == deferred.address), None)

    fingerprint = live_fingerprint(run.kinds, live.readings)
    state = root / STATE_FOLDER
    execution = Execution(
        call=client.call,
        reread=reread,
        find=find,
        journal=Journal(state / "journal" / f"{run.plan.account}.jsonl", stamp),
        pause=world.pause,
    )
    execution.check(run.plan, fingerprint)
    snapshot = save(
        state / "snapshots",
        account=run.plan.account,
        appid=run.plan.appid,
        taken=stamp(),
        fingerprint=fingerprint,
        answers=live.answers,
    )
    results = await execution.run(run.plan, fingerprint)
    report = AccountReport(
        plan=run.plan, ending=_ending(results), results=results, snapshot=str(snapshot.relative_to(root))
    )
    return await _verified(report, run, world) if report.ending is Ending.APPLIED else report


async def _verified(report: AccountReport, run: Run, world: World) -> AccountReport:
    """The report with what a fresh plan says of the account: it must be empty."""
    assert run.client is not None and run.desired is not None  # noqa: S101, PT018 - the account was written to
    left = report.plan
    for seconds in (*_VERIFY_PAUSES, None):
        try:
            left = replan(run.desired, await fetch_live(run.client, run.kinds), run.kinds, run.plan.appid)
        except WxdeployError as error:
            failure = Failure(message=f"applied, and could not be read again: {error.message}", fix=error.fix)
            return replace(report, ending=Ending.PARTIAL, failure=failure)
        if left.status is Status.UNCHANGED:
            return replace(report, converged=True)
        if not left.changes:
            return replace(report, ending=Ending.PARTIAL, converged=False, failure=_unsettled(left))
        if seconds is not None:
            await world.pause(seconds)
    names = ", ".join(str(change.address) for change in left.changes)
    failure = Failure(
        message=f"applied, and the account still differs: {names}",
        fix="look at what differs with: wxdeploy plan; somebody else may be changing the account",
    )
    return replace(report, ending=Ending.PARTIAL, converged=False, failure=failure)


def _unsettled(plan: AccountPlan) -> Failure:
    """What is not as declared, and no call can settle."""
    told = "; ".join(f"{each.code} {each.detail}" for each in plan.blockers)
    return Failure(message=f"no call can settle this: {told}", fix=plan.blockers[0].fix)


def _ending(results: Sequence[Result]) -> Ending:
    outcomes = {result.outcome for result in results}
    if outcomes <= {Outcome.APPLIED, Outcome.SKIPPED}:
        return Ending.APPLIED
    return Ending.PARTIAL if outcomes & {Outcome.APPLIED, Outcome.UNKNOWN} else Ending.FAILED
