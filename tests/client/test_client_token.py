"""Tokens: fetched once, shared, renewed once a call, kept between runs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from wxdeploy.client.account import AccountClient
from wxdeploy.client.cache import TokenCache
from wxdeploy.client.http import Http
from wxdeploy.client.token import LONGEST_LIFE, MARGIN, FixedToken, StableToken
from wxdeploy.model.errors import ApiError, CredentialError, LostAnswerError, RemoteError, TransportError
from wxdeploy.model.secret import Secret
from wxdeploy.wechat.errcodes import Code

APPID, SECRET, HOST = "wx8f3c1a2b4d5e6f70", Secret("5ecret"), "https://api.example.com"
OK = {"errcode": 0, "errmsg": "ok"}
REFUSALS = [40001, 40014, 42001]


def _token(number: int, life: Any = 7200) -> dict[str, Any]:
    return {"access_token": f"TOKEN-{number}", "expires_in": life}


def _refused(code: int) -> dict[str, Any]:
    return {"errcode": code, "errmsg": "invalid credential, access_token is invalid or not latest"}


class Clock:
    """The time of day, moved by hand."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def test_a_token_is_asked_for_without_force_and_never_elsewhere(account: Callable[..., Any]) -> None:
    one = account(OK)
    one.call("menu.get")
    fetch = one.script.requests[0]
    assert (fetch.method, fetch.url.raw_path) == ("POST", b"/cgi-bin/stable_token")
    assert json.loads(fetch.content) == {
        "grant_type": "client_credential",
        "appid": APPID,
        "secret": "5ecretsecretsecret",
    }
    assert one.script.used == ["TOKEN-1"]


@pytest.mark.parametrize("endpoint", ["menu.get", "menu.create", "conditional.add"])
@pytest.mark.parametrize("code", REFUSALS)
def test_a_refused_token_is_renewed_once_whatever_the_call(
    account: Callable[..., Any], endpoint: str, code: int
) -> None:
    one = account(_refused(code), OK, tokens=[_token(1), _token(2)])
    assert one.call(endpoint, {}) == OK
    assert one.script.used == ["TOKEN-1", "TOKEN-2"]
    assert one.script.fetches == 2
    assert b"force_refresh" not in b"".join(request.content for request in one.script.requests)


@pytest.mark.parametrize("endpoint", ["menu.get", "menu.create", "conditional.add"])
@pytest.mark.parametrize("code", REFUSALS)
def test_a_renewed_token_that_is_refused_too_ends_the_call_with_advice(
    account: Callable[..., Any], endpoint: str, code: int
) -> None:
    one = account(_refused(code), tokens=[_token(1), _token(2), _token(3)])
    with pytest.raises(ApiError) as caught:
        one.call(endpoint, {})
    assert caught.value.errcode == code
    assert "second system" in caught.value.fix
    assert "/cgi-bin/token" in caught.value.fix
    assert (len(one.script.sent), one.script.fetches, one.waits) == (2, 2, [])


def test_each_call_may_renew_once(account: Callable[..., Any]) -> None:
    one = account(_refused(42001), OK, _refused(42001), OK, tokens=[_token(1), _token(2), _token(3)])

    async def run() -> None:
        async with one.open() as client:
            await client.call("menu.get")
            await client.call("menu.get")

    asyncio.run(run())
    assert one.script.used == ["TOKEN-1", "TOKEN-2", "TOKEN-2", "TOKEN-3"]


def test_a_token_refused_after_a_doubtful_attempt_leaves_a_write_unknown(account: Callable[..., Any]) -> None:
    with pytest.raises(LostAnswerError):
        account(httpx.ReadTimeout, _refused(42001), OK).call("menu.create", {})


def test_many_calls_at_once_fetch_once_and_renew_once(account: Callable[..., Any]) -> None:
    one = account(*[_refused(42001)] * 20, OK, tokens=[_token(1), _token(2), _token(3)])

    async def run() -> None:
        async with one.open() as client:
            await asyncio.gather(*(client.call("menu.get") for _ in range(20)))

    asyncio.run(run())
    assert one.script.fetches == 2
    assert one.script.used.count("TOKEN-2") == 20


def test_many_calls_at_once_hear_of_one_failure(account: Callable[..., Any]) -> None:
    waiting = {"errcode": 89503, "errmsg": "needs the administrator"}
    one = account(OK, tokens=[waiting])

    async def run() -> list[Any]:
        async with one.open() as client:
            return await asyncio.gather(*(client.call("menu.get") for _ in range(20)), return_exceptions=True)

    failures = asyncio.run(run())
    assert {getattr(failure, "errcode", None) for failure in failures} == {Code.IP_NEEDS_CONFIRMATION}
    assert one.script.fetches == 1  # every further refusal would lengthen the block


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (_refused(40001), ApiError, "AppSecret is wrong"),
        ({"errcode": 40125, "errmsg": "invalid appsecret"}, ApiError, "AppSecret"),
        ({"errcode": 40013, "errmsg": "invalid appid"}, ApiError, "AppID"),
        ({"errcode": 40164, "errmsg": "invalid ip 203.0.113.7, not in whitelist"}, ApiError, "203.0.113.7"),
        (OK, CredentialError, "without an access token"),
        ({"access_token": ""}, CredentialError, "without an access token"),
        ({"access_token": 5}, CredentialError, "without an access token"),
        ({"access_token": "a b"}, CredentialError, "without an access token"),
        ({"access_token": "a\nb"}, CredentialError, "without an access token"),
        ({"access_token": "x" * 5000}, CredentialError, "without an access token"),
        ((404, b"<html>"), TransportError, "404"),
        (httpx.ConnectError, TransportError, "can't be reached"),
    ],
)
def test_without_a_token_no_call_is_made(
    account: Callable[..., Any], answer: Any, kind: type[RemoteError], words: str
) -> None:
    one = account(OK, tokens=[answer])
    with pytest.raises(kind) as caught:
        one.call("menu.create", {})
    assert type(caught.value) is kind
    assert words in caught.value.message
    assert one.script.sent == []


def test_a_busy_host_is_asked_again_for_a_token() -> None:
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)

    answers = [httpx.Response(502), httpx.Response(200, json={"errcode": -1}), httpx.Response(200, json=_token(1))]

    async def run() -> str:
        transport = httpx.MockTransport(lambda _: answers.pop(0))
        async with Http(HOST, read_only=True, transport=transport) as http:
            return (await StableToken(APPID, SECRET, pause=pause).get(http)).reveal()

    assert asyncio.run(run()) == "TOKEN-1"
    assert waits == [1, 1]


@pytest.mark.parametrize("text", ["", " ", "a b", '{"access_token":"x"}\n', "tökén", "x" * 5000])
def test_what_was_handed_in_must_look_like_a_token(account: Callable[..., Any], text: str) -> None:
    one = account(OK, source=FixedToken(Secret(text)))
    with pytest.raises(CredentialError):
        one.call("menu.get")
    assert one.script.requests == []


def test_a_token_that_was_handed_in_is_used_and_cannot_be_renewed(account: Callable[..., Any]) -> None:
    one = account(OK, _refused(40001), source=FixedToken(Secret("HANDED-IN")))
    assert one.call("menu.get") == OK
    with pytest.raises(CredentialError) as caught:
        one.call("menu.get")
    assert "handed in" in caught.value.message
    assert "secret" in caught.value.fix
    assert (one.script.fetches, one.script.used) == (0, ["HANDED-IN", "HANDED-IN"])


def _tokens(cache: TokenCache | None, clock: Clock, answers: list[Any], times: int = 1) -> tuple[list[str], int]:
    """What ``times`` runs of the program get, each with a new source, and how many fetches they make."""
    fetches = 0

    def answer(_: httpx.Request) -> httpx.Response:
        nonlocal fetches
        fetches += 1
        return httpx.Response(200, json=answers.pop(0))

    async def run() -> str:
        async with Http(HOST, read_only=True, transport=httpx.MockTransport(answer)) as http:
            return (await StableToken(APPID, SECRET, cache, clock).get(http)).reveal()

    return [asyncio.run(run()) for _ in range(times)], fetches


def test_the_next_run_takes_the_token_from_the_cache(tmp_path: Path) -> None:
    assert _tokens(TokenCache(tmp_path), Clock(), [_token(1)], 3) == (["TOKEN-1"] * 3, 1)


def test_without_a_cache_every_run_fetches() -> None:
    assert _tokens(None, Clock(), [_token(1), _token(2)], 2) == (["TOKEN-1", "TOKEN-2"], 2)


def test_a_token_is_fetched_again_minutes_before_its_end(tmp_path: Path) -> None:
    clock, cache = Clock(), TokenCache(tmp_path)
    assert _tokens(cache, clock, [_token(1)]) == (["TOKEN-1"], 1)
    clock.now += LONGEST_LIFE - MARGIN - 1
    assert _tokens(cache, clock, []) == (["TOKEN-1"], 0)
    clock.now += 1
    assert _tokens(cache, clock, [_token(2)]) == (["TOKEN-2"], 1)
    assert MARGIN >= 120


@pytest.mark.parametrize("life", [10**30, 7201, 1e300])
def test_no_token_is_believed_to_be_good_for_longer_than_any_is(tmp_path: Path, life: Any) -> None:
    clock, cache = Clock(), TokenCache(tmp_path)
    _tokens(cache, clock, [_token(1, life)])
    clock.now += LONGEST_LIFE
    assert _tokens(cache, clock, [_token(2)])[1] == 1


@pytest.mark.parametrize("life", [0, -5, None, "7200", True, [], 1.5])
def test_a_token_of_unknown_life_is_used_and_not_kept(tmp_path: Path, life: Any) -> None:
    assert _tokens(TokenCache(tmp_path), Clock(), [_token(1, life), _token(2, life)], 2)[1] == 2


def test_a_clock_that_was_set_back_does_not_lengthen_a_life(tmp_path: Path) -> None:
    clock, cache = Clock(), TokenCache(tmp_path)
    _tokens(cache, clock, [_token(1)])
    clock.now -= 86_400
    assert _tokens(cache, clock, [_token(2)]) == (["TOKEN-2"], 1)


def test_a_refused_token_leaves_the_cache_and_one_that_another_run_renewed_is_taken_from_it(tmp_path: Path) -> None:
    clock, cache = Clock(), TokenCache(tmp_path)
    fetched = [_token(1), _token(2)]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("stable_token"):
            return httpx.Response(200, json=fetched.pop(0))
        refused = request.url.params["access_token"] == "TOKEN-1"
        return httpx.Response(200, json=_refused(42001) if refused else OK)

    async def run() -> None:
        async with Http(HOST, read_only=True, transport=httpx.MockTransport(answer)) as http:
            first = AccountClient(http, StableToken(APPID, SECRET, cache, clock))
            held_by_second = StableToken(APPID, SECRET, cache, clock)
            second = AccountClient(http, held_by_second)
            rejected = await held_by_second.get(http)
            await first.call("menu.get")
            await second.call("menu.get")
            assert (await held_by_second.renew(http, rejected)).reveal() == "TOKEN-2"

    asyncio.run(run())
    assert fetched == []
    kept = cache.read(APPID, HOST)
    assert kept is not None
    assert kept[0] == Secret("TOKEN-2")


def test_a_refused_token_is_forgotten_even_when_no_other_can_be_had(tmp_path: Path) -> None:
    cache = TokenCache(tmp_path)
    answers = [_token(1), _refused(40001), {"errcode": 40125, "errmsg": "invalid appsecret"}]

    async def run() -> None:
        transport = httpx.MockTransport(lambda _: httpx.Response(200, json=answers.pop(0)))
        async with Http(HOST, read_only=True, transport=transport) as http:
            await AccountClient(http, StableToken(APPID, SECRET, cache, Clock())).call("menu.get")

    with pytest.raises(ApiError):
        asyncio.run(run())
    assert cache.read(APPID, HOST) is None
