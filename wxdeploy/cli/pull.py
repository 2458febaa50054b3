"""``wxdeploy pull``: a live account to YAML."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import click

from wxdeploy.cli.exits import Exit, exit_of, worst
from wxdeploy.cli.options import Common, account_options
from wxdeploy.cli.output import log_to_stderr, say, say_error
from wxdeploy.cli.progress import run
from wxdeploy.model.errors import RefusedError, UsageError, WxdeployError
from wxdeploy.model.jsonvalue import JsonValue

STDOUT = "-"


@click.command(
    epilog="""\b
Examples:
  wxdeploy pull --account prod
  wxdeploy pull --account prod --out -
  wxdeploy pull --account 'shop-*' --force"""
)
@click.option(
    "--out", metavar="DIR", help="The folder to write to (default: one named as the account); - prints one document."
)
@click.option("--force", is_flag=True, help="Overwrite files that differ.")
@account_options
@click.pass_obj
def command(common: Common, out: str | None, force: bool) -> int:
    """Bring a live account into YAML, a menu made in the web console too. The plan after it is empty.

    What a rule speaks against and yet is live is kept, with the comment that silences the rule there. A file that
    differs is never overwritten without --force.
    """

    from wxdeploy.cli.world import configure, exit_of_failures, world_of
    from wxdeploy.render.escape import terminal
    from wxdeploy.render.text import failure_lines
    from wxdeploy.workflow.pull import pull, yaml_of

    log_to_stderr(common)
    configuration = configure(common)
    if out is not None and len(configuration.accounts) != 1:
        raise UsageError(
            f"--out takes one account, and {len(configuration.accounts)} are chosen", fix="choose one with --account"
        )
    pulled = run(common, pull(configuration, world_of(common)))
    exits = [exit_of_failures([each.error for each in pulled], Exit.DONE)]
    root = configuration.project.root
    for each in pulled:
        for warning in each.warnings:
            say(f"! {each.account}: {terminal(warning.detail)}\n    {terminal(warning.fix)}\n", common, err=True)
        if each.error:
            lines = "\n".join(failure_lines(each.error.to_json()))
            say(f"{each.account}\n{lines}\n", common, err=True)
        elif out == STDOUT:
            say(yaml_of(each.sections, schema=None) if each.sections else "{}\n", common)
        else:
            folder = common.directory / out if out else root / each.account
            try:
                _write(folder, each.sections, root, within=folder if out else root, force=force, common=common)
            except WxdeployError as error:
                say_error(error, common)
                exits.append(exit_of(error))
    return worst(exits)


def _write(
    folder: Path, sections: Mapping[str, JsonValue], root: Path, *, within: Path, force: bool, common: Common
) -> None:
    """One file a section; refuses, before anything is written, where one is there that differs or leads elsewhere."""
    from wxdeploy.workflow.pull import yaml_of

    schema = _schema_from(folder, root)
    pages = {folder / f"{name}.yaml": yaml_of({name: value}, schema=schema) for name, value in sections.items()}
    if not pages:
        say("· the account holds nothing to pull\n", common, err=True)
        return
    astray = [path for path in (folder, *pages) if not path.resolve().is_relative_to(within.resolve())]
    if astray:
        raise RefusedError(
            f"{astray[0]} is a link that leads out of the {'folder' if within == folder else 'project'}",
            fix="choose a folder with --out",
        )
    try:
        differ = [path for path, text in pages.items() if path.exists() and path.read_bytes() != text.encode()]
        if differ and not force:
            raise RefusedError(f"{', '.join(map(str, differ))} would be overwritten", fix="overwrite with --force")
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in pages.items():
            path.write_bytes(text.encode())
            say(f"+ {os.path.relpath(path)}\n", common)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise WxdeployError(
            f"{error.filename} can't be written: {error.strerror}", fix="choose another folder with --out"
        ) from None
    if not common.quiet and folder.resolve().is_relative_to(root.resolve()):
        within = folder.resolve().relative_to(root.resolve())
        say(f"    name them in wxdeploy.yaml: files: [{(within / '*.yaml').as_posix()}]\n", common, err=True)


def _schema_from(folder: Path, root: Path) -> str | None:
    """The address of the project's own copy of the schema, as seen from ``folder``; None where there is none."""
    schema = root / "schemas" / "v1" / "account.schema.json"
    if not schema.is_file() or not folder.resolve().is_relative_to(root.resolve()):
        return None
    ups = len(folder.resolve().relative_to(root.resolve()).parts)
    return "../" * ups + "schemas/v1/account.schema.json" if ups else "./schemas/v1/account.schema.json"
