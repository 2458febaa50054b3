"""``wxdeploy preview``: the phone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from wxdeploy.cli.exits import Exit
from wxdeploy.cli.options import Common, account_options
from wxdeploy.cli.output import log_to_stderr, say
from wxdeploy.model.errors import WxdeployError
from wxdeploy.wechat.matchrules import PLATFORMS

_SUFFIXES = {".html": "html", ".htm": "html", ".svg": "svg", ".txt": "text"}


@click.command(
    epilog="""\b
Examples:
  wxdeploy preview
  wxdeploy preview --out phone.html
  wxdeploy preview --account shop --tag VIP --platform ios
  wxdeploy preview --target menu --out docs/menu.svg"""
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "svg", "html"]),
    help="The form; by default what the file's name asks for (.html, .svg), else text.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write FILE instead of printing."
)
@click.option("--tag", "tags", multiple=True, help="A tag of the follower, in the order in which they were given.")
@click.option("--platform", type=click.Choice(list(PLATFORMS)), help="The follower's phone.")
@account_options
@click.pass_obj
def command(common: Common, form: str | None, out: Path | None, tags: tuple[str, ...], platform: str | None) -> int:
    """Show the menus that the files declare as a phone shows them; offline.

    As text, as an SVG picture, or as an HTML page on which the buttons can be tapped. All menus are shown, each with
    who sees it; with --tag or --platform only the one that such a follower sees. wxdeploy plan --format html shows the
    phone before and after.
    """
    from wxdeploy.cli.world import configure
    from wxdeploy.workflow.preview import preview

    log_to_stderr(common)
    form = form or (out and _SUFFIXES.get(out.suffix.lower())) or "text"
    follower = (tags, platform) if tags or platform else None
    document = preview(configure(common), follower)
    text = _renderers()[form](document)
    if out:
        _write(common.directory / out, text)
        say(f"Wrote {common.directory / out}.\n", common, err=True)
    elif form == "text":
        say(text, common)
    else:
        click.echo(text.encode("utf-8"), nl=False)
    return Exit.DONE


def _renderers() -> Mapping[str, Callable[[Mapping[str, Any]], str]]:
    from wxdeploy.render.page import preview_page
    from wxdeploy.render.svg import preview_svg
    from wxdeploy.render.terminal_phone import preview_text

    return {"text": preview_text, "svg": preview_svg, "html": preview_page}


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    except OSError as error:
        raise WxdeployError(f"{path} can't be written: {error.strerror}", fix="choose another --out") from None
