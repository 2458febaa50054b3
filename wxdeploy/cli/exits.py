"""Exit codes, and the one place where an error becomes one."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from wxdeploy.model.errors import ConfigurationError, RefusedError, UsageError, WxdeployError


class Exit(IntEnum):
    """What a pipeline can rely on; every other number is reserved."""

    DONE = 0
    FAILED = 1
    CHANGES = 2
    INVALID = 3
    REFUSED = 4
    PARTIAL = 5
    USAGE = 64


_WORST_FIRST = (Exit.PARTIAL, Exit.FAILED, Exit.INVALID, Exit.REFUSED, Exit.CHANGES, Exit.DONE)


def worst(exits: Iterable[Exit]) -> Exit:
    """The code of a command over several accounts."""
    return min(exits, key=_WORST_FIRST.index, default=Exit.DONE)


def exit_of(error: WxdeployError) -> Exit:
    """The code that an error ends a command with, nothing having been changed."""
    match error:
        case UsageError():
            return Exit.USAGE
        case ConfigurationError():
            return Exit.INVALID
        case RefusedError():
            return Exit.REFUSED
        case _:
            return Exit.FAILED
