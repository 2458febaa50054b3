"""Connections are reused, never one that is no longer good, and lead through a proxy where there is one."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from wxdeploy.client.answer import LARGEST_ANSWER, Answer, Silence
from wxdeploy.client.carrier import LocalProtocolError, Request
from wxdeploy.client.http import Http

CERTIFICATE = Path(__file__).with_name("certificate.pem")
BODY = b'{"errcode":0,"text":"%d"}'


class Server:
    """Answers requests, however many come over one connection; ``heads`` are theirs, connection by connection."""

    def __init__(
        self, *, closes: bool = False, chunked: bool = False, informs: bool = False, raw: bytes | None = None
    ) -> None:
        self.heads: list[list[bytes]] = []
        self.closes = closes
        self.chunked = chunked
        self.raw = raw
        self.informs = informs
        self.writers: list[asyncio.StreamWriter] = []
        self.reached = asyncio.Event()
        self.gone = asyncio.Event()

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mine: list[bytes] = []
        self.heads.append(mine)
        self.writers.append(writer)
        self.reached.set()
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                mine.append(head)
                body = BODY % len(mine)
                if self.informs:
                    writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
                if self.raw is not None:
                    writer.write(self.raw)
                elif self.chunked:
                    parts = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:5], body[5:]))
                    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + parts + b"0\r\n\r\n")
                else:
                    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
                if self.closes:
                    break
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        self.gone.set()

    @contextlib.asynccontextmanager
    async def listening(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
        server = await asyncio.start_server(self, "127.0.0.1", 0, ssl=tls)
        async with server:
            yield server.sockets[0].getsockname()[1]
            for writer in self.writers:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()


async def ask(http: Http) -> Answer | Silence:
    return await http.send("GET", "/cgi-bin/menu/get")


def test_calls_in_turn_go_over_one_connection_and_calls_at_once_over_several() -> None:
    server = Server()

    async def run() -> None:
        async with server.listening() as port, Http(f"http://127.0.0.1:{port}", read_only=True, connections=3) as http:
            for _ in range(3):
                assert isinstance(await ask(http), Answer)
            assert len(server.heads) == 1
            answers = await asyncio.gather(*(ask(http) for _ in range(9)))
            assert all(isinstance(each, Answer) for each in answers)

    asyncio.run(run())
    assert len(server.heads) == 3
    assert sum(map(len, server.heads)) == 12


def test_a_call_that_outlasts_its_host_leaves_no_connection() -> None:
    server = Server()

    async def run() -> Answer | Silence:
        async with server.listening() as port:
            async with Http(f"http://127.0.0.1:{port}", read_only=True) as http:
                late = asyncio.ensure_future(ask(http))
                await server.reached.wait()
            answer = await late
            await asyncio.wait_for(server.gone.wait(), 20)
        return answer

    assert isinstance(asyncio.run(run()), Answer)


@pytest.mark.parametrize("how", [{"closes": True}, {"chunked": True}, {"informs": True}])
def test_answers_of_any_form_are_read_whole(how: dict[str, bool]) -> None:
    server = Server(**how)

    async def run() -> list[Answer | Silence]:
        async with server.listening() as port, Http(f"http://127.0.0.1:{port}", read_only=True) as http:
            first = await ask(http)
            if how.get("closes"):
                await server.gone.wait()
                for _ in range(5):  # the loop that both sides share hears of it
                    await asyncio.sleep(0)
            return [first, await ask(http)]

    answers = asyncio.run(run())
    assert [isinstance(each, Answer) and each.value["errcode"] for each in answers] == [0, 0]
    assert len(server.heads) == (2 if how.get("closes") else 1)


def test_a_connection_that_was_left_for_long_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wxdeploy.client.connections.KEPT", -1.0)
    server = Server()

    async def run() -> None:
        async with server.listening() as port, Http(f"http://127.0.0.1:{port}", read_only=True) as http:
            assert isinstance(await ask(http), Answer)
            assert isinstance(await ask(http), Answer)

    asyncio.run(run())
    assert [len(each) for each in server.heads] == [1, 1]


def test_through_a_proxy_goes_an_encrypted_tunnel_and_the_password_to_the_proxy_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = Server()
    asked: list[bytes] = []
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(CERTIFICATE)
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    monkeypatch.setattr("wxdeploy.client.network.is_loopback", lambda _: False)  # or it would go past the proxy

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(4096):
                writer.write(data)
        writer.close()

    async def run() -> list[Any]:
        piped: list[asyncio.Task[Any]] = []

        async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            piped.append(task)
            asked.append(await reader.readuntil(b"\r\n\r\n"))
            there = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await asyncio.gather(pipe(reader, there[1]), pipe(there[0], writer))

        async with server.listening(tls) as port, await asyncio.start_server(proxy, "127.0.0.1", 0) as listening:
            monkeypatch.setenv("HTTPS_PROXY", f"http://user:p%40ss@127.0.0.1:{listening.sockets[0].getsockname()[1]}")
            async with Http(f"https://localhost:{port}", read_only=True) as http:
                answers = [await ask(http), await ask(http)]
            await asyncio.gather(*piped)
            return answers

    assert all(isinstance(each, Answer) for each in asyncio.run(run()))
    (head,) = asked
    assert head.startswith(b"CONNECT localhost:")
    assert b"Basic dXNlcjpwQHNz" in head  # user:p@ss
    assert [b"authorization" in each.lower() for each in server.heads[0]] == [False, False]


def _answered(raw: bytes, *, closes: bool = False) -> tuple[list[Answer | Silence], int]:
    """What two calls in turn are told by a host that writes ``raw`` for each, and over how many connections."""
    server = Server(raw=raw, closes=closes)

    async def run() -> list[Answer | Silence]:
        async with server.listening() as port, Http(f"http://127.0.0.1:{port}", read_only=True) as http:
            return [await ask(http), await ask(http)]

    return asyncio.run(run()), len(server.heads)


def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    answers, opened = _answered(b"HTTP/1.1 200 OK\r\n\r\n" + BODY % 7, closes=True)
    assert [isinstance(each, Answer) and each.value["text"] for each in answers] == ["7", "7"]
    assert opened == 2


@pytest.mark.parametrize(
    "raw", [b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\nconnection: close\r\n\r\n{}", b"HTTP/1.1 200 OK\r\ncontent-le"]
)
def test_an_answer_that_ends_before_its_length_is_none(raw: bytes) -> None:
    for silence in _answered(raw, closes=True)[0]:
        assert isinstance(silence, Silence)
        assert (silence.reached, silence.passing) == (True, True)


@pytest.mark.parametrize("then", [b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", b"{}"])
def test_what_was_not_asked_for_is_never_taken_for_the_answer_to_the_next_call(then: bytes) -> None:
    body = BODY % 7
    answers, opened = _answered(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body + then)
    assert [isinstance(each, Answer) and each.value.get("text") for each in answers] == ["7", "7"]
    assert opened == 2


@pytest.mark.parametrize(
    ("encoded", "encoding", "is_read"),
    [
        (gzip.compress(BODY % 7, mtime=0), b"gzip", True),
        (gzip.compress(BODY % 7, mtime=0)[:-9], b"gzip", False),
        (gzip.compress(b" " * (LARGEST_ANSWER + 1), mtime=0), b"gzip", False),
        (BODY % 7, b"identity", True),
        (BODY % 7, b"br", False),
    ],
    ids=["gzip", "cut off", "too long", "not at all", "unknown"],
)
def test_an_answer_that_was_packed_without_being_asked_is_unpacked_within_bounds(
    encoded: bytes, encoding: bytes, is_read: bool
) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: %s\r\ncontent-length: %d\r\n\r\n" % (encoding, len(encoded))
    answers, _ = _answered(head + encoded)
    assert [isinstance(each, Answer) for each in answers] == [is_read, is_read]


def test_headers_without_end_are_not_read_for_ever() -> None:
    answers, _ = _answered(b"HTTP/1.1 200 OK\r\n" + b"x-more: 0123456789\r\n" * 20_000 + b"content-length: 2\r\n\r\n{}")
    assert all(isinstance(each, Silence) for each in answers)


@pytest.mark.parametrize(
    "request_",
    [
        Request("GET", "/a b", {}),
        Request("GET", "/a\r\nx: y", {}),
        Request("GET", "//菜", {}),
        Request("GET", "@elsewhere/", {}),
        Request("GET /", "/", {}),
        Request("GET", "/", {"x": "a\r\ny: b"}),
        Request("GET", "/", {"x y": "a"}),
        Request("GET", "/", {"x": "菜"}),
    ],
)
def test_a_request_that_would_be_another_on_the_wire_is_not_written(request_: Request) -> None:
    with pytest.raises(LocalProtocolError):
        request_.written("api.example.com")
