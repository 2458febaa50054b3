"""What an apply did."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wxdeploy.model.operation import Change, Operation, Outcome
from wxdeploy.model.plan import AccountPlan, Failure
from wxdeploy.model.shard import Shard


class Ending(StrEnum):
    """How the apply of one account ended."""

    UNCHANGED = "unchanged"
    APPLIED = "applied"
    REFUSED = "refused"
    FAILED = "failed"
    PARTIAL = "partial"
    NOT_TRIED = "not-tried"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One operation and what became of it."""

    operation: Operation
    outcome: Outcome
    failure: Failure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountReport:
    """What was done to one account.

    ``converged``: read again afterwards, nothing was left to do (None: not read). ``moved`` are the objects that
    changed since the plan was made, where it was refused for that.
    """

    plan: AccountPlan
    ending: Ending
    results: tuple[Result, ...] = ()
    moved: tuple[Change, ...] = ()
    converged: bool | None = None
    snapshot: str | None = None
    failure: Failure | None = None

    @property
    def account(self) -> str:
        """The account's name."""
        return self.plan.account

    @property
    def failed(self) -> bool:
        """Whether the account is not where it should be."""
        return self.ending not in (Ending.UNCHANGED, Ending.APPLIED)


@dataclass(frozen=True, slots=True)
class ApplyReport:
    """The reports of all accounts, in the order of the plan; ``shard`` is the share of a fleet that these are."""

    accounts: tuple[AccountReport, ...]
    shard: Shard | None = None
