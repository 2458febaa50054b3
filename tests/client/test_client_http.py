"""One host: which addresses are taken, what the guard lets through, and what real sockets do."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from wxdeploy.client.account import AccountClient
from wxdeploy.client.answer import LARGEST_ANSWER, Answer, Silence
from wxdeploy.client.http import Http
from wxdeploy.client.stop import Stop
from wxdeploy.client.token import FixedToken
from wxdeploy.model.errors import LostAnswerError, ReadOnlyError, UsageError
from wxdeploy.model.secret import Secret
from wxdeploy.wechat.endpoints import ENDPOINTS, READABLE, Mode

CERTIFICATE = Path(__file__).with_name("certificate.pem")


@pytest.mark.parametrize(
    "base_url",
    [
        "http://example.com",
        "http://127.0.0.1.example.com",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://localhost.example.com",
        "http://[2001:db8::1]",
        "http://2130706433",
        "ftp://127.0.0.1",
        "https://",
        "api.weixin.qq.com",
        "",
        "https://user:TOKEN@api.example.com",
        "https://api.example.com/?access_token=TOKEN",
        "https://api.example.com/#TOKEN",
        "https://[bad",
        "https://a\nb",
    ],
)
def test_other_base_urls_are_refused_before_any_call(base_url: str) -> None:
    with pytest.raises(UsageError) as caught:
        Http(base_url, read_only=True, transport=httpx.MockTransport(lambda _: pytest.fail("sent")))
    assert "TOKEN" not in str(caught.value)
    assert caught.value.fix
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        ("https://api.weixin.qq.com", "https://api.weixin.qq.com"),
        ("https://API.weixin.qq.com:443/", "https://api.weixin.qq.com"),
        ("https://proxy.example.com/wechat/", "https://proxy.example.com/wechat"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.9.8.7", "http://127.9.8.7"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://localhost:8080/", "http://localhost:8080"),
    ],
)
def test_https_and_loopback_are_taken(base_url: str, host: str) -> None:
    assert Http(base_url, read_only=True).host == host


def _send(base_url: str, method: str, path: str, *, read_only: bool = True) -> list[str]:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(f"{request.method} {request.url.raw_path.decode()}")
        return httpx.Response(200, json={})

    async def run() -> None:
        async with Http(base_url, read_only=read_only, transport=httpx.MockTransport(answer)) as http:
            await http.send(method, path, query={"access_token": "TOKEN"}, body=None)

    asyncio.run(run())
    return seen


@pytest.mark.parametrize("base_url", ["https://api.example.com", "https://proxy.example.com/wechat/v1"])
@pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=lambda endpoint: endpoint.id)
def test_the_guard_passes_the_read_list_and_nothing_else(base_url: str, endpoint: Any) -> None:
    if (endpoint.method, endpoint.path) in READABLE:
        assert len(_send(base_url, endpoint.method, endpoint.path)) == 1
    else:
        assert endpoint.mode is Mode.WRITE
        with pytest.raises(ReadOnlyError) as caught:
            _send(base_url, endpoint.method, endpoint.path)
        assert "TOKEN" not in str(caught.value)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/cgi-bin/menu/get"),
        ("get", "/cgi-bin/menu/create"),
        ("GET", "/cgi-bin/menu/get/../delete"),
        ("GET", "/cgi-bin/menu/delete/../get/../delete"),
        ("GET", "/cgi-bin/menu/%64elete"),
        ("GET", "/cgi-bin//menu/get"),
        ("GET", "/cgi-bin/menu/get/"),
        ("GET", "/cgi-bin/menu/get;x=1"),
        ("GET", "/cgi-bin/menu/GET"),
        ("GET", "/cgi-bin/menu%2Fget"),
        ("GET", "/cgi-bin/menu/get%20"),
        ("GET", "/x/cgi-bin/menu/get"),
        ("GET", "@evil.example.com/cgi-bin/menu/get"),
        ("GET", ".evil.example.com/cgi-bin/menu/get"),
        ("GET", ""),
    ],
)
@pytest.mark.parametrize("base_url", ["https://api.example.com", "https://proxy.example.com/wechat"])
def test_the_guard_takes_paths_as_they_are_written(base_url: str, method: str, path: str) -> None:
    with pytest.raises(ReadOnlyError):
        _send(base_url, method, path)


def test_the_guard_of_a_prefix_does_not_pass_the_path_beside_it() -> None:
    with pytest.raises(ReadOnlyError):
        _send("https://proxy.example.com/wechat", "GET", "/../cgi-bin/menu/get")


def test_a_guarded_account_can_read_and_fetch_its_token_and_not_write(account: Callable[..., Any]) -> None:
    one = account({"errcode": 0})
    one.read_only = True
    assert one.call("menu.get") == {"errcode": 0}
    with pytest.raises(ReadOnlyError):
        one.call("menu.create", {"button": []})
    assert one.script.sent == ["GET /cgi-bin/menu/get"]
    assert one.waits == []


def test_a_request_is_utf8_json_with_the_token_in_the_query(account: Callable[..., Any]) -> None:
    one = account({"errcode": 0})
    one.call("user.info", None, {"openid": "o&=#菜", "access_token": "OTHER"})
    one.call("menu.create", {"button": [{"name": "菜单"}]})
    get, post = (r for r in one.script.requests if "stable_token" not in r.url.path)
    assert dict(get.url.params) == {"openid": "o&=#菜", "access_token": "TOKEN-1"}
    assert (get.content, "content-type" in get.headers) == (b"", False)
    assert post.content == '{"button":[{"name":"菜单"}]}'.encode()
    assert post.headers["content-type"] == "application/json; charset=utf-8"
    assert post.headers["host"] == "api.example.com"
    assert post.headers["accept-encoding"] == "identity"


def test_a_body_that_cannot_be_written_is_never_sent(account: Callable[..., Any]) -> None:
    one = account({"errcode": 0})
    with pytest.raises(Exception, match=r"button\[0\]"):
        one.call("menu.create", {"button": ["\ud800"]})
    assert one.script.sent == []


def test_a_cookie_of_one_call_is_not_sent_with_the_next() -> None:
    seen: list[httpx.Headers] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return httpx.Response(200, json={}, headers={"set-cookie": "session=1"})

    async def run() -> None:
        async with Http("https://api.example.com", read_only=True, transport=httpx.MockTransport(answer)) as http:
            await http.send("GET", "/cgi-bin/menu/get")
            await http.send("GET", "/cgi-bin/menu/get")

    asyncio.run(run())
    assert ["cookie" in headers for headers in seen] == [False, False]


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
            async with Http(f"http://127.0.0.1:{port}", read_only=False, timeout=0.05) as http:
                outcome = await http.send("GET", "/cgi-bin/menu/get")
            left.set()
            return outcome

    left = asyncio.Event()
    assert asyncio.run(run()) == Silence(reached=True, passing=True, reason="no answer in time")


@pytest.mark.parametrize("asked", [False, True], ids=["before it is asked to stop", "since"])
def test_a_host_that_hangs_is_spoken_of_and_left_soon_once_the_run_is_asked_to_stop(
    serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, asked: bool
) -> None:
    for name in ("LAST_WORD", "SETTLING") if asked else ("SLOW", "LAST_WORD"):
        monkeypatch.setattr(f"wxdeploy.client.http.{name}", 0.01)

    async def handler(request: bytes, writer: asyncio.StreamWriter) -> None:
        await left.wait()

    async def run() -> Answer | Silence:
        stop = Stop()
        if asked:
            stop.ask()
        else:
            asyncio.get_running_loop().call_later(0.1, stop.ask)
        async with serve(handler) as port:
            async with Http(f"http://127.0.0.1:{port}", read_only=True, stop=stop) as http, asyncio.timeout(20):
                outcome = await http.send("GET", "/cgi-bin/menu/get", query={"access_token": "TOKEN"})
            left.set()
            return outcome

    left = asyncio.Event()
    with caplog.at_level("INFO", logger="wxdeploy.waiting"):
        assert asyncio.run(run()) == Silence(reached=True, passing=True, reason="no answer in time")
    assert ("has not answered for 0 s (calls that wait: 1)" in caplog.text) is not asked
    assert "TOKEN" not in caplog.text


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


def test_hosts_that_the_environment_excepts_go_past_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://unusable")
    monkeypatch.setenv("NO_PROXY", "api.example.com")
    for base_url in ("https://api.example.com", "https://127.0.0.1:8443", "https://localhost"):
        assert Http(base_url, read_only=True).host == base_url


def test_requests_under_way_are_bounded() -> None:
    under_way = most = 0

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _ in range(5):
            await asyncio.sleep(0)
        under_way -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    async def run() -> None:
        async with Http("http://sandbox", read_only=True, app=app, connections=3) as http:
            await asyncio.gather(*(http.send("GET", "/cgi-bin/menu/get") for _ in range(20)))

    asyncio.run(run())
    assert most == 3


def test_an_application_in_the_process_that_fails_is_an_answer_lost() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        if json.loads((await receive())["body"])["button"]:
            raise RuntimeError("TOKEN")

    async def run(body: Any) -> None:
        async with Http("http://sandbox", read_only=False, app=app) as http:
            await AccountClient(http, FixedToken(Secret("TOKEN"))).call("conditional.add", body)

    for body in ({"button": [1]}, {"button": []}):  # raises; ends without an answer
        with pytest.raises(LostAnswerError) as caught:
            asyncio.run(run(body))
        assert "TOKEN" not in str(caught.value)
        assert caught.value.__context__ is None
