"""How far a run over many accounts has got, on stderr: a bar on a terminal, now and then a line in a log."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from wxdeploy.cli.options import Common
from wxdeploy.model.progress import Progress, Stage

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

T = TypeVar("T")

FEWEST = 10
"""Accounts from which on it is worth telling."""

SECONDS = 5.0
"""Seconds that the work takes before a log is told of it."""

_WORDS = {Stage.READ: "read", Stage.WRITE: "done"}
_TITLES = {Stage.READ: "Reading", Stage.WRITE: "Writing"}


def run(common: Common, work: Coroutine[Any, Any, T]) -> T:
    """Do the work, and tell meanwhile how far it has got."""
    results: list[T] = []

    async def main() -> None:
        # Not returned: asyncio.run spells out what its coroutine returned, which here is the plans of thousands.
        results.append(await work)

    with watching(common):
        asyncio.run(main())
    return results[0]


@contextmanager
def watching(common: Common) -> Iterator[None]:
    """Within it, runs over many accounts are told of on stderr; not at all with --quiet, by no bar with --verbose."""
    if common.quiet or sys.stderr is None:
        yield
        return
    if sys.stderr.isatty() and not common.verbose and os.environ.get("TERM") != "dumb":
        bar = Bar(common)
        common.observe = bar.seen
        try:
            yield
        finally:
            common.observe = None
            bar.stop()
        return
    common.observe = Lines(lambda line: click.echo(line, err=True)).seen
    try:
        yield
    finally:
        common.observe = None


class Bar:
    """A bar that is gone, without a trace, once a stage is over: what follows may be a question or the result."""

    def __init__(self, common: Common) -> None:
        self._common = common
        self._bars: Bars | None = None
        self._task: TaskID | None = None
        self._failed = 0

    def seen(self, progress: Progress) -> None:
        """Move the bar on."""
        if progress.total < FEWEST:
            return
        if self._bars is None:
            self._bars = _bars(self._common)
            self._task = self._bars.add_task(_TITLES[progress.stage], total=progress.total, failed="")
            self._bars.start()
            self._failed = 0
        self._failed += progress.failed
        if self._task is not None:
            failed = f"{self._failed} failed" if self._failed else ""
            self._bars.update(self._task, completed=progress.done, failed=failed)
        if progress.done == progress.total:
            self.stop()

    def stop(self) -> None:
        """Take the bar away."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = self._task = None


def _bars(common: Common) -> Bars:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    plain = common.no_color or bool(os.environ.get("NO_COLOR"))
    return Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("accounts"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[failed]}", style="" if plain else "red"),
        console=Console(stderr=True, no_color=plain),
        transient=True,
    )


class Lines:
    """A line every tenth of the accounts, once the work has taken so long that somebody may wonder.

    ``clock`` is in seconds.
    """

    def __init__(self, write: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._write = write
        self._clock = clock
        self._began = clock()
        self._stage: Stage | None = None
        self._failed = 0

    def seen(self, progress: Progress) -> None:
        """Note an account, and tell of those so far where it is time."""
        if progress.stage is not self._stage:
            self._stage, self._failed = progress.stage, 0
        self._failed += progress.failed
        if progress.total < FEWEST or self._clock() - self._began < SECONDS:
            return
        if progress.done % (progress.total // 10) == 0 or progress.done == progress.total:
            failed = f", {self._failed} failed" if self._failed else ""
            self._write(f"{progress.done} of {progress.total} accounts {_WORDS[progress.stage]}{failed}")
