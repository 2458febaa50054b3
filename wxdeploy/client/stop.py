"""A run that is asked to end early: what is under way comes to its end, and nothing more is begun."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class Stop:
    """Whether a run has been asked to stop, by ``ask``, which the run's own event loop must call."""

    def __init__(self) -> None:
        self.asked = False
        self._pauses: set[asyncio.Future[None]] = set()
        self._listeners: list[Callable[[], None]] = []

    def ask(self) -> None:
        """Stop: pauses end, and whoever listens is told."""
        self.asked = True
        for pause in self._pauses:
            pause.cancel()
        for listener in self._listeners:
            listener()

    def listen(self, listener: Callable[[], None]) -> None:
        """Have ``listener`` called when the run is asked to stop."""
        self._listeners.append(listener)

    async def pause(self, pause: Awaitable[None]) -> None:
        """Wait for ``pause`` to be over, or until the run is asked to stop."""
        waiting = asyncio.ensure_future(pause)
        if self.asked:
            waiting.cancel()
        self._pauses.add(waiting)
        try:
            await asyncio.wait({waiting})
            if not waiting.cancelled():
                waiting.result()
        finally:
            waiting.cancel()
            self._pauses.discard(waiting)
