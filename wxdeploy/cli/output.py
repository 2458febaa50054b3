"""Where results, progress and colour go: results to stdout, everything else to stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

import click

from wxdeploy.cli.options import Common
from wxdeploy.model.errors import WxdeployError
from wxdeploy.render.escape import json_text, terminal

_COLOURS: Mapping[str, dict[str, Any]] = {
    "+": {"fg": "green"},
    "-": {"fg": "red"},
    "~": {"fg": "yellow"},
    "»": {"fg": "yellow"},
    "↕": {"fg": "cyan"},
    "!": {"fg": "yellow", "bold": True},
    "✗": {"fg": "red", "bold": True},
    "✓": {"fg": "green"},
    "?": {"fg": "magenta", "bold": True},
}


def say(text: str, common: Common, *, err: bool = False) -> None:
    """Print text, coloured by the symbol that each line begins with where the stream is a terminal."""
    stream = sys.stderr if err else sys.stdout
    if _coloured(stream, common):
        text = "\n".join(_colour(line) for line in text.split("\n"))
    click.echo(text, nl=not text.endswith("\n"), err=err, color=True)


def width_of_terminal(*, err: bool = False) -> int | None:
    """How many cells a line of stdout (or stderr) has room for; None where it is no terminal."""
    stream = sys.stderr if err else sys.stdout
    import shutil

    return shutil.get_terminal_size().columns if stream is not None and stream.isatty() else None


def say_json(document: Mapping[str, Any] | Sequence[Any]) -> None:
    """Print a machine's document: UTF-8, indented, one newline at the end."""
    text = json_text(json.dumps(document, ensure_ascii=False, indent=2))
    click.echo(text.encode("utf-8", "backslashreplace"))


@contextmanager
def json_even_so(form: str | None, blank: Mapping[str, Any]) -> Iterator[None]:
    """Where what is done here fails and JSON was asked for, print ``blank`` with the error, which goes on up."""
    try:
        yield
    except WxdeployError as error:
        if form == "json":
            from wxdeploy.model.plan import Failure

            say_json({**blank, "error": Failure.of(error).to_json()})
        raise


def say_error(error: WxdeployError, common: Common) -> None:
    """Print what went wrong and what to do."""
    say(f"✗ {terminal(error.message)}", common, err=True)
    if error.fix:
        say(f"    {terminal(error.fix)}", common, err=True)


def tell(error: WxdeployError, common: Common) -> None:
    """Print an error on stderr: every finding of a wrong configuration, or what went wrong and what to do."""
    from wxdeploy.model.errors import ConfigurationError

    if isinstance(error, ConfigurationError):
        from wxdeploy.render.findings import findings_text

        say(findings_text({"findings": [finding.to_json() for finding in error.diagnostics]}), common, err=True)
    else:
        say_error(error, common)


def log_to_stderr(common: Common) -> None:
    """Show log lines: warnings always, one line a call with -v, more with -vv; never a token.

    What keeps a run waiting for long is told too, and to whoever sits at a terminal what keeps it waiting for seconds;
    not with --quiet.
    """
    import logging

    if common.verbose:
        from wxdeploy.client import redact

        redact.install()
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s", force=True)
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(common.verbose, 2)]
    for name in ("wxdeploy", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(level)
    if common.quiet and not common.verbose:
        level = logging.ERROR
    elif sys.stderr is not None and sys.stderr.isatty():
        level = min(level, logging.INFO)
    logging.getLogger("wxdeploy.waiting").setLevel(level)


def _coloured(stream: TextIO | None, common: Common) -> bool:
    if stream is None or common.no_color or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return os.environ.get("TERM") != "dumb" and stream.isatty()


def _colour(line: str) -> str:
    style = _COLOURS.get(line.lstrip()[:1])
    return click.style(line, **style) if style else line
