"""Messages that come again: WeChat repeats what was not answered in time, and an attacker what was overheard."""

from __future__ import annotations

from asyncio import Future, get_running_loop
from collections import OrderedDict
from dataclasses import dataclass
from typing import Generic, TypeVar

from wxdeploy.callback.site import FRESH_SECONDS

T = TypeVar("T")

REMEMBERED_SECONDS = 2 * FRESH_SECONDS
"""A request can come so long after its first coming and still look fresh, where clocks differ the most."""

MOST_REMEMBERED = 50_000
MOST_BYTES = 64 * 1024 * 1024


@dataclass(slots=True)
class _Known(Generic[T]):
    """The answer to one message, until when it is remembered, and the bytes of both once it is made."""

    expires: float
    answer: Future[T]
    size: int = 0


class Repeats(Generic[T]):
    """The answers to the latest messages, whether made or in the making.

    So many, of so many bytes together, are kept for so many seconds at most; past 40 messages a second, or a KB to an
    answer, the oldest are let go before their time, and still outlast WeChat's own repeats by far.
    """

    def __init__(
        self, *, most: int = MOST_REMEMBERED, most_bytes: int = MOST_BYTES, seconds: float = REMEMBERED_SECONDS
    ) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._seconds = seconds
        self._bytes = 0
        self._known: OrderedDict[tuple[str, ...], _Known[T]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def find(self, identity: tuple[str, ...], *, now: float) -> Future[T] | None:
        """The answer to a message that came before; None where it is new."""
        self._forget(now)
        found = self._known.get(identity)
        return found.answer if found else None

    def begin(self, identity: tuple[str, ...], *, now: float) -> Future[T]:
        """Where the answer to a new message is to be put."""
        future: Future[T] = get_running_loop().create_future()
        self._known[identity] = _Known(now + self._seconds, future)
        return future

    def keep(self, identity: tuple[str, ...], *, size: int) -> None:
        """Say how many bytes a message and its answer take, now that it is made."""
        if found := self._known.get(identity):
            self._bytes += size - found.size
            found.size = size

    def drop(self, identity: tuple[str, ...]) -> None:
        """Forget a message that was not answered, so that its repeat is a new attempt."""
        if found := self._known.pop(identity, None):
            self._bytes -= found.size

    def _forget(self, now: float) -> None:
        while self._known:
            oldest, known = next(iter(self._known.items()))
            if known.expires > now and len(self._known) < self._most and self._bytes <= self._most_bytes:
                return
            self.drop(oldest)
