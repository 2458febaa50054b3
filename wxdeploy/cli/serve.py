"""``wxdeploy serve``: the callback as a server."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import click

from wxdeploy.cli.exits import Exit
from wxdeploy.cli.options import Common, selection_options
from wxdeploy.cli.output import log_to_stderr, say
from wxdeploy.model.errors import UsageError, WxdeployError

if TYPE_CHECKING:
    from wxdeploy.workflow.serve import Served


@click.command(
    epilog="""\b
Examples:
  WX_CB_TOKEN=... WX_CB_AES=... wxdeploy serve --account prod
  wxdeploy serve --host 0.0.0.0 --port 8080
  curl http://127.0.0.1:8080/healthz

\b
The account needs a callback in wxdeploy.yaml:
  callback: {url: https://cb.example.com/wx, token: "${env:WX_CB_TOKEN}",
             encoding_aes_key: "${env:WX_CB_AES}", mode: secure}"""
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="The port; 0 for a free one."
)
@selection_options
@click.pass_obj
def command(common: Common, host: str, port: int) -> int:
    """Answer what followers send and tap with the declared replies: the callback of every chosen account.

    Each account answers at its name (/prod) and at the path of its callback's url; /healthz and /metrics (Prometheus)
    besides. Files that change are taken over at once, unless they have an error. Put a server that speaks TLS in front,
    and give its address to the console of the account. It stops on Ctrl-C or SIGTERM.
    """
    import os

    from wxdeploy.callback.server import run
    from wxdeploy.cli.world import selection
    from wxdeploy.workflow.serve import Served, record_of

    log_to_stderr(common)
    if common.targets:
        raise UsageError("serve answers for whole accounts", fix="leave --target out")
    served = Served(common.directory, os.environ, selection(common))
    try:
        record = served.record()
    except (OSError, sqlite3.Error) as error:
        path = record_of(served.directory)
        raise WxdeployError(
            f"the times of followers can't be kept in {path}: {error}", fix="remove what is in its way"
        ) from None
    with closing(record):
        try:
            run(served.app(record), host, port, lambda url: _tell(served, url, common))
        except OSError as error:
            raise WxdeployError(
                f"can't listen on {host}:{port}: {error.strerror}", fix="choose another --port"
            ) from None
    return Exit.DONE


def _tell(served: Served, url: str, common: Common) -> None:
    """Say where each account answers, now that it does; whoever waits for the first line need not wait longer."""
    say("".join(f"{url}{path}\n" for path in served.sites.paths), common)
