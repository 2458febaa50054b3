"""Whose turn it is at the processor, which many accounts share, so that the network seldom waits for it."""

from __future__ import annotations

import asyncio
from collections import deque

_IN_A_ROW = 4
"""Pieces of work for which answers wait: some 10 ms. One by one they would take longer, each with cold caches."""

_ROUNDS = 3
"""Rounds of the loop from an answer to what it lets go: its call, who waited for the room of it, the next request."""


class Turns:
    """Pieces of work that take milliseconds of the processor, in the order of coming and a few at a time.

    Before these, all answers that came meanwhile are taken in, and what waited for their place is sent. Were the
    answers of many accounts worked on in a row, nothing would be under way for as long as that takes.
    """

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def mine(self) -> None:
        """Wait for a turn, which lasts until its holder waits for something else."""
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self._waiting.append(turn)
        if len(self._waiting) == 1:
            self._after(_ROUNDS, loop)
        try:
            await turn
        finally:
            if turn in self._waiting:  # it was given up, perhaps with the whole loop
                self._waiting.remove(turn)

    def _after(self, rounds: int, loop: asyncio.AbstractEventLoop) -> None:
        if rounds:
            loop.call_soon(self._after, rounds - 1, loop)
            return
        for turn in [self._waiting.popleft() for _ in range(min(_IN_A_ROW, len(self._waiting)))]:
            if not turn.done():
                turn.set_result(None)
        if self._waiting:
            self._after(_ROUNDS, loop)
