"""``wxdeploy plan``: what would change."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wxdeploy import __version__
from wxdeploy.cli.exits import Exit, exit_of
from wxdeploy.cli.options import Common, account_options
from wxdeploy.cli.output import log_to_stderr, say, say_json, width_of_terminal
from wxdeploy.cli.progress import run
from wxdeploy.model.errors import WxdeployError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.plan import Failure, Plan, Status
from wxdeploy.model.planjson import to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wxdeploy.workflow.base import Base
    from wxdeploy.workflow.load import Configuration


@click.command(
    epilog="""\b
Examples:
  wxdeploy plan
  wxdeploy plan --account prod --target menu
  wxdeploy plan --format json --detailed-exitcode
  wxdeploy plan --out plan.json
  wxdeploy plan --format markdown > comment.md
  wxdeploy plan --format html > plan.html
  wxdeploy plan --select region=north --shard 1/4 --format json > plan-1.json
  wxdeploy plan --base origin/main"""
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "html", "junit"]),
    default="text",
    show_default=True,
    help="For people, for programs, a comment on a change, a page with the phone before and after, or a test report.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Keep the plan in FILE, for apply to do exactly that.",
)
@click.option("--base", metavar="REV", help="Tell what the configuration changed since REV from what the account did.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 where there are changes.")
@account_options
@click.pass_obj
def command(common: Common, form: str, out: Path | None, base: str | None, detailed_exitcode: bool) -> int:
    """Validate, fetch the live accounts and show the difference. Reads only: nothing is changed."""
    from wxdeploy.cli.world import configure, exit_of_failures, shard_of, world_of
    from wxdeploy.workflow.plan import plan as planned

    log_to_stderr(common)
    try:
        configuration = configure(common)
        plan = run(common, planned(configuration, world_of(common), _base(configuration, base, common)))
    except WxdeployError as error:
        document = to_json(Plan((), shard=shard_of(common)), version=__version__, failure=Failure.of(error))
        if out is not None:
            # Whoever does not look at the exit code must not apply the plan that was in the file before.
            _keep(common, out, document, common.directory)
        if form == "text":
            raise
        show(document, form, common)
        return exit_of(error)
    document = to_json(plan, version=__version__)
    if out is not None:
        _keep(common, out, document, configuration.project.root)
    show(document, form, common)
    changed = detailed_exitcode and any(account.status is Status.CHANGES for account in plan.accounts)
    return exit_of_failures([account.error for account in plan.accounts], Exit.CHANGES if changed else Exit.DONE)


def show(document: Mapping[str, Any], form: str, common: Common) -> None:
    """Print a plan's document in the format that was asked for."""
    if form == "json":
        say_json(document)
    elif form == "markdown":
        from wxdeploy.render.fleet_markdown import plan_comment

        click.echo(plan_comment(document).encode("utf-8", "backslashreplace"), nl=False)
    elif form == "junit":
        from wxdeploy.render.junit import junit

        click.echo(junit(document, "plan").encode("utf-8"), nl=False)
    elif form == "html":
        from wxdeploy.render.page import plan_page

        click.echo(plan_page(document).encode("utf-8"), nl=False)
    else:
        from wxdeploy.render.fleet import plan_told

        say(plan_told(document, width_of_terminal()), common)


def _base(configuration: Configuration, revision: str | None, common: Common) -> Base | None:
    """What the configuration was at the revision; says on stderr of which accounts nothing can be told."""
    if revision is None:
        return None
    from wxdeploy.workflow.base import load_base

    base = load_base(configuration.project.root, revision, os.environ)
    broken = [each.account.name for each in configuration.accounts if each.account.name in base.broken]
    if broken:
        told = f"! {', '.join(broken)}: the configuration was invalid at {revision}: who changed what can't be told\n"
        say(told, common, err=True)
    return base


def _keep(common: Common, out: Path, document: Mapping[str, JsonValue], root: Path) -> None:
    """Write the plan to the file, and say how to apply it."""
    from wxdeploy.workflow.revision import commit_of
    from wxdeploy.workflow.saved import save

    path = common.directory / out
    save(path, document, commit_of(root))
    if document["accounts"] and not common.quiet:
        folder = f" -C {shlex.quote(str(common.directory))}" if common.directory != Path() else ""
        say(f"Kept in {path}. To do exactly this: wxdeploy{folder} apply {shlex.quote(str(out))}\n", common, err=True)
