"""Tokens of central services: real servers on loopback, and whatever they do wrong."""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from client.handing_out import ARGUMENT, HIDDEN, KEY, OTHER, TOKEN, Bench, Serve, Wechat, clean, no_pause, reply

from wxdeploy.client.desk import LARGEST_ANSWER, Desk
from wxdeploy.model.credential import TokenService
from wxdeploy.model.errors import CredentialError
from wxdeploy.model.secret import Secret


@dataclass
class Counter:
    """A token service: its answers in turn, the last one again and again."""

    answers: list[tuple[str, bytes, str]]
    asked: list[bytes] = field(default_factory=list)

    async def __call__(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        self.asked.append(request)
        status, body, head = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        await reply(writer, body, status, head)


def service(*answers: Any) -> Counter:
    whole = [(each, b"", "") if isinstance(each, str) else each for each in answers]
    return Counter([each if isinstance(each, tuple) else ("200 OK", json.dumps(each).encode(), "") for each in whole])


def asked(serve: Serve, counter: Counter, *, at: str = "access_token", path: str = "/wx?shop=1", **more: Any) -> Any:
    async def ask() -> Any:
        async with serve(counter) as port:
            headers = {"Authorization": Secret(f"Bearer {KEY}"), "X-Shop": Secret("prod")}
            origin = TokenService(f"http://127.0.0.1:{port}{path}", headers, at)
            return await Desk(service=origin, pause=no_pause, **more).ask()

    return asyncio.run(ask())


def test_a_service_is_asked_with_its_headers(serve: Serve, log: io.StringIO) -> None:
    counter = service({"access_token": TOKEN, "expires_in": 300})
    grant = asked(serve, counter)
    assert (grant.token.reveal(), grant.expires_in) == (TOKEN, 300)
    (request,) = counter.asked
    head, *lines = request.decode().split("\r\n")
    assert head == "GET /wx?shop=1 HTTP/1.1"
    assert f"authorization: Bearer {KEY}" in lines
    assert "x-shop: prod" in lines
    assert not [hidden for hidden in HIDDEN if hidden in log.getvalue()]


def test_the_token_may_stand_deeper(serve: Serve) -> None:
    counter = service({"code": 0, "data": {"wx": {"token": TOKEN, "expires_in": 60}}})
    grant = asked(serve, counter, at="data.wx.token")
    assert (grant.token.reveal(), grant.expires_in) == (TOKEN, 60)


def test_a_service_is_asked_again_when_its_token_is_refused(bench: Bench, serve: Serve) -> None:
    counter = service({"access_token": TOKEN}, {"access_token": OTHER})

    async def call() -> Wechat:
        wechat = Wechat({OTHER})
        async with serve(counter) as port:
            origin = TokenService(f"http://127.0.0.1:{port}/", {}, "access_token")
            async with bench.client(origin, wechat) as client:
                await client.call("menu.get")
        return wechat

    assert asyncio.run(call()).seen == [TOKEN, OTHER]
    assert TOKEN.encode() not in b"".join(counter.asked)


REDIRECT = ("302 Found", b"", f"location: http://127.0.0.1:1/{TOKEN}\r\n")
WRONG = {
    "401": ("401 Unauthorized", "gave no token: HTTP 401", 1),
    "404 with a token": (("404 Not Found", json.dumps({"access_token": TOKEN}).encode(), ""), "HTTP 404", 1),
    "a redirect": (REDIRECT, "HTTP 302, a redirect, which is not followed", 1),
    "502": (("502 Bad Gateway", TOKEN.encode(), ""), "HTTP 502", 4),
    "a page": (("200 OK", b"<html>" + TOKEN.encode(), ""), "gave no JSON", 1),
    "a list": ([TOKEN], "gave no JSON", 1),
    "another field": ({"token": TOKEN}, "gave no JSON with a text at `access_token`", 1),
    "an empty one": ({"access_token": ""}, "gave nothing", 1),
    "no token": ({"access_token": "two words"}, "something else than an access token", 1),
    "a flood": (("200 OK", b" " * (LARGEST_ANSWER + 1), ""), "more than", 1),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_a_service_does_wrong_is_said(serve: Serve, case: str, log: io.StringIO) -> None:
    answer, message, times = WRONG[case]
    counter = service(answer)
    with pytest.raises(CredentialError) as caught:
        asked(serve, counter, path=f"/{ARGUMENT}")
    assert message in caught.value.message
    assert "127.0.0.1" in caught.value.message
    assert caught.value.fix
    assert len(counter.asked) == times
    clean(caught.value)
    assert not [hidden for hidden in (KEY, ARGUMENT) if hidden in log.getvalue()]


def test_a_service_that_hangs_or_is_not_there(serve: Serve) -> None:
    gone = asyncio.Event

    async def hang(_: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.wait_for(gone().wait(), 5)

    async def ask() -> None:
        async with serve(hang) as port:
            origin = TokenService(f"http://127.0.0.1:{port}/", {}, "access_token")
            await Desk(service=origin, pause=no_pause, seconds=0.1).ask()

    with pytest.raises(CredentialError, match="no answer in time"):
        asyncio.run(ask())
    with pytest.raises(CredentialError, match="the connection was refused"):
        asyncio.run(Desk(service=TokenService("http://127.0.0.1:9/", {}, "a"), pause=no_pause).ask())


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://tokens.example.com/", "plain http to tokens.example.com"),
        ("http://127.0.0.1.example.com/", "plain http"),
        ("ftp://127.0.0.1/", "not an http or https address"),
        ("https://user:pass@127.0.0.1/", "not an http or https address"),
        ("token", "not an http or https address"),
        ("https://\ud800", "not an http or https address"),
    ],
)
def test_an_address_that_may_not_be_used_is_not_called(url: str, message: str) -> None:
    with pytest.raises(CredentialError, match=message) as caught:
        asyncio.run(Desk(service=TokenService(url, {"a": Secret(KEY)}, "a"), pause=no_pause).ask())
    clean(caught.value)


@pytest.mark.parametrize("headers", [{"X": f"{KEY}\r\nY: z"}, {"X": f"{KEY}é"}, {"X Y": KEY}, {"": KEY}])
def test_headers_that_http_cant_carry_are_not_sent(headers: dict[str, str]) -> None:
    held = {name: Secret(value) for name, value in headers.items()}
    with pytest.raises(CredentialError, match="a header") as caught:
        asyncio.run(Desk(service=TokenService("http://127.0.0.1:9/", held, "a"), pause=no_pause).ask())
    clean(caught.value)
