"""``wxdeploy reviewed``: is this plan the one that was reviewed?"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from wxdeploy import __version__
from wxdeploy.cli.options import Common, common_options
from wxdeploy.cli.output import say
from wxdeploy.model.errors import WxdeployError


@click.command(
    epilog="""\b
Examples:
  wxdeploy plan --out plan.json && wxdeploy reviewed plan.json && wxdeploy apply plan.json
  wxdeploy reviewed plan.json --out reviewed.json; wxdeploy apply reviewed.json"""
)
@click.argument("plan", type=click.Path(path_type=Path))
@click.option(
    "--artifact",
    metavar="NAME",
    default="wxdeploy-plan",
    show_default=True,
    help="Where it was kept: an artefact of GitHub, a job of GitLab; plan.json in it.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Keep in FILE what of the plan was reviewed; apply refuses the other accounts of it, each alone.",
)
@common_options
@click.pass_obj
def command(common: Common, plan: Path, artifact: str, out: Path | None) -> None:
    """Refuse, with exit code 4, a plan that is not the one that was reviewed on the pull request.

    For the pipeline of the main branch: it plans what was merged, and this compares that plan with the one which the
    merged pull request kept: every object before and after, every call. The kept one is never applied itself, since
    whoever may push a branch may have made it. On GitHub GITHUB_TOKEN has to hold a token, on GitLab GITLAB_TOKEN.

    Of several accounts, those that differ are named. With --out the others can be applied to all the same: the exit
    code is 4 here and there, and nothing is sent to an account of which it was not reviewed.
    """
    from wxdeploy.workflow.review import not_reviewed, read_document, reviewed_part, told_of

    document: dict[str, Any] = {}
    try:
        document = read_document(common.directory / plan)
        found = _unreviewed(document, artifact)
    except WxdeployError as error:
        if out is not None:
            # Whoever does not look at the exit code must not apply the plan that was in the file before.
            _keep(common.directory / out, _without_plan(error), document)
        raise
    if out is not None:
        from wxdeploy.model.planjson import to_json

        _keep(common.directory / out, to_json(reviewed_part(document, found), version=__version__), document)
    if found:
        raise not_reviewed(told_of(found))
    if not common.quiet:
        say("This is what was reviewed.\n", common, err=True)


def _unreviewed(document: Mapping[str, Any], artifact: str) -> dict[str, str]:
    """The accounts that are not as reviewed; nobody is asked where nothing is to be done."""
    from wxdeploy.client.forge import forge_of
    from wxdeploy.workflow.review import document_of, unreviewed

    if all(account["status"] == "unchanged" for account in document["accounts"]) and not document["error"]:
        return {}
    with closing(forge_of(os.environ)) as forge:
        kept = forge.reviewed(artifact)
    return unreviewed(document, document_of(kept, f"the artefact {artifact}"))


def _without_plan(error: WxdeployError) -> dict[str, Any]:
    from wxdeploy.model.plan import Failure, Plan
    from wxdeploy.model.planjson import to_json

    return to_json(Plan(()), version=__version__, failure=Failure.of(error))


def _keep(path: Path, kept: Mapping[str, Any], document: Mapping[str, Any]) -> None:
    from wxdeploy.workflow.review import commit_in
    from wxdeploy.workflow.saved import save

    save(path, kept, commit_in(document))
