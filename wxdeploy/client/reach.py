"""Whether anybody is there on a host, as its calls find out for each other."""

from __future__ import annotations

from collections.abc import Callable

from wxdeploy.client.answer import Answer, Silence

REST = 60.0
"""Seconds for which a host that did not answer is not tried again."""

FEWEST, LONG = 4, 30.0
"""So many attempts without an answer, over so many seconds, say that there is nobody, whosever they were."""


class Reach:
    """What the calls on one host know of it together; ``clock`` is in seconds.

    A call that had no answer at any of its attempts, while no other call had one, knows it for all of them: thousands
    of accounts would otherwise wait for the same thing one after another. It is no more than a rest, for programs that
    run on.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._found: tuple[Silence, float] | None = None
        self._silent: list[float] = []  # when attempts came to nothing since the last answer
        self.met = 0
        """How many attempts were answered, whatever it was."""

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
        if isinstance(outcome, Answer):
            self.met += 1
            self._found = None
            self._silent.clear()

    def unanswered(self, outcome: Answer | Silence, met: int, *, last: bool) -> None:
        """Note that an attempt of a call came to nothing that may pass, and whether it was the call's last.

        ``met`` is what ``met`` was before its first. Where an attempt takes long to fail, nobody's last is waited for.
        """
        if not isinstance(outcome, Silence) or not outcome.passing or self.nobody is not None:
            return
        now = self._clock()
        self._silent.append(now)
        if (last and met == self.met) or (len(self._silent) >= FEWEST and now - self._silent[0] >= LONG):
            # Those that are told so are not sent.
            self._found = (outcome._replace(reached=False), now)
            self._silent.clear()
