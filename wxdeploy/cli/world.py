"""What the command line gives the pipeline from outside the files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wxdeploy.cli.exits import Exit, worst
from wxdeploy.cli.options import Common
from wxdeploy.config.selection import Selection, shard
from wxdeploy.model.diagnostic import Severity
from wxdeploy.model.errors import ConfigurationError, UsageError, WxdeployError
from wxdeploy.workflow.load import Configuration, Configured, load

if TYPE_CHECKING:
    from wxdeploy.client.stop import Stop
    from wxdeploy.model.plan import Failure
    from wxdeploy.model.progress import Progress
    from wxdeploy.model.shard import Shard
    from wxdeploy.workflow.rollout import Rollout
    from wxdeploy.workflow.world import World

_PREFIX = "WXDEPLOY_"
_KNOWN = ("WXDEPLOY_API", "WXDEPLOY_CACHE")


def configure(common: Common) -> Configuration:
    """The project that the common options point at; raises as ``selection`` does."""
    return load(common.directory, os.environ, chosen=selection(common), targets=common.targets)


def selection(common: Common) -> Selection:
    """The accounts that the common options point at.

    Raises ``UsageError`` for a variable of the environment that looks like one of ours and is not (``check_names``): a
    run that was meant for a sandbox must not reach an account because a name was mistyped.
    """
    check_names()
    return Selection(names=common.accounts, labels=common.labels, shard=common.shard)


def shard_of(common: Common) -> Shard | None:
    """The shard that was asked for, of accounts that are not known; None without one, and for one that there is not."""
    try:
        return None if common.shard is None else shard(common.shard)
    except UsageError:
        return None


def one_account(configuration: Configuration, command: str) -> Configured:
    """The one account that a command looks at. Raises ``UsageError`` where there are several to choose from."""
    if len(configuration.accounts) != 1:
        names = ", ".join(each.account.name for each in configuration.accounts[:10])
        raise UsageError(f"{command} looks at one account", fix=f"choose one with --account: {names}")
    (configured,) = configuration.accounts
    if configured.desired is None:
        raise ConfigurationError(tuple(each for each in configured.findings if each.severity is Severity.ERROR))
    return configured


def world_of(common: Common, stop: Stop | None = None) -> World:
    """The real world: this process's environment, the embedded sandbox, the clock; ``stop`` ends a run early."""
    from wxdeploy.client.stop import Stop
    from wxdeploy.workflow.world import World

    def observe(progress: Progress) -> None:
        if common.observe is not None:
            common.observe(progress)

    return World(
        environ=os.environ,
        sandbox=_embedded_sandbox,
        concurrency=common.concurrency,
        observe=observe,
        stop=stop or Stop(),
    )


def rollout_of(canary: str | None, on_error: str, max_failures: int | None) -> Rollout:
    """What the options say of accounts that fail; raises ``UsageError`` where they say two things."""
    from wxdeploy.workflow.rollout import Rollout

    if on_error == "stop" and max_failures is not None:
        raise UsageError("--on-error stop is --max-failures 1", fix="give one of the two")
    return Rollout(canary=canary, max_failures=1 if on_error == "stop" else max_failures)


def exit_of_failures(failures: Sequence[Failure | None], otherwise: Exit) -> Exit:
    """The code of a command over accounts of which some failed."""
    exits = [Exit.INVALID if failure.findings else Exit.FAILED for failure in failures if failure]
    return worst([*exits, otherwise])


def _embedded_sandbox(database: Path) -> Any:
    import sqlite3
    import weakref

    from wxdeploy.sandbox.app import create_app
    from wxdeploy.sandbox.store import Store

    try:
        store = Store(database)
    except (OSError, sqlite3.Error) as error:
        raise WxdeployError(
            f"the embedded sandbox can't keep its state in {database}: {error}", fix="remove what is in its way"
        ) from None
    app = create_app(store)
    weakref.finalize(app, store.close)
    return app


def check_names() -> None:
    """Raise ``UsageError`` for a variable of the environment that looks like one of ours and is not."""
    for name in sorted(os.environ):
        if name.startswith(_PREFIX) and name not in _KNOWN:
            from difflib import get_close_matches

            near = get_close_matches(name, _KNOWN, n=1)
            raise UsageError(
                f"the environment variable {name} means nothing to wxdeploy, and names with {_PREFIX} are its own",
                fix=f"did you mean {near[0]}?" if near else f"remove it; there are {' and '.join(_KNOWN)}",
            )
