"""The connections of one run: one per host, shared by all of its accounts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

from wxdeploy.client.account import AccountClient
from wxdeploy.client.cache import Kept, TokenCache
from wxdeploy.client.carrier import Asgi
from wxdeploy.client.http import Http
from wxdeploy.client.program import Place
from wxdeploy.client.retry import POLICY, Policy
from wxdeploy.client.stop import Stop
from wxdeploy.client.token import StableToken, TokenSource
from wxdeploy.model.secret import Secret

if TYPE_CHECKING:
    from wxdeploy.client.platform import Authorized, Platform
    from wxdeploy.client.sources import Means
    from wxdeploy.model.credential import Authorizer, TokenOrigin

_EMBEDDED = "http://127.0.0.1"  # the name by which the embedded sandbox goes: nothing is sent there


class Remote(NamedTuple):
    """Where an account is called and as whom: at ``base_url``, or (None) in the sandbox embedded in this process.

    ``token`` is an access token that was handed in, or who hands it out; without one, ``secret`` fetches it.
    ``account`` is the account's name in the project, which programs that hand out tokens are told.
    """

    base_url: str | None
    appid: str
    secret: Secret
    token: TokenOrigin | Authorizer | None = None
    account: str = ""


class Hosts:
    """Opens each host once; an asynchronous context manager.

    ``sandbox`` makes the application that stands in for a host, when first asked for one. ``place`` is where programs
    that hand out tokens run (by default here, with nothing in their environment). ``policy`` says when a call is sent
    again, ``pause`` waits in between, ``clock`` is the time of day in seconds. ``concurrency`` bounds the requests that
    are under way at once, over all hosts; after ``stop`` was asked for, none is sent again.
    """

    def __init__(
        self,
        *,
        read_only: bool,
        concurrency: int,
        cache_folder: Path | None,
        sandbox: Callable[[], Asgi],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        place: Place | None = None,
        policy: Policy = POLICY,
        clock: Callable[[], float] = time.time,
        stop: Stop | None = None,
    ) -> None:
        self._read_only = read_only
        self._concurrency = concurrency
        self._cache = TokenCache(cache_folder) if cache_folder else None
        self._sandbox = sandbox
        self._stop = stop = stop or Stop()
        self._slots = asyncio.Semaphore(concurrency)
        self._pause = lambda seconds: stop.pause(pause(seconds))
        self._place = place or Place(folder=Path(), environ={})
        self._policy = policy
        self._clock = clock
        self._stack = AsyncExitStack()
        self._open: dict[str | None, Http] = {}
        self._platforms: list[tuple[object, Platform]] = []

    async def __aenter__(self) -> Self:
        await self._stack.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    async def client(self, remote: Remote) -> AccountClient:
        """A client of one account. Raises ``UsageError`` for an address that may not be used."""
        http = await self._http(remote.base_url)
        return AccountClient(http, self._tokens(remote), pause=self._pause, policy=self._policy)

    async def authorizers(self, base_url: str | None, appid: str, origin: TokenOrigin) -> Mapping[str, Authorized]:
        """The accounts that have authorised a platform, whose token ``origin`` hands out; raises a ``RemoteError``."""
        return await self._platform(base_url, appid, origin).authorizers(await self._http(base_url))

    async def nick_names(
        self, base_url: str | None, appid: str, origin: TokenOrigin, accounts: Iterable[str]
    ) -> Mapping[str, str | None]:
        """What accounts of a platform call themselves, by appid, with a call for each; raises a ``RemoteError``."""
        platform, http = self._platform(base_url, appid, origin), await self._http(base_url)
        names = [*accounts]
        return dict(zip(names, await asyncio.gather(*(platform.nick_name(http, each) for each in names)), strict=True))

    async def _http(self, base_url: str | None) -> Http:
        http = self._open.get(base_url)
        if http is None:
            http = self._connect(base_url)
            self._open[base_url] = await self._stack.enter_async_context(http)
        return http

    def _platform(self, base_url: str | None, appid: str, origin: TokenOrigin) -> Platform:
        """The one platform of all the accounts that leave their refresh tokens to it."""
        from wxdeploy.client.platform import Platform

        key = (base_url, appid, origin)
        found = next((platform for known, platform in self._platforms if known == key), None)
        if found is None:
            found = Platform(appid, origin, self._means(WX_APPID=appid))
            self._platforms.append((key, found))
        return found

    def _means(self, **names: str) -> Means:
        from wxdeploy.client.sources import Means

        place = self._place.known(**names)
        return Means(place=place, pause=self._pause, policy=self._policy, clock=self._clock)

    def _tokens(self, remote: Remote) -> TokenSource:
        cache = None if remote.base_url is None else self._cache
        if remote.token is None:
            return StableToken(remote.appid, remote.secret, cache, self._clock, pause=self._pause, policy=self._policy)
        from wxdeploy.client.platform import AuthorizerToken  # what most runs have no use for
        from wxdeploy.client.sources import handed_out
        from wxdeploy.model.credential import Authorizer

        means, token = self._means(WX_ACCOUNT=remote.account, WX_APPID=remote.appid), remote.token
        if not isinstance(token, Authorizer):
            return handed_out(token, means)
        kept = Kept(cache, remote.appid, f" for {token.component_appid}") if cache is not None else None
        platform = None
        if token.refresh_token is None:
            platform = self._platform(remote.base_url, token.component_appid, token.component_access_token)
        return AuthorizerToken(remote.appid, token, means, kept, platform)

    def _connect(self, base_url: str | None) -> Http:
        app = self._sandbox() if base_url is None else None
        return Http(
            base_url or _EMBEDDED,
            read_only=self._read_only,
            app=app,
            connections=self._concurrency,
            slots=self._slots,
            stop=self._stop,
            clock=self._clock,
        )
