"""``wxdeploy report merge``: the reports of shards as one, with one exit code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from wxdeploy.cli.exits import Exit, worst
from wxdeploy.cli.options import Common, common_options

_EXAMPLES = """\b
Examples:
  wxdeploy plan --shard 1/4 --format json > plan-1.json
  wxdeploy report merge plan-*.json
  wxdeploy report merge plan-*.json --format markdown > comment.md
  wxdeploy report merge apply-*.json --format junit > junit.xml"""


@click.group(epilog=_EXAMPLES)
@common_options
def command() -> None:
    """Put the reports of shards together: what --shard shared out becomes one report again."""


@command.command(epilog=_EXAMPLES)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "junit"]),
    default="text",
    show_default=True,
    help="As plan and apply print it; markdown is for plans.",
)
@click.option("--detailed-exitcode", is_flag=True, help="Of plans: exit with 2 where there are changes.")
@common_options
@click.pass_obj
def merge(common: Common, files: tuple[Path, ...], form: str, detailed_exitcode: bool) -> int:
    """Print one report in place of those of all shards of one run, and exit with its code.

    FILE is what plan or apply printed with --shard and --format json, or a plan that --out wrote. The result is that of
    one run over all accounts. A shard that is missing, that is there twice, or that is of another run is refused with
    exit code 4. A merged plan is to look at: each shard applies its own.
    """
    from wxdeploy.model import planjson
    from wxdeploy.workflow import merge as merging

    named = [(str(path), merging.read(common.directory / path)) for path in files]
    document = merging.merge(named)
    if document["format"] == planjson.FORMAT:
        from wxdeploy.cli.plan import show

        show(document, form, common)
        return _of_plan(document, Exit.CHANGES if detailed_exitcode else Exit.DONE)
    if form == "markdown" or detailed_exitcode:
        from wxdeploy.model.errors import UsageError

        raise UsageError(
            "these are reports of apply: --format markdown and --detailed-exitcode are for plans",
            fix="leave them out, or give the reports of plan",
        )
    from wxdeploy.cli.push import show_report

    show_report(document, form, common)
    return _of_apply(document)


def _of_plan(document: Mapping[str, Any], changed: Exit) -> Exit:
    exits = [_of_failure(each) for each in (document["error"], *(one["error"] for one in document["accounts"])) if each]
    if any(account["status"] == "changes" for account in document["accounts"]):
        exits.append(changed)
    return worst(exits)


def _of_apply(document: Mapping[str, Any]) -> Exit:
    from wxdeploy.cli.push import code_of

    exits = [code_of(document)]
    if error := document["error"]:
        # What a shard did that ended before it could report is not known.
        exits.append(Exit.INVALID if error["findings"] else Exit.PARTIAL)
    return worst(exits)


def _of_failure(error: Mapping[str, Any]) -> Exit:
    return Exit.INVALID if error["findings"] else Exit.FAILED
