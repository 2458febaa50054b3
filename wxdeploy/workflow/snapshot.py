"""The live accounts kept as files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wxdeploy.kinds import KINDS
from wxdeploy.kinds.fingerprint import live_fingerprint
from wxdeploy.model.errors import WxdeployError
from wxdeploy.model.plan import Failure
from wxdeploy.workflow.load import Configuration, Configured
from wxdeploy.workflow.pull import check_entry
from wxdeploy.workflow.state import snapshots_of, stamp
from wxdeploy.workflow.world import World, each, fetch_live, hosts_of, remote_of

if TYPE_CHECKING:
    from wxdeploy.execution.hosts import Hosts


@dataclass(frozen=True, slots=True)
class Kept:
    """One account and the file that it was kept in, or why it was not."""

    account: str
    path: Path | None
    error: Failure | None = None

    @property
    def failed(self) -> bool:
        """Whether the account could not be read."""
        return self.error is not None


async def snapshot(configuration: Configuration, world: World, out: Path | None = None) -> tuple[Kept, ...]:
    """Read every account whole and keep the raw answers: in ``out``, or among the snapshots of the project.

    Raises ``RefusedError`` where ``out`` is a file that is no snapshot.
    """
    from wxdeploy.execution.snapshot import check_replaceable

    if out is not None:
        check_replaceable(out)
    root = configuration.project.root
    async with hosts_of(root, world, read_only=True) as hosts:
        return await each(configuration.accounts, world, lambda item: _kept(item, hosts, root, world, out))


async def _kept(configured: Configured, hosts: Hosts, root: Path, world: World, out: Path | None) -> Kept:
    from wxdeploy.execution.snapshot import Snapshot, save, write

    name = configured.account.name
    try:
        check_entry(configured)
        remote = remote_of(configured.account, world.environ)
        live = await fetch_live(await hosts.client(remote), KINDS, world)
        taken = Snapshot(
            account=name,
            appid=remote.appid,
            taken=stamp(world),
            command="snapshot",
            fingerprint=live_fingerprint(KINDS, live.readings),
            kinds=tuple(kind.name for kind in KINDS),
            answers=live.answers,
        )
        if out is None:
            return Kept(name, save(snapshots_of(root), taken))
        try:
            write(out, taken)
        except OSError as error:
            raise WxdeployError(f"{out} can't be written: {error.strerror}", fix="choose another file") from None
    except WxdeployError as error:
        return Kept(name, None, Failure.of(error))
    return Kept(name, out)
