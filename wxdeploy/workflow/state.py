"""Where the runs of a project leave what they leave, and the time as they write it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wxdeploy.workflow.world import STATE_FOLDER, World

if TYPE_CHECKING:
    from wxdeploy.execution.journal import Journal


def snapshots_of(root: Path) -> Path:
    """The folder with the snapshots of all accounts."""
    return root / STATE_FOLDER / "snapshots"


def lock_of(root: Path, account: str) -> Path:
    """The file that whoever applies to the account holds locked."""
    return root / STATE_FOLDER / "lock" / account


def journal_of(root: Path, account: str, world: World, kinds: tuple[str, ...] = ()) -> Journal:
    """The account's journal, for a run whose fingerprints are of ``kinds``."""
    from wxdeploy.execution.journal import Journal

    return Journal(root / STATE_FOLDER / "journal" / f"{account}.jsonl", lambda: stamp(world), kinds)


def stamp(world: World) -> str:
    """The time in UTC; what is named after it sorts by it."""
    return world.now().strftime("%Y%m%dT%H%M%S.%fZ")
