"""When a call is sent again, and how long to wait before: one policy, as data, and the function that reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from wxdeploy.wechat.errcodes import Code


class Trouble(StrEnum):
    """What went wrong, as far as the next attempt is concerned."""

    BUSY = "busy"
    RATE = "rate limit"
    MENU_CLOSED = "menu function closed"
    SILENT = "no answer"
    FINAL = "final"


TROUBLES: Mapping[int, Trouble] = MappingProxyType(
    {Code.SYSTEM_BUSY: Trouble.BUSY, Code.RATE_LIMITED: Trouble.RATE, Code.MENU_CLOSED: Trouble.MENU_CLOSED}
)
"""Return codes after which the same request can succeed; every other one is final (45009, the daily quota, is)."""

RENEWED_BY_TOKEN = frozenset({Code.INVALID_CREDENTIAL, Code.INVALID_TOKEN, Code.TOKEN_EXPIRED})
"""Return codes that say that the token is no longer good."""


class Policy(NamedTuple):
    """Seconds to wait after the first, second ... trouble of a sort; as many attempts follow as there are figures.

    ``sends`` bounds the attempts of one call over all sorts of trouble, ``longest`` the seconds waited. ``jitter`` may
    change a wait (to spread many accounts); by default nothing is random.
    """

    waits: Mapping[Trouble, tuple[float, ...]]
    sends: int
    longest: float
    jitter: Callable[[float], float] = float


POLICY = Policy(
    waits=MappingProxyType(
        {
            Trouble.BUSY: (1.0, 2.0, 4.0, 8.0),
            Trouble.MENU_CLOSED: (2.0, 4.0, 8.0, 16.0),
            Trouble.RATE: (30.0, 60.0, 60.0),  # counted by the minute: the second wait outlasts any that had begun
            Trouble.SILENT: (1.0, 2.0, 4.0),
        }
    ),
    sends=6,
    longest=180.0,
)
"""What the program uses: at most 15 s of waiting for a busy host, 150 s for a rate limit."""


QUICK = Policy(waits=MappingProxyType({Trouble.BUSY: (1.0,), Trouble.SILENT: (1.0,)}), sends=2, longest=2.0)
"""For one who wants to know how things stand now: what may pass is tried once more, and not waited for."""


def next_wait(policy: Policy, troubles: Sequence[Trouble]) -> float | None:
    """Seconds to wait before the next attempt, after these troubles in this call, or None: no further attempt."""
    waited = 0.0
    wait: float | None = None
    seen: dict[Trouble, int] = {}
    if len(troubles) >= policy.sends:
        return None
    for trouble in troubles:
        waited += wait or 0.0
        figures = policy.waits.get(trouble, ())
        count = seen.get(trouble, 0)
        seen[trouble] = count + 1
        wait = figures[count] if count < len(figures) else None
    if wait is None or waited + wait > policy.longest:
        return None
    return policy.jitter(wait)
