"""One request and its whole answer, and what carries them: connections of ours, or a transport of httpx.

The types are small because a plan of a thousand accounts makes five thousand of each: httpx's own cost a third of a
call. What goes wrong is raised as httpx raises it, whichever way it went.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

CONNECT = 10.0
"""Seconds that opening a connection may take, where less is not asked for."""

Asgi = Callable[
    [
        MutableMapping[str, Any],
        Callable[[], Awaitable[MutableMapping[str, Any]]],
        Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ],
    Awaitable[None],
]

_TARGET = re.compile(r"/[!-~]*")  # RFC 9112 section 3.2.1, without what would have to be escaped
_FIELD = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+: [\t -~\x80-\xff]*")  # RFC 9110 section 5


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: ``target`` is the path and the query as they stand in the first line. A token can be in it.

    ``headers`` are by their names in small letters. The origin is the carrier's, which says it as the ``host``.
    """

    method: str
    target: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(default=b"", repr=False)

    def written(self, host: str) -> bytes:
        """The request as it goes over a connection; raises ``httpx.LocalProtocolError`` for what may not go there."""
        fields = [f"{name}: {value}" for name, value in self.headers.items()]
        if "host" not in self.headers:
            fields.insert(0, f"host: {host}")
        if self.content or self.method != "GET":
            fields.append(f"content-length: {len(self.content)}")
        if not (self.method.isalpha() and self.method.isascii() and _TARGET.fullmatch(self.target)):
            raise httpx.LocalProtocolError("")
        if not all(map(_FIELD.fullmatch, fields)):
            raise httpx.LocalProtocolError("")
        head = "\r\n".join((f"{self.method} {self.target} HTTP/1.1", *fields, "\r\n"))
        return head.encode("latin-1") + self.content


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: an HTTP status, the headers by their names in small letters, and the whole body."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)


class TooLongError(httpx.StreamError):
    """The answer is longer than ``most`` bytes; the rest was not read."""

    def __init__(self, most: int) -> None:
        super().__init__("")
        self.most = most


class Carrier(Protocol):
    """The way to one origin."""

    async def exchange(self, request: Request, *, largest: int) -> Response:
        """Send the request, once, and return its whole answer.

        Raises ``httpx.HTTPError``, and ``TooLongError`` for a body of more than ``largest`` bytes.
        """
        ...

    async def aclose(self) -> None:
        """Close what is open."""
        ...


class Through:
    """A transport of httpx as a carrier; ``origin`` is where it leads, ``seconds`` may pass without any progress."""

    def __init__(self, transport: httpx.AsyncBaseTransport, origin: httpx.URL, seconds: float) -> None:
        self._transport = transport
        self._origin = origin
        self._extensions = {"timeout": httpx.Timeout(seconds, connect=min(seconds, CONNECT)).as_dict()}

    async def exchange(self, request: Request, *, largest: int) -> Response:
        """As ``Carrier.exchange``."""
        if not _TARGET.fullmatch(request.target):
            raise httpx.LocalProtocolError("")
        asked = httpx.Request(
            request.method,
            self._origin.copy_with(raw_path=request.target.encode("ascii")),
            headers=request.headers,
            content=request.content or None,
            extensions=dict(self._extensions),
        )
        response = await self._transport.handle_async_request(asked)
        try:
            content = bytearray()
            async for part in response.aiter_bytes():
                content += part
                if len(content) > largest:
                    raise TooLongError(largest)
        finally:
            await response.aclose()
        return Response(response.status_code, response.headers, bytes(content))

    async def aclose(self) -> None:
        """As ``Carrier.aclose``."""
        await self._transport.aclose()


class Embedded(httpx.AsyncBaseTransport):
    """An application in this process instead of a network: when it fails, the answer is lost, as with a real host."""

    def __init__(self, app: Asgi) -> None:
        self._inner = httpx.ASGITransport(app=app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Let the application answer; raises ``httpx.ReadError`` where it raises or ends without an answer."""
        try:
            return await self._inner.handle_async_request(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller sees a connection that broke
            failure = httpx.ReadError(type(error).__name__)
        raise failure
