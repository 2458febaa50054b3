"""HTTP/1.1 over connections that are kept and reused: what httpx's transport does, without its pool.

The pool of httpx looks through all connections and all requests whenever one begins or ends. With 64 under way that
costs 6 ms of processor time a call, twenty times what the protocol itself does (``docs/performance.md``). Whoever uses
this bounds how many requests are under way, so there is nothing to queue for: the connection that was put down last is
taken up again, and where there is none, one is opened. The protocol is h11's, the certificates are httpx's choice.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import h11
import httpx

KEPT = 5.0
"""Seconds that a connection is kept while nothing is asked over it; hosts close them after some more."""

_LOG = logging.getLogger("wxdeploy")

_PIECE = 64 * 1024  # bytes read at once
_LARGEST_HEAD = 100 * 1024  # bytes of a status line and headers
_SUCCESS = range(200, 300)


class Connections(httpx.AsyncBaseTransport):
    """A transport to one origin, directly or (``proxy``, an http URL) through a tunnel that a proxy opens.

    ``tls`` is the context of an https origin, None for http. Raises what httpx's own transport raises.
    """

    def __init__(self, origin: httpx.URL, *, tls: ssl.SSLContext | None, proxy: httpx.URL | None = None) -> None:
        self._host = origin.raw_host.decode("ascii")
        self._port = origin.port or (443 if tls else 80)
        self._tls = tls
        self._proxy = proxy
        self._kept: list[tuple[_Connection, float]] = []
        self._is_closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request over a connection that is there, or a new one; the answer's body is still to be read."""
        timeout = request.extensions.get("timeout", {})
        connection = self._warm() or await self._connect(timeout.get("connect"))
        try:
            return await connection.ask(request, timeout.get("read"), self._keep)
        except BaseException:
            connection.abort()
            raise

    async def aclose(self) -> None:
        """Close what is kept, and keep nothing more: a request that is still under way closes its own."""
        self._is_closed = True
        while self._kept:
            self._kept.pop()[0].abort()

    def _keep(self, connection: _Connection) -> None:
        if self._is_closed:
            connection.abort()
        else:
            self._kept.append((connection, time.monotonic()))

    def _warm(self) -> _Connection | None:
        """The connection that was used last; those that are too old, or that the other side closed, are dropped."""
        oldest = time.monotonic() - KEPT
        while self._kept:
            connection, since = self._kept.pop()
            if since >= oldest and connection.is_open:
                return connection
            connection.abort()
        return None

    async def _connect(self, seconds: float | None) -> _Connection:
        _LOG.debug("connecting to %s port %d%s", self._host, self._port, " through the proxy" if self._proxy else "")
        with _translated(httpx.ConnectError, httpx.ConnectTimeout):
            async with asyncio.timeout(seconds):
                if self._proxy is None:
                    host = self._host if self._tls else None
                    streams = await asyncio.open_connection(self._host, self._port, ssl=self._tls, server_hostname=host)
                    return _Connection(*streams)
                streams = await asyncio.open_connection(self._proxy.raw_host.decode("ascii"), self._proxy.port or 80)
                return await self._tunnel(_Connection(*streams), self._proxy)

    async def _tunnel(self, connection: _Connection, proxy: httpx.URL) -> _Connection:
        """The same connection, encrypted to the origin, once the proxy has opened the way to it."""
        target = f"{f'[{self._host}]' if ':' in self._host else self._host}:{self._port}"
        headers = [("host", target)]
        if proxy.userinfo:
            user = base64.b64encode(f"{proxy.username}:{proxy.password}".encode()).decode("ascii")
            headers.append(("proxy-authorization", f"Basic {user}"))
        try:
            connection.send(h11.Request(method="CONNECT", target=target, headers=headers))
            answer = await connection.head(None)
            if answer.status_code in _SUCCESS and connection.is_open:
                return await connection.encrypted(self._tls, self._host)
        except httpx.TransportError as error:
            connection.abort()
            raise httpx.ProxyError("") from error
        except BaseException:
            connection.abort()
            raise
        connection.abort()
        raise httpx.ProxyError(f"HTTP {answer.status_code}")


class _Connection:
    """One connection, over which one request after the other is sent."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LARGEST_HEAD)

    @property
    def is_open(self) -> bool:
        """Whether the other side is still there, as far as is known, and has said nothing that was not asked.

        What it says unasked would be taken for the next answer. How much that is no public name of the reader tells.
        """
        unasked = self._reader._buffer or self._state.trailing_data[0]  # type: ignore[attr-defined]
        return not (unasked or self._reader.at_eof() or self._writer.is_closing())

    def abort(self) -> None:
        """Close it without waiting for anything."""
        self._writer.transport.abort()

    async def encrypted(self, tls: ssl.SSLContext | None, host: str) -> _Connection:
        """The connection behind a tunnel that was opened on this one."""
        if tls is not None:
            await self._writer.start_tls(tls, server_hostname=host)
        return _Connection(self._reader, self._writer)

    async def ask(
        self, request: httpx.Request, seconds: float | None, keep: Callable[[_Connection], None]
    ) -> httpx.Response:
        """Send a request and read the head of its answer; ``keep`` is given the connection once the body is read."""
        with _translated(httpx.WriteError, httpx.WriteTimeout):
            self.send(
                h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw),
                *([h11.Data(data=request.content)] if request.content else []),
                h11.EndOfMessage(),
            )
            await self._writer.drain()
        answer = await self.head(seconds)
        return httpx.Response(answer.status_code, headers=list(answer.headers), stream=_Body(self, seconds, keep))

    def send(self, *events: h11.Event) -> None:
        """Write what these say; nothing is waited for."""
        self._writer.write(b"".join(self._state.send(event) or b"" for event in events))

    async def head(self, seconds: float | None) -> h11.Response:
        """The status and the headers of the answer; ``seconds`` without progress raise ``httpx.ReadTimeout``."""
        while not isinstance(event := await self.next(seconds), h11.Response):
            if not isinstance(event, h11.InformationalResponse):
                raise httpx.RemoteProtocolError("no answer")
        return event

    async def next(self, seconds: float | None) -> Any:
        """The next event of the protocol."""
        with _translated(httpx.ReadError, httpx.ReadTimeout):
            while (event := self._state.next_event()) is h11.NEED_DATA:
                async with asyncio.timeout(seconds):
                    self._state.receive_data(await self._reader.read(_PIECE))
        return event

    def renew(self) -> bool:
        """Make it ready for another request, where both sides are done with this one."""
        if self._state.our_state is not h11.DONE or self._state.their_state is not h11.DONE:
            return False
        self._state.start_next_cycle()
        return True


class _Body(httpx.AsyncByteStream):
    """The rest of an answer; read to its end, it leaves the connection for the next request."""

    def __init__(self, connection: _Connection, seconds: float | None, keep: Callable[[_Connection], None]) -> None:
        self._connection = connection
        self._seconds = seconds
        self._keep = keep

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while not isinstance(event := await self._connection.next(self._seconds), h11.EndOfMessage):
            if not isinstance(event, h11.Data):
                raise httpx.RemoteProtocolError("the answer ended before its end")
            yield bytes(event.data)

    async def aclose(self) -> None:
        """Keep the connection, or close it where the body was not read to its end."""
        if self._connection.renew():
            self._keep(self._connection)
        else:
            self._connection.abort()


@contextmanager
def _translated(broken: type[httpx.NetworkError], late: type[httpx.TimeoutException]) -> Iterator[None]:
    """What the system and h11 raise as what httpx raises."""
    try:
        yield
    except TimeoutError as error:
        raise late("") from error
    except OSError as error:
        raise broken("") from error
    except h11.RemoteProtocolError as error:
        raise httpx.RemoteProtocolError("") from error
    except h11.LocalProtocolError as error:
        raise httpx.LocalProtocolError("") from error
