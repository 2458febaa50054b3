"""What real sockets do: broken answers, silence, certificates, proxies."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from wxdeploy.client.answer import LARGEST_ANSWER, Answer, Silence
from wxdeploy.client.http import Http
from wxdeploy.client.stop import Stop
from wxdeploy.model.errors import UsageError

CERTIFICATE = Path(__file__).with_name("certificate.pem")


def _ask(serve: Callable[..., Any], handler: Any, *, timeout: float = 5.0, **how: Any) -> Answer | Silence:
    async def run() -> Answer | Silence:
        async with (
            serve(handler, **how) as port,
            Http(f"http://127.0.0.1:{port}/base", read_only=False, timeout=timeout) as http,
        ):
            return await http.send("POST", "/cgi-bin/menu/create", query={"access_token": "T"}, body={"a": "菜"})

    return asyncio.run(run())


def _reply(content: bytes, head: bytes = b"HTTP/1.1 200 OK\r\n", length: int | None = None) -> Any:
    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        size = len(content) if length is None else length
        writer.write(head + b"content-length: %d\r\nconnection: close\r\n\r\n" % size + content)
        await writer.drain()

    return handler


def test_a_request_over_a_socket_is_what_it_should_be(serve: Callable[..., Any]) -> None:
    seen: list[bytes] = []

    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        seen.append(request)
        await _reply('{"errmsg":"好"}'.encode())(request, writer)

    answer = _ask(serve, handler)
    assert isinstance(answer, Answer)
    assert answer.value == {"errmsg": "好"}
    assert seen[0].startswith(b"POST /base/cgi-bin/menu/create?access_token=T HTTP/1.1\r\n")
    assert seen[0].endswith('\r\n\r\n{"a":"菜"}'.encode())


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (_reply(b'{"errcode":0', length=500), "broke"),
        (_reply(b"{}", head=b"nonsense\r\n"), "broke"),
        (_reply(b"", head=b"HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\n"), "redirect"),
        (_reply(b"{}", head=b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n"), "broke"),
        (_reply(b" " * (LARGEST_ANSWER + 1)), "more than"),
    ],
)
def test_broken_answers_over_a_socket(serve: Callable[..., Any], handler: Any, reason: str) -> None:
    silence = _ask(serve, handler)
    assert isinstance(silence, Silence)
    assert silence.reached
    assert reason in silence.reason


def test_a_connection_closed_after_the_request_leaves_it_unknown(serve: Callable[..., Any]) -> None:
    async def hang_up(request: bytes, writer: asyncio.StreamWriter) -> None:
        return None

    silence = _ask(serve, hang_up)
    assert isinstance(silence, Silence)
    assert silence.reached
    assert silence.passing


def test_a_server_that_never_answers_is_left_in_time(serve: Callable[..., Any]) -> None:
    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        await left.wait()

    async def run() -> Answer | Silence:
        async with serve(handler) as port:
            async with Http(f"http://127.0.0.1:{port}", read_only=False, timeout=0.3) as http:
                outcome = await http.send("GET", "/cgi-bin/menu/get")
            left.set()
            return outcome

    left = asyncio.Event()
    assert asyncio.run(run()) == Silence(reached=True, passing=True, reason="no answer in time")


class Heard(logging.Handler):
    """Has something done at each line that is logged."""

    def __init__(self, then: Callable[[], None]) -> None:
        super().__init__()
        self._then = then

    def emit(self, record: logging.LogRecord) -> None:
        self._then()


def _left(serve: Callable[..., Any], *, asked: bool) -> Answer | Silence:
    """The outcome at a host that hangs, in a run that was asked to stop or is once it says that it waits."""

    async def run() -> Answer | Silence:
        stop, arrived, left = Stop(), asyncio.Event(), asyncio.Event()

        async def hang(request: bytes, writer: asyncio.StreamWriter) -> None:
            arrived.set()
            await left.wait()

        if asked:
            stop.ask()
        heard = Heard(lambda: stop.ask() if arrived.is_set() else None)
        logging.getLogger("wxdeploy.waiting").addHandler(heard)
        async with serve(hang) as port:
            async with Http(f"http://127.0.0.1:{port}", read_only=True, stop=stop) as http, asyncio.timeout(20):
                outcome = await http.send("GET", "/cgi-bin/menu/get", query={"access_token": "TOKEN"})
            left.set()
        logging.getLogger("wxdeploy.waiting").removeHandler(heard)
        return outcome

    return asyncio.run(run())


@pytest.mark.parametrize("asked", [False, True], ids=["before it is asked to stop", "since"])
def test_a_host_that_hangs_is_spoken_of_and_left_soon_once_the_run_is_asked_to_stop(
    serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, asked: bool
) -> None:
    for name, seconds in {"SETTLING": 0.3}.items() if asked else {"SLOW": 0.01, "LAST_WORD": 0.01}.items():
        monkeypatch.setattr(f"wxdeploy.client.http.{name}", seconds)
    with caplog.at_level("INFO", logger="wxdeploy.waiting"):
        assert _left(serve, asked=asked) == Silence(reached=True, passing=True, reason="no answer in time")
    assert ("has not answered for 0 s (calls that wait: 1)" in caplog.text) is not asked
    assert "TOKEN" not in caplog.text


@pytest.mark.parametrize("within", [False, True], ids=["no encryption is agreed on", "in the process"])
def test_a_run_that_is_asked_to_stop_waits_for_no_connection_and_no_application(
    serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, within: bool
) -> None:
    monkeypatch.setattr("wxdeploy.client.http.LAST_WORD", 0.01)

    async def run() -> Answer | Silence:
        stop, left = Stop(), asyncio.Event()

        async def hang(*_: object) -> None:
            stop.ask()
            await left.wait()

        async with serve(hang, early=True) as port:
            how = {"base_url": "http://sandbox", "app": hang} if within else {"base_url": f"https://127.0.0.1:{port}"}
            async with Http(**how, read_only=True, stop=stop) as http, asyncio.timeout(5):
                outcome = await http.send("GET", "/cgi-bin/menu/get")
            left.set()
        return outcome

    reason = "no answer in time" if within else "no connection in time"
    assert asyncio.run(run()) == Silence(reached=within, passing=True, reason=reason)


def test_of_two_calls_the_one_that_gets_on_is_waited_for(serve: Callable[..., Any]) -> None:
    async def talk(request: bytes, writer: asyncio.StreamWriter) -> None:
        if b"/tags/" in request:
            await left.wait()
            return
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not left.is_set():
            writer.write(b" ")
            await asyncio.wait({asyncio.ensure_future(left.wait())}, timeout=0.01)
        writer.write(b"{}")

    async def run() -> tuple[Answer | Silence, Answer | Silence]:
        async with serve(talk) as port, Http(f"http://127.0.0.1:{port}", read_only=True, timeout=0.5) as http:
            moving = asyncio.create_task(http.send("GET", "/cgi-bin/menu/get"))
            silent = await http.send("GET", "/cgi-bin/tags/get")
            left.set()
            return silent, await moving

    left = asyncio.Event()
    silent, moving = asyncio.run(run())
    assert silent == Silence(reached=True, passing=True, reason="no answer in time")
    assert isinstance(moving, Answer)


def test_a_server_that_answers_drop_by_drop_is_left_in_time(serve: Callable[..., Any]) -> None:
    outcome = asyncio.run(_drip(serve))
    assert outcome == Silence(reached=True, passing=True, reason="no answer in time")


async def _drip(serve: Callable[..., Any]) -> Answer | Silence:
    loop = asyncio.get_running_loop()

    async def drip(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
        for _ in range(1000):
            if writer.is_closing() or writer.transport.is_closing():
                return
            writer.write(b" ")
            await writer.drain()
            tick = loop.create_future()
            loop.call_later(0.01, tick.set_result, None)
            await tick

    async with serve(drip) as port, Http(f"http://127.0.0.1:{port}", read_only=False, timeout=0.1) as http:
        return await http.send("GET", "/cgi-bin/menu/get")


def test_a_port_that_nobody_listens_on(serve: Callable[..., Any]) -> None:
    async def run() -> Answer | Silence:
        async with serve(_reply(b"{}")) as port:
            pass
        async with Http(f"http://127.0.0.1:{port}", read_only=False) as http:
            return await http.send("GET", "/cgi-bin/menu/get")

    assert asyncio.run(run()) == Silence(reached=False, passing=True, reason="the connection was refused")


@pytest.mark.parametrize(
    ("origin", "reason"),
    [
        (socket.gaierror(-2, "Name or service not known"), "its name can't be resolved"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER]"), "no encrypted connection could be agreed on"),
        (ExceptionGroup("all", [OSError(113, "no route"), ConnectionRefusedError()]), "the connection was refused"),
        (None, "no connection could be made"),
    ],
)
def test_why_there_is_no_connection_is_said_in_words_of_ours(origin: BaseException | None, reason: str) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"the worst message {request.url}") from origin

    async def run() -> Answer | Silence:
        async with Http("https://api.example.com", read_only=False, transport=httpx.MockTransport(fail)) as http:
            return await http.send("GET", "/cgi-bin/menu/get", query={"access_token": "TOKEN"})

    assert asyncio.run(run()) == Silence(reached=False, passing=True, reason=reason)


def test_an_untrusted_certificate_is_refused_before_anything_is_sent(serve: Callable[..., Any]) -> None:
    seen: list[bytes] = []

    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        seen.append(request)

    async def run() -> Answer | Silence:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(CERTIFICATE)
        async with serve(handler, tls=tls) as port, Http(f"https://127.0.0.1:{port}", read_only=False) as http:
            return await http.send("GET", "/cgi-bin/menu/get", query={"access_token": "T"})

    outcome = asyncio.run(run())
    assert isinstance(outcome, Silence)
    assert (outcome.reached, outcome.passing) == (False, False)
    assert "certificate" in outcome.reason
    assert seen == []


def test_a_server_without_encryption_is_refused_where_https_is_asked_for(serve: Callable[..., Any]) -> None:
    async def run() -> Answer | Silence:
        async with serve(_reply(b"{}"), early=True) as port, Http(f"https://127.0.0.1:{port}", read_only=False) as http:
            return await http.send("GET", "/cgi-bin/menu/get", query={"access_token": "T"})

    outcome = asyncio.run(run())
    assert isinstance(outcome, Silence)
    assert not outcome.reached


def test_the_proxy_of_the_environment_is_used_for_https_and_never_for_loopback(
    serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []

    async def proxy(request: bytes, writer: asyncio.StreamWriter) -> None:
        seen.append(request)
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")

    async def run() -> list[Answer | Silence]:
        async with serve(proxy) as port, serve(_reply(b"{}")) as real:
            monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
            monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")
            outcomes = []
            for base_url in ("https://api.example.invalid", f"http://127.0.0.1:{real}"):
                async with Http(base_url, read_only=False) as http:
                    outcomes.append(await http.send("GET", "/cgi-bin/menu/get", query={"access_token": "TOKEN"}))
            return outcomes

    refused, direct = asyncio.run(run())
    assert refused == Silence(reached=False, passing=True, reason="the proxy refused the connection")
    assert isinstance(direct, Answer)
    assert len(seen) == 1
    assert seen[0].startswith(b"CONNECT api.example.invalid:443 ")
    assert b"TOKEN" not in seen[0]


def test_a_proxy_that_cannot_be_used_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://user:PASSWORD@proxy.example.com")
    with pytest.raises(UsageError) as caught:
        Http("https://api.example.com", read_only=True)
    assert "PASSWORD" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("name", "why"), [("missing.pem", "can't be read: No such file"), ("key.txt", "holds no certificate")]
)
def test_a_file_of_authorities_that_cannot_be_used_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, why: str
) -> None:
    (tmp_path / "key.txt").write_text("no certificate", "utf-8")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / name))
    with pytest.raises(UsageError, match=why) as caught:
        Http("https://api.example.com", read_only=True)
    assert str(tmp_path / name) in caught.value.message
    assert "SSL_CERT_FILE" in caught.value.fix


def test_authorities_are_read_once_for_all_that_are_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = tmp_path / "mine.pem"
    mine.write_bytes(CERTIFICATE.read_bytes())
    monkeypatch.setenv("SSL_CERT_FILE", str(mine))
    read: list[str] = []
    real = ssl.create_default_context

    def reading(*, cafile: str) -> ssl.SSLContext:
        read.append(cafile)
        return real(cafile=cafile)

    monkeypatch.setattr(ssl, "create_default_context", reading)
    for name in ("a", "b"):
        Http(f"https://{name}.example.com", read_only=True)
    assert read == [str(mine)]


@pytest.mark.parametrize("trusts", [True, False])
def test_authorities_may_be_a_folder_of_the_environment(
    serve: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusts: bool
) -> None:
    if trusts:  # found by the hash of its name: openssl x509 -hash -noout -in certificate.pem
        (tmp_path / "ce275665.0").write_bytes(CERTIFICATE.read_bytes())
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))

    async def run() -> Answer | Silence:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(CERTIFICATE)
        async with (
            serve(_reply(b"{}"), tls=tls) as port,
            Http(f"https://localhost:{port}", read_only=False) as http,
        ):
            return await http.send("GET", "/cgi-bin/menu/get")

    assert isinstance(asyncio.run(run()), Answer) is trusts


def test_hosts_that_the_environment_excepts_go_past_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://unusable")
    monkeypatch.setenv("NO_PROXY", "api.example.com")
    for base_url in ("https://api.example.com", "https://127.0.0.1:8443", "https://localhost"):
        assert Http(base_url, read_only=True).host == base_url
