"""Access tokens: fetched without harm to the account's other programs, shared, kept, and renewed at most once a call.

``/cgi-bin/stable_token`` without force hands the same token to everyone while it is good and is isolated from
``/cgi-bin/token``, whose every call ends the token that a production service holds; that one is never called.

Source: doc/service/api/base/api_getstableaccesstoken (a JSON body only; ``expires_in`` in seconds, at most 7200).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from wxdeploy.client.cache import TokenCache, is_token
from wxdeploy.client.exchange import LOG, Exchange, Log, Pause
from wxdeploy.client.http import Http
from wxdeploy.client.retry import POLICY, Policy
from wxdeploy.model.errors import CredentialError, RemoteError
from wxdeploy.model.secret import Secret
from wxdeploy.wechat.endpoints import ENDPOINTS

LONGEST_LIFE = 7200.0
"""Seconds that a token is good for at most."""

MARGIN = 180.0
"""Seconds before its end from which a token counts as expired: a run must not outlive it between two calls."""

_STABLE = ENDPOINTS["token.stable"]


class TokenSource(Protocol):
    """Where an account's token comes from."""

    async def get(self, http: Http) -> Secret:
        """A token that should be good; raises a ``RemoteError`` where there is none."""

    async def renew(self, http: Http, rejected: Secret) -> Secret:
        """Another token after the API refused ``rejected``; raises a ``RemoteError`` where there is none."""


class FixedToken:
    """A token that was handed in (by the environment, a command, a central token service); it can't be renewed."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    async def get(self, http: Http) -> Secret:  # noqa: ARG002 - the protocol's
        """The token; raises ``CredentialError`` where what was handed in can't be one."""
        if is_token(self._token.reveal()):
            return self._token
        raise CredentialError(
            "the access token that was handed in is empty or holds something else than a token",
            fix="Give the bare token: no quotes, no line breaks, no JSON around it.",
        )

    async def renew(self, http: Http, rejected: Secret) -> Secret:  # noqa: ARG002 - the protocol's
        """Raises ``CredentialError``: only the one who handed the token in can fetch another."""
        raise CredentialError(
            "the access token that was handed in is refused as invalid or expired",
            fix="Hand in a fresh one from the service that issues it (a token is good for 2 hours at most), or give "
            "the account a `secret` instead of `access_token`.",
        )


class StableToken:
    """The token of one account from ``/cgi-bin/stable_token``, fetched once for all that ask at the same time.

    ``cache`` keeps it for the next run, None (the embedded sandbox) only for this one. ``clock`` is the time of day
    in seconds. ``pause``, ``log`` and ``policy`` are those of ``Exchange``.
    """

    def __init__(
        self,
        appid: str,
        secret: Secret,
        cache: TokenCache | None = None,
        clock: Callable[[], float] = time.time,
        *,
        pause: Pause = asyncio.sleep,
        log: Log = LOG,
        policy: Policy = POLICY,
    ) -> None:
        self._appid = appid
        self._secret = secret
        self._cache = cache
        self._clock = clock
        self._pause = pause
        self._log = log
        self._policy = policy
        self._lock = asyncio.Lock()
        self._held: tuple[Secret, float] | None = None
        self._failures: list[RemoteError] = []

    async def get(self, http: Http) -> Secret:
        """The token in hand, else the one in the cache, else a fetched one.

        Raises ``ApiError`` where the API refuses the appid, the secret or this machine's address, ``TransportError``
        where it can't be reached, ``CredentialError`` where it answers without a token.
        """
        held = self._good(self._held, None)
        return held if held is not None else await self._obtain(http, None)

    async def renew(self, http: Http, rejected: Secret) -> Secret:
        """A token after ``rejected`` was refused: one that another task or process has renewed already, else a new one.

        Asked for without force, so that no other program's token ends. Raises as ``get`` does.
        """
        return await self._obtain(http, rejected)

    async def _obtain(self, http: Http, rejected: Secret | None) -> Secret:
        before = len(self._failures)
        async with self._lock:
            if len(self._failures) > before:  # it failed while this task waited for the same thing: one failure for all
                raise self._failures[-1]
            held = self._good(self._held, rejected)
            if held is not None:
                return held
            kept = self._cache.read(self._appid, http.host) if self._cache is not None else None
            cached = self._good(kept, rejected)
            if cached is not None:
                self._held = kept
                return cached
            if self._cache is not None and kept is not None:
                self._cache.drop(self._appid, http.host)
            self._held = None
            try:
                return await self._fetch(http)
            except RemoteError as failure:
                self._failures.append(failure)
                raise

    async def _fetch(self, http: Http) -> Secret:
        exchange = Exchange(http=http, pause=self._pause, log=self._log, policy=self._policy)
        body = {"grant_type": "client_credential", "appid": self._appid, "secret": self._secret.reveal()}
        answer = await exchange.make(_STABLE, body=body, hidden=(self._secret,))
        text, life = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(text, str) or not is_token(text):
            raise CredentialError(
                f"{_STABLE.call} answered without an access token",
                fix="Check the base URL: what answers there is not the API of WeChat.",
            )
        token = Secret(text)
        seconds = life if isinstance(life, int) and not isinstance(life, bool) else 0
        now = self._clock()
        end = now + min(max(seconds, 0), LONGEST_LIFE)
        self._held = (token, end - min(MARGIN, (end - now) / 2))
        if self._cache is not None:
            self._cache.write(self._appid, http.host, *self._held)
        return token

    def _good(self, kept: tuple[Secret, float] | None, rejected: Secret | None) -> Secret | None:
        """The token, unless it is the rejected one, or its end has come, or lies further off than any token's."""
        if kept is None or kept[0] == rejected:
            return None
        now = self._clock()
        return kept[0] if now < kept[1] <= now + LONGEST_LIFE else None
