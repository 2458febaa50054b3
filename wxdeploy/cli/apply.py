"""``wxdeploy apply``: push the changes and prove that they took."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wxdeploy.cli.options import Common, account_options, rollout_options
from wxdeploy.cli.output import log_to_stderr
from wxdeploy.cli.push import push

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from wxdeploy.cli.push import Work
    from wxdeploy.client.stop import Stop
    from wxdeploy.model.plan import Plan
    from wxdeploy.model.report import ApplyReport
    from wxdeploy.model.shard import Shard
    from wxdeploy.workflow.rollout import Rollout


@click.command(
    epilog="""\b
Examples:
  wxdeploy apply
  wxdeploy apply --account prod --yes
  wxdeploy apply --yes --allow-delete --format json
  wxdeploy apply --select region=north --yes --format junit > junit.xml
  wxdeploy apply --yes --canary shop-001 --max-failures 3
  wxdeploy plan --out plan.json && wxdeploy apply plan.json"""
)
@click.argument("plan", required=False, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "junit"]),
    default="text",
    show_default=True,
    help="For people, for programs, or a test report.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--allow-delete", is_flag=True, help="Delete, or replace for good, what the plan says would be.")
@rollout_options
@account_options
@click.pass_obj
def command(
    common: Common,
    plan: Path | None,
    form: str,
    yes: bool,
    allow_delete: bool,
    canary: str | None,
    on_error: str,
    max_failures: int | None,
) -> int:
    """Plan, ask, push, and read the accounts again to prove that the changes took.

    With PLAN, a file that plan --out wrote: do exactly what it says or refuse, and never ask. Applied twice, it does
    nothing the second time; interrupted, it goes on from where it stopped; where an account has changed since, it is
    refused with exit code 4.

    An account that fails stops no other, unless --on-error stop or --max-failures says so. With --canary one account is
    applied to and verified before any other is. Ctrl-C lets the calls under way come to their end, makes no more and
    reports; a second one stops at once.

    Deleting the menu, or replacing one that was made in the web console, needs --allow-delete. What was live before is
    kept in .wxdeploy/snapshots/.
    """
    from wxdeploy.cli.world import rollout_of

    log_to_stderr(common)
    allow = frozenset({"--allow-delete"} if allow_delete else ())
    rollout = rollout_of(canary, on_error, max_failures)
    if plan is not None:
        path = common.directory / plan
        return push(common, form, asks=False, prepare=lambda: _saved(common, path, allow, rollout))
    return push(common, form, asks=not yes, prepare=lambda: _fresh(common, not yes, allow, rollout), allow=allow)


def _fresh(common: Common, asks: bool, allow: frozenset[str], rollout: Rollout) -> Work:
    from wxdeploy.cli.world import configure, world_of
    from wxdeploy.workflow.apply import apply

    configuration = configure(common)

    def work(confirm: Callable[[Plan], bool], stop: Stop) -> Coroutine[Any, Any, ApplyReport | None]:
        world = world_of(common, stop)
        done = apply(configuration, world, confirm=confirm, asks=asks, allow=allow, rollout=rollout)
        return _of_shard(done, configuration.shard)

    return work


async def _of_shard(done: Coroutine[Any, Any, ApplyReport | None], shard: Shard | None) -> ApplyReport | None:
    """The report, which says what share of a fleet it is of."""
    report = await done
    return None if report is None else replace(report, shard=shard)


def _saved(common: Common, path: Path, allow: frozenset[str], rollout: Rollout) -> Work:
    from wxdeploy.cli.world import configure, world_of
    from wxdeploy.model.errors import UsageError
    from wxdeploy.workflow.saved import apply_saved, read

    if common.targets:
        raise UsageError("a saved plan is done as it stands", fix="leave --target out, or plan with it")
    if common.labels or common.shard:
        raise UsageError(
            "a saved plan is of the accounts that it was made for",
            fix="choose among them with --account, or plan with --select and --shard",
        )
    # The accounts are those of the plan; whether the project has them is for the plan to be refused by.
    configuration = configure(common.but(accounts=()))
    saved = read(path)

    def work(confirm: Callable[[Plan], bool], stop: Stop) -> Coroutine[Any, Any, ApplyReport | None]:
        done = apply_saved(
            saved,
            configuration,
            world_of(common, stop),
            confirm=confirm,
            only=common.accounts,
            allow=allow,
            rollout=rollout,
        )
        return _of_shard(done, saved.shard)

    return work
