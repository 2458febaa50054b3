"""``wxdeploy preview``: the phone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wxdeploy.cli.exits import Exit
from wxdeploy.cli.options import Common, object_options
from wxdeploy.cli.output import log_to_stderr, say, width_of_terminal
from wxdeploy.model.errors import RefusedError, UsageError, WxdeployError
from wxdeploy.wechat.matchrules import PLATFORMS

if TYPE_CHECKING:
    from wxdeploy.workflow.load import Configuration

_SUFFIXES = {".html": "html", ".htm": "html", ".svg": "svg", ".txt": "text"}
_BEGINNING = 2000  # bytes, among which a preview shows that it is one
_PICTURES = ("<!doctype html>", "<svg ")


@click.command(
    epilog="""\b
Examples:
  wxdeploy preview
  wxdeploy preview --out phone.html
  wxdeploy preview --account shop --tag VIP --platform ios
  wxdeploy preview --target menu --out docs/menu.svg
  wxdeploy preview --at origin/main --out before.svg"""
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
@click.option("--at", "revision", metavar="REV", help="The menus of a git revision: the picture before a change.")
@object_options
@click.pass_obj
def command(
    common: Common,
    form: str | None,
    out: Path | None,
    tags: tuple[str, ...],
    platform: str | None,
    revision: str | None,
) -> int:
    """Show the menus that the files declare as a phone shows them; offline.

    As text, as an SVG picture, or as an HTML page on which the buttons can be tapped. All menus are shown, each with
    who sees it; with --tag or --platform only the one that such a follower sees. --at shows them as they were; wxdeploy
    plan --format html, and offline wxdeploy diff --format html, show the phone before and after on one page. A file
    that is no preview is never overwritten.
    """
    from wxdeploy.workflow.preview import preview

    log_to_stderr(common)
    if out:
        _refuse_another(common.directory / out)
    form = form or (out and _SUFFIXES.get(out.suffix.lower())) or "text"
    follower = (tags, platform) if tags or platform else None
    document = preview(_configured(common, revision), follower)
    text = _rendered(document, form, None if out else width_of_terminal())
    if out:
        _write(common.directory / out, text)
        say(f"Wrote {common.directory / out}.\n", common, err=True)
    elif form == "text":
        say(text, common)
    else:
        click.echo(text.encode("utf-8"), nl=False)
    return Exit.DONE


def _configured(common: Common, revision: str | None) -> Configuration:
    """The project as it is, or (without what is not committed) as it was."""
    from wxdeploy.cli.world import configure
    from wxdeploy.config.files import PROJECT_FILE
    from wxdeploy.config.project import find_root
    from wxdeploy.workflow.revision import project_at

    if revision is None:
        return configure(common)
    with project_at(find_root(common.directory), revision) as folder:
        if not (folder / PROJECT_FILE).is_file():
            raise UsageError(f"there was no {PROJECT_FILE} here at {revision}", fix="choose a later revision")
        return configure(common.but(directory=folder))


def _rendered(document: Mapping[str, Any], form: str, width: int | None) -> str:
    from wxdeploy.render.page import preview_page
    from wxdeploy.render.svg import preview_svg
    from wxdeploy.render.terminal_phone import preview_text

    match form:
        case "svg":
            return preview_svg(document)
        case "html":
            return preview_page(document)
    return preview_text(document, width)


def _refuse_another(path: Path) -> None:
    """Raise ``RefusedError`` where writing would replace a file that is no preview, such as the menu itself."""
    if not path.is_file() or _SUFFIXES.get(path.suffix.lower()) == "text":
        return
    try:
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING).decode("utf-8", "replace")
    except OSError as error:
        raise WxdeployError(f"{path} can't be read: {error.strerror}", fix="choose another --out") from None
    if beginning.strip() and not beginning.startswith(_PICTURES) and "╭" not in beginning:
        raise RefusedError(f"{path} is there and is no preview", fix="choose another --out, or remove that one")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    except OSError as error:
        raise WxdeployError(f"{path} can't be written: {error.strerror}", fix="choose another --out") from None
