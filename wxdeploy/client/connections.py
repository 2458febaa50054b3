"""HTTP/1.1 over connections that are kept and reused, with nothing between the socket and the answer.

The pool of httpx looks through all connections and all requests whenever one begins or ends. With 64 under way that
costs 6 ms of processor time a call, many times what the protocol itself does (``docs/performance.md``). Whoever uses
this bounds how many requests are under way, so there is nothing to queue for: the connection that was put down last is
taken up again, and where there is none, one is opened. Answers are read by httptools (the parser of Node.js).
"""

from __future__ import annotations

import asyncio
import base64
import logging
import ssl
import time
import zlib
from typing import Any, cast
from urllib.parse import unquote

import httptools

from wxdeploy.client.carrier import (
    CONNECT,
    CarrierError,
    ConnectError,
    ConnectTimeoutError,
    ProxyError,
    RemoteProtocolError,
    Request,
    Response,
    TooLongError,
    shorten,
)
from wxdeploy.model.url import Url

KEPT = 5.0
"""Seconds that a connection is kept while nothing is asked over it; hosts close them after some more."""

_LOG = logging.getLogger("wxdeploy")

_LARGEST_HEAD = 100 * 1024  # bytes of a status line and headers
_SUCCESS = range(200, 300)
_INFORMATIONAL = range(100, 200)
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


class Connections:
    """The carrier to one origin, directly or (``proxy``, an http URL) through a tunnel that a proxy opens.

    ``tls`` is the context of an https origin, None for http; ``seconds`` may pass without any progress.
    """

    def __init__(self, origin: Url, *, tls: ssl.SSLContext | None, seconds: float, proxy: Url | None = None) -> None:
        self._host = origin.host
        self._port = origin.port or (443 if tls else 80)
        self._name = origin.authority
        self._tls = tls
        self._seconds = seconds
        self._proxy = proxy
        self._kept: list[tuple[_Connection, float]] = []
        self._asked: dict[_Connection, float] = {}  # each with the time by which all of its answer has to be there
        self._connecting: set[asyncio.Timeout] = set()
        self._timer: asyncio.TimerHandle | None = None  # one for all that are asked: each call's own would cost more
        self._is_closed = False

    async def exchange(self, request: Request, *, largest: int, within: float) -> Response:
        """As ``Carrier.exchange``: over a connection that is there, or a new one."""
        written = request.written(self._name)
        loop = asyncio.get_running_loop()
        end = loop.time() + within
        connection = self._warm() or await self._connect(within)
        self._asked[connection] = end
        self._look_at(min(loop.time() + self._seconds, end))
        try:
            response = await connection.ask(written, largest)
        except BaseException:
            connection.abort()
            raise
        finally:
            del self._asked[connection]
        if connection.is_reusable and not self._is_closed:
            self._kept.append((connection, time.monotonic()))
        else:
            connection.abort()
        return _plain(response, largest) if "content-encoding" in response.headers else response

    def hurry(self, seconds: float) -> None:
        """As ``Carrier.hurry``."""
        shorten(self._connecting, seconds)
        last = asyncio.get_running_loop().time() + seconds
        for connection, end in self._asked.items():
            self._asked[connection] = min(end, last)
        self._look_at(last)

    async def aclose(self) -> None:
        """Close what is kept, and what is under way once it is done."""
        self._is_closed = True
        if self._timer is not None and not self._asked:
            self._timer.cancel()
        while self._kept:
            self._kept.pop()[0].abort()

    def _warm(self) -> _Connection | None:
        """The connection that was used last; those that are too old, or that the other side closed, are dropped."""
        oldest = time.monotonic() - KEPT
        while self._kept:
            connection, since = self._kept.pop()
            if since >= oldest and connection.is_reusable:
                return connection
            connection.abort()
        return None

    def _look_at(self, when: float) -> None:
        """Look at what is asked then, by the loop's clock, unless that is done sooner."""
        if self._timer is None or when < self._timer.when():
            if self._timer is not None:
                self._timer.cancel()
            self._timer = asyncio.get_running_loop().call_at(when, self._look)

    def _look(self) -> None:
        """Give up where nothing came for too long, or not all of it in time."""
        self._timer = None
        now = asyncio.get_running_loop().time()
        for connection, end in self._asked.items():
            if (due := min(connection.moved + self._seconds, end)) <= now:
                connection.give_up()
            else:
                self._look_at(due)

    async def _connect(self, within: float) -> _Connection:
        _LOG.debug("connecting to %s port %d%s", self._host, self._port, " through the proxy" if self._proxy else "")
        loop = asyncio.get_running_loop()
        limit = asyncio.timeout(min(self._seconds, CONNECT, within))
        self._connecting.add(limit)
        try:
            async with limit:
                if self._proxy is not None:
                    return await self._tunnel(self._proxy)
                name = self._host if self._tls else None
                _, connection = await loop.create_connection(
                    _Connection, self._host, self._port, ssl=self._tls, server_hostname=name
                )
                return connection
        except CarrierError:
            raise
        except TimeoutError as error:
            raise ConnectTimeoutError from error
        except OSError as error:
            raise ConnectError from error
        finally:
            self._connecting.remove(limit)

    async def _tunnel(self, proxy: Url) -> _Connection:
        """A connection that is encrypted to the origin, once the proxy has opened the way to it."""
        target = f"{f'[{self._host}]' if ':' in self._host else self._host}:{self._port}"
        fields = [f"CONNECT {target} HTTP/1.1", f"host: {target}"]
        if proxy.user:
            name, _, password = proxy.user.partition(":")
            user = base64.b64encode(f"{unquote(name)}:{unquote(password)}".encode()).decode("ascii")
            fields.append(f"proxy-authorization: Basic {user}")
        loop = asyncio.get_running_loop()
        transport, connection = await loop.create_connection(_Connection, proxy.host, proxy.port or 80)
        written = "\r\n".join((*fields, "\r\n")).encode("ascii")
        try:
            answer = await connection.ask(written, 0, head_only=True)
        except CarrierError as error:
            raise ProxyError from error  # nothing of the request has gone anywhere
        except BaseException:
            transport.abort()
            raise
        if answer.status not in _SUCCESS or connection.has_said_more:
            transport.abort()
            raise ProxyError
        inside, tls = _Connection(), cast(ssl.SSLContext, self._tls)
        try:
            encrypted = await loop.start_tls(transport, inside, tls, server_hostname=self._host)
        except BaseException:
            transport.abort()
            raise
        inside.connection_made(cast(asyncio.Transport, encrypted))
        return inside


class _Connection(asyncio.Protocol):
    """One connection, over which one request after the other is sent; also what the parser tells of the answer."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: Any = None
        self._parser = httptools.HttpResponseParser(self)
        self._answer: asyncio.Future[Response] | None = None  # None while nothing is asked
        self._is_good = False  # whether another request may follow
        self.moved = 0.0
        """When the last byte came, by the loop's clock."""
        self._begin(0, head_only=False)

    def _begin(self, largest: int, *, head_only: bool) -> None:
        self._largest = largest
        self._head_only = head_only
        self._headers: dict[str, str] = {}
        self._in_head = True
        self._length = 0
        self._parts: list[bytes] = []

    @property
    def is_reusable(self) -> bool:
        """Whether nothing is left of what was asked last, and the other side is still there, as far as is known."""
        return self._is_good and self._answer is None and not self._transport.is_closing()

    @property
    def has_said_more(self) -> bool:
        """Whether behind the head, which was all that was asked for, more came than that."""
        return bool(self._parts)

    def abort(self) -> None:
        """Close it without waiting for anything."""
        self._transport.abort()

    async def ask(self, written: bytes, largest: int, *, head_only: bool = False) -> Response:
        """Send a request and return its answer, or only the head of it; as ``Carrier.exchange``."""
        self._begin(largest, head_only=head_only)
        self._answer = self._loop.create_future()
        self._is_good = False
        self.moved = self._loop.time()
        try:
            self._transport.write(written)
            return await self._answer
        finally:
            self._answer = None

    def give_up(self) -> None:
        """Answer what is asked with a ``TimeoutError``."""
        self._fail(TimeoutError())

    def _fail(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
        self._is_good = False
        self._transport.abort()

    def _finish(self) -> None:
        if self._answer is not None and not self._answer.done():
            content = b"".join(self._parts)
            self._answer.set_result(Response(self._parser.get_status_code(), self._headers, content))

    # What asyncio tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._answer is None or self._answer.done():
            self._fail(RemoteProtocolError())  # nothing was asked: what comes now would be taken for an answer
            return
        self.moved = self._loop.time()
        if self._in_head:
            self._length += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(RemoteProtocolError())
        if self._in_head and self._length > _LARGEST_HEAD:
            self._fail(RemoteProtocolError())

    def connection_lost(self, error: Exception | None) -> None:
        framed = {"content-length", "transfer-encoding"} & self._headers.keys()
        if error is None and not self._in_head and not framed:
            self._finish()  # the end of the connection is the end of a body whose length nothing tells
        self._fail(RemoteProtocolError())

    # What httptools tells.

    def on_message_begin(self) -> None:
        if self._answer is None or self._answer.done():
            raise RemoteProtocolError  # an answer to something that was not asked: the parser stops here

    def on_header(self, name: bytes, value: bytes) -> None:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        self._headers[key] = f"{self._headers[key]}, {text}" if key in self._headers else text

    def on_headers_complete(self) -> None:
        if self._parser.get_status_code() in _INFORMATIONAL:
            return
        self._in_head = False
        self._length = 0
        if self._head_only:
            self._finish()

    def on_body(self, part: bytes) -> None:
        self._length += len(part)
        if self._length > self._largest and not self._head_only:
            self._fail(TooLongError(self._largest))
        else:
            self._parts.append(part)

    def on_message_complete(self) -> None:
        if self._parser.get_status_code() in _INFORMATIONAL:
            self._headers = {}
            return
        self._is_good = self._parser.should_keep_alive()
        self._finish()


def _plain(response: Response, largest: int) -> Response:
    """The answer as it was before it was encoded, which was not asked for; raises where it can't be told."""
    encoding = response.headers["content-encoding"].strip().lower()
    if encoding == "identity":
        return response
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise RemoteProtocolError
    decoder = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        content = decoder.decompress(response.content, largest + 1)
    except zlib.error as error:
        raise RemoteProtocolError from error
    if len(content) > largest:
        raise TooLongError(largest)
    if not decoder.eof:
        raise RemoteProtocolError
    return Response(response.status, response.headers, content)
