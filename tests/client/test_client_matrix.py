"""Every kind of answer against every kind of call."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from wxdeploy.model.errors import ApiError, LostAnswerError, RemoteError, TransportError
from wxdeploy.wechat.endpoints import ENDPOINTS, Endpoint, Mode
from wxdeploy.wechat.errcodes import Code

OK = {"errcode": 0, "errmsg": "ok"}
MENU = {"button": [{"type": "click", "name": "菜单", "key": "K"}]}
READ, REPEATABLE, ONCE = "menu.get", "menu.create", "conditional.add"

BUSY = {"errcode": -1, "errmsg": "system error"}
RATE = {"errcode": 45011, "errmsg": "api minute-quota reach limit"}
CLOSED = {"errcode": 40028, "errmsg": "invalid menu api user"}
QUOTA = {"errcode": 45009, "errmsg": "reach max api daily quota limit rid: 64af4a28-66b7202b-44aa96de"}
GATEWAY = (502, b"<html>bad gateway</html>")
PAGE = (200, b"<html>login</html>")

AFTER = [
    httpx.ReadTimeout,
    httpx.ReadError,
    httpx.WriteError,
    httpx.WriteTimeout,
    httpx.RemoteProtocolError,
    ConnectionResetError,
]
BEFORE = [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError]
MURKY = [GATEWAY, PAGE, (200, b""), (200, b'{"errc'), BUSY]


def test_the_three_calls_are_of_the_three_kinds() -> None:
    kinds = [(ENDPOINTS[e].mode, ENDPOINTS[e].repeatable) for e in (READ, REPEATABLE, ONCE)]
    assert kinds == [(Mode.READ, True), (Mode.WRITE, True), (Mode.WRITE, False)]


@pytest.mark.parametrize("endpoint", [READ, REPEATABLE, ONCE])
@pytest.mark.parametrize("answer", [OK, {"errcode": "0"}, {"menuid": "1"}, {"menu": {"button": []}}])
def test_success_is_the_answer_after_one_attempt(account: Callable[..., Any], endpoint: str, answer: Any) -> None:
    one = account(answer)
    assert one.call(endpoint, MENU) == answer
    assert (len(one.script.sent), one.waits) == (1, [])


@pytest.mark.parametrize("endpoint", [READ, REPEATABLE, ONCE])
@pytest.mark.parametrize("fault", BEFORE)
def test_what_never_reached_the_account_is_sent_again_whatever_it_is(
    account: Callable[..., Any], endpoint: str, fault: type[Exception]
) -> None:
    one = account(fault, fault, OK)
    assert one.call(endpoint, MENU) == OK
    assert one.waits == [1, 2]

    never = account(fault)
    with pytest.raises(TransportError) as caught:
        never.call(endpoint, MENU)
    assert "can't be reached" in caught.value.message
    assert never.waits == [1, 2, 4]


@pytest.mark.parametrize("endpoint", [READ, REPEATABLE])
@pytest.mark.parametrize("fault", [*AFTER, *MURKY])
def test_reads_and_repeatable_writes_are_sent_again(account: Callable[..., Any], endpoint: str, fault: Any) -> None:
    one = account(fault, OK)
    assert one.call(endpoint, MENU) == OK
    assert one.waits == [1]


@pytest.mark.parametrize("fault", [*AFTER, *MURKY])
def test_a_read_without_answer_ends_as_unchanged(account: Callable[..., Any], fault: Any) -> None:
    one = account(fault)
    with pytest.raises((TransportError, ApiError)) as caught:
        one.call(READ)
    assert isinstance(caught.value, ApiError) is (fault is BUSY)
    assert len(one.script.sent) == len(one.waits) + 1 > 1


@pytest.mark.parametrize("fault", [*AFTER, *MURKY])
def test_a_repeatable_write_without_answer_ends_as_unknown(account: Callable[..., Any], fault: Any) -> None:
    one = account(fault)
    with pytest.raises(LostAnswerError) as caught:
        one.call(REPEATABLE, MENU)
    assert "may have taken effect" in caught.value.message
    assert "wxdeploy plan" in caught.value.fix
    assert len(one.script.sent) == len(one.waits) + 1 > 1


@pytest.mark.parametrize("fault", [*AFTER, *MURKY, (302, b""), (404, b"not here")])
def test_a_write_that_may_not_be_repeated_is_never_repeated(account: Callable[..., Any], fault: Any) -> None:
    one = account(fault, OK)
    with pytest.raises(LostAnswerError):
        one.call(ONCE, MENU)
    assert (len(one.script.sent), one.waits) == (1, [])


@pytest.mark.parametrize("endpoint", [READ, REPEATABLE, ONCE])
@pytest.mark.parametrize(("answer", "wait"), [(RATE, 30), (CLOSED, 2)])
def test_a_refusal_that_passes_is_sent_again_whatever_it_is(
    account: Callable[..., Any], endpoint: str, answer: Any, wait: float
) -> None:
    one = account(answer, OK)
    assert one.call(endpoint, MENU) == OK
    assert one.waits == [wait]

    always = account(answer)
    with pytest.raises(ApiError) as caught:
        always.call(endpoint, MENU)
    assert caught.value.errcode == answer["errcode"]
    assert sum(always.waits) <= 180


@pytest.mark.parametrize("endpoint", [READ, REPEATABLE, ONCE])
def test_the_daily_quota_stops_at_once_with_advice(account: Callable[..., Any], endpoint: str) -> None:
    one = account(QUOTA, OK)
    with pytest.raises(ApiError) as caught:
        one.call(endpoint, MENU)
    error = caught.value
    assert (error.call, error.errcode) == (ENDPOINTS[endpoint].call, Code.QUOTA_REACHED)
    assert (error.errmsg, error.rid) == ("reach max api daily quota limit", "64af4a28-66b7202b-44aa96de")
    assert "Beijing" in error.fix
    assert one.waits == []


@pytest.mark.parametrize(
    "last", [QUOTA, {"errcode": 48001, "errmsg": "api unauthorized"}, httpx.ConnectError, (403, b"")]
)
def test_after_a_doubtful_attempt_no_failure_of_a_write_is_clear(account: Callable[..., Any], last: Any) -> None:
    one = account(httpx.ReadTimeout, last)
    with pytest.raises(LostAnswerError) as caught:
        one.call("conditional.delete", {"menuid": "1"})
    assert "may have taken effect" in caught.value.message


@pytest.mark.parametrize("before", [(), (httpx.ReadTimeout,)])
def test_a_personalised_menu_that_is_not_there_any_more_is_deleted(
    account: Callable[..., Any], before: tuple[Any, ...]
) -> None:
    one = account(*before, {"errcode": 65301, "errmsg": "this menu is not conditionalmenu"})
    assert one.call("conditional.delete", {"menuid": "1"})["errcode"] == Code.NO_SUCH_CONDITIONAL_MENU


@pytest.mark.parametrize("status", [301, 302, 307, 308, 401, 403, 404, 407])
def test_an_answer_that_will_not_change_is_not_asked_for_again(account: Callable[..., Any], status: int) -> None:
    one = account((status, b"<html>"))
    with pytest.raises(TransportError) as caught:
        one.call(READ)
    assert str(status) in caught.value.message
    assert len(one.script.requests) == 2  # the token and the call: nothing was followed


def test_codes_that_say_there_is_nothing_are_answers(account: Callable[..., Any]) -> None:
    nothing = {"errcode": 46003, "errmsg": "menu no exist rid: 64af4a28-66b7202b-44aa96de"}
    assert account(nothing).call("menu.get") == nothing
    with pytest.raises(ApiError):
        account(nothing).call("menu.create", MENU)


def _errors_of(account: Callable[..., Any], answer: Any) -> ApiError:
    with pytest.raises(ApiError) as caught:
        account(answer).call(READ)
    return caught.value


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (Code.UNAUTHORIZED_API, "permission"),
        (Code.INVALID_APPID, "appid"),
        (Code.INVALID_APPSECRET, "AppSecret"),
        (Code.IP_NEEDS_CONFIRMATION, "must confirm"),
        (Code.IP_CONFIRMATION_OPEN, "must confirm"),
        (Code.IP_REFUSED_FOR_A_DAY, "24 hours"),
        (Code.IP_REFUSED_FOR_AN_HOUR, "one hour"),
        (Code.INVALID_BUTTON_NAME, "16"),
        (987654, "request id"),
    ],
)
def test_codes_that_stop_say_what_to_do(account: Callable[..., Any], code: int, words: str) -> None:
    error = _errors_of(account, {"errcode": code, "errmsg": "whatever this says today"})
    assert words in error.fix or words in error.message
    assert f"answered {int(code)} (whatever this says today)" in error.message
    assert error.fix


@pytest.mark.parametrize(
    ("errmsg", "words"),
    [
        (
            "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 64af4a28-66b7202b-44aa96de",
            "203.0.113.7",
        ),
        ("invalid ip 2001:db8::1, not in whitelist", "2001:db8::1"),
        ("invalid ip 8.149.X.108 ipv6 ::ffff:8.149.X.108, not in whitelist", "the address in the answer"),
        ("", "the address in the answer"),
    ],
)
def test_the_address_to_allow_is_named(account: Callable[..., Any], errmsg: str, words: str) -> None:
    error = _errors_of(account, {"errcode": 40164, "errmsg": errmsg})
    assert words in error.fix
    assert "allow list" in error.message


@pytest.mark.parametrize(
    ("errmsg", "clean", "rid"),
    [
        ("invalid x, rid: 64af4a28-66b7202b-44aa96de", "invalid x", "64af4a28-66b7202b-44aa96de"),
        ("invalid x rid: 64af4a28-66b7202b-44aa96de ", "invalid x", "64af4a28-66b7202b-44aa96de"),
        ("invalid x hint: [a1B2c3]", "invalid x", None),
        ("a\x1b[31mb\nc\u202ed", "a [31mb c d", None),
        ("x" * 5000, "x" * 300 + "…", None),
        (None, "", None),
        (["a"], "", None),
        ("https://api/?access_token=TOKEN-9&x=1", "https://api/?access_token=[redacted]&x=1", None),
        ("you sent TOKEN-1", "you sent [redacted]", None),
    ],
)
def test_the_text_of_the_api_is_cleaned(account: Callable[..., Any], errmsg: Any, clean: str, rid: str | None) -> None:
    error = _errors_of(account, {"errcode": 40013, "errmsg": errmsg})
    assert (error.errmsg, error.rid) == (clean, rid)


@pytest.mark.parametrize("endpoint", [e for e in ENDPOINTS.values() if e.mode is not Mode.TOKEN], ids=lambda e: e.id)
@pytest.mark.parametrize("fault", [*AFTER, *BEFORE, *MURKY, QUOTA, RATE, CLOSED, (302, b""), OSError("worst")])
def test_no_call_ends_outside_the_tree_and_no_write_is_repeated_unmarked(
    account: Callable[..., Any], endpoint: Endpoint, fault: Any
) -> None:
    one = account(fault)
    with pytest.raises(RemoteError) as caught:
        one.call(endpoint.id, MENU)
    shown = "".join(traceback.format_exception(caught.value))
    assert "TOKEN-1" not in shown
    assert "worst" not in shown
    assert caught.value.fix
    assert caught.value.__context__ is None
    if endpoint.mode is Mode.WRITE and not endpoint.repeatable and fault in [*AFTER, *MURKY]:
        assert len(one.script.sent) == 1


def test_every_attempt_is_counted(account: Callable[..., Any]) -> None:
    one = account(BUSY, OK)

    async def run() -> dict[str, int]:
        async with one.open() as client:
            await client.call("menu.get")
            await client.call("menu.create", MENU)
            return dict(client.calls)

    assert asyncio.run(run()) == {"menu.get": 2, "menu.create": 1}
