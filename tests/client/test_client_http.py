"""One host: which addresses are taken, what the guard lets through, and how many requests are under way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from wxdeploy.client.account import AccountClient
from wxdeploy.client.http import Http
from wxdeploy.client.token import FixedToken
from wxdeploy.model.errors import LostAnswerError, ReadOnlyError, UsageError
from wxdeploy.model.secret import Secret
from wxdeploy.wechat.endpoints import ENDPOINTS, READABLE, Mode


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
