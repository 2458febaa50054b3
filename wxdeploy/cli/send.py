"""``wxdeploy send``: one template message to one follower."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from wxdeploy.cli.exits import Exit
from wxdeploy.cli.options import Common, account_options, text_or_json
from wxdeploy.cli.output import log_to_stderr, say, say_json
from wxdeploy.model.errors import RefusedError, UsageError, WxdeployError
from wxdeploy.model.jsonvalue import JsonValue

_OPENID = re.compile(r"[A-Za-z0-9_-]+")
_STDIN = "-"


@click.command(
    epilog="""\b
Examples:
  wxdeploy send order_paid --account prod --openid oXXXXXXXXXXXXXXXXXXXXXXXXXXX --sample
  wxdeploy send order_paid --account prod --openid oXXXXXXXXXXXXXXXXXXXXXXXXXXX --data order.json --yes"""
)
@click.argument("name")
@click.option("--openid", "openids", multiple=True, help="The follower; one, and only one.")
@click.option("--data", metavar="FILE", help="JSON with the values under their source paths; - reads stdin.")
@click.option("--sample", is_flag=True, help="Fill in the samples of the mapping.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--again", is_flag=True, help="Send it even if this follower got the same a moment ago.")
@text_or_json
@account_options
@click.pass_obj
def command(
    common: Common,
    name: str,
    openids: tuple[str, ...],
    data: str | None,
    sample: bool,
    yes: bool,
    again: bool,
    form: str,
) -> int:
    """Fill a template mapping and send it to one follower of one account.

    The values are held to the rules of the typed fields before anything is sent. What is to be sent is shown, and asked
    for unless --yes. The same message is not sent to the same follower twice within ten minutes, unless --again.
    """
    from wxdeploy.cli.world import configure, world_of
    from wxdeploy.render.send import delivery_text, letter_text
    from wxdeploy.workflow.send import Delivery, Status, deliver, prepare, to_json, unready_json

    log_to_stderr(common)
    openid = _one(openids)
    if sample == (data is not None):
        raise UsageError("a message is filled with --data FILE or with --sample", fix="give one of the two")
    values = None if data is None else _read(common, data)
    configuration, world = None, world_of(common)
    try:
        configuration = configure(common)
        letter = asyncio.run(prepare(configuration, world, name=name, openid=openid, data=values, again=again))
        delivery = Delivery(letter=letter, status=Status.NOT_SENT)
        if letter.problems or not (common.quiet and yes):
            say(letter_text(to_json(delivery)), common, err=True)
        if not letter.problems:
            if not yes:
                _ask()
            delivery = asyncio.run(deliver(configuration, world, letter))
    except WxdeployError as error:
        if form == "json" and not isinstance(error, UsageError):
            say_json(unready_json(configuration, name, error))
        raise
    if form == "json":
        say_json(to_json(delivery))
    else:
        say(delivery_text(to_json(delivery)), common, err=delivery.status is not Status.SENT)
    return {Status.SENT: Exit.DONE, Status.UNKNOWN: Exit.PARTIAL}.get(delivery.status, Exit.FAILED)


def _one(openids: tuple[str, ...]) -> str:
    if len(openids) != 1 or not _OPENID.fullmatch(openids[0]):
        raise UsageError("a message is sent to one follower", fix="name one openid with --openid")
    return openids[0]


def _ask() -> None:
    if not sys.stdin.isatty():
        raise RefusedError("send asks before it sends, and there is no terminal to ask", fix="decide with --yes")
    if not click.confirm("Send this message?", default=False, err=True):
        raise WxdeployError("nothing was sent: the answer was no")


def _read(common: Common, name: str) -> JsonValue:
    """The data, its numbers as they are written: 88.00 stays 88.00."""
    try:
        text = sys.stdin.read() if name == _STDIN else (common.directory / Path(name)).read_bytes().decode("utf-8-sig")
        data: Any = json.loads(text, parse_float=str, parse_int=str, parse_constant=_no_number)
    except OSError as error:
        raise UsageError(f"{name} can't be read: {error.strerror}", fix="name a file of JSON with --data") from None
    except (ValueError, RecursionError):
        raise UsageError(
            f"{name} is no JSON", fix='write an object, such as {"order": {"no": "2024112200001"}}'
        ) from None
    if not isinstance(data, dict):
        raise UsageError(f"{name} is no JSON object", fix='write one, such as {"order": {"no": "2024112200001"}}')
    return data


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)
