"""``wxdeploy sandbox``: the simulator as a server."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wxdeploy.cli.options import Common, common_options
from wxdeploy.cli.output import say
from wxdeploy.model.errors import ConfigurationError, UsageError, WxdeployError
from wxdeploy.wechat.appids import APPID

if TYPE_CHECKING:
    from wxdeploy.sandbox.faults import Fault
    from wxdeploy.sandbox.receivers import Receiver


def _pairs(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    pairs = dict(value.split(":", 1) for value in values if ":" in value)
    if len(pairs) != len(values):
        raise click.BadParameter("write APPID:SECRET, each appid once", ctx, param)
    return pairs


def _faults(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[Fault, ...]:
    if not values:
        return ()
    from wxdeploy.sandbox.faults import parse

    try:
        return tuple(parse(value) for value in values)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from None


@click.command(
    epilog="""\b
Examples:
  wxdeploy sandbox --port 8081
  WXDEPLOY_API=http://127.0.0.1:8081 wxdeploy plan
  wxdeploy sandbox --port 8081 --db drill.sqlite3 --seed accounts.yaml
  wxdeploy sandbox --fault menu/create:after:reset --fault '*:before:errcode=45011*3'
  wxdeploy sandbox --port 8081 --callback http://127.0.0.1:8080/prod --callback-token "$WX_CB_TOKEN"
  curl -d '{"appid": "wx0000000000000001", "openid": "oA", "button": [0]}' http://127.0.0.1:8081/sandbox/tap

\b
A fault's RULE is CALL:WHEN:WHAT[*TIMES][+SKIP]:
  CALL   the path below /cgi-bin/, with * for any characters: menu/create, template/*
  WHEN   before the call takes effect (it takes none), or after it did
  WHAT   errcode=N, html502, truncated, empty, reset (the connection breaks)
         or hang (nothing until the client gives up)
  TIMES  how often: once if left out, *always without end
  SKIP   so many such calls go through before: menu/addconditional:after:hang+2"""
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; by default a free one.")
@click.option("--db", type=click.Path(dir_okay=False, path_type=Path), help="Keep the accounts in this SQLite file.")
@click.option(
    "--seed",
    "seed_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Put accounts into the state that this YAML or JSON file describes.",
)
@click.option(
    "--credential",
    "credentials",
    multiple=True,
    callback=_pairs,
    metavar="APPID:SECRET",
    help="Accept these accounts only; repeatable.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    callback=_faults,
    metavar="RULE",
    help="Make calls fail, as in menu/create:after:reset; repeatable. The first rule about a call that is not used up "
    "comes true.",
)
@click.option(
    "--callback",
    "callbacks",
    multiple=True,
    metavar="[APPID=]URL",
    help="Push taps, messages and follows to this callback; {appid} in it stands for the account's appid. Repeatable.",
)
@click.option("--callback-token", default="", metavar="TOKEN", help="The Token that signs what is pushed.")
@click.option(
    "--callback-aes-key",
    default="",
    metavar="KEY",
    help="The EncodingAESKey: what is pushed is encrypted, as in secure mode.",
)
@common_options
@click.pass_obj
def command(
    common: Common,
    host: str,
    port: int,
    db: Path | None,
    seed_file: Path | None,
    credentials: dict[str, str],
    faults: tuple[Fault, ...],
    callbacks: tuple[str, ...],
    callback_token: str,
    callback_aes_key: str,
) -> None:
    """Run the simulator of the Official Account API, for wxdeploy and for any other WeChat client.

    It prints its address when it is ready, and stops on Ctrl-C or SIGTERM. With --fault, calls fail as they do on a bad
    day: see how a client takes it before the day comes. With --callback, followers have phones: POST /sandbox/tap
    pushes the event of a button to the account's callback and answers with its reply (docs/sandbox.md).
    """
    from wxdeploy.sandbox.server import serve

    seed = _seed(common.directory / seed_file) if seed_file else None
    receivers = _receivers(callbacks, callback_token, callback_aes_key)
    try:
        serve(
            host,
            port,
            db=common.directory / db if db else ":memory:",
            seed=seed,
            credentials=credentials or None,
            on_ready=lambda url: say(f"{url}\n", common),
            faults=faults,
            receivers=receivers,
        )
    except OSError as error:
        raise WxdeployError(f"can't listen on {host}:{port}: {error.strerror}", fix="choose another --port") from None
    except sqlite3.Error as error:
        raise WxdeployError(f"{db} can't be used: {error}", fix="choose another --db") from None
    except ValueError as error:
        raise UsageError(f"{seed_file}: {error}", fix="mend the seed file") from None


def _receivers(callbacks: tuple[str, ...], token: str, key: str) -> dict[str, Receiver]:
    """Where to push, by appid; under no name for all others."""
    from wxdeploy.sandbox.receivers import Receiver

    if (token or key) and not callbacks:
        raise UsageError(
            "--callback-token and --callback-aes-key say how to push, and nothing says where to",
            fix="add --callback URL",
        )
    found: dict[str, Receiver] = {}
    for value in callbacks:
        appid, _, url = value.partition("=")
        if not APPID.fullmatch(appid):
            appid, url = "", value
        receiver = Receiver(url=url, token=token, encoding_aes_key=key, mode="secure" if key else "plain")
        try:
            found[appid] = receiver.checked(appid)
        except ValueError as error:
            raise UsageError(f"--callback {value}: {error}", fix="see wxdeploy sandbox --help") from None
    return found


def _seed(path: Path) -> dict[str, object]:
    from wxdeploy.config.documents import load

    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}", fix="name a file that describes accounts") from None
    document = load(content, str(path))
    if document.diagnostics:
        raise ConfigurationError(document.diagnostics)
    if not isinstance(document.value, dict):
        raise UsageError(f"{path} is no mapping of appids", fix="write `wx0000000000000001: {menu: …}`")
    return document.value
