"""``wxdeploy snapshot``: the live account to a file."""

from __future__ import annotations

from pathlib import Path

import click

from wxdeploy.cli.exits import Exit
from wxdeploy.cli.options import Common, account_options
from wxdeploy.cli.output import log_to_stderr, say
from wxdeploy.cli.progress import run
from wxdeploy.model.errors import UsageError


@click.command(
    epilog="""\b
Examples:
  wxdeploy snapshot
  wxdeploy snapshot --account prod --out before-the-campaign.json"""
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The file to write to (default: one in .wxdeploy/snapshots/).",
)
@account_options
@click.pass_obj
def command(common: Common, out: Path | None) -> int:
    """Keep what live accounts answer, for rollback. Reads only, and prints the name of each file.

    The files hold no token and no secret, and only their owner may read them.
    """
    from wxdeploy.cli.world import configure, exit_of_failures, world_of
    from wxdeploy.render.escape import terminal
    from wxdeploy.render.text import failure_lines
    from wxdeploy.workflow.snapshot import snapshot

    log_to_stderr(common)
    if common.targets:
        raise UsageError("a snapshot is of the whole account", fix="leave --target out; rollback takes it")
    configuration = configure(common)
    if out is not None and len(configuration.accounts) != 1:
        raise UsageError(
            f"--out takes one account, and {len(configuration.accounts)} are chosen", fix="choose one with --account"
        )
    kept = run(common, snapshot(configuration, world_of(common), common.directory / out if out else None))
    for each in kept:
        if each.error:
            lines = "\n".join(failure_lines(each.error.to_json()))
            say(f"{terminal(each.account)}\n{lines}\n", common, err=True)
        else:
            say(f"{each.path}\n", common)
    return exit_of_failures([each.error for each in kept], Exit.DONE)
