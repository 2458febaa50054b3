"""The connections of one run: one per host, shared by all of its accounts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from wxdeploy.client.account import AccountClient
from wxdeploy.client.cache import TokenCache
from wxdeploy.client.http import Asgi, Http
from wxdeploy.client.token import FixedToken, StableToken, TokenSource
from wxdeploy.model.secret import Secret

_EMBEDDED = "http://127.0.0.1"  # the name by which the embedded sandbox goes: nothing is sent there


@dataclass(frozen=True, slots=True)
class Remote:
    """Where an account is called and as whom: at ``base_url``, or (None) in the sandbox embedded in this process.

    ``token`` is an access token that was handed in; without one, ``secret`` fetches it.
    """

    base_url: str | None
    appid: str
    secret: Secret
    token: Secret | None = None


class Hosts:
    """Opens each host once; an asynchronous context manager.

    ``sandbox`` makes the application that stands in for a host, when first asked for one.
    """

    def __init__(
        self,
        *,
        read_only: bool,
        concurrency: int,
        cache_folder: Path | None,
        sandbox: Callable[[], Asgi],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._read_only = read_only
        self._concurrency = concurrency
        self._cache = TokenCache(cache_folder) if cache_folder else None
        self._sandbox = sandbox
        self._pause = pause
        self._stack = AsyncExitStack()
        self._open: dict[str | None, Http] = {}

    async def __aenter__(self) -> Self:
        await self._stack.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    async def client(self, remote: Remote) -> AccountClient:
        """A client of one account. Raises ``UsageError`` for an address that may not be used."""
        http = self._open.get(remote.base_url)
        if http is None:
            http = self._connect(remote.base_url)
            self._open[remote.base_url] = await self._stack.enter_async_context(http)
        return AccountClient(http, self._tokens(remote), pause=self._pause)

    def _tokens(self, remote: Remote) -> TokenSource:
        if remote.token is not None:
            return FixedToken(remote.token)
        cache = None if remote.base_url is None else self._cache
        return StableToken(remote.appid, remote.secret, cache, pause=self._pause)

    def _connect(self, base_url: str | None) -> Http:
        if base_url is None:
            return Http(_EMBEDDED, read_only=self._read_only, app=self._sandbox(), connections=self._concurrency)
        return Http(base_url, read_only=self._read_only, connections=self._concurrency)
