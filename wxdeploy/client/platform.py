"""A third-party platform (第三方平台): the accounts that have authorised it, and tokens to act for one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wxdeploy.client.cache import Kept, is_token, own_folder, replace
from wxdeploy.client.exchange import Exchange
from wxdeploy.client.http import Http
from wxdeploy.client.program import run
from wxdeploy.client.retry import RENEWED_BY_TOKEN
from wxdeploy.client.sources import Means, issuer_of, same_again
from wxdeploy.client.token import LONG_ENOUGH, SharedToken, issued
from wxdeploy.model.credential import Authorizer, TokenFolder, TokenOrigin
from wxdeploy.model.errors import ApiError, CredentialError, RemoteError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.secret import Secret
from wxdeploy.wechat import limits
from wxdeploy.wechat.appids import APPID
from wxdeploy.wechat.endpoints import ENDPOINTS, Endpoint
from wxdeploy.wechat.errcodes import Code

_AUTHORIZER = ENDPOINTS["token.authorizer"]
_AUTHORIZERS = ENDPOINTS["token.authorizers"]
_INFO = ENDPOINTS["token.authorizer_info"]
_RENEWED_BY_COMPONENT_TOKEN = RENEWED_BY_TOKEN | {Code.COMPONENT_TOKEN_EXPIRED}
_MOST_PAGES = 200  # of 500 accounts each


@dataclass(frozen=True, slots=True)
class Authorized:
    """An account that has authorised a platform, since when (seconds since 1970, None: not said), and its token."""

    appid: str
    since: int | None
    refresh_token: Secret | None


class Platform:
    """A platform as whoever holds its component_access_token sees it; asked for the list of its accounts once a run.

    The token is asked for when first needed, and once more where it is refused.
    """

    def __init__(self, appid: str, origin: TokenOrigin, means: Means) -> None:
        self.appid = appid
        self._issuer = issuer_of(origin, means, "the component_access_token")
        self._means = means
        self._token: Secret | None = None
        self._listed: dict[str, Authorized] | None = None
        self._failure: RemoteError | None = None
        self._lock = asyncio.Lock()

    async def make(
        self, http: Http, endpoint: Endpoint, body: Mapping[str, JsonValue], hidden: Sequence[Secret] = ()
    ) -> tuple[Secret, Mapping[str, JsonValue]]:
        """The platform's token that was taken, after one renewal perhaps, and what it was answered."""
        first = self._token or (await self._issuer.ask(None)).token
        try:
            answer = await self._send(http, endpoint, body, (first, *hidden), renewed=False)
        except ApiError as refusal:
            if refusal.errcode not in _RENEWED_BY_COMPONENT_TOKEN:
                raise
        else:
            self._token = first
            return first, answer
        second = (await self._issuer.ask(first)).token
        if second == first:
            raise same_again("component_access_token")
        answer = await self._send(http, endpoint, body, (second, *hidden), renewed=True)
        self._token = second
        return second, answer

    async def _send(
        self, http: Http, endpoint: Endpoint, body: Mapping[str, JsonValue], hidden: Sequence[Secret], *, renewed: bool
    ) -> Mapping[str, JsonValue]:
        means = self._means
        exchange = Exchange(http=http, pause=means.pause, log=means.log, policy=means.policy)
        query = {"access_token": hidden[0].reveal()}
        whole = {"component_appid": self.appid, **body}
        return await exchange.make(endpoint, query=query, body=whole, hidden=hidden, renewed=renewed)

    async def authorizers(self, http: Http) -> Mapping[str, Authorized]:
        """The accounts that have authorised the platform, by appid; fetched page by page, once.

        Raises a ``RemoteError`` where there is no list: for all that ask, since it is not asked for again.

        Source: doc/oplatform/openApi/authorization-management/api_getauthorizerlist.
        """
        async with self._lock:
            if self._failure is not None:
                raise self._failure
            if self._listed is None:
                try:
                    self._listed = await self._pages(http)
                except RemoteError as failure:
                    self._failure = failure
                    raise
        return self._listed

    async def _pages(self, http: Http) -> dict[str, Authorized]:
        found: dict[str, Authorized] = {}
        offset = 0
        for _ in range(_MOST_PAGES):
            body: dict[str, JsonValue] = {"offset": offset, "count": limits.AUTHORIZERS_A_PAGE.value}
            _, answer = await self.make(http, _AUTHORIZERS, body)
            rows, total = answer.get("list"), answer.get("total_count")
            if not isinstance(rows, list) or not isinstance(total, int):
                raise CredentialError(
                    f"{_AUTHORIZERS.call} answered without a list of accounts",
                    fix="Check the base URL: what answers there is not the API of WeChat.",
                )
            for row in rows:
                appid = row.get("authorizer_appid") if isinstance(row, Mapping) else None
                if isinstance(row, Mapping) and isinstance(appid, str) and APPID.fullmatch(appid):
                    found[appid] = _authorized(appid, row)
            offset += len(rows)
            if not rows or offset >= total:
                return found
        raise CredentialError(
            f"{_AUTHORIZERS.call} has more than {_MOST_PAGES} pages and no end",
            fix="Ask WeChat what is the matter with the platform's list.",
        )

    async def nick_name(self, http: Http, appid: str) -> str | None:
        """What an account calls itself (nick_name), None where it says nothing or is the platform's no more.

        Raises a ``RemoteError`` where the platform is refused.

        Source: doc/oplatform/openApi/authorization-management/api_getauthorizerinfo.
        """
        try:
            _, answer = await self.make(http, _INFO, {"authorizer_appid": appid})
        except ApiError as refusal:
            if refusal.errcode != Code.NOT_AUTHORIZED_BY_ACCOUNT:
                raise
            return None
        told = answer.get("authorizer_info")
        name = told.get("nick_name") if isinstance(told, Mapping) else None
        return name.strip() or None if isinstance(name, str) else None

    async def refresh_token(self, http: Http, appid: str) -> Secret:
        """The refresh token that the platform's list holds of an account; raises ``CredentialError`` without one."""
        found = (await self.authorizers(http)).get(appid)
        if found is None:
            raise CredentialError(
                f"the account has not authorised the platform {self.appid}, or not any more",
                fix="Let its administrator authorise the platform, or take the account out of the project.",
            )
        if found.refresh_token is None:
            raise CredentialError(
                f"the list of the platform {self.appid} holds no refresh token of the account",
                fix="Hand one in as `refresh_token`, or let the account's administrator authorise the platform again.",
            )
        return found.refresh_token


def _authorized(appid: str, row: Mapping[str, JsonValue]) -> Authorized:
    token, since = row.get("refresh_token"), row.get("auth_time")
    return Authorized(
        appid,
        since if isinstance(since, int) and not isinstance(since, bool) else None,
        Secret(token) if isinstance(token, str) and is_token(token) else None,
    )


class AuthorizerToken(SharedToken):
    """The token of an account that has authorised a third-party platform, by ``api_authorizer_token``.

    A refresh token that differs from the one sent is handed over before the access token is used: whoever keeps it must
    have it, whatever happens next. Where none is handed in, the platform's list is asked for it. ``kept`` is for the
    access token alone.

    Source: doc/oplatform/openApi/ticket-token/api_getauthorizeraccesstoken.
    """

    def __init__(
        self,
        appid: str,
        authorizer: Authorizer,
        means: Means,
        kept: Kept | None = None,
        platform: Platform | None = None,
    ) -> None:
        super().__init__(kept, means.clock)
        self._appid = appid
        self._authorizer = authorizer
        self._means = means
        self._platform = platform or Platform(authorizer.component_appid, authorizer.component_access_token, means)
        self._refresh_token = authorizer.refresh_token

    @property
    def known(self) -> tuple[Secret, ...]:
        """The refresh token."""
        held = self._refresh_token
        return (held,) if held is not None and len(held.reveal()) >= LONG_ENOUGH else ()

    async def _fetch(self, http: Http, rejected: Secret | None) -> tuple[Secret, float | None]:  # noqa: ARG002
        held = self._refresh_token or await self._platform.refresh_token(http, self._appid)
        if not is_token(held.reveal()):
            raise CredentialError(
                "the refresh token that was handed in is empty or holds something else than a token",
                fix="Give the bare authorizer_refresh_token: no quotes, no line breaks, no JSON around it.",
            )
        self._refresh_token = held
        body: dict[str, JsonValue] = {"authorizer_appid": self._appid, "authorizer_refresh_token": held.reveal()}
        component, answer = await self._platform.make(http, _AUTHORIZER, body, (held,))
        token, life = issued(answer, "authorizer_access_token", _AUTHORIZER)
        await self._hand_over(answer.get("authorizer_refresh_token"), held, (token, component))
        return token, life

    async def _hand_over(self, answered: JsonValue, old: Secret, hidden: tuple[Secret, ...]) -> None:
        if not isinstance(answered, str) or not is_token(answered) or answered == old.reveal():
            return
        new, keeper = Secret(answered), self._authorizer.on_refresh
        message = None
        if isinstance(keeper, TokenFolder):
            message = _filed(self._means.place.folder / keeper.path, self._appid, new)
        else:
            purpose, place = "the new refresh token", self._means.place
            try:
                await run(keeper, place, purpose=purpose, stdin=new, hidden=(old, *hidden))
            except CredentialError as error:
                message = error.message
        if message is not None:
            raise CredentialError(
                f"{message}. WeChat has issued a new refresh token, and it was not taken over",
                fix="Mend `on_refresh`; the current refresh token is in the answer of "
                "/cgi-bin/component/api_get_authorizer_list. Nothing was changed in the account.",
            )
        self._refresh_token = new


def _filed(folder: Path, appid: str, token: Secret) -> str | None:
    """Keep the token in the folder's file of the account (0600), replaced as a whole; why not, where that fails."""
    try:
        own_folder(folder)
        replace(folder / appid, f"{token.reveal()}\n".encode())
    except OSError as error:
        return f"the new refresh token can't be kept in the folder of `on_refresh`: {error.strerror or 'it is refused'}"
    return None
