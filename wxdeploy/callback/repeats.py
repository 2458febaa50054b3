"""Messages that come again: WeChat repeats what was not answered in time, and an attacker what was overheard."""

from __future__ import annotations

from asyncio import Future, get_running_loop
from collections import OrderedDict
from typing import Generic, TypeVar

from wxdeploy.callback.site import FRESH_SECONDS

T = TypeVar("T")

REMEMBERED_SECONDS = 2 * FRESH_SECONDS
"""A request can come so long after its first coming and still look fresh, where clocks differ the most."""

MOST_REMEMBERED = 50_000


class Repeats(Generic[T]):
    """The answers to the latest messages, whether made or in the making.

    So many are kept for so many seconds at most; past 40 messages a second the oldest are let go before their time,
    and still outlast WeChat's own repeats by far.
    """

    def __init__(self, *, most: int = MOST_REMEMBERED, seconds: float = REMEMBERED_SECONDS) -> None:
        self._most = most
        self._seconds = seconds
        self._known: OrderedDict[tuple[str, ...], tuple[float, Future[T]]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def find(self, identity: tuple[str, ...], *, now: float) -> Future[T] | None:
        """The answer to a message that came before; None where it is new."""
        self._forget(now)
        found = self._known.get(identity)
        return found[1] if found else None

    def begin(self, identity: tuple[str, ...], *, now: float) -> Future[T]:
        """Where the answer to a new message is to be put."""
        future: Future[T] = get_running_loop().create_future()
        self._known[identity] = (now + self._seconds, future)
        return future

    def drop(self, identity: tuple[str, ...]) -> None:
        """Forget a message that was not answered, so that its repeat is a new attempt."""
        self._known.pop(identity, None)

    def _forget(self, now: float) -> None:
        while self._known:
            expires, _ = next(iter(self._known.values()))
            if expires > now and len(self._known) < self._most:
                return
            self._known.popitem(last=False)
