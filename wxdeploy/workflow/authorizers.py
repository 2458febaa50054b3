"""The accounts that have authorised a third-party platform, beside those of the project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from wxdeploy.model.errors import RefusedError, WxdeployError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.plan import Failure
from wxdeploy.workflow.world import World, hosts_of

if TYPE_CHECKING:
    from wxdeploy.client.platform import Authorized
    from wxdeploy.config.project import Project

FORMAT = "wxdeploy.authorizers/1"


class State(StrEnum):
    """Whether an account is in the project, at the platform, or in both."""

    KNOWN = "known"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Listed:
    """One account: what the project calls it (None: it does not have it), and since when it has authorised.

    ``nick_name`` is what it calls itself, None where it was not asked.
    """

    appid: str
    account: str | None
    state: State
    since: str | None
    nick_name: str | None = None


@dataclass(frozen=True, slots=True)
class Roll:
    """The accounts of a platform and of the project."""

    platform: str
    accounts: tuple[Listed, ...]

    @property
    def differs(self) -> bool:
        """Whether the project and the platform are not of the same accounts."""
        return any(each.state is not State.KNOWN for each in self.accounts)


async def roll(project: Project, world: World, *, names: bool = False) -> Roll:
    """Ask the platform of the project's defaults for its accounts, and with ``names`` what each calls itself.

    Raises ``ConfigurationError`` where the defaults name no platform, a ``RemoteError`` where it can't be asked.
    """
    from wxdeploy.config.platform import platform
    from wxdeploy.config.project import SANDBOX
    from wxdeploy.wechat.endpoints import OFFICIAL_HOST

    entry = platform(project, world.environ)
    address = world.environ.get("WXDEPLOY_API") or entry.api or OFFICIAL_HOST
    of_platform = None if address == SANDBOX else address, entry.appid, entry.token
    async with hosts_of(project.root, world, read_only=True) as hosts:
        found = await hosts.authorizers(*of_platform)
        called = await hosts.nick_names(*of_platform, found) if names else {}
    listed = (*_of_project(project, found), *_new(project, found))
    return Roll(entry.appid, tuple(replace(each, nick_name=called.get(each.appid)) for each in listed))


def _of_project(project: Project, found: Mapping[str, Authorized]) -> Iterator[Listed]:
    """The project's accounts that the platform acts for.

    One with credentials of its own is none of them, and of one whose appid only the environment knows nothing is told.
    """
    for account in project.accounts.values():
        if account.appid in found:
            yield Listed(account.appid, account.name, State.KNOWN, _time(found[account.appid].since))
        elif account.authorizer and "${" not in account.appid and not (account.secret or account.access_token):
            yield Listed(account.appid, account.name, State.GONE, None)


def _new(project: Project, found: Mapping[str, Authorized]) -> Iterator[Listed]:
    known = {account.appid for account in project.accounts.values()}
    for each in sorted(found.values(), key=lambda each: (each.since or 0, each.appid)):
        if each.appid not in known:
            yield Listed(each.appid, None, State.NEW, _time(each.since))


def _time(since: int | None) -> str | None:
    try:
        return None if since is None else datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return None


def to_json(found: Roll | None, failure: Failure | None = None) -> dict[str, JsonValue]:
    """The public form (``schemas/v1/authorizers.schema.json``)."""
    accounts: list[JsonValue] = [
        {
            "appid": each.appid,
            "account": each.account,
            "state": each.state.value,
            "authorized": each.since,
            "nick_name": each.nick_name,
        }
        for each in (found.accounts if found else ())
    ]
    platform = found.platform if found else None
    return {
        "format": FORMAT,
        "platform": platform,
        "accounts": accounts,
        "error": failure.to_json() if failure else None,
    }


def add_rows(path: Path, accounts: Sequence[Listed]) -> int:
    """Add a row for each new account to a table, which is made where there is none; how many rows.

    What stands in it stays as it is, byte by byte, so that the difference that is reviewed is what was added. A new
    account is named by its appid. Raises ``RefusedError`` where the file is no table of accounts.
    """
    from wxdeploy.config.accounts_file import columns_of
    from wxdeploy.execution.files import write_atomically

    new = [each.appid for each in accounts if each.state is State.NEW]
    try:
        before = path.read_bytes() if path.exists() else b""
        columns = columns_of(before, path.name) if before.strip() else ("name", "appid")
        if columns is None:
            raise RefusedError(f"{path} is there and is no table of accounts", fix="mend it, or choose another file")
        end = b"\r\n" if b"\r\n" in before else b"\n"
        head = before if before.strip() else ",".join(columns).encode() + end
        if new:
            gap = b"" if head.endswith((b"\n", b"\r")) else end
            rows = (",".join(appid if column in ("name", "appid") else "" for column in columns) for appid in new)
            write_atomically(path, head + gap + b"".join(row.encode() + end for row in rows))
    except OSError as error:
        raise WxdeployError(f"{path} can't be written: {error.strerror}", fix="choose another --out") from None
    return len(new)
