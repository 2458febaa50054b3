"""An application in this process instead of a host."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from wxdeploy.client.carrier import (
    CarrierError,
    LocalProtocolError,
    RemoteProtocolError,
    Request,
    Response,
    TooLongError,
)
from wxdeploy.client.embedded import Embedded
from wxdeploy.model.url import parse

ORIGIN = parse("http://sandbox:8080")
START = {"type": "http.response.start", "status": 201, "headers": [(b"Date", b"today")]}


def asked(app: Any, *, target: str = "/", within: float = 5.0, hurry: bool = False) -> Response:
    async def run() -> Response:
        assert ORIGIN is not None
        embedded = Embedded(app, ORIGIN)
        asking = asyncio.create_task(
            embedded.exchange(Request("POST", target, {"accept": "x"}, b"body"), largest=8, within=within)
        )
        if hurry:
            await asyncio.sleep(0)
            embedded.hurry(0)
        return await asking

    return asyncio.run(run())


def sending(*messages: dict[str, Any]) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        for message in messages:
            await send(message)

    return app


def part(content: bytes, **more: Any) -> dict[str, Any]:
    return {"type": "http.response.body", "body": content, **more}


def test_the_request_is_what_a_server_makes_of_it() -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.extend((scope, await receive()))
        await send(START)
        await send(part(b"o", more_body=True))
        await send(part(b"k"))
        await send(part(b"nobody reads it"))
        seen.append(await receive())

    answer = asked(app, target="/a%20b?c=%20d")
    assert (answer.status, answer.headers, answer.content) == (201, {"date": "today"}, b"ok")
    scope, request, end = seen
    assert (scope["type"], scope["method"], scope["scheme"]) == ("http", "POST", "http")
    assert (scope["path"], scope["raw_path"], scope["query_string"]) == ("/a b", b"/a%20b", b"c=%20d")
    assert scope["headers"] == [(b"host", b"sandbox:8080"), (b"accept", b"x")]
    assert request == {"type": "http.request", "body": b"body", "more_body": False}
    assert end == {"type": "http.disconnect"}


async def fails_by_itself(scope: Any, receive: Any, send: Any) -> None:
    raise TimeoutError("TOKEN")


@pytest.mark.parametrize(
    ("app", "error"),
    [
        (fails_by_itself, RemoteProtocolError),
        (sending(), RemoteProtocolError),
        (sending(START), RemoteProtocolError),
        (sending(START, part(b"half", more_body=True)), RemoteProtocolError),
        (sending(START, part(b"far too long")), TooLongError),
    ],
    ids=["fails", "nothing", "no body", "half of it", "too long"],
)
def test_what_is_no_answer_is_told_from_one(app: Any, error: type[CarrierError]) -> None:
    with pytest.raises(error) as caught:
        asked(app)
    assert "TOKEN" not in str(caught.value)


def test_what_can_not_be_a_first_line_is_not_asked() -> None:
    with pytest.raises(LocalProtocolError):
        asked(sending(START, part(b"")), target="/a b")


@pytest.mark.parametrize("limit", [{"within": 0.0}, {"hurry": True}], ids=["its own time", "the run is to stop"])
def test_who_waits_for_ever_is_given_up(limit: dict[str, Any]) -> None:
    left: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            while True:
                await receive()
        finally:
            left.append("left")

    with pytest.raises(TimeoutError):
        asked(app, **limit)
    assert left == ["left"]
