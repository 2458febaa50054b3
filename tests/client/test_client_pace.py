"""The bound of a host: halved when it is in trouble, one more at a time when all goes well, in the order of coming."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxdeploy.client.answer import Answer, Silence
from wxdeploy.client.http import Http
from wxdeploy.client.pace import Pace


def test_trouble_halves_the_bound_once_for_all_that_were_under_way() -> None:
    async def run() -> list[int]:
        pace, seen = Pace(8), []
        for _ in range(2):
            async with pace, pace, pace:
                pace.slower()
                pace.slower()
                seen.append(pace.bound)
        return seen

    assert asyncio.run(run()) == [4, 2]


def test_each_round_that_goes_well_allows_one_more_up_to_the_bound_that_was_given() -> None:
    pace = Pace(4)
    pace.slower()
    bounds = []
    for _ in range(8):
        pace.steady()
        bounds.append(pace.bound)
    assert bounds == [2, 3, 3, 3, 4, 4, 4, 4]


def test_one_call_at_a_time_is_always_allowed() -> None:
    pace = Pace(1)
    for _ in range(5):
        pace.slower()
    assert pace.bound == 1


@given(st.lists(st.sampled_from(["work", "slower", "cancel"]), max_size=40), st.integers(1, 4))
def test_never_more_than_the_bound_and_nobody_is_forgotten(steps: list[str], most: int) -> None:
    async def run() -> None:
        pace = Pace(most)
        under_way = done = 0

        async def work() -> None:
            nonlocal under_way, done
            async with pace:
                under_way += 1
                assert under_way <= most
                try:
                    await asyncio.sleep(0)
                finally:
                    under_way -= 1
                    done += 1

        tasks = []
        for step in steps:
            if step == "work":
                tasks.append(asyncio.create_task(work()))
            elif step == "cancel" and tasks:
                tasks[-1].cancel()
            else:
                pace.slower()
            await asyncio.sleep(0)
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert done >= sum(each is None for each in ended)
        assert under_way == 0
        async with asyncio.timeout(5), pace:  # there is room again
            pass

    asyncio.run(run())


@pytest.mark.parametrize("trouble", [b'{"errcode":45011,"errmsg":"api minute-quota reach limit"}', None])
def test_a_host_that_asks_for_less_or_breaks_off_gets_less_and_then_more_again(trouble: bytes | None) -> None:
    under_way = most = 0
    answers = iter([trouble] * 8)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _ in range(5):
            await asyncio.sleep(0)
        under_way -= 1
        body = next(answers, b"{}")
        if body is None:
            raise ConnectionResetError
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async def run() -> list[int]:
        nonlocal most
        seen = []
        async with Http("http://sandbox", read_only=True, app=app, connections=8) as http:
            for count in (8, 4, 60):
                most = 0
                outcomes = await asyncio.gather(*(http.send("GET", "/cgi-bin/menu/get") for _ in range(count)))
                assert all(isinstance(each, Answer | Silence) for each in outcomes)
                seen.append(most)
        return seen

    assert asyncio.run(run()) == [8, 4, 8]
