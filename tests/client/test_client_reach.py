"""A host that nobody can reach is found out once for all accounts, and a short break still passes unnoticed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from client.conftest import HOST, Script, Step

from wxdeploy.client.account import AccountClient
from wxdeploy.client.answer import Answer, Silence
from wxdeploy.client.http import Http
from wxdeploy.client.reach import FEWEST, LONG, REST, Reach
from wxdeploy.client.token import FixedToken
from wxdeploy.model.errors import RemoteError, TransportError
from wxdeploy.model.secret import Secret

OK = {"errcode": 0, "errmsg": "ok"}
ACCOUNTS = 200


@dataclass
class Fleet:
    """``accounts`` that share one host, whose answers are the steps; ``waits`` are the pauses of all of them."""

    script: Script
    accounts: int = ACCOUNTS
    at_once: int = 16
    now: float = 1000.0
    waits: list[float] = field(default_factory=list)
    http: Http = field(init=False)

    async def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)

    def run(self, calls: Callable[[Fleet], Any]) -> Any:
        async def run() -> Any:
            async with Http(
                HOST, read_only=False, transport=self.script, connections=self.at_once, clock=lambda: self.now
            ) as self.http:
                return await calls(self)

        return asyncio.run(run())

    async def each(self) -> list[Any]:
        """What each account is answered, at most ``at_once`` of them under way."""
        slots = asyncio.Semaphore(self.at_once)

        async def one() -> Any:
            async with slots:
                return await self.call()

        return await asyncio.gather(*(one() for _ in range(self.accounts)))

    async def call(self, endpoint: str = "menu.get") -> Any:
        client = AccountClient(self.http, FixedToken(Secret("TOKEN-OF-AN-ACCOUNT")), pause=self.pause)
        try:
            return await client.call(endpoint)
        except RemoteError as error:
            return error


def fleet(*steps: Step, **how: Any) -> Fleet:
    return Fleet(Script(list(steps)), **how)


@pytest.mark.parametrize("fault", [httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError])
def test_one_account_finds_out_for_all_that_nobody_is_there(fault: type[Exception]) -> None:
    dead = fleet(fault)
    outcomes = dead.run(Fleet.each)
    assert all(isinstance(each, TransportError) for each in outcomes)
    assert len({each.message for each in outcomes}) == 1
    assert "can't be reached" in outcomes[0].message
    assert len(dead.waits) <= 3 * dead.at_once
    assert len(dead.script.sent) <= 4 * dead.at_once


@pytest.mark.parametrize("attempts", [1, 2, 3])
def test_a_break_that_passes_within_the_attempts_of_one_account_fails_none(attempts: int) -> None:
    brief = fleet(*[httpx.ConnectError] * (attempts * 4), OK, at_once=4)
    assert brief.run(Fleet.each) == [OK] * ACCOUNTS


def test_where_others_are_answered_one_account_that_is_not_says_nothing_of_the_host() -> None:
    # Of four accounts that go in turn, every fourth attempt is answered: no attempts of one account are alone.
    busy = fleet(*([httpx.ConnectError, httpx.ConnectError, httpx.ConnectError, OK] * 20), OK, at_once=4, accounts=40)
    outcomes = busy.run(Fleet.each)
    assert OK in outcomes[-4:]
    assert len(busy.script.sent) > 80


def test_a_host_that_refuses_to_answer_is_there() -> None:
    denied = fleet({"errcode": -1, "errmsg": "system error"}, accounts=3)
    outcomes = denied.run(Fleet.each)
    assert len(denied.script.sent) == 15
    assert all("answered -1" in each.message for each in outcomes)


@pytest.mark.parametrize("fault", [httpx.ReadError, httpx.ReadTimeout, (502, b"<html>bad gateway</html>")])
def test_a_host_that_answers_none_of_the_calls_is_as_good_as_away(fault: Any) -> None:
    lost = fleet(fault, at_once=4)
    outcomes = lost.run(Fleet.each)
    assert all(isinstance(each, TransportError) for each in outcomes)
    assert len({each.message for each in outcomes}) <= 2, "those that were sent, and those that were not"
    assert len(lost.script.sent) <= 4 * lost.at_once


def test_where_each_attempt_takes_long_nobody_s_last_is_waited_for() -> None:
    now = 0.0
    reach, silence = Reach(lambda: now), Silence(reached=True, passing=True, reason="no answer in time")
    for _ in range(FEWEST):
        reach.unanswered(silence, 0, last=False)
    assert reach.nobody is None, "all at the same time, as a moment ago"
    now = LONG
    reach.unanswered(silence, 0, last=False)
    assert reach.nobody == Silence(reached=False, passing=True, reason="no answer in time")


def test_an_answer_in_between_begins_the_count_anew() -> None:
    now = 0.0
    reach, silence = Reach(lambda: now), Silence(reached=True, passing=True, reason="no answer in time")
    for _ in range(FEWEST):
        reach.unanswered(silence, 0, last=False)
    reach.saw(Answer({}, 0))
    now = LONG
    reach.unanswered(silence, 0, last=True)
    assert reach.nobody is None


@pytest.mark.parametrize("fault", [httpx.ReadError, httpx.ReadTimeout])
def test_a_write_without_an_answer_lets_the_reading_through_that_settles_it(fault: type[Exception]) -> None:
    async def calls(fleet: Fleet) -> list[Any]:
        lost = await fleet.call("menu.create")
        fleet.script.steps[:] = [OK]
        return [lost, await fleet.call("menu.get")]

    lost, read = fleet(fault).run(calls)
    assert "may have taken effect" in lost.message
    assert read == OK


def test_after_a_rest_it_is_tried_again() -> None:
    async def calls(fleet: Fleet) -> list[Any]:
        first = await fleet.call()
        fleet.script.steps[:] = [OK]
        second = await fleet.call()
        fleet.now += REST
        return [first, second, await fleet.call(), await fleet.call()]

    back = fleet(httpx.ConnectError)
    first, second, third, fourth = back.run(calls)
    assert isinstance(first, TransportError)
    assert second.message == first.message
    assert (third, fourth) == (OK, OK)
    assert len(back.script.sent) == 6


def test_a_clock_that_is_set_back_rests_no_longer() -> None:
    async def calls(fleet: Fleet) -> Any:
        await fleet.call()
        fleet.script.steps[:] = [OK]
        fleet.now -= 3600
        return await fleet.call()

    assert fleet(httpx.ConnectError).run(calls) == OK


def test_a_write_that_may_have_taken_effect_stays_in_doubt_when_the_host_goes_away() -> None:
    async def calls(fleet: Fleet) -> Any:
        return await fleet.call("menu.create")

    gone = fleet(httpx.ReadError, httpx.ConnectError)
    assert "may have taken effect" in gone.run(calls).message
