"""What was found of accounts and of this machine, and its public form (``schemas/v1/doctor.schema.json``)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from wxdeploy.model.errors import ApiError, WxdeployError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.plan import Failure

FORMAT = "wxdeploy.doctor/1"
CONFIGURATION = "configuration"
"""The code of the check of an account's files, which has an exit code of its own."""


class Verdict(StrEnum):
    """How one check ended; ``unknown`` where it could not be made."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    UNKNOWN = "unknown"


_WORST_FIRST = (Verdict.ERROR, Verdict.WARNING, Verdict.UNKNOWN, Verdict.OK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at: ``code`` is for programs, ``remedy`` says what to do where there is something."""

    code: str
    severity: Verdict
    title: str
    detail: str
    remedy: str = ""
    errcode: int | None = None

    @classmethod
    def of(cls, error: WxdeployError, *, code: str, title: str, severity: Verdict = Verdict.ERROR) -> Check:
        """What an exception says, as a check that failed."""
        errcode = error.errcode if isinstance(error, ApiError) else None
        return cls(code=code, severity=severity, title=title, detail=error.message, remedy=error.fix, errcode=errcode)

    def to_json(self) -> dict[str, JsonValue]:
        """The public form."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "title": self.title,
            "detail": self.detail,
            "remedy": self.remedy,
            "errcode": self.errcode,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCheckup:
    """What was found of one account; ``host`` is where it was called (``sandbox``: in this process)."""

    account: str
    appid: str | None
    host: str | None
    checks: tuple[Check, ...]

    @property
    def is_invalid(self) -> bool:
        """Whether its files have an error."""
        return any(each.code == CONFIGURATION and each.severity is Verdict.ERROR for each in self.checks)

    @property
    def failed(self) -> bool:
        """Whether any check failed."""
        return self.is_invalid or self.has_failed

    @property
    def has_failed(self) -> bool:
        """Whether a check failed, but for that of the files."""
        return any(each.code != CONFIGURATION and each.severity is Verdict.ERROR for each in self.checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """What was found of this machine and of each account."""

    machine: tuple[Check, ...]
    accounts: tuple[AccountCheckup, ...] = ()


def worst(checks: Iterable[Check]) -> Verdict:
    """The verdict over several checks."""
    return min((check.severity for check in checks), key=_WORST_FIRST.index, default=Verdict.OK)


def to_json(checkup: Checkup, *, version: str, failure: Failure | None = None) -> dict[str, JsonValue]:
    """The document that ``doctor --format json`` prints."""
    every = (*checkup.machine, *(check for account in checkup.accounts for check in account.checks))
    return {
        "format": FORMAT,
        "wxdeploy": version,
        "machine": [check.to_json() for check in checkup.machine],
        "accounts": [
            {
                "account": account.account,
                "appid": account.appid,
                "host": account.host,
                "severity": worst(account.checks).value,
                "findings": [check.to_json() for check in account.checks],
            }
            for account in checkup.accounts
        ],
        "summary": {
            "accounts": len(checkup.accounts),
            **{verdict.value: sum(check.severity is verdict for check in every) for verdict in Verdict},
        },
        "error": failure.to_json() if failure else None,
    }
