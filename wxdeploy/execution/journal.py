"""What was about to be sent and what came of it, written line by line before and after each call.

After a crash the last line without an outcome names the call whose effect is unknown.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wxdeploy.model.errors import WxdeployError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.operation import Operation, Outcome


@dataclass(frozen=True, slots=True)
class Journal:
    """One account's journal: JSON lines, appended. ``now`` gives the time as text."""

    path: Path
    now: Callable[[], str]

    def intend(self, index: int, operation: Operation) -> None:
        """Write down that a call is about to be sent; raises ``WxdeployError`` where that can't be done."""
        entry: dict[str, JsonValue] = {
            "intend": index,
            "call": operation.call.call,
            "live_before": operation.live_before,
            "live_after": operation.live_after,
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

    def _append(self, entry: dict[str, JsonValue]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"at": self.now(), **entry}, ensure_ascii=False) + "\n"
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
