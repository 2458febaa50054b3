"""What was about to be sent and what came of it, written line by line before and after each call.

After a crash the last line without an outcome names the call whose effect is unknown.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.operation import Operation, Outcome


@dataclass(frozen=True, slots=True)
class Journal:
    """One account's journal: JSON lines, appended. ``now`` gives the time as text."""

    path: Path
    now: Callable[[], str]

    def intend(self, index: int, operation: Operation) -> None:
        """Write down that a call is about to be sent."""
        self._append(
            {
                "intend": index,
                "call": operation.call.call,
                "live_before": operation.live_before,
                "live_after": operation.live_after,
            }
        )

    def settle(self, index: int, outcome: Outcome, detail: str = "") -> None:
        """Write down what became of the call intended last."""
        self._append({"settle": index, "outcome": outcome.value, "detail": detail})

    def _append(self, entry: dict[str, JsonValue]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"at": self.now(), **entry}, ensure_ascii=False) + "\n"
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
