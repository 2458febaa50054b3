"""The sandbox as an ASGI application."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from wxdeploy.sandbox.answers import CONTENT_TYPE, HTTP_NOT_FOUND, HTTP_OK, encode, failure
from wxdeploy.sandbox.endpoints import (
    autoreply,
    component,
    conditional,
    customer,
    diagnosis,
    menu,
    message,
    tag,
    template,
    user,
)
from wxdeploy.sandbox.endpoints.base import BOTH, POST, Endpoint
from wxdeploy.sandbox.endpoints.token import Issuer, owner
from wxdeploy.sandbox.phone import Phone
from wxdeploy.sandbox.receivers import Receiver
from wxdeploy.sandbox.request import Refusal, Request
from wxdeploy.sandbox.state import State
from wxdeploy.sandbox.store import Store
from wxdeploy.wechat import endpoints as known
from wxdeploy.wechat.errcodes import Code

if TYPE_CHECKING:
    import httpx

_ENDPOINTS: tuple[Endpoint, ...] = (
    *menu.ENDPOINTS,
    *conditional.ENDPOINTS,
    *tag.ENDPOINTS,
    *user.ENDPOINTS,
    *template.ENDPOINTS,
    *message.ENDPOINTS,
    *diagnosis.ENDPOINTS,
    *customer.ENDPOINTS,
    *autoreply.ENDPOINTS,
)

# Path -> what the call does to the account, for the log.
_MODES = {entry.path: str(entry.mode) for entry in known.ENDPOINTS.values()}

_Answer = Callable[[State, Request], tuple[str | None, Mapping[str, Any]]]
"""Answers a request with the account that it was for (None: a platform) and the JSON, or raises a refusal."""


def create_app(
    store: Store,
    *,
    credentials: Mapping[str, str] | None = None,
    clock: Callable[[], float] = time.time,
    receivers: Mapping[str, Receiver] = MappingProxyType({}),
    transport: httpx.AsyncBaseTransport | None = None,
) -> Starlette:
    """The API on this store, and the phones of its followers.

    ``credentials`` (appid -> secret) closes it to all other accounts; without it any well-formed appid with any secret
    is an account. ``receivers`` are the callbacks of accounts that have none of their own (see ``phone``), to which
    ``transport`` leads instead of the network. The application needs no start-up, so that ``httpx.ASGITransport`` can
    call it from any event loop.
    """
    issuer = Issuer(credentials)
    answers: dict[str, _Answer] = {
        "/cgi-bin/token": _open(BOTH, issuer.plain),
        "/cgi-bin/stable_token": _open(POST, issuer.stable),
        **{path: _open(POST, answer) for path, answer in component.OPEN.items()},
        **{endpoint.path: _with_token(endpoint) for endpoint in _ENDPOINTS},
    }
    routes = [Route(path, endpoint=_Handler(store, clock, answer)) for path, answer in answers.items()]
    elsewhere = _Handler(store, clock, _nowhere, status=HTTP_NOT_FOUND)
    phone = Phone(store, clock, receivers, transport)
    return Starlette(routes=[*routes, *phone.routes, Route("/{path:path}", endpoint=elsewhere)])


def _open(methods: tuple[str, ...], answer: _Answer) -> _Answer:
    """A call that needs no access token."""

    def checked(state: State, request: Request) -> tuple[str | None, Mapping[str, Any]]:
        _check_method(request, methods)
        return answer(state, request)

    return checked


def _with_token(endpoint: Endpoint) -> _Answer:
    """A call on the account whose access token is in the query."""

    def checked(state: State, request: Request) -> tuple[str, Mapping[str, Any]]:
        appid = owner(state, request)
        try:
            _check_method(request, endpoint.methods)
            return appid, endpoint.answer(state, appid, request)
        except Refusal as refusal:
            raise _AccountRefusal(appid, refusal) from None

    return checked


def _nowhere(state: State, request: Request) -> tuple[str, Mapping[str, Any]]:  # noqa: ARG001 - whatever it is
    raise Refusal(Code.INVALID_API_PATH)


def _check_method(request: Request, methods: tuple[str, ...]) -> None:
    if request.method not in methods:
        raise Refusal(Code.POST_REQUIRED if methods == POST else Code.GET_REQUIRED)


class _AccountRefusal(Refusal):
    """A refusal on a call whose account is known."""

    def __init__(self, appid: str, refusal: Refusal) -> None:
        super().__init__(refusal.code, refusal.text)
        self.appid = appid


@dataclass(frozen=True, slots=True)
class _Handler:
    """Reads the request of one path, answers it in one transaction, writes the log."""

    store: Store
    clock: Callable[[], float]
    answer: _Answer
    status: int = HTTP_OK

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            return
        request = Request(
            method=scope["method"],
            query=dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
            body=body,
            now=self.clock(),
        )
        payload = self._respond(request, scope["path"])
        headers = ((b"content-type", CONTENT_TYPE), (b"content-length", str(len(payload)).encode("ascii")))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": payload})

    def _respond(self, request: Request, path: str) -> bytes:
        mode = _MODES.get(path, "unknown")
        try:
            with self.store.transaction() as state:
                appid, answer = self.answer(state, request)
                state.log(appid, request.method, path, mode, Code.OK, request.now)
        except Refusal as refusal:
            # What was written before the refusal is undone; that there was one is not.
            account = refusal.appid if isinstance(refusal, _AccountRefusal) else None
            with self.store.transaction() as state:
                state.log(account, request.method, path, mode, refusal.code, request.now)
            return encode(failure(refusal.code, request.now, refusal.text))
        # The real host writes "/" in menus as "\/" (WxJava #1852); a slash stands inside strings alone.
        return encode(answer).replace(b"/", b"\\/")


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None where the client left before it was sent."""
    chunks: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)
