"""How far a run over many accounts has got."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, Protocol


class Stage(StrEnum):
    """What a run does with its accounts. One that pushes has read all of them before it begins to write."""

    READ = "read"
    WRITE = "write"


class Progress(NamedTuple):
    """One account got through a stage, as the ``done``-th of ``total`` (in the order in which they finish).

    ``failed``: it could not be read, or was not brought to where it should be.
    """

    stage: Stage
    account: str
    done: int
    total: int
    failed: bool


class Finished(Protocol):
    """What a stage made of one account."""

    @property
    def account(self) -> str:
        """The account's name."""

    @property
    def failed(self) -> bool:
        """Whether it went wrong."""


def ignored(_: Progress) -> None:
    """Observe nothing."""
