"""``wxdeploy user``: one follower."""

from __future__ import annotations

import asyncio

import click

from wxdeploy.cli.exits import Exit, exit_of
from wxdeploy.cli.options import Common, account_options, text_or_json
from wxdeploy.cli.output import log_to_stderr, say, say_json
from wxdeploy.model.errors import UsageError, WxdeployError


@click.command(
    epilog="""\b
Examples:
  wxdeploy user oXXXXXXXXXXXXXXXXXXXXXXXXXXX --account prod
  wxdeploy user oXXXXXXXXXXXXXXXXXXXXXXXXXXX --format json"""
)
@click.argument("openid")
@text_or_json
@account_options
@click.pass_obj
def command(common: Common, openid: str, form: str) -> int:
    """Show a follower of an account: since when, from where, their tags, their last message, the menu they see and why.

    The time of the last message is that of the callback's record (wxdeploy serve keeps it); without one it is asked of
    customer service, which knows only what its staff handled. For 48 hours after it, the account may write to the
    follower. Reads only.
    """
    from wxdeploy.cli.world import configure, one_account, world_of
    from wxdeploy.render.user import user_text
    from wxdeploy.workflow.user import failed_json, look_up, to_json

    log_to_stderr(common)
    name = ""
    try:
        if common.targets:
            raise UsageError("user looks at all menus", fix="leave --target out")
        configuration = configure(common)
        configured = one_account(configuration, "user")
        name = configured.account.name
        world = world_of(common)
        follower = asyncio.run(look_up(configuration, configured, world, openid))
    except WxdeployError as error:
        if form != "json":
            raise
        say_json(failed_json(name, openid, error))
        return exit_of(error)
    document = to_json(follower, world.now())
    if form == "json":
        say_json(document)
    else:
        say(user_text(document), common)
    return Exit.DONE
