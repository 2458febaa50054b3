"""A plan in a file: written once, and done exactly as it says or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from wxdeploy.kinds import KINDS
from wxdeploy.model import planjson
from wxdeploy.model.errors import RefusedError, UsageError, WxdeployError
from wxdeploy.model.jsonvalue import JsonValue, digest
from wxdeploy.model.plan import AccountPlan, Failure, Plan
from wxdeploy.model.report import ApplyReport
from wxdeploy.wechat.endpoints import BY_CALL, Mode
from wxdeploy.workflow.load import Configuration, Configured
from wxdeploy.workflow.plan import Run
from wxdeploy.workflow.rollout import Rollout
from wxdeploy.workflow.state import Locks
from wxdeploy.workflow.world import World, fetch_live, remote_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from wxdeploy.execution.hosts import Hosts
    from wxdeploy.workflow.revision import Commit

_MAX_BYTES = 200_000_000  # thousands of accounts
_MARK, _HEAD = b"wxdeploy.plan/", 100  # the mark is among the first so many bytes of every plan
_AGAIN = "make a new one: wxdeploy plan --out FILE"


def save(path: Path, document: Mapping[str, JsonValue], commit: Commit | None) -> None:
    """Write the public document of a plan to a file, with the commit it was made from and the digest of all of it.

    Raises ``RefusedError`` where that would replace a file that is no plan.
    """
    from wxdeploy.execution.files import write_atomically

    kept: dict[str, JsonValue] = {
        **document,
        "commit": {"revision": commit.revision, "dirty": commit.dirty} if commit else None,
    }
    text = json.dumps({**kept, "digest": digest(kept)}, ensure_ascii=False, indent=1) + "\n"
    try:
        if path.exists() and path.stat().st_size and not _is_plan(_beginning(path)):
            raise RefusedError(f"{path} is there and is no plan", fix="choose another file, or remove that one")
        write_atomically(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise WxdeployError(f"{path} can't be written: {error.strerror}", fix="choose another file") from None


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _is_plan(data: bytes) -> bool:
    """Whether a file is taken for a plan. What ``save`` would not replace must not be done: a pipeline may go on."""
    return _MARK in data[:_HEAD]


def read(path: Path) -> Plan:
    """The plan in a file.

    Raises ``UsageError`` where there is no such file, ``RefusedError`` for one that was cut off or edited, that is of
    another format, or that tells of no account.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise UsageError(f"there is no plan {path}", fix="write one with: wxdeploy plan --out FILE") from None
    except OSError as error:
        raise RefusedError(f"the plan {path} can't be read: {error.strerror}", fix=_AGAIN) from None
    try:
        document = _document(path, data)
        plan = planjson.from_json(document)
    except (KeyError, TypeError, ValueError, RecursionError):
        raise RefusedError(
            f"{path} is no plan that can be read: something in it is missing or amiss", fix=_AGAIN
        ) from None
    if failure := planjson.failure_of(document["error"]):
        raise RefusedError(f"{path} holds no plan, but why there is none: {failure.message}", fix=_AGAIN)
    if not plan.accounts:
        raise RefusedError(f"{path} tells of no account", fix=_AGAIN)
    return plan


def _document(path: Path, data: bytes) -> dict[str, Any]:
    """The document of a file that is whole and as it was written."""
    if not data.strip():
        raise RefusedError(f"the plan {path} is empty", fix=_AGAIN)
    try:
        document = json.loads(data, parse_constant=_no_number) if len(data) <= _MAX_BYTES else None
    except (ValueError, RecursionError):
        raise RefusedError(f"the plan {path} was cut off, or is no JSON", fix=_AGAIN) from None
    if not isinstance(document, dict) or not _is_plan(data):
        raise RefusedError(f"{path} is no plan", fix=_AGAIN)
    if document.get("format") != planjson.FORMAT:
        raise RefusedError(
            f"{path} is of the format {document.get('format')!r}, and this version applies {planjson.FORMAT}",
            fix=_AGAIN,
        )
    told = document.pop("digest", None)
    if told is None:
        raise RefusedError(f"{path} is a plan to look at, and was not written to be applied", fix=_AGAIN)
    if told != digest(document):
        raise RefusedError(f"the plan {path} was edited after it was made", fix=_AGAIN)
    return document


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


@dataclass(frozen=True, slots=True)
class _Item:
    """One account's plan, and the account as the project has it now."""

    plan: AccountPlan
    configured: Configured

    @property
    def name(self) -> str:
        """The account's name."""
        return self.plan.account


async def apply_saved(
    plan: Plan,
    configuration: Configuration,
    world: World,
    *,
    confirm: Callable[[Plan], bool],
    only: Sequence[str] = (),
    allow: frozenset[str] = frozenset(),
    rollout: Rollout | None = None,
) -> ApplyReport | None:
    """Do exactly what a saved plan says, or nothing: account by account, refused where an account is stale.

    ``only`` are names and globs of accounts, none for all. Raises ``RefusedError`` where the plan tells of an account
    that the project does not have: it is not this project's plan.
    """
    from wxdeploy.workflow.apply import EVERY, push

    root = configuration.project.root
    locks = Locks(root, world)
    return await push(
        _items(plan, configuration, only),
        root,
        world,
        prepare=lambda item, hosts: _recalled(item, hosts, root, world, locks),
        confirm=confirm,
        asks=False,
        allow=allow,
        rollout=rollout or EVERY,
    )


def _items(plan: Plan, configuration: Configuration, only: Sequence[str]) -> list[_Item]:
    known = {each.account.name: each for each in configuration.accounts}
    chosen = [each for each in plan.accounts if not only or any(fnmatchcase(each.account, glob) for glob in only)]
    if not chosen:
        names = ", ".join(each.account for each in plan.accounts[:20])
        raise UsageError(f"the plan tells of no account called {' or '.join(only)}", fix=f"it tells of: {names}")
    foreign = [each.account for each in chosen if each.account not in known]
    if foreign:
        raise RefusedError(
            f"the plan tells of accounts that this project does not have: {', '.join(foreign)}",
            fix="apply it in the project that it was made in, or " + _AGAIN,
        )
    return [_Item(each, known[each.account]) for each in chosen]


async def _recalled(item: _Item, hosts: Hosts, root: Path, world: World, locks: Locks) -> Run:
    """The account read for its plan; whatever speaks against the plan is in the run."""
    from wxdeploy.config.resolve import desired
    from wxdeploy.execution.lock import last_holder
    from wxdeploy.planning.safety import guard
    from wxdeploy.workflow.pull import check_entry
    from wxdeploy.workflow.recovery import settled

    plan = item.plan
    try:
        check_entry(item.configured)
        remote = remote_of(item.configured.account, world.environ)
        _check(plan, remote.appid)
        kinds = tuple(kind for kind in KINDS if kind.name in plan.kinds)
        client = await hosts.client(remote)
        lock = locks.of(remote, client)
        seen, since = last_holder(lock), world.now()
        live = await fetch_live(client, kinds, world)
    except WxdeployError as error:
        return Run(plan._replace(error=Failure.of(error)), refused=isinstance(error, RefusedError))
    # What is protected by now is, whatever was protected when the plan was made.
    protect = desired(item.configured.account, {}, KINDS).protect
    plan = plan._replace(changes=tuple(guard(change, protect) for change in plan.changes))
    run = Run(plan, None, client, kinds, live, saved=True, lock=lock, lock_seen=seen, since=since)
    return settled(run, root, world)


def _check(plan: AccountPlan, appid: str) -> None:
    """Raise where the plan can't be one for this account, or none that this version can carry out."""
    if plan.error:
        raise RefusedError(f"the plan has an error in place of this account: {plan.error.message}", fix=_AGAIN)
    if plan.appid != appid:
        raise RefusedError(f"the plan is for the account {plan.appid}, and {plan.account} is {appid}", fix=_AGAIN)
    unknown = [name for name in plan.kinds if name not in {kind.name for kind in KINDS}]
    unknown += sorted({each.call.call for each in plan.operations if not _may_be_sent(each.call.call)})
    if unknown:
        raise RefusedError(f"the plan holds what this version does not know: {', '.join(unknown)}", fix=_AGAIN)


def _may_be_sent(call: str) -> bool:
    """Whether a plan may hold the call: one that changes the account, and hands out no token."""
    return call in BY_CALL and BY_CALL[call].mode is Mode.WRITE and BY_CALL[call].id != "token.fetch"
