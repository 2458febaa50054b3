"""Connections are reused, never one that is no longer good, and lead through a proxy where there is one."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from wxdeploy.client.answer import Answer, Silence
from wxdeploy.client.http import Http

CERTIFICATE = Path(__file__).with_name("certificate.pem")
BODY = b'{"errcode":0,"text":"%d"}'


class Server:
    """Answers requests, however many come over one connection; ``heads`` are theirs, connection by connection."""

    def __init__(self, *, closes: bool = False, chunked: bool = False, informs: bool = False) -> None:
        self.heads: list[list[bytes]] = []
        self.closes = closes
        self.chunked = chunked
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
                if self.chunked:
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
    monkeypatch.setattr("wxdeploy.client.http.is_loopback", lambda _: False)  # or it would go past the proxy

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
