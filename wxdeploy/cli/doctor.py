"""``wxdeploy doctor``: what is wrong, and how to mend it."""

from __future__ import annotations

import click

from wxdeploy import __version__
from wxdeploy.cli.exits import Exit, exit_of, worst
from wxdeploy.cli.options import Common, account_options, text_or_json
from wxdeploy.cli.output import log_to_stderr, say, say_json
from wxdeploy.cli.progress import run
from wxdeploy.model.errors import WxdeployError


@click.command(
    epilog="""\b
Examples:
  wxdeploy doctor
  wxdeploy doctor --account prod --format json"""
)
@text_or_json
@account_options
@click.pass_obj
def command(common: Common, form: str) -> int:
    """Look for what keeps the accounts from being deployed to, and say how to mend it. Reads only.

    Credentials, the IP allow list, permissions, the quota left for the calls of the current plan, the menu of the web
    console, the clock, the callback. Exits with 1 where a check failed; warnings leave it 0.
    """
    from wxdeploy.cli.world import configure, world_of
    from wxdeploy.model.checkup import Checkup, Verdict, to_json
    from wxdeploy.model.plan import Failure
    from wxdeploy.render.doctor import doctor_text
    from wxdeploy.workflow.doctor import doctor
    from wxdeploy.workflow.machine import machine

    log_to_stderr(common)
    world = world_of(common)
    try:
        checkup = run(common, doctor(configure(common), world))
    except WxdeployError as error:
        if form != "json":
            raise
        say_json(to_json(Checkup(machine=machine(world)), version=__version__, failure=Failure.of(error)))
        return exit_of(error)
    document = to_json(checkup, version=__version__)
    if form == "json":
        say_json(document)
    else:
        say(doctor_text(document), common)
    exits = [Exit.FAILED for check in checkup.machine if check.severity is Verdict.ERROR]
    for account in checkup.accounts:
        exits += [Exit.INVALID] * account.is_invalid + [Exit.FAILED] * account.has_failed
    return worst(exits)
