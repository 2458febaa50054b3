"""Whole processes, timed in turns: how long each took, how much processor time and how much memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
WXDEPLOY = "import sys; from wxdeploy.cli import main; sys.exit(main())"  # what the console script holds

_LEFT_OUT = ("PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME", "PYTHONDEVMODE")


@dataclass
class Taken:
    """What the runs of one command took: seconds of the clock and of the processor, bytes of memory at the peak."""

    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    @property
    def median(self) -> float:
        """Seconds of the clock, in the middle of all runs."""
        return statistics.median(self.seconds)

    @property
    def peak(self) -> float:
        """The most memory that a run held, in MB."""
        return max(self.memory) / 1_000_000


def in_turns(
    commands: Mapping[str, Sequence[str]], rounds: int, *, cwd: str | os.PathLike[str], once: Container[str] = ()
) -> dict[str, Taken]:
    """Run the commands ROUNDS times in turns (A B C, A B C, …), so that a busy moment touches all of them.

    Each is run once before, to write byte code and to bring the files into memory; but those of ``once`` are run once
    and no more. One that fails ends it all.
    """
    taken = {name: Taken() for name in commands}
    for turn in range(rounds + 1):
        for name, command in commands.items():
            if name in once and turn != 1:
                continue
            seconds, processor, memory = _run(command, cwd)
            if turn:
                taken[name].seconds.append(seconds)
                taken[name].processor.append(processor)
                taken[name].memory.append(memory)
    return taken


def _run(command: Sequence[str], cwd: str | os.PathLike[str]) -> tuple[float, float, int]:
    environ = {name: value for name, value in os.environ.items() if name not in _LEFT_OUT}
    with tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        child = subprocess.Popen(command, cwd=cwd, env=environ, stdout=said, stderr=said)
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            said.seek(0)
            sys.exit(
                f"{' '.join(command)} ended with {child.returncode}:\n{said.read().decode(errors='replace')[-2000:]}"
            )
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown, as ``docs/performance.md`` holds it."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def told(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The table, which is printed under its title too."""
    found = table(head, rows)
    print(f"\n## {title}\n\n{found}", flush=True)
    return found


def write(found: Mapping[str, str]) -> None:
    """Put each text into ``PAGE``, between ``<!-- measured: NAME -->`` and ``<!-- end: NAME -->``."""
    text = PAGE.read_text("utf-8")
    for name, what in found.items():
        head, begin, rest = text.partition(f"<!-- measured: {name} -->\n")
        _, end, tail = rest.partition(f"<!-- end: {name} -->")
        if not end:
            sys.exit(f"{PAGE} has no place for: {name}")
        text = f"{head}{begin}{what}\n{end}{tail}"
    PAGE.write_text(text, "utf-8")


def machine(rounds: str, load: float) -> str:
    """What the figures were taken on; ``load`` is that of the machine before."""
    version = sys.version.split()[0]
    return f"Python {version}, {os.cpu_count()} processors, {rounds}, load before {load:.1f}."


def milliseconds(seconds: float) -> str:
    """``83`` or ``1,204``."""
    return f"{seconds * 1000:,.0f}"
