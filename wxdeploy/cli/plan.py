"""``wxdeploy plan``: what would change."""

from __future__ import annotations

import asyncio

import click

from wxdeploy import __version__
from wxdeploy.cli.exits import Exit, exit_of
from wxdeploy.cli.options import Common, account_options
from wxdeploy.cli.output import log_to_stderr, say, say_json
from wxdeploy.model.errors import WxdeployError
from wxdeploy.model.plan import Failure, Plan, Status
from wxdeploy.model.planjson import to_json


@click.command(
    epilog="""\b
Examples:
  wxdeploy plan
  wxdeploy plan --account prod --target menu
  wxdeploy plan --format json --detailed-exitcode"""
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people or programs.",
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 where there are changes.")
@account_options
@click.pass_obj
def command(common: Common, form: str, detailed_exitcode: bool) -> int:
    """Validate, fetch the live accounts and show the difference. Reads only: nothing is changed."""
    from wxdeploy.cli.world import configure, exit_of_failures, world_of
    from wxdeploy.render.text import plan_text
    from wxdeploy.workflow.plan import plan as planned

    log_to_stderr(common)
    try:
        configuration = configure(common)
        plan = asyncio.run(planned(configuration, world_of(common)))
    except WxdeployError as error:
        if form != "json":
            raise
        say_json(to_json(Plan(()), version=__version__, failure=Failure.of(error)))
        return exit_of(error)
    document = to_json(plan, version=__version__)
    if form == "json":
        say_json(document)
    else:
        say(plan_text(document), common)
    changed = detailed_exitcode and any(account.status is Status.CHANGES for account in plan.accounts)
    return exit_of_failures([account.error for account in plan.accounts], Exit.CHANGES if changed else Exit.DONE)
