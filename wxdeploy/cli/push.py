"""What the commands that write to accounts have in common: show, ask, push, report."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

import click

from wxdeploy import __version__
from wxdeploy.cli.exits import Exit, exit_of, worst
from wxdeploy.cli.options import Common
from wxdeploy.cli.output import say, say_json, tell, width_of_terminal
from wxdeploy.cli.progress import run
from wxdeploy.client.stop import Stop
from wxdeploy.model import planjson, reportjson
from wxdeploy.model.errors import RefusedError, WxdeployError
from wxdeploy.model.operation import Outcome
from wxdeploy.model.plan import Failure, Plan, Status
from wxdeploy.model.report import ApplyReport, Ending

Work: TypeAlias = Callable[[Callable[[Plan], bool], Stop], Coroutine[Any, Any, ApplyReport | None]]
"""Plans, shows the plan to the function it is given, pushes where that says yes until asked to stop, and reports."""

_EXITS = {
    Ending.UNCHANGED: Exit.DONE,
    Ending.APPLIED: Exit.DONE,
    Ending.REFUSED: Exit.REFUSED,
    Ending.FAILED: Exit.FAILED,
    Ending.PARTIAL: Exit.PARTIAL,
    Ending.NOT_TRIED: Exit.FAILED,
}


def push(
    common: Common,
    form: str,
    *,
    asks: bool,
    prepare: Callable[[], Work],
    allow: frozenset[str] = frozenset(),
    goal: str = "its configuration",
) -> int:
    """Do the work that ``prepare`` makes ready, tell what became of it in the format ``form``, and give the code.

    ``allow`` are the options that permit hazards: nobody is asked about a plan of which nothing may be done.
    ``goal`` is what the accounts are to match.
    """
    agreed = False
    stop = Stop()

    def confirm(plan: Plan) -> bool:
        nonlocal agreed
        agreed = _shown_and_agreed(plan, common, on_stderr=form != "text", asks=asks, allow=allow)
        if agreed:
            _stop_on_signal(stop, common)
        return agreed

    try:
        work = prepare()
        with _terminated_as_interrupted():
            report = run(common, work(confirm, stop))
        if report is None:
            return _unreported(WxdeployError("nothing was changed: the answer was no"), Exit.FAILED, form, common)
    except WxdeployError as error:
        return _unreported(error, exit_of(error), form, common)
    except (click.Abort, KeyboardInterrupt):
        if agreed:
            return _unreported(_interrupted(), Exit.PARTIAL, form, common)
        return _unreported(WxdeployError("stopped, and nothing was changed"), Exit.FAILED, form, common)
    document = reportjson.to_json(report, version=__version__)
    code = code_of(document)
    try:
        show_report(document, form, common, goal)
    except BrokenPipeError:
        sys.stdout = None  # nobody reads the report any more; what was done decides the code all the same
    return code


def show_report(document: Mapping[str, Any], form: str, common: Common, goal: str = "its configuration") -> None:
    """Print a report's document in the format that was asked for."""
    if form == "json":
        say_json(document)
    elif form == "junit":
        from wxdeploy.render.junit import junit

        click.echo(junit(document, "apply").encode("utf-8"), nl=False)
    else:
        from wxdeploy.render.fleet import report_told

        say(report_told(document, goal), common)


def _unreported(error: WxdeployError, code: Exit, form: str, common: Common) -> Exit:
    """Tell why there is no report, in the format that was asked for."""
    if form == "text":
        tell(error, common)
    else:
        from wxdeploy.cli.world import shard_of

        report = ApplyReport((), shard_of(common))
        show_report(reportjson.to_json(report, version=__version__, failure=Failure.of(error)), form, common)
    return code


def _interrupted() -> WxdeployError:
    return WxdeployError(
        "stopped in the middle: what was under way may have taken effect (.wxdeploy/journal/ names each call)",
        fix="run the same command again: it reads the accounts and does what is left",
    )


def _shown_and_agreed(plan: Plan, common: Common, *, on_stderr: bool, asks: bool, allow: frozenset[str]) -> bool:
    from wxdeploy.render.fleet import plan_told

    changes = any(account.status is Status.CHANGES for account in plan.accounts)
    if changes and not (common.quiet and not asks):
        document = planjson.to_json(plan, version=__version__)
        say(plan_told(document, width_of_terminal(err=on_stderr)), common, err=on_stderr)
    allowed = any(all(hazard.permit in allow for hazard in each.hazards) for each in plan.accounts if each.changes)
    if not changes or not asks or not allowed:
        return True  # nothing will be written: there is nothing to decide
    if not sys.stdin.isatty():
        raise RefusedError("this asks before it writes, and there is no terminal to ask", fix="decide with --yes")
    with _stopped_at_once():
        return click.confirm("Apply these changes?", default=False, err=True)


@contextmanager
def _stopped_at_once() -> Iterator[None]:
    """One Ctrl-C ends the question; asyncio would only take note of it and go on waiting for the answer."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """SIGTERM, by which pipelines stop what they run, does as Ctrl-C does; afterwards both do as before.

    A shell has Ctrl-C ignored by what a script starts in the background. Here it is not: SIGTERM would be ignored too.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    interrupt = signal.getsignal(signal.SIGINT)
    if interrupt is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    terminate = signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, terminate)
        signal.signal(signal.SIGINT, interrupt)


def _stop_on_signal(stop: Stop, common: Common) -> None:
    """From now on the first Ctrl-C asks the run to stop; the second does what the first would have done."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    at_once = signal.getsignal(signal.SIGINT)

    def asked(*_: object) -> None:
        signal.signal(signal.SIGINT, at_once)
        loop.call_soon_threadsafe(stop.ask)
        loop.call_soon_threadsafe(_say_that_it_stops, common)

    signal.signal(signal.SIGINT, asked)


def _say_that_it_stops(common: Common) -> None:
    if not common.quiet:
        say("! stopping once the calls under way have come to their end; again to stop at once\n", common, err=True)


def code_of(document: Mapping[str, Any]) -> Exit:
    """The code of a report's document, one of a single run or of shards put together.

    What is not tried counts as failed; where something was written in the same run, the whole is done in part.
    """
    accounts = document["accounts"]
    tried = [account for account in accounts if account["status"] != Ending.NOT_TRIED]
    code = worst(_exit(account) for account in accounts)
    if len(tried) == len(accounts):
        return code
    outcomes = {operation["outcome"] for account in accounts for operation in account["operations"]}
    if outcomes & {Outcome.APPLIED, Outcome.UNKNOWN}:
        return Exit.PARTIAL
    return worst(map(_exit, tried)) or code


def _exit(account: Mapping[str, Any]) -> Exit:
    ending, error = Ending(account["status"]), account["error"]
    return Exit.INVALID if ending is Ending.FAILED and error and error["findings"] else _EXITS[ending]
