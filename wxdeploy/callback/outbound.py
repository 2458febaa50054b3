"""Requests to another callback, as WeChat would send them: over TLS, plain http to this machine alone, no redirects."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from wxdeploy import __version__
from wxdeploy.client.carrier import Request
from wxdeploy.client.http import silence
from wxdeploy.client.network import network
from wxdeploy.model.errors import UsageError
from wxdeploy.model.hosts import is_loopback
from wxdeploy.model.url import Url, escaped, parse

LARGEST_ANSWER = 64 * 1024
"""Bytes of an answer that are read at most: a passive reply has a few thousand."""

VIA = "1.1 wxdeploy"
"""What a forwarded request says of its way (RFC 9110 section 7.6.3), so that none goes round in a circle."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What came back: an HTTP status, the whole body, its media type as it was sent, and the seconds it took."""

    status: int
    body: bytes
    media_type: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Unreached:
    """Why nothing came back, in words of ours, and the seconds until that was clear; ``is_late``: it took too long."""

    reason: str
    seconds: float
    is_late: bool = False


class Outbound:
    """Connections to one callback; an asynchronous context manager. Raises ``UsageError`` for an address that can't be.

    ``connections`` bounds how many requests are under way at once, ``seconds`` how long one may take.
    """

    def __init__(self, url: str, *, connections: int, seconds: float) -> None:
        self._url = checked(url)
        self._seconds = seconds
        self._slots = asyncio.Semaphore(connections)
        self._carrier = network(self._url, connections, seconds)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._carrier.aclose()

    async def send(self, query: bytes, body: bytes | None = None, *, via: str | None = None) -> Reached | Unreached:
        """POST a body, or GET where there is none; the query goes behind what the address has of its own."""
        url = replace(self._url, query="&".join(filter(None, (self._url.query, escaped(query)))))
        headers = {"user-agent": f"wxdeploy/{__version__}", "accept": "*/*"}
        if via:
            headers["via"] = via
        if body is not None:
            headers["content-type"] = "text/xml"
        request = Request("GET" if body is None else "POST", url.target, headers, body or b"")
        async with self._slots:
            began = time.perf_counter()
            try:
                response = await self._carrier.exchange(request, largest=LARGEST_ANSWER, within=self._seconds)
            except OSError as fault:
                is_late = isinstance(fault, TimeoutError)
                return Unreached(silence(fault).reason, time.perf_counter() - began, is_late)
            media_type = response.headers.get("content-type", "")
            return Reached(response.status, response.content, media_type, time.perf_counter() - began)


def checked(url: str) -> Url:
    """The address of a callback; raises ``UsageError`` for one that is none, or goes over a network in the clear."""
    fix = "give an address such as https://cb.example.com/wx, or http://127.0.0.1:PORT/wx on this machine"
    parsed = parse(url)
    if parsed is None or parsed.user or parsed.fragment:
        raise UsageError("the address of the callback is no http or https address without a user name", fix=fix)
    if parsed.scheme == "http" and not is_loopback(parsed.host):
        raise UsageError(
            f"plain http to {parsed.host} would send signed messages over the network unencrypted", fix=fix
        )
    return parsed
