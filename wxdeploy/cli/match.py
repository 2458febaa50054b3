"""``wxdeploy match``: which menu a follower sees, and why."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import click

from wxdeploy.cli.exits import Exit
from wxdeploy.cli.options import Common, account_options, text_or_json
from wxdeploy.cli.output import json_even_so, log_to_stderr, say, say_json
from wxdeploy.model.errors import UsageError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.wechat.matchrules import PLATFORMS


@click.command(
    epilog="""\b
Examples:
  wxdeploy match --tag VIP --platform ios
  wxdeploy match --tag 北京门店 --tag VIP --format json
  wxdeploy match --account prod --openid oXXXXXXXXXXXXXXXXXXXXXXXXXXX"""
)
@click.option("--tag", "tags", multiple=True, help="A tag of the follower, in the order in which they were given.")
@click.option("--platform", type=click.Choice(list(PLATFORMS)), help="The follower's phone.")
@click.option("--openid", help="A real follower: ask the account too, and compare.")
@text_or_json
@account_options
@click.pass_obj
def command(common: Common, tags: tuple[str, ...], platform: str | None, openid: str | None, form: str) -> int:
    """Say which menu a follower sees, and why, rule by rule; offline unless --openid is given.

    The first personalised menu whose rule matches wins, and of several tags only the one given last counts. With
    --openid, the account's own answer (menu/trymatch) is compared with that of the files.
    """
    from wxdeploy.render.match import match_text

    log_to_stderr(common)
    with json_even_so(form, {"format": "wxdeploy.match/1", "menu": None, "button": None, "considered": []}):
        document = _answered(common, tags, platform, openid)
    if form == "json":
        say_json(document)
    else:
        say(match_text(document), common)
    return Exit.DONE


def _answered(
    common: Common, tags: tuple[str, ...], platform: str | None, openid: str | None
) -> Mapping[str, JsonValue]:
    from wxdeploy.cli.world import configure, one_account, world_of
    from wxdeploy.workflow.match import ask, known_tags, offline, to_json

    if openid is not None:
        if not openid:
            raise UsageError("--openid is empty", fix="leave it out to ask the files alone")
        if tags:
            raise UsageError("--openid and --tag exclude each other", fix="a real follower has tags of their own")
    if common.targets:
        raise UsageError("match looks at all menus", fix="leave --target out")
    configuration = configure(common)
    configured = one_account(configuration, "match")
    if openid:
        answer = asyncio.run(ask(configuration, configured, world_of(common), openid=openid, platform=platform))
        return to_json(answer.declared, answer)
    _warn(tags, known_tags(configured), common)
    return to_json(offline(configured, tags, platform))


def _warn(tags: tuple[str, ...], known: frozenset[str], common: Common) -> None:
    """Say of a tag that the files do not know, since a mistyped one matches as silently as any other."""
    from difflib import get_close_matches

    from wxdeploy.render.escape import terminal

    for tag in tags:
        if tag not in known:
            near = get_close_matches(tag, sorted(known), n=1) or get_close_matches(tag.upper(), sorted(known), n=1)
            hint = f"\n    did you mean {terminal(near[0])}?" if near else ""
            say(f"! no file declares the tag {terminal(tag)}, and no rule asks for it{hint}\n", common, err=True)
