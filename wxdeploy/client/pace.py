"""How many requests may be under way at once on one host: less when it is in trouble, and slowly more again."""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType

_LESS = 2  # trouble halves what is allowed, as TCP does (RFC 5681 section 3.1)


class Pace:
    """A bound of ``most`` requests at once, to be held while one is under way; an asynchronous context manager.

    Who waits is let in in the order of coming. ``slower`` halves the bound, at most once for all that were under way
    together; each time that as many requests as the bound allows went well (``steady``), one more is allowed.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self.bound = most
        self._under_way = 0
        self._went_well = 0
        self._spared = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def __aenter__(self) -> None:
        if self._under_way < self.bound and not self._waiting:
            self._under_way += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                self._leave()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def slower(self) -> None:
        """The host is in trouble: it asked for fewer calls, or a connection to it broke."""
        self._went_well = 0
        if self._spared:
            return
        self._spared = self._under_way  # what was sent before now says nothing new
        self.bound = max(1, self.bound // _LESS)

    def steady(self) -> None:
        """A request went well."""
        self._went_well += 1
        if self._went_well >= self.bound < self._most:
            self._went_well = 0
            self.bound += 1

    def _leave(self) -> None:
        self._under_way -= 1
        self._spared = max(0, self._spared - 1)
        while self._waiting and self._under_way < self.bound:
            turn = self._waiting.popleft()
            if not turn.done():
                self._under_way += 1
                turn.set_result(None)
