"""``wxdeploy rollback``: an account back to a snapshot of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from wxdeploy.cli.options import Common, account_options, rollout_options, text_or_json
from wxdeploy.cli.output import log_to_stderr, say
from wxdeploy.cli.push import push

if TYPE_CHECKING:
    from wxdeploy.cli.push import Work
    from wxdeploy.workflow.rollout import Rollout


@click.command(
    epilog="""\b
Examples:
  wxdeploy rollback --account prod
  wxdeploy rollback .wxdeploy/snapshots/prod-20261122T021500.000000Z-apply-1a2b3c4d.json
  wxdeploy rollback yesterday.json --target menu --yes"""
)
@click.argument("snapshot", required=False, type=click.Path(path_type=Path))
@text_or_json
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--allow-delete", is_flag=True, help="Delete, or replace for good, what the plan says would be.")
@rollout_options
@account_options
@click.pass_obj
def command(
    common: Common,
    snapshot: Path | None,
    form: str,
    yes: bool,
    allow_delete: bool,
    canary: str | None,
    on_error: str,
    max_failures: int | None,
) -> int:
    """Bring an account back to SNAPSHOT, or each to its newest snapshot that there is something to bring back of.

    Without SNAPSHOT, one that equals the live account is passed over, and so is what a rollback itself kept: run again,
    it goes on to where it was going. Which one is chosen, when it was taken and by what is said before anything else.

    It plans, asks, pushes and verifies as apply does, and says what can't be put back: what was made in the web
    console, rules that WeChat does not take any more. The next plan shows what the files ask for beyond it.
    """
    from wxdeploy.cli.world import rollout_of

    log_to_stderr(common)
    rollout = rollout_of(canary, on_error, max_failures)
    allow = frozenset({"--allow-delete"} if allow_delete else ())
    path = None if snapshot is None else common.directory / snapshot
    return push(
        common,
        form,
        asks=not yes,
        prepare=lambda: _back(common, path, not yes, allow, rollout),
        allow=allow,
        goal="the snapshot",
    )


def _back(common: Common, path: Path | None, asks: bool, allow: frozenset[str], rollout: Rollout) -> Work:
    from wxdeploy.cli.world import configure, world_of
    from wxdeploy.execution.snapshot import read
    from wxdeploy.render.escape import terminal
    from wxdeploy.workflow.rollback import rollback

    # What can be aimed at is in the snapshot, not in the files.
    configuration = configure(common.but(targets=()))
    snapshot = None if path is None else read(path)
    return lambda confirm, stop: rollback(
        configuration,
        world_of(common, stop),
        snapshot=snapshot,
        confirm=confirm,
        tell=lambda words: say(f"{terminal(words)}\n", common, err=True),
        asks=asks,
        allow=allow,
        targets=common.targets,
        rollout=rollout,
    )
