"""``wxdeploy probe``: a signed test of any callback."""

from __future__ import annotations

import asyncio

import click

from wxdeploy import __version__
from wxdeploy.cli.exits import Exit, exit_of
from wxdeploy.cli.options import Common, account_options, text_or_json
from wxdeploy.cli.output import log_to_stderr, say, say_json, width_of_terminal
from wxdeploy.model.errors import UsageError, WxdeployError


@click.command(
    epilog="""\b
Examples:
  wxdeploy probe --account prod
  wxdeploy probe https://staging.example.com/wx --account prod --format json
  wxdeploy probe http://127.0.0.1:8080/prod --account prod"""
)
@click.argument("url", required=False)
@click.option("--openid", help="Pretend to be this follower; by default one that does not exist, another each time.")
@click.option(
    "--original-id", metavar="gh_ID", help="The original id (原始ID) of the account, if the callback looks at it."
)
@text_or_json
@account_options
@click.pass_obj
def command(common: Common, url: str | None, openid: str | None, original_id: str | None, form: str) -> int:
    """Test a callback, whoever wrote it: by default the declared url of every chosen account that has one.

    It is verified as by the console, then gets a signed (and, as the mode has it, encrypted) event or message for every
    button of every menu, every keyword, every QR code's scene and every type of message; what comes back is looked at
    as WeChat does, within the five seconds. A wrong signature has to be refused. Exits with 1 where something is wrong,
    naming the buttons that are dead. To the callback all of this is real: what it does for a new follower, it does.
    """
    from wxdeploy.cli.world import configure, world_of
    from wxdeploy.model.plan import Failure
    from wxdeploy.model.probed import to_json
    from wxdeploy.render.probe import probe_text
    from wxdeploy.workflow.probe import Aim, probe

    log_to_stderr(common)
    if common.targets:
        raise UsageError("probe tries all of a callback", fix="leave --target out")
    aim = Aim(url=url, openid=openid, original_id=original_id)
    try:
        probed = asyncio.run(probe(configure(common), world_of(common), aim))
    except WxdeployError as error:
        if form != "json":
            raise
        say_json(to_json((), version=__version__, failure=Failure.of(error)))
        return exit_of(error)
    document = to_json(probed, version=__version__)
    if form == "json":
        say_json(document)
    else:
        say(probe_text(document, width_of_terminal()), common)
    return Exit.DONE if all(each.is_well for each in probed) else Exit.FAILED
