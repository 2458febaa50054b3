"""What the command line gives the pipeline from outside the files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from wxdeploy.cli.exits import Exit, worst
from wxdeploy.cli.options import Common
from wxdeploy.model.plan import Failure
from wxdeploy.workflow.load import Configuration, load
from wxdeploy.workflow.world import World


def configure(common: Common) -> Configuration:
    """The project that the common options point at."""
    return load(common.directory, os.environ, chosen=common.accounts, targets=common.targets)


def world_of(common: Common) -> World:
    """The real world: this process's environment, the embedded sandbox, the clock."""
    return World(environ=os.environ, sandbox=_embedded_sandbox, concurrency=common.concurrency)


def exit_of_failures(failures: Sequence[Failure | None], otherwise: Exit) -> Exit:
    """The code of a command over accounts of which some failed."""
    exits = [Exit.INVALID if failure.findings else Exit.FAILED for failure in failures if failure]
    return worst([*exits, otherwise])


def _embedded_sandbox(database: Path) -> Any:
    from wxdeploy.sandbox.app import create_app
    from wxdeploy.sandbox.store import Store

    return create_app(Store(database))
