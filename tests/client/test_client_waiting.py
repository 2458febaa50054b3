"""What keeps a run waiting is said once for all accounts, and to a pipeline only where it takes long."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from client.test_client_reach import OK, Fleet, fleet

from wxdeploy.client.retry import Trouble
from wxdeploy.client.waiting import WAITING, Waiting

RATE = {"errcode": 45011, "errmsg": "api minute-quota reach limit"}
HOST = "https://api.example.com"


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Callable[[int], list[str]]:
    """What was said of waiting, at this level or above."""
    caplog.set_level(logging.DEBUG, WAITING.name)

    def lines(level: int) -> list[str]:
        return [each.getMessage() for each in caplog.records if each.name == WAITING.name and each.levelno >= level]

    return lines


def test_accounts_that_are_asked_for_fewer_calls_together_are_one_line(told: Callable[[int], list[str]]) -> None:
    storm = fleet(*[RATE] * 50, OK, at_once=50, accounts=50)
    assert storm.run(Fleet.each) == [OK] * 50
    assert set(storm.waits) == {30}
    assert told(logging.WARNING) == [f"{HOST} asks for fewer calls (45011): again in 30 s"]


def test_the_next_line_comes_when_the_wait_is_over_and_was_not_the_last(told: Callable[[int], list[str]]) -> None:
    storm = fleet(*[RATE] * 3, OK, accounts=1)
    pause = storm.pause

    async def passes(seconds: float) -> None:
        storm.now += seconds
        await pause(seconds)

    storm.pause = passes  # type: ignore[method-assign]
    assert storm.run(Fleet.each) == [OK]
    assert told(logging.WARNING) == [
        f"{HOST} asks for fewer calls (45011): again in 30 s",
        f"{HOST} asks for fewer calls (45011, 2 times so far): again in 60 s",
        f"{HOST} asks for fewer calls (45011, 3 times so far): again in 60 s",
    ]


def test_a_wait_of_seconds_is_for_a_person_and_a_shorter_one_for_nobody(told: Callable[[int], list[str]]) -> None:
    waiting = Waiting(HOST, lambda: 0.0)
    waiting.tell(Trouble.BUSY, "-1", 4.0)
    waiting.tell(Trouble.BUSY, "-1", 8.0)
    assert told(logging.WARNING) == []
    assert told(logging.INFO) == [f"{HOST} is busy (-1, 2 times so far): again in 8 s"]


def test_a_host_without_an_answer_is_a_line_a_minute_in_a_pipeline(told: Callable[[int], list[str]]) -> None:
    now = 0.0
    waiting = Waiting(HOST, lambda: now)
    for waited in range(5, 100, 5):
        now = float(waited)
        waiting.unanswered(waited, 64)
    assert told(logging.WARNING) == [
        f"{HOST} has not answered for {waited} s (calls that wait: 64)" for waited in (15, 75)
    ]
    assert len(told(logging.INFO)) == 19
