"""Access tokens: doc/service/api/base/api_getaccesstoken and api_getstableaccesstoken."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wxdeploy.sandbox.request import Json, Refusal, Request, form_fields, json_object
from wxdeploy.sandbox.state import State, Token
from wxdeploy.wechat import limits
from wxdeploy.wechat.appids import APPID
from wxdeploy.wechat.errcodes import Code

_TOKEN_ALPHABET = re.compile(r"[A-Za-z0-9_-]+")

_PLAIN, _STABLE = "token", "stable_token"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Hands out tokens; to the accounts in ``credentials`` (appid -> secret) alone, if they are given."""

    credentials: Mapping[str, str] | None = None

    def plain(self, state: State, request: Request) -> tuple[str, Json]:
        """GET token: a new one at every call, which ends the one before it."""
        fields = {**form_fields(request.body), **request.query} if request.method == "POST" else request.query
        appid = self._account(state, fields)
        state.replace_tokens(appid, _PLAIN)
        return appid, _answer(issue(state, appid, _PLAIN, request.now), request.now)

    def stable(self, state: State, request: Request) -> tuple[str, Json]:
        """POST stable_token: the same one while it is good, and isolated from those of ``token``.

        In its last five minutes a call makes the next, while both work. ``force_refresh`` ends the old one at once,
        but nothing if the last forced refresh is less than half a minute ago.
        """
        fields = _stable_fields(request.body)
        appid = self._account(state, fields)
        newest = state.newest_token(appid, _STABLE)
        if fields.get("force_refresh") is True:
            if newest is None or not newest.forced or request.now - newest.issued >= limits.FORCE_REFRESH_PAUSE_SECONDS:
                state.replace_tokens(appid, _STABLE)
                newest = issue(state, appid, _STABLE, request.now, forced=True)
        elif newest is None or newest.expires - request.now <= limits.TOKEN_OVERLAP_SECONDS:
            newest = issue(state, appid, _STABLE, request.now)
        return appid, _answer(newest, request.now)

    def _account(self, state: State, fields: Mapping[str, Any]) -> str:
        """The appid that the fields stand for, made on first use, or the code of what is wrong with them.

        A missing appid comes first: that is what a request without any field is told (41002).
        """
        appid, secret = fields.get("appid"), fields.get("secret")
        if not isinstance(appid, str) or not appid:
            raise Refusal(Code.MISSING_APPID)
        if not isinstance(secret, str) or not secret:
            raise Refusal(Code.MISSING_SECRET)
        if fields.get("grant_type") != "client_credential":
            raise Refusal(Code.INVALID_GRANT_TYPE)
        if not APPID.fullmatch(appid) or (self.credentials is not None and appid not in self.credentials):
            raise Refusal(Code.INVALID_APPID)
        if self.credentials is not None and self.credentials[appid] != secret:
            # Both token pages list 40125 for a wrong secret; 40001 is the answer of older days.
            raise Refusal(Code.INVALID_APPSECRET)
        state.ensure_account(appid)
        return appid


def owner(state: State, request: Request) -> str:
    """The appid whose token came with a request; the token is read from the query alone.

    The value ``2`` is answered with 40001 by the real host (rid 609b9cec-1a177f0e-48735cf1), so 40014, "invalid
    access_token", is kept for what can't be one.
    """
    value = request.query.get("access_token")
    if not value:
        raise Refusal(Code.MISSING_TOKEN)
    if not _TOKEN_ALPHABET.fullmatch(value):
        raise Refusal(Code.INVALID_TOKEN)
    token = state.token(value)
    if token is None and state.platforms.component_token(value) is not None:
        raise Refusal(Code.ACCOUNT_TOKEN_WANTED)
    if token is None or token.replaced:
        raise Refusal(Code.INVALID_CREDENTIAL)
    if token.expires <= request.now:
        raise Refusal(Code.TOKEN_EXPIRED)
    return token.appid


def _stable_fields(body: bytes) -> Json:
    """A form, a query or nothing instead of JSON reads as no field at all (thread 000a06f6edc78040aa11517ab6b800)."""
    try:
        return json_object(body)
    except Refusal:
        raise Refusal(Code.MISSING_APPID) from None


def issue(state: State, appid: str, kind: str, now: float, *, forced: bool = False) -> Token:
    """A new token of the account, good for two hours."""
    token = Token(
        # The length and alphabet of real ones.
        value=f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(96)}",
        appid=appid,
        issued=now,
        expires=now + limits.TOKEN_SECONDS,
        forced=forced,
        replaced=False,
    )
    state.add_token(kind, token)
    return token


def _answer(token: Token, now: float) -> Json:
    return {"access_token": token.value, "expires_in": int(token.expires - now)}
