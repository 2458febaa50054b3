"""``wxdeploy export``: what applications need of every account."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from wxdeploy.cli.exits import Exit, worst
from wxdeploy.cli.options import Common, account_options
from wxdeploy.cli.output import json_even_so, log_to_stderr, say
from wxdeploy.cli.progress import run
from wxdeploy.model.errors import RefusedError, UsageError, WxdeployError

_BEGINNING = 2000  # bytes, among which an export says what made it, a licence before that included
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    epilog="""\b
Examples:
  wxdeploy export --out app/wx_templates.py
  wxdeploy export --check app/wx_templates.py
  wxdeploy export --account 'shop-*' --format dotenv"""
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "dotenv", "python", "typescript"]),
    help="The form; by default what the file's name asks for (.json, .env, .py, .ts), else json.",
)
@click.option("--out", type=_FILE, metavar="FILE", help="Write FILE instead of printing.")
@click.option("--force", is_flag=True, help="Overwrite a file that is no export.")
@click.option("--check", type=_FILE, metavar="FILE", help="Fail where FILE is not what would be written.")
@account_options
@click.pass_obj
def command(common: Common, form: str | None, out: Path | None, force: bool, check: Path | None) -> int:
    """Export template ids, placeholders, source paths and links by logical name, and the keys of menus.

    The same accounts make the same text, so that it can be committed. Where an account lacks a template, each one is
    named, no file is written, and the exit code is 1; JSON on stdout is printed even so. A file that is no export is
    never overwritten without --force.
    """
    from wxdeploy.cli.world import configure, exit_of_failures, world_of
    from wxdeploy.render.export.formats import FORMATS, format_of
    from wxdeploy.render.export.problems import problems_text
    from wxdeploy.workflow.export import export, to_json

    log_to_stderr(common)
    if out and check:
        raise UsageError("--out and --check exclude each other", fix="check first; where it fails, write")
    if out and not force:
        _refuse_another(common.directory / out)
    named = out or check
    form = form or (named and format_of(named.name)) or "json"
    with json_even_so(None if named else form, {"format": "wxdeploy.export/1", "accounts": {}}):
        exported = run(common, export(configure(common), world_of(common)))
    document = to_json(exported)
    text = FORMATS[form](document)
    code = exit_of_failures([each.failure for each in exported], Exit.DONE)
    if any(each.missing for each in exported):
        code = worst([code, Exit.FAILED])
    if code is not Exit.DONE:
        say(problems_text(document), common, err=True)
        if form == "json" and not named:
            _print(text)
        return code
    if check:
        return _checked(common.directory / check, text, _renewal(common, form, check), common)
    if out:
        _write(common.directory / out, text)
        say(f"Wrote {out}: {_count(document)}.\n", common, err=True)
    else:
        _print(text)
    return Exit.DONE


def _print(text: str) -> None:
    click.echo(text.encode("utf-8"), nl=False)


def _refuse_another(path: Path) -> None:
    """Raise ``RefusedError`` where writing would replace a file that was not made by an export."""
    from wxdeploy.render.export.formats import is_export

    if not path.is_file():
        return
    try:
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING).decode("utf-8", "replace")
    except OSError as error:
        raise WxdeployError(f"{path} can't be read: {error.strerror}", fix="choose another --out") from None
    if beginning.strip() and not is_export(beginning):
        raise RefusedError(f"{path} is there and is no export", fix="choose another --out, or overwrite with --force")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    except OSError as error:
        raise WxdeployError(f"{path} can't be written: {error.strerror}", fix="choose another --out") from None


def _checked(path: Path, text: str, renewal: str, common: Common) -> Exit:
    """Compare a committed file, whatever its checkout made of the line breaks."""
    from wxdeploy.render.export.problems import difference

    try:
        there = path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    except FileNotFoundError:
        say(f"✗ {path} is not there\n    write it: {renewal}\n", common, err=True)
        return Exit.FAILED
    if there == text:
        say(f"✓ {path} is up to date\n", common, err=True)
        return Exit.DONE
    say(f"✗ {path} is out of date\n{difference(there, text)}    renew it: {renewal}\n", common, err=True)
    return Exit.FAILED


def _renewal(common: Common, form: str, path: Path) -> str:
    """The command line that writes what is checked."""
    place = ["-C", str(common.directory)] if common.directory != Path() else []
    shards = (common.shard,) if common.shard else ()
    chosen = [
        word
        for option, values in (
            ("--account", common.accounts),
            ("--select", common.labels),
            ("--shard", shards),
            ("--target", common.targets),
        )
        for value in values
        for word in (option, value)
    ]
    return shlex.join(["wxdeploy", *place, "export", *chosen, "--format", form, "--out", str(path)])


def _count(document: Mapping[str, Any]) -> str:
    accounts = document["accounts"]
    names = {name for account in accounts.values() for name in account["templates"]}
    return f"{len(names)} template{'' if len(names) == 1 else 's'}, {len(accounts)} account{_s(accounts)}"


def _s(things: Mapping[str, Any]) -> str:
    return "" if len(things) == 1 else "s"
