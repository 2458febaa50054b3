"""``wxdeploy diff``: what the files ask for that they did not ask for at a git revision."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from wxdeploy import __version__
from wxdeploy.cli.exits import Exit, exit_of
from wxdeploy.cli.options import Common, object_options
from wxdeploy.model.errors import WxdeployError
from wxdeploy.model.plan import Failure, Plan, Status
from wxdeploy.model.planjson import to_json

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    epilog="""\b
Examples:
  wxdeploy diff
  wxdeploy diff HEAD~1 --account prod
  wxdeploy diff origin/main --format markdown
  wxdeploy diff origin/main --format html > diff.html
  wxdeploy diff v1.2 --format json --detailed-exitcode"""
)
@click.argument("revision", metavar="[REV]", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "html"]),
    default="text",
    show_default=True,
    help="For people, programs, a comment on a change, or a page with the phone before and after.",
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 where there are changes.")
@object_options
@click.pass_obj
def command(common: Common, revision: str | None, form: str, detailed_exitcode: bool) -> int:
    """Show what this configuration asks for that it did not ask for at a git revision; offline.

    REV is a branch, a tag or a commit, by default the commit at which this work left the main branch. No account is
    called and no secret is needed, so that a change is reviewed in a fork's pipeline too. What is live may differ from
    both: wxdeploy plan says how.
    """
    from wxdeploy.cli.plan import show
    from wxdeploy.cli.world import configure, exit_of_failures
    from wxdeploy.workflow.base import load_base
    from wxdeploy.workflow.diff import compare

    try:
        configuration = configure(common)
        commit, name = _point(configuration.project.root, revision)
        base = load_base(configuration.project.root, commit, os.environ)
        whole = not (common.accounts or common.labels or common.shard)
        plan = compare(configuration, base, name, targets=common.targets, whole=whole)
    except WxdeployError as error:
        if form == "text":
            raise
        show(to_json(Plan(()), version=__version__, failure=Failure.of(error)), form, common)
        return exit_of(error)
    document = {**to_json(plan, version=__version__), "against": {"revision": commit, "name": name}}
    show(document, form, common)
    changed = detailed_exitcode and any(account.status is Status.CHANGES for account in plan.accounts)
    return exit_of_failures([account.error for account in plan.accounts], Exit.CHANGES if changed else Exit.DONE)


def _point(root: Path, revision: str | None) -> tuple[str, str]:
    """The full hash of the revision, and what to call it."""
    from wxdeploy.workflow.revision import fork_point, resolve

    if revision is not None:
        return resolve(root, revision), revision
    commit, branch = fork_point(root)
    return commit, f"{branch} ({commit[:7]})"
