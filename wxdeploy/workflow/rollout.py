"""In what order the accounts of a run are written to, and when it begins no more of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from wxdeploy.model.errors import UsageError
from wxdeploy.model.progress import Finished


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """``canary`` is the account that is applied to and verified before any other is; where it fails, none is.

    After ``max_failures`` accounts that failed no further one is begun; None for: each is tried.
    """

    canary: str | None = None
    max_failures: int | None = None

    def check(self, names: Sequence[str]) -> None:
        """Raise ``UsageError`` where the canary is not among the accounts of the run."""
        if self.canary is None or self.canary in names:
            return
        near = get_close_matches(self.canary, names, n=1)
        raise UsageError(
            f"the canary {self.canary!r} is not among the accounts of this run",
            fix=f"did you mean {near[0]!r}?" if near else "name one that --account and --select choose too",
        )

    def halt(self, outcomes: Sequence[Finished]) -> str | None:
        """Why no further account is begun after these, None where there is no reason."""
        if self.canary is None and self.max_failures is None:
            return None
        failed = [each.account for each in outcomes if each.failed]
        if self.canary in failed:
            return f"the canary {self.canary} failed"
        if self.max_failures is not None and len(failed) >= self.max_failures:
            return f"{len(failed)} account{' has' if len(failed) == 1 else 's have'} failed"
        return None
