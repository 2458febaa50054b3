"""What a run needs from outside the files, and how it reaches the accounts."""

from __future__ import annotations

import stat
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from wxdeploy.client.stop import Stop
from wxdeploy.kinds.base import Kind
from wxdeploy.model.errors import ConfigurationError, RefusedError
from wxdeploy.model.progress import Finished, Progress, Stage, ignored
from wxdeploy.model.resource import LiveState
from wxdeploy.workflow.turns import Turns

if TYPE_CHECKING:
    from wxdeploy.client.account import AccountClient
    from wxdeploy.client.carrier import Asgi
    from wxdeploy.client.retry import Policy
    from wxdeploy.config.project import Account
    from wxdeploy.execution.hosts import Hosts, Remote

STATE_FOLDER = ".wxdeploy"
"""The folder of a project with what runs leave behind: snapshots, journals, the embedded sandbox."""


async def _sleep(seconds: float) -> None:
    import asyncio

    await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a run needs from outside the files.

    ``sandbox`` makes the embedded simulator's application of a database file, ``now`` is the time in UTC, ``pause``
    waits for so many seconds, ``concurrency`` bounds the requests under way at once, ``observe`` is told of each
    account that got through, ``stop`` is asked to end a run that writes before its time, ``turns`` are those of the
    accounts at the processor.
    """

    environ: Mapping[str, str]
    sandbox: Callable[[Path], Asgi]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    pause: Callable[[float], Awaitable[None]] = _sleep
    concurrency: int = 64
    observe: Callable[[Progress], None] = ignored
    stop: Stop = field(default_factory=Stop)
    turns: Turns = field(default_factory=Turns)


T = TypeVar("T", bound=Finished)


async def each(
    items: Sequence[Any],
    world: World,
    work: Callable[[Any], Awaitable[T]],
    stage: Stage = Stage.READ,
    *,
    before: Sequence[T] = (),
    total: int | None = None,
    halt: Callable[[Sequence[T]], str | None] = lambda _: None,
    left: Callable[[Any, str], T] | None = None,
) -> tuple[T, ...]:
    """``work`` over all items, as many at once as the world has requests at once; the results in the items' order.

    ``before`` are results that the stage has already, ``total`` is how many it will have. Before an item is begun,
    ``halt`` is asked, given all results so far, for a reason not to; then ``left`` says what comes of it instead.
    """
    import asyncio

    results: dict[int, T] = {}
    through = list(before)
    total = len(items) if total is None else total
    waiting = iter(enumerate(items))

    async def worker() -> None:
        for index, item in waiting:
            await world.turns.mine()
            if left is not None and (reason := halt(through)):
                results[index] = left(item, reason)
                continue
            results[index] = outcome = await work(item)
            through.append(outcome)
            world.observe(
                Progress(stage=stage, account=outcome.account, done=len(through), total=total, failed=outcome.failed)
            )

    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(min(world.concurrency, len(items))):
                workers.create_task(worker())
    except BaseExceptionGroup as group:
        # What stops all accounts is told once, as what it is: a usage error has an exit code of its own.
        raise group.exceptions[0] from None
    return tuple(results[index] for index in range(len(items)))


async def fetch_live(client: AccountClient, kinds: Sequence[Kind[Any]], world: World) -> LiveState:
    """What ``kinds`` read of the account; it is looked at when the account's turn comes."""
    from wxdeploy.execution.fetch import ask, interpret

    answers = await ask(client.call, kinds)
    await world.turns.mine()
    return interpret(answers, kinds)


def state_of(root: Path, *names: str) -> Path:
    """A place in the folder of what a project's runs leave; raises ``RefusedError`` where a link leads elsewhere.

    Whoever proposes a change of the files can put a link there, and what is written would go where it leads.
    """
    path = root
    for name in (STATE_FOLDER, *names):
        path = path / name
        try:
            mode = path.lstat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            break  # nor is there anything below it
        if stat.S_ISLNK(mode):
            raise RefusedError(f"{path} is a link, and what is written would go where it leads", fix="remove the link")
    return root.joinpath(STATE_FOLDER, *names)


def database_of(root: Path) -> Path:
    """The file of the sandbox that is embedded in a project's runs."""
    return state_of(root, "sandbox.sqlite3")


def hosts_of(root: Path, world: World, *, read_only: bool, policy: Policy | None = None) -> Hosts:
    """The connections of a run on the project in ``root``; ``policy`` says when a call is sent again."""
    from wxdeploy.client.cache import default_cache_folder
    from wxdeploy.client.program import Place
    from wxdeploy.client.retry import POLICY
    from wxdeploy.execution.hosts import Hosts

    database = database_of(root)
    return Hosts(
        read_only=read_only,
        concurrency=world.concurrency,
        cache_folder=default_cache_folder(world.environ),
        sandbox=lambda: world.sandbox(database),
        pause=world.pause,
        place=Place(folder=root, environ=world.environ),
        policy=policy or POLICY,
        clock=lambda: world.now().timestamp(),
        stop=world.stop,
    )


def remote_of(account: Account, environ: Mapping[str, str]) -> Remote:
    """Where and as whom an account is called; raises ``ConfigurationError`` where that can't be said."""
    from wxdeploy.config.credentials import api, credentials
    from wxdeploy.config.project import SANDBOX
    from wxdeploy.config.schema_rules import missing_key
    from wxdeploy.execution.hosts import Remote
    from wxdeploy.model.secret import Secret
    from wxdeploy.wechat.endpoints import OFFICIAL_HOST

    known = credentials(account, environ)
    own = environ.get("WXDEPLOY_API") or api(account, environ)
    base_url = own or OFFICIAL_HOST
    secret = known.secret
    token = known.access_token or known.authorizer
    if secret is None and token is None:
        if SANDBOX not in (account.api, own):
            detail = f"account {account.name} has no secret to fetch an access token with"
            fix = "add `secret: ${env:WX_SECRET}` and set that variable"
            raise ConfigurationError(
                (missing_key.found(detail, fix, span=account.sources.find(()), account=account.name),)
            )
        secret = Secret("sandbox")  # the simulator takes any
    return Remote(
        None if base_url == SANDBOX else base_url, known.appid, secret or Secret(""), token=token, account=account.name
    )
