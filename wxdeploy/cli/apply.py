"""``wxdeploy apply``: push the changes and prove that they took."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from wxdeploy import __version__
from wxdeploy.cli.exits import Exit, exit_of, worst
from wxdeploy.cli.options import Common, account_options
from wxdeploy.cli.output import log_to_stderr, say, say_json, tell
from wxdeploy.model import planjson, reportjson
from wxdeploy.model.errors import RefusedError, WxdeployError
from wxdeploy.model.plan import Failure, Plan, Status
from wxdeploy.model.report import AccountReport, ApplyReport, Ending

_EXITS = {
    Ending.UNCHANGED: Exit.DONE,
    Ending.APPLIED: Exit.DONE,
    Ending.REFUSED: Exit.REFUSED,
    Ending.FAILED: Exit.FAILED,
    Ending.PARTIAL: Exit.PARTIAL,
}


@click.command(
    epilog="""\b
Examples:
  wxdeploy apply
  wxdeploy apply --account prod --yes
  wxdeploy apply --yes --allow-delete --format json"""
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people or programs.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--allow-delete", is_flag=True, help="Delete, or replace for good, what the plan says would be.")
@account_options
@click.pass_obj
def command(common: Common, form: str, yes: bool, allow_delete: bool) -> int:
    """Plan, ask, push, and read the accounts again to prove that the changes took.

    Deleting the menu, or replacing one that was made in the web console, needs --allow-delete. What was live before
    is kept in .wxdeploy/snapshots/.
    """
    from wxdeploy.cli.world import configure, world_of
    from wxdeploy.render.report import report_text
    from wxdeploy.workflow.apply import apply

    log_to_stderr(common)
    allow = frozenset({"--allow-delete"} if allow_delete else ())
    asks = not yes
    agreed = False

    def confirm(plan: Plan) -> bool:
        nonlocal agreed
        agreed = _shown_and_agreed(plan, common, on_stderr=form == "json", asks=asks)
        return agreed

    try:
        configuration = configure(common)
        report = asyncio.run(apply(configuration, world_of(common), confirm=confirm, asks=asks, allow=allow))
        if report is None:
            return _unreported(WxdeployError("nothing was changed: the answer was no"), Exit.FAILED, form, common)
    except WxdeployError as error:
        return _unreported(error, exit_of(error), form, common)
    except (click.Abort, KeyboardInterrupt):
        if agreed:
            return _unreported(_interrupted(), Exit.PARTIAL, form, common)
        return _unreported(WxdeployError("stopped, and nothing was changed"), Exit.FAILED, form, common)
    code = worst(_exit(account) for account in report.accounts)
    document = reportjson.to_json(report, version=__version__)
    try:
        say_json(document) if form == "json" else say(report_text(document), common)
    except BrokenPipeError:
        sys.stdout = None  # nobody reads the report any more; what was done decides the code all the same
    return code


def _unreported(error: WxdeployError, code: Exit, form: str, common: Common) -> Exit:
    """Tell why there is no report, in the format that was asked for."""
    if form == "json":
        say_json(reportjson.to_json(ApplyReport(()), version=__version__, failure=Failure.of(error)))
    else:
        tell(error, common)
    return code


def _interrupted() -> WxdeployError:
    return WxdeployError(
        "stopped in the middle: what was under way may have taken effect (.wxdeploy/journal/ names each call)",
        fix="run wxdeploy apply again: it reads the accounts and does what is left",
    )


def _shown_and_agreed(plan: Plan, common: Common, *, on_stderr: bool, asks: bool) -> bool:
    from wxdeploy.render.text import plan_text

    changes = any(account.status is Status.CHANGES for account in plan.accounts)
    if changes and not (common.quiet and not asks):
        say(plan_text(planjson.to_json(plan, version=__version__)), common, err=on_stderr)
    if not changes or not asks:
        return True
    if not sys.stdin.isatty():
        raise RefusedError("apply asks before it writes, and there is no terminal to ask", fix="decide with --yes")
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


def _exit(account: AccountReport) -> Exit:
    if account.ending is Ending.FAILED and account.failure and account.failure.findings:
        return Exit.INVALID
    return _EXITS[account.ending]
