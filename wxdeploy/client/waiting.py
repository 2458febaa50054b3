"""What keeps a run waiting on a host, said once for all of its calls."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType

from wxdeploy.client.retry import Trouble

WAITING = logging.getLogger("wxdeploy.waiting")
"""What keeps a run waiting, a line each: also for a person who did not ask to see each call."""

SLOW = 5.0
"""Seconds of waiting from which on a person at a terminal is told."""

LONG = 15.0
"""Seconds of waiting from which on the log of a pipeline tells it too."""

_MINUTE = 60.0  # after which a log without a person before it is told once more that there is no answer

_WORDS: Mapping[Trouble, str] = MappingProxyType(
    {
        Trouble.RATE: "asks for fewer calls",
        Trouble.BUSY: "is busy",
        Trouble.MENU_CLOSED: "has the menu function closed",
        Trouble.SILENT: "does not answer",
    }
)


class Waiting:
    """The calls on ``host`` that wait before they are sent again; ``clock`` is in seconds.

    Thousands of accounts that are told the same thing at the same time are one line: the next one comes when the wait
    that was told is over and was not the last.
    """

    def __init__(self, host: str, clock: Callable[[], float]) -> None:
        self._host = host
        self._clock = clock
        self._told: dict[Trouble, tuple[float, float]] = {}  # when, and for how many seconds
        self._calls: Counter[Trouble] = Counter()
        self._warned: float | None = None

    def tell(self, trouble: Trouble, word: str, seconds: float) -> None:
        """Say that calls wait for ``seconds`` because of ``trouble``, in short ``word``, unless that was just said."""
        self._calls[trouble] += 1
        now = self._clock()
        when, told = self._told.get(trouble, (now, 0.0))
        if seconds < SLOW or 0 <= now - when < told:
            return
        self._told[trouble] = (now, seconds)
        so_far = f", {self._calls[trouble]} times so far" if self._calls[trouble] > 1 else ""
        level = logging.WARNING if seconds >= LONG else logging.INFO
        WAITING.log(level, "%s %s (%s%s): again in %g s", self._host, _WORDS[trouble], word, so_far, seconds)

    def unanswered(self, seconds: float, calls: int) -> None:
        """Say that the first of so many ``calls`` has had no answer for so long."""
        now, level = self._clock(), logging.INFO
        if seconds >= LONG and (self._warned is None or not 0 <= now - self._warned < _MINUTE):
            self._warned, level = now, logging.WARNING
        WAITING.log(level, "%s has not answered for %.0f s (calls that wait: %d)", self._host, seconds, calls)
