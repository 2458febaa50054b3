"""A plan: a value that is rendered, and executed, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from wxdeploy.model.diagnostic import Diagnostic, Severity
from wxdeploy.model.errors import ApiError, ConfigurationError, WxdeployError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.operation import Action, Change, Hazard, Operation
from wxdeploy.model.shard import Shard


class Status(StrEnum):
    """How an account stands to its configuration."""

    UNCHANGED = "unchanged"
    CHANGES = "changes"
    ERROR = "error"


class Failure(NamedTuple):
    """Why an account could not be planned or applied, as data."""

    message: str
    fix: str
    errcode: int | None = None
    rid: str | None = None
    findings: tuple[Diagnostic, ...] = ()

    @classmethod
    def of(cls, error: WxdeployError) -> Failure:
        """The failure that an exception reports."""
        if isinstance(error, ApiError):
            return cls(message=error.message, fix=error.fix, errcode=error.errcode, rid=error.rid)
        if isinstance(error, ConfigurationError):
            return cls(message=error.message, fix=error.fix, findings=error.diagnostics)
        return cls(message=error.message, fix=error.fix)

    def to_json(self) -> dict[str, JsonValue]:
        """The public form."""
        return {
            "message": self.message,
            "fix": self.fix,
            "errcode": self.errcode,
            "rid": self.rid,
            "findings": [finding.to_json() for finding in self.findings],
        }


class Unmanaged(NamedTuple):
    """A live object that the configuration does not declare and the plan leaves alone."""

    kind: str
    name: str
    detail: str = ""


class Audience(NamedTuple):
    """Followers by the tag that counts for them and their platform (None: any other), and the menus that they see.

    ``before`` and ``after`` are the names of personalised menus, None for the default menu. ``between`` names the menus
    that they see for a moment between two calls and neither before nor after (None among them: the default menu).
    ``buttons_change`` says whether what they see differs.
    """

    tag: str | None
    platform: str | None
    before: str | None
    after: str | None
    buttons_change: bool
    between: tuple[str | None, ...] = ()


class AccountPlan(NamedTuple):
    """What would be done to one account. One with an ``error`` can be shown and never applied.

    ``kinds`` are those that were read, which the fingerprints are of; ``objects`` has the digest of each live object,
    its ids among what counts, by address and in the order that matters to its kind.
    """

    account: str
    appid: str | None
    live_digest: str | None
    desired_digest: str | None
    kinds: tuple[str, ...] = ()
    objects: Mapping[str, str] = MappingProxyType({})
    changes: tuple[Change, ...] = ()
    operations: tuple[Operation, ...] = ()
    unmanaged: tuple[Unmanaged, ...] = ()
    audiences: tuple[Audience, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    error: Failure | None = None

    @property
    def failed(self) -> bool:
        """Whether there is no plan, but why there is none."""
        return self.error is not None

    @property
    def status(self) -> Status:
        """``error``, ``changes`` (also where they can't be made by any call: ``blockers``) or ``unchanged``."""
        if self.error:
            return Status.ERROR
        return Status.CHANGES if self.changes or self.blockers else Status.UNCHANGED

    @property
    def blockers(self) -> tuple[Diagnostic, ...]:
        """What is not as declared and no call can settle: the warnings of severity error."""
        return tuple(each for each in self.warnings if each.severity is Severity.ERROR)

    @property
    def hazards(self) -> tuple[Hazard, ...]:
        """What speaks against applying it without a further decision."""
        return tuple(hazard for change in self.changes for hazard in change.hazards)


class Plan(NamedTuple):
    """The plans of all the accounts of one command, in the order of the configuration.

    ``base`` is the git commit by which the origins of the changes were told; ``shard`` is the share of a fleet that
    these are, ``targets`` are the kinds and objects that it was narrowed to, none for all.
    """

    accounts: tuple[AccountPlan, ...]
    base: str | None = None
    shard: Shard | None = None
    targets: tuple[str, ...] = ()

    def count(self, action: Action) -> int:
        """How many changes are of this action, over all accounts."""
        return sum(change.action is action for account in self.accounts for change in account.changes)
