"""``wxdeploy schema``: the schemas of this version."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from wxdeploy.cli.options import Common, common_options
from wxdeploy.cli.output import say
from wxdeploy.model.errors import RefusedError, UsageError


@click.command(
    epilog="""\b
Examples:
  wxdeploy schema                       list the names
  wxdeploy schema account               print one
  wxdeploy schema --out schemas/v1      write them all"""
)
@click.argument("name", required=False)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write all schemas to DIR."
)
@click.option("--force", is_flag=True, help="Overwrite files that differ.")
@common_options
@click.pass_obj
def command(common: Common, name: str | None, out: Path | None, force: bool) -> None:
    """Print or write the JSON Schemas that editors complete and check the files by."""
    from wxdeploy.config import schemas

    if out is not None and name is not None:
        raise UsageError("--out writes all schemas", fix=f"leave {name} out, or redirect what is printed without --out")
    if out is not None:
        written = write_schemas(common.directory / out, force=force)
        say(f"Wrote {len(written)} schemas to {out}\n", common)
        return
    if name is None:
        say("".join(f"{each}\n" for each in schemas.names()), common)
        return
    wanted = name.removesuffix(".json").removesuffix(".schema") + ".schema.json"
    if wanted not in schemas.names():
        raise UsageError(f"there is no schema {name}", fix=f"there are: {', '.join(schemas.names())}")
    say(schemas.text(wanted), common)


def write_schemas(folder: Path, *, force: bool) -> list[Path]:
    """Write every schema to ``folder``; a file there that differs is kept unless ``force``."""
    pages = schema_pages(folder)
    differ = other_than(pages)
    if differ and not force:
        raise RefusedError(
            f"{', '.join(path.name for path in differ)} in {folder} differ(s)", fix="overwrite with --force"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in pages.items():
        path.write_bytes(text.encode())
    return list(pages)


def schema_pages(folder: Path) -> dict[Path, str]:
    """Every schema under the path that it has in ``folder``."""
    from wxdeploy.config import schemas

    return {folder / name: schemas.text(name) for name in schemas.names()}


def other_than(pages: Mapping[Path, str]) -> list[Path]:
    """The paths at which something else stands than is to be written there."""
    return [path for path, text in pages.items() if path.exists() and path.read_bytes() != text.encode()]
