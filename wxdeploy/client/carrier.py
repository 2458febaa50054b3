"""One request and its whole answer, and what carries them: connections of ours, an application, a transport of httpx.

The types are small because a plan of a thousand accounts makes five thousand of each: httpx's own cost a third of a
call. What goes wrong has the names that httpx has for it, whichever way it went, and no text: what an HTTP library
writes there holds the request and with it the token.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Protocol

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

TARGET = re.compile(r"/[!-~]*")
"""RFC 9112 section 3.2.1, without what would have to be escaped."""

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
        """The request as it goes over a connection; raises ``LocalProtocolError`` for what may not go there."""
        fields = [f"{name}: {value}" for name, value in self.headers.items()]
        if "host" not in self.headers:
            fields.insert(0, f"host: {host}")
        if self.content or self.method != "GET":
            fields.append(f"content-length: {len(self.content)}")
        if not (self.method.isalpha() and self.method.isascii() and TARGET.fullmatch(self.target)):
            raise LocalProtocolError
        if not all(map(_FIELD.fullmatch, fields)):
            raise LocalProtocolError
        head = "\r\n".join((f"{self.method} {self.target} HTTP/1.1", *fields, "\r\n"))
        return head.encode("latin-1") + self.content


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: an HTTP status, the headers by their names in small letters, and the whole body."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)


class CarrierError(OSError):
    """A request was left without an answer."""


class ConnectError(CarrierError):
    """No connection could be made: nothing was sent."""


class ConnectTimeoutError(ConnectError, TimeoutError):
    """None in the time that there was."""


class ProxyError(ConnectError):
    """The proxy opened no way to the host."""


class LocalProtocolError(CarrierError):
    """The request can't be written as HTTP."""


class RemoteProtocolError(CarrierError):
    """The connection ended before the answer did, or what came is no answer in HTTP."""


class TooLongError(CarrierError):
    """The answer is longer than ``most`` bytes; the rest was not read."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most


class Carrier(Protocol):
    """The way to one origin."""

    async def exchange(self, request: Request, *, largest: int, within: float) -> Response:
        """Send the request, once, and return its whole answer.

        Raises ``CarrierError``, of it ``TooLongError`` for a body of more than ``largest`` bytes, and ``TimeoutError``
        where nothing came any more, or not all of it ``within`` so many seconds.
        """
        ...

    def hurry(self, seconds: float) -> None:
        """Give what is under way so many more seconds at most."""
        ...

    async def aclose(self) -> None:
        """Close what is open."""
        ...


def shorten(limits: Iterable[asyncio.Timeout], seconds: float) -> None:
    """Let what is under way within the limits take so many more seconds at most."""
    last = asyncio.get_running_loop().time() + seconds
    for limit in limits:
        if not limit.expired():
            limit.reschedule(min(limit.when() or last, last))
