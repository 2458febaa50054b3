"""``wxdeploy apply``: push the changes and prove that they took."""

from __future__ import annotations

import asyncio
import sys

import click

from wxdeploy import __version__
from wxdeploy.cli.exits import Exit, exit_of, worst
from wxdeploy.cli.options import Common, account_options
from wxdeploy.cli.output import log_to_stderr, say, say_json
from wxdeploy.model import planjson, reportjson
from wxdeploy.model.errors import RefusedError, UsageError, WxdeployError
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

    def confirm(plan: Plan) -> bool:
        return _shown_and_agreed(plan, common, on_stderr=form == "json", asks=asks)

    try:
        configuration = configure(common)
        report = asyncio.run(apply(configuration, world_of(common), confirm=confirm, asks=asks, allow=allow))
    except UsageError:
        raise
    except WxdeployError as error:
        if form != "json":
            raise
        say_json(reportjson.to_json(ApplyReport(()), version=__version__, failure=Failure.of(error)))
        return exit_of(error)
    if report is None:
        say("Nothing was changed.\n", common, err=True)
        return Exit.FAILED
    document = reportjson.to_json(report, version=__version__)
    if form == "json":
        say_json(document)
    else:
        say(report_text(document), common)
    return worst(_exit(account) for account in report.accounts)


def _shown_and_agreed(plan: Plan, common: Common, *, on_stderr: bool, asks: bool) -> bool:
    from wxdeploy.render.text import plan_text

    changes = any(account.status is Status.CHANGES for account in plan.accounts)
    if changes and not (common.quiet and not asks):
        say(plan_text(planjson.to_json(plan, version=__version__)), common, err=on_stderr)
    if not changes or not asks:
        return True
    if not sys.stdin.isatty():
        raise RefusedError("apply asks before it writes, and there is no terminal to ask", fix="decide with --yes")
    return click.confirm("Apply these changes?", default=False, err=True)


def _exit(account: AccountReport) -> Exit:
    if account.ending is Ending.FAILED and account.failure and account.failure.findings:
        return Exit.INVALID
    return _EXITS[account.ending]
