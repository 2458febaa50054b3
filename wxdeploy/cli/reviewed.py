"""``wxdeploy reviewed``: is this plan the one that was reviewed?"""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import click

from wxdeploy.cli.options import Common, common_options
from wxdeploy.cli.output import say


@click.command(
    epilog="""\b
Example:
  wxdeploy plan --out plan.json && wxdeploy reviewed plan.json && wxdeploy apply plan.json"""
)
@click.argument("plan", type=click.Path(path_type=Path))
@click.option(
    "--artifact",
    metavar="NAME",
    default="wxdeploy-plan",
    show_default=True,
    help="Where it was kept: an artefact of GitHub, a job of GitLab; plan.json in it.",
)
@common_options
@click.pass_obj
def command(common: Common, plan: Path, artifact: str) -> None:
    """Refuse, with exit code 4, a plan that is not the one that was reviewed on the pull request.

    For the pipeline of the main branch: it plans what was merged, and this compares that plan with the one which the
    merged pull request kept: every object before and after, every call. The kept one is never applied itself, since
    whoever may push a branch may have made it. On GitHub GITHUB_TOKEN has to hold a token, on GitLab GITLAB_TOKEN.
    """
    from wxdeploy.client.forge import forge_of
    from wxdeploy.workflow.review import document_of, hold_to_reviewed, read_document

    document = read_document(common.directory / plan)
    if any(account["status"] != "unchanged" for account in document["accounts"]) or document["error"]:
        with closing(forge_of(os.environ)) as forge:
            kept = forge.reviewed(artifact)
        hold_to_reviewed(document, document_of(kept, f"the artefact {artifact}"))
    if not common.quiet:
        say("This is what was reviewed.\n", common, err=True)
