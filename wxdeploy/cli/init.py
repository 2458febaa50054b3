"""``wxdeploy init``: a working project."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import click

from wxdeploy.cli.options import Common, common_options
from wxdeploy.cli.output import say
from wxdeploy.cli.schema import other_than, schema_pages, write_schemas
from wxdeploy.model.errors import RefusedError

_PLACES = {
    "wxdeploy.yaml": "wxdeploy.yaml",
    "menu.yaml": "base/menu.yaml",
    "gitignore": ".gitignore",
    "github.yaml": ".github/workflows/wxdeploy.yaml",
}

_NO_ACTION = f"OWNER/wxdeploy@{'0' * 40}"
_ON_GITHUB = re.compile(r"(?:https|ssh)://(?:[^/@]*@)?github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?")
_COMMIT = re.compile(r"[0-9a-f]{40}")


@click.command(
    epilog="""\b
Example:
  wxdeploy init shop && cd shop && wxdeploy plan"""
)
@click.argument("folder", metavar="[DIR]", type=click.Path(file_okay=False, path_type=Path), default=Path())
@common_options
@click.pass_obj
def command(common: Common, folder: Path) -> None:
    """Write a working project: a sandbox account, a menu, the schemas and a CI example.

    Its first plan and apply work at once, without an account. No file that is there is overwritten.
    """
    root = common.directory / folder
    pages = {
        root / place: files("wxdeploy.cli").joinpath("project", page).read_text("utf-8")
        for page, place in _PLACES.items()
    }
    action = _action()
    if action is not None:
        pages = {path: text.replace(_NO_ACTION, action) for path, text in pages.items()}
    schemas = root / "schemas" / "v1"
    taken = [*(path for path in pages if path.exists()), *other_than(schema_pages(schemas))]
    if taken:
        raise RefusedError(
            f"{', '.join(str(path.relative_to(root)) for path in taken)} in {root}"
            f" exist{'s' if len(taken) == 1 else ''} already",
            fix="choose an empty folder: wxdeploy init DIR",
        )
    for path, text in pages.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    write_schemas(schemas, force=False)
    names = "".join(f"+ {path.relative_to(root)}\n" for path in pages)
    step = "" if folder == Path() else f"cd {folder} && "
    say(f"{names}+ schemas/v1/\n\nNext:\n  {step}wxdeploy plan\n  {step}wxdeploy apply\n", common)
    if action is None:
        say(f"Before a pipeline runs, say in {_PLACES['github.yaml']} which wxdeploy it uses.\n", common)


def _action() -> str | None:
    """The action as a workflow names it, of the repository on GitHub and the commit that this was installed from.

    pip takes note of both (https://packaging.python.org/specifications/direct-url). None where it was installed from
    anywhere else.
    """
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        origin = json.loads(distribution("wxdeploy").read_text("direct_url.json") or "{}")
        found = _ON_GITHUB.fullmatch(origin["url"])
        commit = origin["vcs_info"]["commit_id"]
    except (PackageNotFoundError, ValueError, KeyError, TypeError):
        return None
    return f"{found[1]}@{commit}" if found and _COMMIT.fullmatch(commit) else None
