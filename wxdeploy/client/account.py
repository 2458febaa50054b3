"""One account: calls by the id of their endpoint, with a token, retried and judged."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping

from wxdeploy.client.exchange import LOG, Exchange, Log, Pause
from wxdeploy.client.http import Http
from wxdeploy.client.retry import POLICY, RENEWED_BY_TOKEN, Policy
from wxdeploy.client.token import TokenSource
from wxdeploy.model.errors import ApiError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.secret import Secret
from wxdeploy.wechat.endpoints import ENDPOINTS, Endpoint


class AccountClient:
    """The calls of one account on a host that it may share with others.

    ``calls`` counts every attempt that was sent, by endpoint id (each costs quota); a token's own calls are not in it.
    ``pause`` waits for so many seconds, ``log`` gets one redacted line a call.
    """

    def __init__(
        self,
        http: Http,
        tokens: TokenSource,
        *,
        pause: Pause = asyncio.sleep,
        log: Log = LOG,
        policy: Policy = POLICY,
    ) -> None:
        self._http = http
        self._tokens = tokens
        self._exchange = Exchange(http=http, pause=pause, log=log, policy=policy)

    @property
    def calls(self) -> Counter[str]:
        """Endpoint id -> attempts sent."""
        return self._exchange.calls

    @property
    def host(self) -> str:
        """Where the calls go, in one spelling."""
        return self._http.host

    @property
    def skew(self) -> float | None:
        """By how many seconds the host's clock was ahead of ours in its latest answer; None where none was dated."""
        return self._http.skew

    async def authenticate(self) -> None:
        """See that there is a token; raises as ``call`` does."""
        await self._tokens.get(self._http)

    async def call(
        self, endpoint_id: str, body: JsonValue = None, query: Mapping[str, str] | None = None
    ) -> Mapping[str, JsonValue]:
        """Make one call and return its answer, a "there is none" of ``Endpoint.nothing_there`` included.

        A token that is refused is renewed once. Raises ``ApiError`` (the API's refusal), ``CredentialError`` (no
        token), ``TransportError`` (no answer, nothing changed), ``LostAnswerError`` (a write that may have taken
        effect) and ``ReadOnlyError`` (a write through a reading client).
        """
        endpoint = ENDPOINTS[endpoint_id]
        token = await self._tokens.get(self._http)
        try:
            return await self._make(endpoint, token, body, query, renewed=False)
        except ApiError as refusal:
            if refusal.errcode not in RENEWED_BY_TOKEN:
                raise
        token = await self._tokens.renew(self._http, token)
        return await self._make(endpoint, token, body, query, renewed=True)

    async def _make(
        self, endpoint: Endpoint, token: Secret, body: JsonValue, query: Mapping[str, str] | None, *, renewed: bool
    ) -> Mapping[str, JsonValue]:
        sent = {**(query or {}), "access_token": token.reveal()}
        hidden = (token, *self._tokens.known)
        return await self._exchange.make(endpoint, query=sent, body=body, hidden=hidden, renewed=renewed)
