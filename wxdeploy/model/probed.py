"""What a test of a callback showed, and its public form (``schemas/v1/probe.schema.json``)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.plan import Failure

FORMAT = "wxdeploy.probe/1"
HANDSHAKE = "handshake"
"""The code of the check without which a callback is none."""


class Outcome(StrEnum):
    """What came back to one event or message."""

    ANSWERED = "answered"
    EMPTY = "empty"
    WRONG = "wrong"
    SLOW = "slow"
    ERROR = "error"


class Verdict(StrEnum):
    """How a check of the callback as a whole ended; ``unknown`` where it could not be made."""

    OK = "ok"
    FAILED = "failed"
    INSECURE = "insecure"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One event or message, and what came back after ``seconds``.

    ``buttons`` are those that a follower taps for it; with ``is_fault`` they are dead.
    """

    name: str
    event: str
    key: str
    buttons: tuple[str, ...]
    outcome: Outcome
    is_fault: bool
    detail: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check of the callback as a whole."""

    code: str
    title: str
    verdict: Verdict
    detail: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What was found of one account's callback; ``failure`` where it could not be tested at all."""

    account: str
    url: str
    mode: str = ""
    trials: tuple[Trial, ...] = ()
    findings: tuple[Finding, ...] = ()
    failure: Failure | None = None

    @property
    def is_verified(self) -> bool:
        """Whether it could be reached, and passed the verification of its address."""
        return any(each.code == HANDSHAKE and each.verdict is Verdict.OK for each in self.findings)

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong; what could not be looked at of a callback that is verified is not wrong."""
        insecure = any(each.verdict is Verdict.INSECURE for each in self.findings)
        return self.is_verified and not insecure and not any(trial.is_fault for trial in self.trials)


def to_json(probed: Iterable[Probed], *, version: str, failure: Failure | None = None) -> dict[str, JsonValue]:
    """The document that ``probe --format json`` prints."""
    accounts = tuple(probed)
    trials = [trial for account in accounts for trial in account.trials]
    return {
        "format": FORMAT,
        "wxdeploy": version,
        "accounts": [_account(each) for each in accounts],
        "summary": {
            "accounts": len(accounts),
            "unverified": sum(not account.is_verified for account in accounts),
            "trials": len(trials),
            "faults": sum(trial.is_fault for trial in trials),
            "insecure": sum(each.verdict is Verdict.INSECURE for one in accounts for each in one.findings),
            "dead_buttons": len(_dead(trials)),
        },
        "error": failure.to_json() if failure else None,
    }


def _account(probed: Probed) -> JsonValue:
    return {
        "account": probed.account,
        "url": probed.url,
        "mode": probed.mode,
        "ok": probed.is_well,
        "checks": [
            {
                "code": each.code,
                "title": each.title,
                "verdict": each.verdict.value,
                "detail": each.detail,
                "ms": _ms(each.seconds),
            }
            for each in probed.findings
        ],
        "trials": [
            {
                "name": trial.name,
                "event": trial.event,
                "key": trial.key,
                "buttons": list(trial.buttons),
                "outcome": trial.outcome.value,
                "fault": trial.is_fault,
                "detail": trial.detail,
                "ms": _ms(trial.seconds),
            }
            for trial in probed.trials
        ],
        "dead_buttons": list(_dead(probed.trials)),
        "error": probed.failure.to_json() if probed.failure else None,
    }


def _dead(trials: Iterable[Trial]) -> tuple[str, ...]:
    """The buttons on which a tap does not do what it should, each once."""
    return tuple(dict.fromkeys(button for trial in trials if trial.is_fault for button in trial.buttons))


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
