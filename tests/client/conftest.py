"""The other end of the wire for the client's tests: a scripted transport, and real sockets on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from client.handing_out import Bench, Serve

from wxdeploy.client.account import AccountClient
from wxdeploy.client.http import Http
from wxdeploy.client.token import StableToken, TokenSource
from wxdeploy.model.secret import Secret

APPID = "wx8f3c1a2b4d5e6f70"
SECRET = "5ecretsecretsecret"
HOST = "https://api.example.com"

Step = dict[str, Any] | tuple[int, bytes] | Exception | type[Exception]


@dataclass
class Script(httpx.AsyncBaseTransport):
    """Answers calls by a list of steps (the last one again and again), token calls by a list of their own.

    A step is a JSON object, a status with bytes, or a fault to raise.
    """

    steps: list[Step]
    tokens: list[Step] = field(default_factory=lambda: [{"access_token": "TOKEN-1", "expires_in": 7200}])
    requests: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        steps = self.tokens if request.url.path.endswith("/stable_token") else self.steps
        step = steps.pop(0) if len(steps) > 1 else steps[0]
        await asyncio.sleep(0)
        if isinstance(step, type):
            step = step(f"the worst message: {request.url} {request.content!r}")
        if isinstance(step, Exception):
            raise step
        status, content = step if isinstance(step, tuple) else (200, json.dumps(step).encode())
        return httpx.Response(status, content=content, headers={"content-type": "text/plain; charset=gbk"})

    @property
    def sent(self) -> list[str]:
        """Method and path of every call but those for a token."""
        return [f"{r.method} {r.url.path}" for r in self.requests if not r.url.path.endswith("/stable_token")]

    @property
    def used(self) -> list[str | None]:
        """The token of every call."""
        return [r.url.params.get("access_token") for r in self.requests if not r.url.path.endswith("/stable_token")]

    @property
    def fetches(self) -> int:
        """How often a token was asked for."""
        return len(self.requests) - len(self.sent)


@dataclass
class Account:
    """One account on a scripted host; ``waits`` are the pauses that the client asked for."""

    script: Script
    tokens: TokenSource | None = None
    read_only: bool = False
    waits: list[float] = field(default_factory=list)

    async def pause(self, seconds: float) -> None:
        self.waits.append(seconds)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[AccountClient]:
        async with Http(HOST, read_only=self.read_only, transport=self.script) as http:
            tokens = self.tokens or StableToken(APPID, Secret(SECRET), pause=self.pause)
            yield AccountClient(http, tokens, pause=self.pause)

    def call(self, endpoint_id: str, body: Any = None, query: Any = None) -> Any:
        """One call on a client of its own."""

        async def run() -> Any:
            async with self.open() as client:
                return await client.call(endpoint_id, body, query)

        return asyncio.run(run())


@pytest.fixture
def account() -> Callable[..., Account]:
    """``account(*steps, tokens=[...])``: an account whose calls are answered by the steps."""

    def make(*steps: Step, tokens: list[Step] | None = None, source: TokenSource | None = None) -> Account:
        script = Script(list(steps)) if tokens is None else Script(list(steps), tokens)
        return Account(script) if source is None else Account(script, source)

    return make


Handler = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
def serve() -> Callable[..., Any]:
    """``async with serve(handler) as port``: a raw server on loopback; the handler gets each whole request.

    With ``early`` it gets control before anything is read.
    """

    @contextlib.asynccontextmanager
    async def start(handler: Handler, *, early: bool = False, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
        under_way: set[asyncio.Task[None]] = set()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            under_way.add(task)
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                content = b""
                if not early:
                    head = await reader.readuntil(b"\r\n\r\n")
                    lower = head.lower()
                    length = int(lower.split(b"content-length:")[1].split()[0]) if b"content-length:" in lower else 0
                    content = head + await reader.readexactly(length)
                await handler(content, writer)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

        server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            await asyncio.gather(*under_way)
            await server.wait_closed()

    return start


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies and folders of the machine that runs the tests are not theirs."""
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "WXDEPLOY_CACHE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged by anyone at any level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.fixture
def bench(tmp_path: Path, serve: Serve) -> Bench:
    return Bench(tmp_path, serve)
