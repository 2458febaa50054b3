"""What a run that was cut off left unknown, settled by what the account says now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wxdeploy.kinds.fingerprint import live_fingerprint
from wxdeploy.model.operation import Outcome
from wxdeploy.planning.safety import interrupted
from wxdeploy.workflow.state import journal_of
from wxdeploy.workflow.world import World

if TYPE_CHECKING:
    from wxdeploy.execution.journal import Pending
    from wxdeploy.workflow.plan import Run

_SETTLED = {
    Outcome.APPLIED: "the account shows that it took effect",
    Outcome.NOT_TRIED: "the account shows that it did not take effect",
    Outcome.UNKNOWN: "the account is neither as it was before the call nor as the call would have left it",
}


def settled(run: Run, root: Path, world: World) -> Run:
    """The run with a warning about the call that an earlier run did not live to see the answer of, where there is one.

    The journal is told what the account shows of it, so that it is told once. While another process is at work on the
    account, a call without an outcome is nothing to speak of.
    """
    from wxdeploy.execution.lock import is_free

    journal = journal_of(root, run.plan.account, world)
    pending = journal.pending()
    if pending is None or run.live is None or run.lock is None or not is_free(run.lock):
        return run
    kinds = {kind.name for kind in run.kinds}
    if not kinds >= set(pending.kinds):
        unread = ", ".join(sorted(set(pending.kinds) - kinds))
        return _warned(run, pending, f"its effect is unknown, since {unread} was not read now", "plan without --target")
    outcome = _outcome(run, pending)
    journal.begin()
    journal.settle(pending.index, outcome, "told by reading the account afterwards")
    return _warned(
        run,
        pending,
        f"its effect was unknown; {_SETTLED[outcome]}",
        "nothing has to be done: the plan is of what is live",
    )


def _outcome(run: Run, pending: Pending) -> Outcome:
    assert run.live is not None  # noqa: S101 - settled saw to it
    found = live_fingerprint([kind for kind in run.kinds if kind.name in pending.kinds], run.live.readings)
    if found == pending.live_after:
        return Outcome.APPLIED
    return Outcome.NOT_TRIED if found == pending.live_before else Outcome.UNKNOWN


def _warned(run: Run, pending: Pending, what: str, fix: str) -> Run:
    warning = interrupted.found(f"the run that sent {pending.call} at {pending.at} was cut off; {what}", fix)
    return run._replace(plan=run.plan._replace(warnings=(*run.plan.warnings, warning)))
