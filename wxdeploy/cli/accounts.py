"""``wxdeploy accounts``: who has authorised the third-party platform, and who of them is in the project."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from wxdeploy.cli.exits import Exit, exit_of
from wxdeploy.cli.options import Common, common_options, text_or_json
from wxdeploy.cli.output import log_to_stderr, say, say_json
from wxdeploy.model.errors import WxdeployError
from wxdeploy.model.plan import Failure


@click.command(
    epilog="""\b
Examples:
  wxdeploy accounts
  wxdeploy accounts --names
  wxdeploy accounts --out accounts.csv && git diff accounts.csv
  wxdeploy accounts --format json --detailed-exitcode"""
)
@text_or_json
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Add a row for each new account to the table FILE, and change nothing else in it.",
)
@click.option("--names", is_flag=True, help="Ask what each account calls itself too: a call for each.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 where an account is new or gone.")
@common_options
@click.pass_obj
def command(common: Common, form: str, out: Path | None, names: bool, detailed_exitcode: bool) -> int:
    """List the accounts that have authorised the third-party platform (第三方平台) which `defaults` name.

    The list is for the table of accounts to be kept by: plan, apply and validate go by what is in the project, which is
    reviewed, and never by the list. Reads only; of each account the appid and the time are told, and no token.
    """
    from wxdeploy.cli.world import check_names, world_of
    from wxdeploy.config.project import find_root, load_project
    from wxdeploy.render.authorizers import roll_text
    from wxdeploy.workflow.authorizers import add_rows, roll, to_json

    log_to_stderr(common)
    try:
        check_names()
        project = load_project(find_root(common.directory))
        found = asyncio.run(roll(project, world_of(common), names=names))
        added = add_rows(common.directory / out, found.accounts) if out is not None else None
    except WxdeployError as error:
        if form == "text":
            raise
        say_json(to_json(None, Failure.of(error)))
        return exit_of(error)
    if form == "json":
        say_json(to_json(found))
    else:
        say(roll_text(to_json(found)), common)
    if added is not None and not common.quiet:
        say(f"{added} row{'' if added == 1 else 's'} added to {out}: review it, and give the accounts names\n", common,
            err=True)  # fmt: skip
    return Exit.CHANGES if detailed_exitcode and found.differs else Exit.DONE
