"""The live state of one account: every read once, all of them side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from wxdeploy.kinds.base import Kind
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.resource import LiveState, Reading

Call: TypeAlias = Callable[[str, JsonValue], Awaitable[Mapping[str, JsonValue]]]
"""Sends one call, by endpoint id and body, and returns its answer; raises a ``RemoteError`` where there is none."""


async def fetch(call: Call, kinds: Sequence[Kind[Any]]) -> LiveState:
    """What ``kinds`` read of the account, and the raw answers. An answer that several kinds want is fetched once."""
    wanted = list(dict.fromkeys(endpoint for kind in kinds for endpoint in kind.reads))
    answers = await asyncio.gather(*(call(endpoint, None) for endpoint in wanted), return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return interpret(dict(zip(wanted, cast(list[JsonValue], answers), strict=True)), kinds)


def interpret(answers: Mapping[str, JsonValue], kinds: Sequence[Kind[Any]]) -> LiveState:
    """The live state that ``answers`` tell of, fetched just now or recorded before."""
    readings: dict[str, Reading[Any]] = {}
    for kind in kinds:
        readings[kind.name] = kind.read(answers, readings)
    return LiveState(readings, answers)
