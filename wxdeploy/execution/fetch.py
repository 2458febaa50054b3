"""The live state of one account: every read once, all of them side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeGuard, cast

from wxdeploy.execution.rules import not_permitted
from wxdeploy.kinds.base import Kind
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.errors import ApiError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.resource import LiveState, Reading
from wxdeploy.wechat.errcodes import Code

_NOT_FOR_THIS_ACCOUNT = frozenset({Code.UNAUTHORIZED_API, Code.INVALID_API_PATH})

Call: TypeAlias = Callable[[str, JsonValue], Awaitable[Mapping[str, JsonValue]]]
"""Sends one call, by endpoint id and body, and returns its answer; raises a ``RemoteError`` where there is none."""


async def fetch(call: Call, kinds: Sequence[Kind[Any]]) -> LiveState:
    """What ``kinds`` read of the account, and the raw answers. An answer that several kinds want is fetched once."""
    return interpret(await ask(call, kinds), kinds)


async def ask(call: Call, kinds: Sequence[Kind[Any]]) -> Mapping[str, JsonValue]:
    """The answers to what ``kinds`` read, by endpoint id, all of them fetched side by side."""
    answers = await _answers(call, kinds)
    for answer in answers.values():
        if isinstance(answer, BaseException):
            raise answer
    return answers


async def fetch_permitted(call: Call, kinds: Sequence[Kind[Any]]) -> tuple[LiveState, tuple[Diagnostic, ...]]:
    """What ``kinds`` read, without those that the account may not call, and a warning for each of these."""
    answers = await _answers(call, kinds)
    kept: list[Kind[Any]] = []
    warnings = []
    for kind in kinds:
        refusal = next((answers[read] for read in kind.reads if isinstance(answers[read], BaseException)), None)
        if _is_not_permitted(refusal):
            warnings.append(_left_out(kind.section, refusal))
        elif isinstance(refusal, BaseException):
            raise refusal
        elif {required.name for required in kept}.issuperset(kind.requires):
            kept.append(kind)
    return interpret(cast(dict[str, JsonValue], answers), kept), tuple(warnings)


async def ask_permitted(
    call: Call, endpoint: str, section: str
) -> tuple[Mapping[str, JsonValue] | None, tuple[Diagnostic, ...]]:
    """The answer to a read of no kind; None, and a warning that ``section`` is left out, where it may not be made."""
    try:
        return await call(endpoint, None), ()
    except ApiError as refusal:
        if not _is_not_permitted(refusal):
            raise
        return None, (_left_out(section, refusal),)


def _is_not_permitted(refusal: BaseException | None) -> TypeGuard[ApiError]:
    return isinstance(refusal, ApiError) and refusal.errcode in _NOT_FOR_THIS_ACCOUNT


def _left_out(section: str, refusal: ApiError) -> Diagnostic:
    fix = "nothing, unless the account should have the permission: wxdeploy explain 48001"
    return not_permitted.found(f"{section} are left out: {refusal.message}", fix)


async def _answers(call: Call, kinds: Sequence[Kind[Any]]) -> dict[str, Any]:
    """Each read's answer, or the exception that came instead of it."""
    wanted = list(dict.fromkeys(endpoint for kind in kinds for endpoint in kind.reads))
    answers = await asyncio.gather(*(call(endpoint, None) for endpoint in wanted), return_exceptions=True)
    return dict(zip(wanted, answers, strict=True))


def interpret(answers: Mapping[str, JsonValue], kinds: Sequence[Kind[Any]]) -> LiveState:
    """The live state that ``answers`` tell of, fetched just now or recorded before."""
    readings: dict[str, Reading[Any]] = {}
    for kind in kinds:
        readings[kind.name] = kind.read(answers, readings)
    return LiveState(readings, answers)
