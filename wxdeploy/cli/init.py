"""``wxdeploy init``: a working project."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from shlex import quote

import click

from wxdeploy.cli.options import Common, common_options
from wxdeploy.cli.output import say
from wxdeploy.cli.schema import other_than, schema_pages, write_schemas
from wxdeploy.model.errors import RefusedError

_PLACES = {
    "wxdeploy.yaml": "wxdeploy.yaml",
    "menu.yaml": "base/menu.yaml",
    "github.yaml": ".github/workflows/wxdeploy.yaml",
}

_IGNORED = b".wxdeploy/"

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

    Its first plan and apply work at once, without an account. No file that is there is overwritten; a .gitignore is
    added to.
    """
    root = common.directory / folder
    action = _action()
    pages = {root / place: _page(name, action) for name, place in _PLACES.items()}
    ignoring, schemas = root / ".gitignore", root / "schemas" / "v1"
    taken = [*(path for path in pages if path.exists()), *other_than(schema_pages(schemas))]
    taken += [path for path in (ignoring, *pages) if path.is_symlink() and path not in taken]
    if taken:
        raise RefusedError(
            f"{', '.join(str(path.relative_to(root)) for path in taken)} in {root}"
            f" exist{'s' if len(taken) == 1 else ''} already",
            fix="choose an empty folder: wxdeploy init DIR",
        )
    kept = ignoring.read_bytes() if ignoring.exists() else b""
    if (ignored := _ignoring(kept)) != kept:
        pages[ignoring] = ignored
    for path, page in pages.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page)
    write_schemas(schemas, force=False)
    names = "".join(f"{'~' if kept and path == ignoring else '+'} {path.relative_to(root)}\n" for path in pages)
    step = "" if folder == Path() else f"cd {quote(str(folder))} && "
    say(f"{names}+ schemas/v1/\n\nNext:\n  {step}wxdeploy plan\n  {step}wxdeploy apply\n", common)
    if action is None:
        say(f"Before a pipeline runs, say in {_PLACES['github.yaml']} which wxdeploy it uses.\n", common)


def _page(name: str, action: str | None) -> bytes:
    """A file of the project, which names the action in its pipeline."""
    text = files("wxdeploy.cli").joinpath("project", name).read_text("utf-8")
    return text.replace(_NO_ACTION, action or _NO_ACTION).encode()


def _ignoring(kept: bytes) -> bytes:
    """What a ``.gitignore`` is to hold that holds this: git passes over snapshots and locks."""
    if _IGNORED in kept.split():
        return kept
    return kept + b"\n" * (kept[-1:] not in (b"", b"\n")) + _IGNORED + b"\n"


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
