"""What is remembered of messages is bounded, in time and in number."""

from __future__ import annotations

import asyncio

from wxdeploy.callback.repeats import REMEMBERED_SECONDS, Repeats
from wxdeploy.callback.site import FRESH_SECONDS


def remembered(repeats: Repeats[str], *, now: float, names: range) -> list[int]:
    return [name for name in names if repeats.find((str(name),), now=now)]


async def filled(repeats: Repeats[str], count: int, *, step: float = 0.0) -> None:
    for name in range(count):
        assert repeats.find((str(name),), now=name * step) is None
        repeats.begin((str(name),), now=name * step).set_result("x")


def test_the_oldest_is_forgotten_first():
    repeats: Repeats[str] = Repeats(most=3)
    asyncio.run(filled(repeats, 10))
    assert len(repeats) == 3
    assert remembered(repeats, now=0, names=range(8, 10)) == [8, 9]


def test_what_is_old_is_forgotten():
    repeats: Repeats[str] = Repeats(seconds=10)
    asyncio.run(filled(repeats, 3, step=5))
    assert repeats.find(("1",), now=14.9)
    assert remembered(repeats, now=15, names=range(3)) == [2]
    assert len(repeats) == 1


def test_large_answers_are_let_go_of_sooner():
    async def fill() -> None:
        for name in range(10):
            repeats.begin((str(name),), now=0).set_result("x")
            repeats.keep((str(name),), size=40)
        repeats.keep(("9",), size=40)
        repeats.keep(("0",), size=1000)

    repeats: Repeats[str] = Repeats(most_bytes=100)
    asyncio.run(fill())
    assert remembered(repeats, now=0, names=range(10)) == [8, 9]


def test_no_replay_outlasts_the_memory():
    """Signed ahead by as much as is accepted, and replayed when it is as old as is accepted."""
    assert REMEMBERED_SECONDS >= 2 * FRESH_SECONDS
