"""One HTTP host: the only place that opens a connection.

No client of an HTTP library is used, because a client does three things that must not happen here: it logs the URL,
which holds the token; it keeps cookies, which would be carried from one account to the next; and it can follow a
redirect.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlencode

from wxdeploy import __version__
from wxdeploy.client import redact
from wxdeploy.client.answer import LARGEST_ANSWER, Answer, Silence, decode, encode
from wxdeploy.client.carrier import (
    Asgi,
    Carrier,
    ConnectError,
    ConnectTimeoutError,
    ProxyError,
    Request,
    Response,
    TooLongError,
)
from wxdeploy.client.network import network
from wxdeploy.client.pace import Pace
from wxdeploy.client.reach import Reach
from wxdeploy.client.stop import Stop
from wxdeploy.client.waiting import SLOW, Waiting
from wxdeploy.model.errors import ReadOnlyError, UsageError
from wxdeploy.model.hosts import is_loopback
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.url import Url, parse
from wxdeploy.wechat.endpoints import READABLE
from wxdeploy.wechat.errcodes import Code

if TYPE_CHECKING:
    import httpx

HTTP_OK = 200
LAST_WORD = 5.0
"""Seconds that a call under way is still given when the run is asked to stop."""
SETTLING = 1.5
"""Seconds that a call is given after that: a reading that settles what an unanswered one did."""

_PLAIN = re.compile(r"[0-9A-Za-z_.~-]*")  # RFC 3986 section 2.3
_HEADERS = {"accept": "application/json", "accept-encoding": "identity", "user-agent": f"wxdeploy/{__version__}"}
_JSON = {**_HEADERS, "content-type": "application/json; charset=utf-8"}


class Http:
    """Connections to one host, shared by all its accounts; an asynchronous context manager.

    ``base_url`` is https, or http for loopback alone, and may have a path (of a reverse proxy) before ``/cgi-bin``.
    With ``read_only`` every call that is not on ``wechat.endpoints.READABLE`` is refused before it is sent. ``app`` is
    an ASGI application that answers in the process (the embedded sandbox), ``transport`` replaces the network.
    ``timeout`` is in seconds without any progress (twice that for a whole exchange), ``connections`` bounds how many
    requests are under way at once: fewer while the host answers 45011 or connections to it break. ``slots`` bounds them
    over several hosts. When ``stop`` is asked for, what is under way has ``LAST_WORD`` seconds left. ``reach`` is what
    its calls have found out for each other: while it says that nobody is there, none is sent. ``waiting`` tells what
    they wait for.

    Proxies and extra certificate authorities are taken from the environment (``HTTPS_PROXY``, ``NO_PROXY``,
    ``SSL_CERT_FILE``), since the fixed address that an account's IP allow list asks for is often a proxy's; the proxy
    sees no token, as the connection through it is encrypted. A loopback address never goes through one.

    ``clock`` is the time of day in seconds.

    Raises ``UsageError`` for a base URL, a proxy or a file of authorities that can't be used.
    """

    def __init__(
        self,
        base_url: str,
        *,
        read_only: bool,
        app: Asgi | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: float = 30.0,
        connections: int = 16,
        slots: asyncio.Semaphore | None = None,
        stop: Stop | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._dated: tuple[str, float, float] | None = None
        self._clock = clock
        self.reach = Reach(clock)
        base = _checked(base_url, embedded=app is not None)
        self._root = str(base).rstrip("/")
        self._prefix = base.path.rstrip("/")
        self.waiting = Waiting(self._root, clock)
        self._timeout = timeout
        self._pace = Pace(connections)
        self._slots = slots or asyncio.Semaphore(connections)
        self._stop = stop or Stop()
        self._under_way: dict[int, float] = {}  # number -> the time it began at: the oldest first
        self._sent = 0
        self._watch: asyncio.TimerHandle | None = None
        if app is not None:
            from wxdeploy.client.embedded import Embedded

            self._inner: Carrier = Embedded(app, base)
        elif transport is not None:
            from wxdeploy.client.through import Through

            self._inner = Through(transport, base, timeout)
        else:
            self._inner = network(base, connections, timeout)
        self._carrier: Carrier = ReadOnly(self._inner, self._prefix) if read_only else self._inner
        self._stop.listen(lambda: self._inner.hurry(LAST_WORD))

    @property
    def host(self) -> str:
        """The base URL in one spelling: what tells the tokens of one host from those of another."""
        return self._root

    @property
    def skew(self) -> float | None:
        """By how many seconds the host's clock was ahead in its latest dated answer, None before there was one."""
        if self._dated is None:
            return None
        from email.utils import parsedate_to_datetime

        text, began, ended = self._dated
        try:
            dated = parsedate_to_datetime(text).timestamp()  # RFC 9110 section 6.6.1
        except (ValueError, TypeError, OverflowError):
            return None
        # Somewhere between the two the answer was dated, in whole seconds: only what lies outside is a difference.
        return max(dated - ended, 0.0) or min(dated + 1 - began, 0.0)

    @property
    def is_stopping(self) -> bool:
        """Whether the run was asked to stop: what failed is not to be tried again."""
        return self._stop.asked

    async def __aenter__(self) -> Self:
        redact.install()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._watch is not None:
            self._watch.cancel()
        await self._inner.aclose()

    async def send(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: JsonValue = None
    ) -> Answer | Silence:
        """Send one request, once, and return what came back; no answer is a value too (``Silence``).

        Raises ``ReadOnlyError`` where the guard refuses the call and ``TransportError`` where ``body`` can't be
        written as JSON; in both cases nothing was sent.
        """
        content = b"" if body is None else encode(body)
        target = self._prefix + path + ("?" + _encoded(query) if query else "")
        request = Request(method, target, _HEADERS if body is None else _JSON, content)
        async with self._pace, self._slots:
            if (nobody := self.reach.nobody) is not None:
                return nobody
            outcome = await self._limited(request)
            self.reach.saw(outcome)
            if isinstance(outcome, Silence) or outcome.errcode == Code.RATE_LIMITED:
                self._pace.slower()
            else:
                self._pace.steady()
            return outcome

    async def _limited(self, request: Request) -> Answer | Silence:
        """The exchange, within its time; what goes wrong is a value."""
        self._sent = number = self._sent + 1
        self._under_way[number] = time.monotonic()
        if self._watch is None:
            self._look_again()
        try:
            return await self._exchange(request, SETTLING if self._stop.asked else self._timeout * 2)
        except OSError as fault:
            return silence(fault)
        finally:
            del self._under_way[number]

    def _look_again(self) -> None:
        self._watch = asyncio.get_running_loop().call_later(SLOW, self._look)

    def _look(self) -> None:
        """Say so where the host keeps the run waiting."""
        self._watch = None
        if not self._under_way:
            return
        waited = time.monotonic() - next(iter(self._under_way.values()))
        if waited >= SLOW:
            self.waiting.unanswered(waited, len(self._under_way))
        self._look_again()

    async def _exchange(self, request: Request, seconds: float) -> Answer | Silence:
        began = self._clock()
        response = await self._carrier.exchange(request, largest=LARGEST_ANSWER, within=seconds)
        if date := response.headers.get("date"):
            self._dated = (date, began, self._clock())
        return decode(response.status, response.content)


class ReadOnly:
    """The guard of reading commands: a carrier that passes on what the read list names and nothing else."""

    def __init__(self, inner: Carrier, prefix: str) -> None:
        self._inner = inner
        self._prefix = prefix

    async def exchange(self, request: Request, *, largest: int, within: float) -> Response:
        """Pass a request on whose method and path, counted from the prefix, are on the list as they are written.

        Raises ``ReadOnlyError`` for every other. A path with an escape, a dot segment or a doubled slash is on no list.
        """
        path = request.target.partition("?")[0]
        if not path.startswith(self._prefix) or (request.method, path[len(self._prefix) :]) not in READABLE:
            raise ReadOnlyError(
                f"a command that only reads was about to send {request.method} {redact.redact(path)}; it was not sent",
                fix="This is a defect of wxdeploy, please report it: nothing was changed.",
            )
        return await self._inner.exchange(request, largest=largest, within=within)

    def hurry(self, seconds: float) -> None:
        """As ``Carrier.hurry``."""
        self._inner.hurry(seconds)

    async def aclose(self) -> None:
        """As ``Carrier.aclose``."""
        await self._inner.aclose()


def _encoded(query: Mapping[str, str]) -> str:
    if _PLAIN.fullmatch("".join((*query, *query.values()))):  # nearly every one: a token alone
        return "&".join(map("=".join, query.items()))
    return urlencode(query)


def _checked(base_url: str, *, embedded: bool) -> Url:
    fix = "Give a base URL such as https://api.weixin.qq.com, or http://127.0.0.1:PORT for a sandbox."
    url = parse(base_url)
    if url is None:
        raise UsageError("the base URL of the API is not an http or https address", fix=fix)
    if url.user or url.query or url.fragment:
        raise UsageError("the base URL of the API may not hold a user name, a query or a fragment", fix=fix)
    if url.scheme == "http" and not embedded and not is_loopback(url.host):
        raise UsageError(
            f"plain http to {url.host} would send the access token unencrypted",
            fix="Use https; plain http is for this machine alone (127.0.0.1, ::1, localhost).",
        )
    return url


def silence(fault: BaseException) -> Silence:
    """What a fault of the transport means, in words of ours: its own text can hold what must not be shown."""
    origins = tuple(_origins(fault))
    certificate = next((o for o in origins if isinstance(o, ssl.SSLCertVerificationError)), None)
    if certificate is not None:
        return Silence(reached=False, passing=False, reason=f"its certificate is refused: {certificate.verify_message}")
    if isinstance(fault, TooLongError):
        return Silence(reached=True, passing=False, reason=f"an answer of more than {fault.most} bytes")
    if isinstance(fault, ConnectError):
        return Silence(reached=False, passing=True, reason=_why_unconnected(fault, origins))
    if isinstance(fault, TimeoutError):
        return Silence(reached=True, passing=True, reason="no answer in time")
    return Silence(reached=True, passing=True, reason="the connection broke before the answer was complete")


def _why_unconnected(fault: BaseException, origins: tuple[BaseException, ...]) -> str:
    if isinstance(fault, ProxyError):
        return "the proxy refused the connection"
    if isinstance(fault, ConnectTimeoutError):
        return "no connection in time"
    if any(isinstance(origin, socket.gaierror) for origin in origins):
        return "its name can't be resolved"
    if any(isinstance(origin, ssl.SSLError) for origin in origins):
        return "no encrypted connection could be agreed on"
    if any(isinstance(origin, ConnectionRefusedError) for origin in origins):
        return "the connection was refused"
    return "no connection could be made"


def _origins(fault: BaseException) -> Iterator[BaseException]:
    """The exception and all that it came from, groups opened; bounded, because a chain can be a ring."""
    waiting: list[BaseException] = [fault]
    for _ in range(32):
        if not waiting:
            return
        current = waiting.pop()
        yield current
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(current.exceptions)
        waiting.extend(e for e in (current.__cause__, current.__context__) if e is not None)
