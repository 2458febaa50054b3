"""The callback as an ASGI application: verifies, opens, answers, and forwards what it has no answer to.

A message is answered once. Its repeats get the same answer, and wait for it where it is still being made; they are
neither forwarded nor noted again. Whoever is refused learns nothing of why: the reason is in the log and the metrics.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from wxdeploy.callback.followers import FollowerRecord, Sighting
from wxdeploy.callback.message import LARGEST_BODY, Message
from wxdeploy.callback.metrics import CONTENT_TYPE, Metrics, label
from wxdeploy.callback.outbound import VIA, Outbound, Reached
from wxdeploy.callback.passive import reply_to, write
from wxdeploy.callback.repeats import Repeats
from wxdeploy.callback.site import Reason, RefusedRequestError, Site, Sites
from wxdeploy.wechat.callback import NOTHING_TO_SAY, REPORTS, TIMEOUT_SECONDS

LOG = logging.getLogger(__name__)

FORWARD_SECONDS = TIMEOUT_SECONDS - 0.5
"""How long the program behind a forward may take: WeChat still gets its answer in time, or an error that it repeats."""

BODY_SECONDS = float(TIMEOUT_SECONDS)
FORWARDS_AT_ONCE = 256
RESERVED = ("/healthz", "/metrics")

_QUIET_SECONDS = 60  # between two lines of the log that say the same of refused requests
_REFUSED, _TOO_LARGE, _BAD_GATEWAY = 403, 413, 502
_SAFE = {"x-content-type-options": "nosniff", "cache-control": "no-store"}


class Outcome(StrEnum):
    """How a message was dealt with."""

    ANSWERED = "answered"
    NOTHING = "nothing"
    FORWARDED = "forwarded"
    FORWARD_FAILED = "forward_failed"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a message is answered with; ``is_open``: a reply that is yet to be encrypted where the message was."""

    outcome: Outcome
    body: bytes
    status: int = 200
    media_type: str = "text/plain"
    is_open: bool = False


_NOTHING = Answer(Outcome.NOTHING, NOTHING_TO_SAY)
_FAILED = Answer(Outcome.FORWARD_FAILED, b"", status=_BAD_GATEWAY)


def create_app(
    sites: Sites,
    *,
    record: FollowerRecord | None = None,
    background: Sequence[Callable[[Metrics], Awaitable[None]]] = (),
    clock: Callable[[], float] = time.time,
) -> Starlette:
    """The application that serves ``sites``, and ``/healthz`` and ``/metrics`` besides.

    ``record`` is closed with the application; ``background`` runs while it does. ``clock`` is the time of day in
    seconds.
    """
    callback = Callback(sites, record, clock)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.ensure_future(work(callback.metrics)) for work in background]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await callback.close()

    routes = [
        Route("/healthz", callback.health, methods=["GET"]),
        Route("/metrics", callback.figures, methods=["GET"]),
        Route("/{path:path}", callback),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


class Callback:
    """The endpoint of every account's path."""

    def __init__(self, sites: Sites, record: FollowerRecord | None, clock: Callable[[], float]) -> None:
        self.metrics = Metrics()
        self._sites = sites
        self._record = record
        self._clock = clock
        self._repeats: Repeats[Answer] = Repeats()
        self._doors: dict[str, Outbound] = {}
        self._told: dict[tuple[str, str], float] = {}
        self._stack = AsyncExitStack()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        site = self._sites.at(scope["path"])
        if site is None:
            response = Response("not found\n", 404, _SAFE, "text/plain")
        elif request.method == "GET":
            response = self._verify(site, request)
        elif request.method == "POST":
            response = await self._post(site, request)
        else:
            response = Response("", 405, {**_SAFE, "allow": "GET, POST"}, "text/plain")
        with suppress(ClientDisconnect, OSError):
            await response(scope, receive, send)

    async def health(self, _request: Request) -> Response:
        """``/healthz``: alive, and whether the files as they are now are served."""
        return JSONResponse({"status": "ok", "configuration": "current" if self._sites.is_current else "last good"})

    async def figures(self, _request: Request) -> Response:
        """``/metrics``."""
        lost = self._record.lost if self._record else 0
        text = self.metrics.text(current=self._sites.is_current, lost=lost)
        return Response(text, headers={"content-type": CONTENT_TYPE})

    async def close(self) -> None:
        """Let go of connections and of the record."""
        await self._stack.aclose()
        if self._record:
            await asyncio.to_thread(self._record.close)

    def _verify(self, site: Site, request: Request) -> Response:
        try:
            site.verify(request.query_params, now=self._clock())
        except RefusedRequestError as error:
            return self._refuse(site, error)
        self.metrics.verified(site.account)
        LOG.info("%s: the address is verified", site.account)
        return Response(request.query_params.get("echostr", ""), 200, _SAFE, "text/plain")

    async def _post(self, site: Site, request: Request) -> Response:
        try:
            body = await _read(request)
            began = time.perf_counter()
            opened = site.open(request.query_params, body, now=self._clock())
        except RefusedRequestError as error:
            return self._refuse(site, error)
        answer = await self._answer(site, opened.message, request, body)
        content = site.close(opened, answer.body, now=int(self._clock())) if answer.is_open else answer.body
        self._count(site, opened.message, answer, time.perf_counter() - began)
        return Response(content, answer.status, _SAFE, answer.media_type)

    async def _answer(self, site: Site, message: Message, request: Request, body: bytes) -> Answer:
        identity, now = (site.appid, *message.identity), self._clock()
        if earlier := self._repeats.find(identity, now=now):
            answer = await asyncio.shield(earlier)
            return Answer(Outcome.REPEATED, answer.body, answer.status, answer.media_type, answer.is_open)
        future = self._repeats.begin(identity, now=now)
        self._note(site, message)
        answer = _FAILED
        try:
            answer = self._declared(site, message) or await self._forward(site, request, body)
        finally:
            if answer is _FAILED:
                self._repeats.drop(identity)
            self._repeats.keep(identity, size=len(answer.body) + sum(map(len, identity)))
            future.set_result(answer)
        return answer

    def _note(self, site: Site, message: Message) -> None:
        if self._record and message.event not in REPORTS:
            at = min(message.created, int(self._clock()))  # a plain body is not signed: no time of it lies ahead
            self._record.saw(Sighting(appid=site.appid, openid=message.follower, at=at, is_event=message.is_event))

    def _declared(self, site: Site, message: Message) -> Answer | None:
        reply = reply_to(site.replies, message)
        if reply is None:
            return None
        content = write(reply, message, now=int(self._clock()))
        return Answer(Outcome.ANSWERED, content, media_type="text/xml", is_open=True)

    async def _forward(self, site: Site, request: Request, body: bytes) -> Answer:
        """What the program behind the forward says, as it says it: it knows the token and the key too."""
        if site.forward is None or VIA in request.headers.get("via", ""):
            return _NOTHING
        reached = await (await self._door(site.forward)).send(request.scope["query_string"], body, via=VIA)
        if isinstance(reached, Reached) and reached.status == _NOTHING.status:
            media_type = reached.media_type if reached.media_type.isascii() else ""
            return Answer(Outcome.FORWARDED, reached.body, media_type=media_type or "text/plain")
        why = f"it answers HTTP {reached.status}" if isinstance(reached, Reached) else reached.reason
        LOG.warning("%s: the program that messages are forwarded to did not answer: %s", site.account, why)
        return _FAILED

    async def _door(self, url: str) -> Outbound:
        if url not in self._doors:
            door = Outbound(url, connections=FORWARDS_AT_ONCE, seconds=FORWARD_SECONDS)
            self._doors[url] = door
            await self._stack.enter_async_context(door)
        return self._doors[url]

    def _count(self, site: Site, message: Message, answer: Answer, seconds: float) -> None:
        kind = label(message.event or message.type)
        self.metrics.answered(site.account, kind, answer.outcome, seconds)
        LOG.info("%s: %s: %s, %.1f ms", site.account, kind, answer.outcome, seconds * 1000)

    def _refuse(self, site: Site, error: RefusedRequestError) -> Response:
        self.metrics.refused(site.account, error.reason)
        now = self._clock()
        if self._told.get((site.account, error.reason), 0.0) <= now:
            self._told[site.account, error.reason] = now + _QUIET_SECONDS
            LOG.warning("%s: a request is refused: %s", site.account, _WORDS[error.reason])
        status = _TOO_LARGE if error.reason is Reason.TOO_LARGE else _REFUSED
        return Response("refused\n", status, {**_SAFE, "connection": "close"}, "text/plain")


_WORDS = {
    Reason.SIGNATURE: "its signature is not made with this token",
    Reason.STALE: "it was signed too long ago or in the future; is the clock of this machine right?",
    Reason.ENCRYPTION: "it is not encrypted with this encoding_aes_key for this appid",
    Reason.NOT_ENCRYPTED: "it is not encrypted, and `mode` is secure; the console may have been set to another mode",
    Reason.ENCRYPTED: "it is encrypted, and `mode` is plain; set `mode` and `encoding_aes_key` as in the console",
    Reason.XML: "its body is no message of WeChat's",
    Reason.TOO_LARGE: f"its body has more than {LARGEST_BODY} bytes",
    Reason.SLOW: "its body did not arrive in time",
}


async def _read(request: Request) -> bytes:
    """The whole body. Raises ``RefusedRequestError`` where it is too large, or takes too long to come."""
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > LARGEST_BODY:
        raise RefusedRequestError(Reason.TOO_LARGE)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                body += part
                if len(body) > LARGEST_BODY:
                    raise RefusedRequestError(Reason.TOO_LARGE)
    except (TimeoutError, ClientDisconnect):
        raise RefusedRequestError(Reason.SLOW) from None
    return bytes(body)
