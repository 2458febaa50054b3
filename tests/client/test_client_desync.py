"""A server or a proxy between that says more, less or other than it was asked: no answer is taken for another's."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

import pytest

from wxdeploy.client.answer import Answer, Silence
from wxdeploy.client.http import Http

CERTIFICATE = Path(__file__).with_name("certificate.pem")

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def answer(text: str, *fields: str) -> bytes:
    body = b'{"text":"%s"}' % text.encode()
    return "\r\n".join(("HTTP/1.1 200 OK", *fields, f"content-length: {len(body)}", "\r\n")).encode() + body


async def asked(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")


@contextlib.asynccontextmanager
async def talking(talk: Talk, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server on loopback that talks as it is told, connection by connection; its port."""
    open_ones: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_ones.add(task)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await talk(reader, writer)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async with await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls) as server:
        yield server.sockets[0].getsockname()[1]
        await asyncio.gather(*open_ones)


def told(outcome: Answer | Silence) -> str:
    return str(outcome.value["text"]) if isinstance(outcome, Answer) else "silence"


def in_turn(talk: Talk, calls: int = 2) -> list[str]:
    """What each of so many calls in turn is told."""

    async def run() -> list[str]:
        found = []
        async with talking(talk) as port, Http(f"http://127.0.0.1:{port}", read_only=True) as http:
            for _ in range(calls):
                found.append(told(await http.send("GET", "/cgi-bin/menu/get")))
                for _ in range(10):  # what the server says beyond that has time to arrive
                    await asyncio.sleep(0)
        return found

    return asyncio.run(run())


def numbered(*extra: bytes, apart: bool) -> tuple[Talk, list[int]]:
    """A server that numbers its connections' answers, and says something else after the first one of all."""
    connections: list[int] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(len(connections) + 1)
        number = connections[-1]
        while True:
            await asked(reader)
            writer.write(answer(f"of {number}"))
            if number == 1:
                if apart:
                    await writer.drain()
                    await asyncio.sleep(0)
                writer.writelines(extra)

    return talk, connections


FOREIGN = (
    answer("foreign"),
    b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 2\r\n\r\n{}",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"noise",
)


@pytest.mark.parametrize("apart", [True, False], ids=["later", "at once"])
@pytest.mark.parametrize("extra", FOREIGN)
def test_what_nobody_asked_for_is_never_taken_for_the_next_answer(extra: bytes, apart: bool) -> None:
    talk, connections = numbered(extra, apart=apart)
    assert in_turn(talk) == ["of 1", "of 2"]
    assert connections == [1, 2]


AMBIGUOUS: Sequence[bytes] = (
    b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 10\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\ncontent-length: 2, 10\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}",
    b"HTTP/1.1 200 OK\r\nx y: 1\r\ncontent-length: 2\r\n\r\n{}",
    b"SSH-2.0-OpenSSH_9.2\r\n",
)


@pytest.mark.parametrize("said", AMBIGUOUS)
def test_an_answer_whose_end_cannot_be_told_is_none_and_ends_its_connection(said: bytes) -> None:
    connections = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        first = connections == 1
        await asked(reader)
        writer.write(said if first else answer("second"))

    assert in_turn(talk) == ["silence", "second"]
    assert connections == 2


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_call_that_is_given_up_leaves_no_half_read_answer_to_the_next(part: str) -> None:
    whole = answer("late")
    reached = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        if reached.is_set():
            writer.write(answer("in time"))
            return
        writer.write(whole[: 20 if part == "head" else -5])
        reached.set()
        await asyncio.sleep(0)
        await reader.read()  # until the client is gone

    async def run() -> str:
        async with talking(talk) as port, Http(f"http://127.0.0.1:{port}", read_only=True) as http:
            call = asyncio.create_task(http.send("GET", "/cgi-bin/menu/get"))
            await reached.wait()
            for _ in range(5):
                await asyncio.sleep(0)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            return told(await http.send("GET", "/cgi-bin/menu/get"))

    assert asyncio.run(run()) == "in time"


def test_a_head_without_end_is_given_up() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(4096):
            writer.write(b"x-more: " + b"a" * 1000 + b"\r\n")
            await writer.drain()

    assert in_turn(talk, calls=1) == ["silence"]


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    seen: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await asked(reader))
        writer.write(b"HTTP/1.1 302 Found\r\nlocation: /cgi-bin/other\r\ncontent-length: 0\r\n\r\n")

    assert in_turn(talk, calls=1) == ["silence"]
    assert len(seen) == 1


def certified() -> ssl.SSLContext:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(CERTIFICATE)
    return tls


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate of the tests, for localhost and 127.0.0.1, is one that the system trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


async def hello(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asked(reader)
    writer.write(answer("real"))


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = socket.getaddrinfo
    monkeypatch.setattr("socket.getaddrinfo", lambda _, *how, **more: resolve("127.0.0.1", *how, **more))

    async def run() -> Answer | Silence:
        async with talking(hello, certified()) as port, Http(f"https://api.example.com:{port}", read_only=True) as http:
            return await http.send("GET", "/cgi-bin/menu/get", query={"access_token": "TOKEN"})

    outcome = asyncio.run(run())
    assert isinstance(outcome, Silence)
    assert (outcome.reached, outcome.passing) == (False, False)
    assert "certificate" in outcome.reason


class Proxy:
    """Opens the way to a server of ours whatever it is asked for, after it said something else; or breaks off."""

    def __init__(self, said: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n", *, breaks: bool = False) -> None:
        self.said = said
        self.breaks = breaks
        self.server = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        writer.write(self.said)
        if not self.breaks:
            there = await asyncio.open_connection("127.0.0.1", self.server)
            await asyncio.gather(_pipe(reader, there[1]), _pipe(there[0], writer))


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(4096):
            writer.write(data)
    writer.close()


def through(proxy: Proxy, monkeypatch: pytest.MonkeyPatch, name: str = "localhost") -> Answer | Silence:
    """What a call to our server is told, through the proxy, as a host of that name."""
    monkeypatch.setattr("wxdeploy.client.network.is_loopback", lambda _: False)  # or it would go past the proxy

    async def run() -> Answer | Silence:
        async with talking(hello, certified()) as port, talking(proxy) as between:
            proxy.server = port
            monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{between}")
            async with Http(f"https://{name}:{port}", read_only=True) as http:
                return await http.send("GET", "/cgi-bin/menu/get", query={"access_token": "TOKEN"})

    return asyncio.run(run())


@pytest.mark.usefixtures("trusted")
def test_what_a_proxy_says_beyond_opening_the_way_is_never_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    for pad in (0, 64 * 1024, 200 * 1024):
        forged = Proxy(Proxy().said + b"\r\n" * (pad // 2) + answer("forged") * 3)
        assert told(through(forged, monkeypatch)) != "forged"
    assert told(through(Proxy(), monkeypatch)) == "real"


@pytest.mark.usefixtures("trusted")
def test_a_proxy_that_leads_to_another_host_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = through(Proxy(), monkeypatch, name="api.example.com")
    assert isinstance(outcome, Silence)
    assert (outcome.reached, outcome.passing) == (False, False)
    assert "certificate" in outcome.reason


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 2",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"SOCKS",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"no encryption here " * 20,
        b"HTTP/1.1 302 Found\r\nlocation: https://localhost/\r\n\r\n",
    ],
)
def test_where_no_way_was_opened_nothing_reached_the_account(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = through(Proxy(said, breaks=True), monkeypatch)
    assert isinstance(outcome, Silence)
    assert (outcome.reached, outcome.passing) == (False, True)
