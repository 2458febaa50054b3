"""``wxdeploy comment``: a plan where it is reviewed."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import click

from wxdeploy.cli.options import Common, common_options
from wxdeploy.cli.output import say
from wxdeploy.model.errors import UsageError


@click.command(
    epilog="""\b
Examples:
  wxdeploy plan --out plan.json && wxdeploy comment plan.json
  wxdeploy diff --format json > diff.json && wxdeploy comment diff.json
  wxdeploy plan --account 'shop-*' --out plan.json && wxdeploy comment plan.json --name shops
  wxdeploy plan --out drift.json && wxdeploy comment drift.json --issue 'WeChat: drift'"""
)
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--name", metavar="NAME", default="", help="This job's own, where several jobs share the accounts.")
@click.option(
    "--issue",
    metavar="TITLE",
    help="Keep one issue of this title instead: open while there are changes, closed when there are none.",
)
@common_options
@click.pass_obj
def command(common: Common, plan: Path, name: str, issue: str | None) -> None:
    """Put a plan, or a comparison, into comments on the pull request that this pipeline is run for.

    PLAN is a file of plan --out, or of plan or diff --format json. Each account has a comment, ten and more have one
    together; a later run changes it in place. On GitHub the environment variable GITHUB_TOKEN has to hold a token that
    may write them, on GitLab GITLAB_TOKEN; the token is sent to nobody else.
    """
    from wxdeploy.client.forge import forge_of
    from wxdeploy.workflow.review import comment, keep_issue, read_document

    if issue is not None and (name or not issue.strip()):
        raise UsageError("--issue takes the title of one issue, and no --name", fix="give the title alone")
    document = read_document(common.directory / plan)
    with closing(forge_of(os.environ)) as forge:
        for line in keep_issue(document, issue, forge) if issue else comment(document, forge, name):
            if not common.quiet:
                say(f"{line}\n", common, err=True)
