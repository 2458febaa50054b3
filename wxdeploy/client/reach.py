"""Whether anybody is there on a host, as its calls find out for each other."""

from __future__ import annotations

from collections.abc import Callable

from wxdeploy.client.answer import Answer, Silence

REST = 10.0
"""Seconds for which a host that could not be reached is not tried again."""


class Reach:
    """What the calls on one host know of it together; ``clock`` is in seconds.

    A call that reached nobody at any of its attempts, while no other call did, knows it for all of them: thousands of
    accounts would otherwise wait for the same thing one after another. It is no more than a rest, for programs that
    run on.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._found: tuple[Silence, float] | None = None
        self.met = 0
        """How many attempts have reached the host."""

    @property
    def nobody(self) -> Silence | None:
        """What every call is told while the host rests, None while it is tried."""
        if self._found is None:
            return None
        silence, since = self._found
        if 0 <= self._clock() - since < REST:
            return silence
        self._found = None
        return None

    def saw(self, outcome: Answer | Silence) -> None:
        """Note what came of an attempt."""
        if isinstance(outcome, Answer) or outcome.reached:
            self.met += 1
            self._found = None

    def give_up(self, outcome: Answer | Silence, met: int) -> None:
        """Note that a call has used up its attempts, the last with ``outcome``; ``met`` is what ``met`` was before."""
        if met == self.met and isinstance(outcome, Silence) and outcome.passing and self.nobody is None:
            self._found = (outcome, self._clock())
