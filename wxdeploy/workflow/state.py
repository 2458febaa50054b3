"""Where the runs of a project leave what they leave, and the time as they write it."""

from __future__ import annotations

import hashlib
import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from wxdeploy.workflow.world import World, database_of, state_of

if TYPE_CHECKING:
    from wxdeploy.client.account import AccountClient
    from wxdeploy.execution.hosts import Remote
    from wxdeploy.execution.journal import Journal


def snapshots_of(root: Path) -> Path:
    """The folder with the snapshots of all accounts."""
    return state_of(root, "snapshots")


class Locks:
    """The files that whoever applies holds locked, each for an appid at a host, whatever project asks.

    They are in the user's cache folder; where there is none that can be written to, in the project, and then they keep
    apart what this project does alone. Which, is found out once for all accounts of a run.
    """

    def __init__(self, root: Path, world: World) -> None:
        self._root = root
        self._world = world

    def of(self, remote: Remote, client: AccountClient) -> Path:
        """The file of one account."""
        host = client.host if remote.base_url is not None else str(database_of(self._root).resolve())
        name = hashlib.sha256(f"{host}\n{remote.appid}".encode("utf-8", "surrogateescape")).hexdigest()
        return state_of(self._root, "lock", name) if self._shared is None else self._shared / name

    @cached_property
    def _shared(self) -> Path | None:
        from wxdeploy.client.cache import default_cache_folder

        cache = default_cache_folder(self._world.environ)
        return cache / "lock" if cache is not None and _can_be_written(cache / "lock") else None


def _can_be_written(folder: Path) -> bool:
    """Whether files can be made in the folder, which may have to be made itself."""
    if folder.is_dir():
        return os.access(folder, os.W_OK | os.X_OK)
    there = next((each for each in (folder, *folder.parents) if each.exists()), None)
    return there is not None and there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def journal_of(root: Path, account: str, world: World, kinds: tuple[str, ...] = ()) -> Journal:
    """The account's journal, for a run whose fingerprints are of ``kinds``."""
    from wxdeploy.execution.journal import Journal

    return Journal(state_of(root, "journal", f"{account}.jsonl"), lambda: stamp(world), kinds)


def stamp(world: World) -> str:
    """The time in UTC; what is named after it sorts by it."""
    return world.now().strftime("%Y%m%dT%H%M%S.%fZ")
