"""An application in this process as a carrier: the embedded sandbox, with no network and no HTTP library between."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import unquote

from wxdeploy.client.carrier import (
    TARGET,
    Asgi,
    LocalProtocolError,
    RemoteProtocolError,
    Request,
    Response,
    TooLongError,
    shorten,
)
from wxdeploy.model.url import Url


class Embedded:
    """``app`` answers for ``origin``: when it fails, the answer is lost, as with a real host."""

    def __init__(self, app: Asgi, origin: Url) -> None:
        self._app = app
        self._origin = origin
        self._under_way: set[asyncio.Timeout] = set()

    async def exchange(self, request: Request, *, largest: int, within: float) -> Response:
        """As ``Carrier.exchange``."""
        if not TARGET.fullmatch(request.target):
            raise LocalProtocolError
        conversation = _Conversation(request.content)
        limit = asyncio.timeout(within)
        self._under_way.add(limit)
        try:
            async with limit:
                await self._app(self._scope(request), conversation.receive, conversation.send)
        except Exception as error:
            if limit.expired():
                raise
            raise RemoteProtocolError from error
        finally:
            self._under_way.remove(limit)
        return conversation.answer(largest)

    def _scope(self, request: Request) -> MutableMapping[str, Any]:
        path, _, query = request.target.partition("?")
        fields = {"host": self._origin.authority, **request.headers}
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": self._origin.scheme,
            "path": unquote(path),
            "raw_path": path.encode("ascii"),
            "query_string": query.encode("ascii"),
            "root_path": "",
            "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fields.items()],
            "client": None,
            "server": (self._origin.host, self._origin.port),
        }

    def hurry(self, seconds: float) -> None:
        """As ``Carrier.hurry``."""
        shorten(self._under_way, seconds)

    async def aclose(self) -> None:
        """As ``Carrier.aclose``: nothing is open."""


class _Conversation:
    """What an application receives and sends, by version 3 of https://asgi.readthedocs.io/en/latest/specs/www.html."""

    def __init__(self, content: bytes) -> None:
        self._content: bytes | None = content
        self._started: MutableMapping[str, Any] = {}
        self._parts: list[bytes] = []
        self._is_whole = asyncio.Event()

    async def receive(self) -> MutableMapping[str, Any]:
        """The request, and after it nothing before the answer is whole: then its reader leaves."""
        if self._content is None:
            await self._is_whole.wait()
            return {"type": "http.disconnect"}
        content, self._content = self._content, None
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """A part of the answer."""
        if message["type"] == "http.response.start":
            self._started = message
        elif not self._is_whole.is_set():
            self._parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                self._is_whole.set()

    def answer(self, largest: int) -> Response:
        """What was sent; raises ``RemoteProtocolError`` where that is no whole answer, else ``TooLongError``."""
        if not self._started or not self._is_whole.is_set():
            raise RemoteProtocolError
        content = b"".join(self._parts)
        if len(content) > largest:
            raise TooLongError(largest)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self._started["headers"]}
        return Response(self._started["status"], headers, content)
