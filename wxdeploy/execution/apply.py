"""Drive the client through the operations of a plan. Knows no kind: a plan holds the literal calls."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from wxdeploy.execution.fetch import Call
from wxdeploy.execution.journal import Journal
from wxdeploy.model.errors import LostAnswerError, RefusedError, RemoteError, StaleError, WxdeployError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.operation import Deferred, Operation, Outcome, settle
from wxdeploy.model.plan import AccountPlan, Failure
from wxdeploy.model.report import Result
from wxdeploy.wechat.endpoints import BY_CALL

Reread: TypeAlias = Callable[[], Awaitable[str]]
"""Reads the account again and returns its fingerprint."""

Find: TypeAlias = Callable[[Deferred], JsonValue]
"""What is already live of a deferred value, or None."""

_SENDS = 2  # a call whose answer was lost is sent once more, and only if the account reads as before it
_READ_BACK_PAUSES = (0.5, 1.5)  # seconds; the delay between a write and its showing in a read is not documented


@dataclass(slots=True)
class Execution:
    """One run over the operations of one account.

    ``call`` sends one call, ``reread`` reads the account again, ``find`` looks a deferred value up in what was read,
    ``pause`` waits for so many seconds. Once it ``is_stopping`` no call is begun; the one under way is settled.
    """

    call: Call
    reread: Reread
    find: Find
    journal: Journal
    pause: Callable[[float], Awaitable[None]]
    is_stopping: Callable[[], bool] = lambda: False
    captured: dict[Deferred, JsonValue] = field(default_factory=dict)

    async def run(self, plan: AccountPlan, live_digest: str) -> tuple[Result, ...]:
        """Do what is left to do of ``plan``, given the account's fingerprint now; stops at the first failure.

        Raises ``StaleError`` where the account is in no state that the plan knows.
        """
        start = resume_at(plan, live_digest)
        self.journal.begin()
        results = [Result(operation=each, outcome=Outcome.SKIPPED) for each in plan.operations[:start]]
        stopped = False
        for index, operation in enumerate(plan.operations[start:], start):
            if stopped or self.is_stopping():
                results.append(Result(operation=operation, outcome=Outcome.NOT_TRIED))
                continue
            result = await self._do(index, operation)
            results.append(result)
            stopped = result.outcome is not Outcome.APPLIED
        return tuple(results)

    async def _do(self, index: int, operation: Operation) -> Result:
        failure: Failure | None = None
        for _ in range(_SENDS):
            try:
                self.journal.intend(index, operation)
                answer = await self._send(operation)
            except LostAnswerError as error:
                failure = Failure.of(error)
                outcome = await self._read_back(operation)
                self.journal.settle(index, outcome, error.message)
                if outcome is Outcome.NOT_TRIED:
                    continue
                return Result(
                    operation=operation, outcome=outcome, failure=None if outcome is Outcome.APPLIED else failure
                )
            except WxdeployError as error:
                self.journal.settle(index, Outcome.FAILED, error.message)
                return Result(operation=operation, outcome=Outcome.FAILED, failure=Failure.of(error))
            self._capture(operation, answer)
            self.journal.settle(index, Outcome.APPLIED)
            return Result(operation=operation, outcome=Outcome.APPLIED)
        return Result(operation=operation, outcome=Outcome.FAILED, failure=failure)

    async def _send(self, operation: Operation) -> Mapping[str, JsonValue]:
        body = settle(operation.call.body, self._value_of)
        return await self.call(BY_CALL[operation.call.call].id, body)

    async def _read_back(self, operation: Operation) -> Outcome:
        """Whether a call without an answer took effect: NOT_TRIED where the account still reads as before it."""
        found = None
        for seconds in (*_READ_BACK_PAUSES, None):
            try:
                found = await self.reread()
            except RemoteError:
                return Outcome.UNKNOWN
            if found != operation.live_before or seconds is None or self.is_stopping():
                break
            await self.pause(seconds)
        if found == operation.live_after:
            return Outcome.APPLIED
        if self.is_stopping():
            return Outcome.UNKNOWN  # it may still show, and there is no time to wait for that
        return Outcome.NOT_TRIED if found == operation.live_before else Outcome.UNKNOWN

    def _value_of(self, deferred: Deferred) -> JsonValue:
        value = self.captured.get(deferred)
        if value is None:
            value = self.find(deferred)
        if value is None:
            raise RefusedError(
                f"{deferred.address} has no {deferred.attribute} yet, and the next call needs it",
                fix="run wxdeploy apply again",
            )
        return value

    def _capture(self, operation: Operation, answer: Mapping[str, JsonValue]) -> None:
        for capture in operation.call.captures:
            value: JsonValue = answer
            for key in capture.pointer:
                value = value.get(key) if isinstance(value, Mapping) else None
            if value is not None:
                self.captured[capture.deferred] = value


def resume_at(plan: AccountPlan, live_digest: str) -> int:
    """The index of the first operation that is still to be done.

    Raises ``StaleError`` where the account is in no state that the plan knows.
    """
    for index, operation in enumerate(plan.operations):
        if operation.live_before == live_digest:
            return index
    if plan.operations and plan.operations[-1].live_after == live_digest:
        return len(plan.operations)
    if not plan.operations and plan.live_digest == live_digest:
        return 0
    raise StaleError(
        "the account changed since the plan was made",
        fix="look at what changed with: wxdeploy plan",
    )
