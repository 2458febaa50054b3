"""Access tokens: fetched without harm to the account's other programs, shared, kept, and renewed at most once a call.

Those that somebody else issues are in ``sources``.

``/cgi-bin/stable_token`` without force hands the same token to everyone while it is good and is isolated from
``/cgi-bin/token``, whose every call ends the token that a production service holds; that one is never called.

Source: doc/service/api/base/api_getstableaccesstoken (a JSON body only; ``expires_in`` in seconds, at most 7200).
"""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import NoReturn, Protocol

from wxdeploy.client.cache import Kept, TokenCache, is_token
from wxdeploy.client.exchange import LOG, Exchange, Log, Pause
from wxdeploy.client.http import Http
from wxdeploy.client.retry import POLICY, Policy
from wxdeploy.model.errors import CredentialError, RemoteError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.secret import Secret
from wxdeploy.wechat.endpoints import ENDPOINTS, Endpoint

LONGEST_LIFE = 7200.0
"""Seconds that a token is good for at most."""

MARGIN = 180.0
"""Seconds before its end from which a token counts as expired: a run must not outlive it between two calls."""

_STABLE = ENDPOINTS["token.stable"]


LONG_ENOUGH = 16
"""Characters from which a secret is looked for in answers; a shorter one is a word, and an AppSecret has 32."""


class TokenSource(Protocol):
    """Where an account's token comes from."""

    @property
    def known(self) -> tuple[Secret, ...]:
        """What it is fetched with, as far as no answer of the account's may show it."""

    async def get(self, http: Http) -> Secret:
        """A token that should be good; raises a ``RemoteError`` where there is none."""

    async def renew(self, http: Http, rejected: Secret) -> Secret:
        """Another token after the API refused ``rejected``; raises a ``RemoteError`` where there is none."""


class FixedToken:
    """A token that was handed in ready, by the environment; it can't be renewed. ``what`` is its name in messages."""

    def __init__(self, token: Secret, what: str = "the access token") -> None:
        self._token = token
        self._what = what

    @property
    def known(self) -> tuple[Secret, ...]:
        """Nothing but the token itself."""
        return ()

    async def get(self, http: Http) -> Secret:  # noqa: ARG002 - the protocol's
        """The token; raises ``CredentialError`` where what was handed in can't be one."""
        return self.hand()

    async def renew(self, http: Http, rejected: Secret) -> Secret:  # noqa: ARG002 - the protocol's
        """Raises ``CredentialError``: only the one who handed the token in can fetch another."""
        return self.refuse()

    def hand(self) -> Secret:
        """As ``get``."""
        if is_token(self._token.reveal()):
            return self._token
        raise CredentialError(
            f"{self._what} that was handed in is empty or holds something else than a token",
            fix="Give the bare token: no quotes, no line breaks, no JSON around it.",
        )

    def refuse(self) -> NoReturn:
        """As ``renew``."""
        raise CredentialError(
            f"{self._what} that was handed in is refused as invalid or expired",
            fix="Hand in a fresh one from the service that issues it (a token is good for 2 hours at most), or give "
            "the account a `secret` instead of `access_token`.",
        )


class SharedToken(ABC):
    """A token that can be fetched again, fetched once for all that ask at the same time.

    ``kept`` is where it is kept for the next run, None for this one alone. ``clock`` is the time of day in seconds.
    """

    def __init__(self, kept: Kept | None, clock: Callable[[], float]) -> None:
        self._kept = kept
        self._clock = clock
        self._lock = asyncio.Lock()
        self._held: tuple[Secret, float] | None = None
        self._failures: list[RemoteError] = []

    @property
    def known(self) -> tuple[Secret, ...]:
        """Nothing, where somebody else fetches it."""
        return ()

    @abstractmethod
    async def _fetch(self, http: Http, rejected: Secret | None) -> tuple[Secret, float | None]:
        """A token and its life in seconds (None: not known); raises a ``RemoteError`` where there is none."""

    async def get(self, http: Http) -> Secret:
        """The token in hand, else the one that was kept, else a fetched one.

        Raises ``ApiError`` where the API refuses the credentials or this machine's address, ``TransportError`` where
        it can't be reached, ``CredentialError`` where there is an answer without a token.
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
            kept = self._kept.read(http.host) if self._kept is not None else None
            cached = self._good(kept, rejected)
            if cached is not None:
                self._held = kept
                return cached
            if self._kept is not None and kept is not None:
                self._kept.drop(http.host)
            self._held = None
            try:
                token, life = await self._fetch(http, rejected)
            except RemoteError as failure:
                self._failures.append(failure)
                raise
            self._hold(http, token, life)
            return token

    def _hold(self, http: Http, token: Secret, life: float | None) -> None:
        now = self._clock()
        end = now + (LONGEST_LIFE if life is None else min(max(life, 0.0), LONGEST_LIFE))
        self._held = (token, end - min(MARGIN, (end - now) / 2))
        if self._kept is not None:
            self._kept.write(http.host, *self._held)

    def _good(self, kept: tuple[Secret, float] | None, rejected: Secret | None) -> Secret | None:
        """The token, unless it is the rejected one, or its end has come, or lies further off than any token's."""
        if kept is None or kept[0] == rejected:
            return None
        now = self._clock()
        return kept[0] if now < kept[1] <= now + LONGEST_LIFE else None


class StableToken(SharedToken):
    """The token of one account from ``/cgi-bin/stable_token``.

    ``cache`` keeps it for the next run, None (the embedded sandbox) only for this one. ``pause``, ``log`` and
    ``policy`` are those of ``Exchange``.
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
        super().__init__(Kept(cache, appid) if cache is not None else None, clock)
        self._appid = appid
        self._secret = secret
        self._pause = pause
        self._log = log
        self._policy = policy

    @property
    def known(self) -> tuple[Secret, ...]:
        """The account's secret."""
        return (self._secret,) if len(self._secret.reveal()) >= LONG_ENOUGH else ()

    async def _fetch(self, http: Http, rejected: Secret | None) -> tuple[Secret, float | None]:  # noqa: ARG002
        exchange = Exchange(http=http, pause=self._pause, log=self._log, policy=self._policy)
        body = {"grant_type": "client_credential", "appid": self._appid, "secret": self._secret.reveal()}
        answer = await exchange.make(_STABLE, body=body, hidden=(self._secret,))
        return issued(answer, "access_token", _STABLE)


def issued(answer: Mapping[str, JsonValue], field: str, endpoint: Endpoint) -> tuple[Secret, float]:
    """The token in an answer of the API and its life in seconds; raises ``CredentialError`` where there is none."""
    text, life = answer.get(field), answer.get("expires_in")
    if not isinstance(text, str) or not is_token(text):
        raise CredentialError(
            f"{endpoint.call} answered without an access token",
            fix="Check the base URL: what answers there is not the API of WeChat.",
        )
    return Secret(text), float(life) if isinstance(life, int) and not isinstance(life, bool) else 0.0
