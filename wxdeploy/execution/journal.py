"""What was about to be sent and what came of it, written line by line before and after each call.

After a crash the last line without an outcome names the call whose effect is unknown. A journal is bounded: once it is
large it is put aside before the next run, and the one put aside before goes.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from wxdeploy.model.errors import WxdeployError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.operation import Operation, Outcome

_LARGE = 1_000_000  # bytes
_TAIL = 65_536  # bytes at the end of a journal in which the last call is found


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A call that was about to be sent when its run ended; ``kinds`` are those that the fingerprints are of."""

    at: str
    index: int
    call: str
    live_before: str
    live_after: str
    kinds: tuple[str, ...]


class Journal(NamedTuple):
    """One account's journal: JSON lines, appended. ``now`` gives the time as text."""

    path: Path
    now: Callable[[], str]
    kinds: tuple[str, ...] = ()

    def begin(self) -> None:
        """Make a journal ready for another run: a large one is put aside, a line cut off by a crash is ended."""
        with contextlib.suppress(OSError):
            size = self.path.stat().st_size
            if size > _LARGE:
                self.path.replace(self.path.with_suffix(".old.jsonl"))
            elif size and not self._tail().endswith(b"\n"):
                self._write("\n")

    def intend(self, index: int, operation: Operation) -> None:
        """Write down that a call is about to be sent; raises ``WxdeployError`` where that can't be done."""
        entry: dict[str, JsonValue] = {
            "intend": index,
            "call": operation.call.call,
            "live_before": operation.live_before,
            "live_after": operation.live_after,
            "kinds": list(self.kinds),
        }
        try:
            self._append(entry)
        except OSError as error:
            raise WxdeployError(
                f"no call is sent that is not written down first, and {self.path} can't be written: {error.strerror}",
                fix="make room for it, or remove what is in its way, and run it again",
            ) from None

    def settle(self, index: int, outcome: Outcome, detail: str = "") -> None:
        """Write down what became of the call intended last; where that can't be done, its effect reads as unknown."""
        with contextlib.suppress(OSError):
            self._append({"settle": index, "outcome": outcome.value, "detail": detail})

    def pending(self) -> Pending | None:
        """The call that was intended last and never settled."""
        last: Pending | None = None
        for entry in self._entries():
            if "intend" in entry:
                last = _pending(entry)
            elif "settle" in entry:
                last = None
        return last

    def _entries(self) -> Iterator[Mapping[str, Any]]:
        """The last lines; one that a crash cut off says nothing."""
        try:
            tail = self._tail()
        except OSError:
            return
        for line in tail.splitlines():
            try:
                entry = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(entry, dict):
                yield entry

    def _tail(self) -> bytes:
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - _TAIL))
            return file.read()

    def _append(self, entry: dict[str, JsonValue]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._write(json.dumps({"at": self.now(), **entry}, ensure_ascii=False) + "\n")

    def _write(self, text: str) -> None:
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())


def _pending(entry: Mapping[str, Any]) -> Pending | None:
    kinds = entry.get("kinds")
    try:
        return Pending(
            at=str(entry["at"]),
            index=int(entry["intend"]),
            call=str(entry["call"]),
            live_before=str(entry["live_before"]),
            live_after=str(entry["live_after"]),
            kinds=tuple(map(str, kinds)) if isinstance(kinds, list) else (),
        )
    except (KeyError, TypeError, ValueError):
        return None
