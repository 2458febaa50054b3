"""Calls that fail in named ways, before or after they take effect.

A rule is written ``CALL:WHEN:WHAT[*TIMES][+SKIP]``:

- ``CALL``: the path below ``/cgi-bin/`` (``menu/create``); ``*`` stands for any characters (``template/*``, ``*``).
- ``WHEN``: ``before`` the call takes effect (it takes none), or ``after`` it did.
- ``WHAT`` the client gets in place of the answer: ``errcode=N``; ``html5XX``, a gateway's page with this status;
  ``truncated``, an answer that ends in the middle; ``empty``, an answer without content; ``reset``, a connection that
  breaks; ``hang``, nothing until the client gives up.
- ``*TIMES``: how often; once if left out, ``*always`` without end. ``+SKIP``: so many such calls go through before.

For instance ``menu/create:after:reset``, ``*:before:errcode=45011*3``, ``menu/get:before:html502``,
``menu/addconditional:after:hang+2``.
"""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from http.client import responses

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wxdeploy.sandbox.answers import CONTENT_TYPE, HTTP_OK, encode, failure
from wxdeploy.wechat.endpoints import ENDPOINTS

ABORT = "wxdeploy.abort"
"""The key under which a server puts, into ``scope["state"]``, a function that breaks the connection."""

_PREFIX = "/cgi-bin/"
_RULE = re.compile(
    r"(?P<call>[^:]+):(?P<when>[^:]+):(?P<what>[^:*+]+)(?:\*(?P<times>[0-9]{1,9}|always))?(?:\+(?P<skip>[0-9]{1,9}))?"
)
_ERRCODE = re.compile(r"errcode=(-?[0-9]{1,9})")
_HTML = re.compile(r"html(5[0-9]{2})")
_PAGE = "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n</body>\r\n</html>\r\n"
_CUT = b'{"errcode":0,"errm'


class When(StrEnum):
    """Whether the call takes effect."""

    BEFORE = "before"
    AFTER = "after"


class What(StrEnum):
    """What the client gets."""

    ERRCODE = "errcode"
    HTML = "html"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    RESET = "reset"
    HANG = "hang"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One rule. ``errcode`` goes with ERRCODE, ``status`` with HTML; ``times`` is None for always."""

    call: str
    when: When
    what: What
    errcode: int | None = None
    status: int | None = None
    times: int | None = 1
    skip: int = 0

    def concerns(self, path: str) -> bool:
        """Whether the rule is about calls of this path."""
        return path.startswith(_PREFIX) and fnmatchcase(path.removeprefix(_PREFIX), self.call)


def parse(rule: str) -> Fault:
    """The fault that a rule stands for. Raises ValueError, which says what is wrong with it."""
    match = _RULE.fullmatch(rule)
    if match is None:
        raise ValueError(f"{rule!r}: expected CALL:WHEN:WHAT, as in menu/create:after:reset")
    if match["when"] not in tuple(When):
        raise ValueError(f"{rule!r}: expected before or after, not {match['when']!r}")
    what, errcode, status = _what(match["what"], rule)
    times = None if match["times"] == "always" else int(match["times"] or 1)
    fault = Fault(
        call=match["call"],
        when=When(match["when"]),
        what=what,
        errcode=errcode,
        status=status,
        times=times,
        skip=int(match["skip"] or 0),
    )
    if times == 0:
        raise ValueError(f"{rule!r}: it would never happen; leave *0 out for once, or write *always")
    if not any(fault.concerns(endpoint.path) for endpoint in ENDPOINTS.values()):
        raise ValueError(f"{rule!r}: there is no call {match['call']!r}; write the path below {_PREFIX}")
    return fault


def _what(text: str, rule: str) -> tuple[What, int | None, int | None]:
    if match := _ERRCODE.fullmatch(text):
        return What.ERRCODE, int(match[1]), None
    if match := _HTML.fullmatch(text):
        return What.HTML, None, int(match[1])
    if text not in (What.TRUNCATED, What.EMPTY, What.RESET, What.HANG):
        raise ValueError(
            f"{rule!r}: expected errcode=N, html502, truncated, empty, reset or hang (and *TIMES, +SKIP), not {text!r}"
        )
    return What(text), None, None


def with_faults(app: ASGIApp, faults: Iterable[Fault], *, clock: Callable[[], float] = time.time) -> ASGIApp:
    """The application with these faults: of the rules about a call, the first that is not used up comes true.

    Each rule counts the calls that it sees; a call that an earlier rule took is none of them.
    """
    return _Faulty(app, [_Rule(fault, fault.skip, fault.times) for fault in faults], clock)


@dataclass(slots=True)
class _Rule:
    """A fault and what is left of it."""

    fault: Fault
    skip: int
    times: int | None

    def takes(self, path: str) -> bool:
        if self.times == 0 or not self.fault.concerns(path):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


class _Faulty:
    """An application around another one."""

    def __init__(self, app: ASGIApp, rules: list[_Rule], clock: Callable[[], float]) -> None:
        self._app = app
        self._rules = rules
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._fault(scope["path"]) if scope["type"] == "http" else None
        if fault is None:
            await self._app(scope, receive, send)
            return
        answer = b""
        if fault.when is When.AFTER:
            answer = await _effect(self._app, scope, receive)
        elif not await _whole_request(receive):
            return
        if fault.what is What.HANG:
            await _until_the_client_leaves(receive)
        elif fault.what is What.RESET:
            _break(scope)
            await _until_the_client_leaves(receive)
        else:
            status, content_type, body = self._instead(fault, answer)
            await _send(send, status, content_type, body)

    def _fault(self, path: str) -> Fault | None:
        return next((rule.fault for rule in self._rules if rule.takes(path)), None)

    def _instead(self, fault: Fault, answer: bytes) -> tuple[int, bytes, bytes]:
        if fault.errcode is not None:
            return HTTP_OK, CONTENT_TYPE, encode(failure(fault.errcode, self._clock()))
        if fault.status is not None:
            title = f"{fault.status} {responses.get(fault.status, 'Error')}"
            return fault.status, b"text/html", _PAGE.format(title).encode()
        if fault.what is What.EMPTY:
            return HTTP_OK, CONTENT_TYPE, b""
        return HTTP_OK, CONTENT_TYPE, answer[: len(answer) // 2] or _CUT


async def _effect(app: ASGIApp, scope: Scope, receive: Receive) -> bytes:
    """Let the call take effect, and keep its answer."""
    kept: list[bytes] = []

    async def keep(message: Message) -> None:
        kept.append(message.get("body", b""))

    await app(scope, receive, keep)
    return b"".join(kept)


async def _whole_request(receive: Receive) -> bool:
    """Read the request to its end; False where the client left before."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return False
        if not message.get("more_body", False):
            return True


async def _until_the_client_leaves(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _break(scope: Scope) -> None:
    """Break the connection; within one process there is none, and the caller gets the error that one makes."""
    abort: Callable[[], object] | None = scope.get("state", {}).get(ABORT)
    if abort is None:
        raise ConnectionResetError("the connection was broken by a fault")
    abort()


async def _send(send: Callable[[Message], Awaitable[None]], status: int, content_type: bytes, body: bytes) -> None:
    headers = ((b"content-type", content_type), (b"content-length", str(len(body)).encode("ascii")))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
