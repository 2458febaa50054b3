"""Tokens that somebody else issues: a program, a central service, or the API on behalf of a third-party platform."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from wxdeploy.client.cache import Kept, is_token
from wxdeploy.client.desk import Desk
from wxdeploy.client.exchange import LOG, Exchange, Log, Pause
from wxdeploy.client.grant import Grant, printed
from wxdeploy.client.http import Http
from wxdeploy.client.program import Place, run
from wxdeploy.client.retry import POLICY, RENEWED_BY_TOKEN, Policy
from wxdeploy.client.token import LONG_ENOUGH, FixedToken, SharedToken, TokenSource, issued
from wxdeploy.model.credential import Authorizer, TokenCommand, TokenOrigin, TokenService
from wxdeploy.model.errors import ApiError, CredentialError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.secret import Secret
from wxdeploy.wechat.endpoints import ENDPOINTS
from wxdeploy.wechat.errcodes import Code

_AUTHORIZER = ENDPOINTS["token.authorizer"]
_RENEWED_BY_COMPONENT_TOKEN = RENEWED_BY_TOKEN | {Code.COMPONENT_TOKEN_EXPIRED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """With what tokens are fetched: where programs run, and the ``pause``, ``log`` and ``policy`` of ``Exchange``."""

    place: Place
    pause: Pause = asyncio.sleep
    log: Log = LOG
    policy: Policy = POLICY
    clock: Callable[[], float] = time.time


class _Issuer(Protocol):
    async def ask(self, rejected: Secret | None) -> Grant: ...


@dataclass(frozen=True, slots=True)
class _Command:
    """A program that is asked."""

    command: TokenCommand
    means: Means
    purpose: str

    async def ask(self, rejected: Secret | None) -> Grant:
        hidden = () if rejected is None else (rejected,)
        content = await run(self.command.argv, self.means.place, purpose=self.purpose, hidden=hidden)
        grant = printed(content, f"the command for {self.purpose}")
        return grant if grant.expires_in is not None else Grant(grant.token, self.command.expires_in)


@dataclass(frozen=True, slots=True)
class _Service:
    """A service that is asked."""

    service: TokenService
    means: Means

    async def ask(self, rejected: Secret | None) -> Grant:  # noqa: ARG002 - it is never shown to the service
        means = self.means
        return await Desk(service=self.service, pause=means.pause, log=means.log, policy=means.policy).ask()


@dataclass(frozen=True, slots=True)
class _Handed:
    """A token that was handed in, and that nobody can be asked for again."""

    token: FixedToken

    async def ask(self, rejected: Secret | None) -> Grant:
        return Grant(self.token.hand() if rejected is None else self.token.refuse(), None)


def handed_out(origin: TokenOrigin, means: Means) -> TokenSource:
    """The source of an access token that the account's entry names."""
    if isinstance(origin, Secret):
        return FixedToken(origin)
    return IssuedToken(_issuer(origin, means, "the access token"), means.clock)


def _issuer(origin: TokenOrigin, means: Means, purpose: str) -> _Issuer:
    if isinstance(origin, TokenCommand):
        return _Command(origin, means, purpose)
    if isinstance(origin, TokenService):
        return _Service(origin, means)
    return _Handed(FixedToken(origin, purpose))


class IssuedToken(SharedToken):
    """A token that a program or a service keeps: asked for once a run, and once more where it is refused."""

    def __init__(self, issuer: _Issuer, clock: Callable[[], float] = time.time) -> None:
        super().__init__(None, clock)
        self._issuer = issuer

    async def _fetch(self, http: Http, rejected: Secret | None) -> tuple[Secret, float | None]:  # noqa: ARG002
        grant = await self._issuer.ask(rejected)
        if grant.token == rejected:
            raise _same_again("access token")
        return grant.token, grant.expires_in


class AuthorizerToken(SharedToken):
    """The token of an account that has authorised a third-party platform, by ``api_authorizer_token``.

    A refresh token that differs from the one sent is handed over before the access token is used: whoever keeps it must
    have it, whatever happens next. ``kept`` is for the access token alone.

    Source: doc/oplatform/openApi/ticket-token/api_getauthorizeraccesstoken.
    """

    def __init__(self, appid: str, authorizer: Authorizer, means: Means, kept: Kept | None = None) -> None:
        super().__init__(kept, means.clock)
        self._appid = appid
        self._authorizer = authorizer
        self._means = means
        self._component = _issuer(authorizer.component_access_token, means, "the component_access_token")
        self._refresh_token = authorizer.refresh_token

    @property
    def known(self) -> tuple[Secret, ...]:
        """The refresh token."""
        return (self._refresh_token,) if len(self._refresh_token.reveal()) >= LONG_ENOUGH else ()

    async def _fetch(self, http: Http, rejected: Secret | None) -> tuple[Secret, float | None]:  # noqa: ARG002
        if not is_token(self._refresh_token.reveal()):
            raise CredentialError(
                "the refresh token that was handed in is empty or holds something else than a token",
                fix="Give the bare authorizer_refresh_token: no quotes, no line breaks, no JSON around it.",
            )
        component, answer = await self._answered(http)
        token, life = issued(answer, "authorizer_access_token", _AUTHORIZER)
        await self._hand_over(answer.get("authorizer_refresh_token"), (token, component))
        return token, life

    async def _answered(self, http: Http) -> tuple[Secret, Mapping[str, JsonValue]]:
        """The platform's token that was taken, after one renewal perhaps, and what it was answered."""
        first = (await self._component.ask(None)).token
        try:
            return first, await self._make(http, first, renewed=False)
        except ApiError as refusal:
            if refusal.errcode not in _RENEWED_BY_COMPONENT_TOKEN:
                raise
        second = (await self._component.ask(first)).token
        if second == first:
            raise _same_again("component_access_token")
        return second, await self._make(http, second, renewed=True)

    async def _make(self, http: Http, component: Secret, *, renewed: bool) -> Mapping[str, JsonValue]:
        means = self._means
        exchange = Exchange(http=http, pause=means.pause, log=means.log, policy=means.policy)
        body = {
            "component_appid": self._authorizer.component_appid,
            "authorizer_appid": self._appid,
            "authorizer_refresh_token": self._refresh_token.reveal(),
        }
        hidden = (component, self._refresh_token)
        query = {"access_token": component.reveal()}
        return await exchange.make(_AUTHORIZER, query=query, body=body, hidden=hidden, renewed=renewed)

    async def _hand_over(self, answered: JsonValue, hidden: tuple[Secret, ...]) -> None:
        if not isinstance(answered, str) or not is_token(answered) or answered == self._refresh_token.reveal():
            return
        new, old = Secret(answered), self._refresh_token
        purpose, place = "the new refresh token", self._means.place
        message = None
        try:
            await run(self._authorizer.on_refresh, place, purpose=purpose, stdin=new, hidden=(old, *hidden))
        except CredentialError as error:
            message = error.message
        if message is not None:
            raise CredentialError(
                f"{message}. WeChat has issued a new refresh token, and it was not taken over",
                fix="Mend `on_refresh`; the current refresh token is in the answer of "
                "/cgi-bin/component/api_get_authorizer_list. Nothing was changed in the account.",
            )
        self._refresh_token = new


def _same_again(what: str) -> CredentialError:
    return CredentialError(
        f"the {what} that WeChat has just refused was handed out a second time",
        fix="Its issuer holds a token that has ended: probably a second system fetches /cgi-bin/token for this appid, "
        "which ends every other token of it. Let only one system fetch tokens, and all others ask that one.",
    )
