"""How long ``wxdeploy`` takes to start, next to a bare interpreter and a bare click program.

    python benchmarks/startup.py [ROUNDS]

Each figure is over ROUNDS whole processes (31 by default). The commands take turns (A B C, A B C, ...), so that a busy
moment of the machine touches all of them. Every command runs once before the first round, to write byte code.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

CLICK = """
import click

@click.command()
@click.version_option("1.0")
def program(): pass

program()
"""
WXDEPLOY = "import sys; from wxdeploy.cli import main; sys.exit(main())"  # what the console script holds

COMMANDS = {
    "bare interpreter": ["-c", "pass"],
    "bare click program --version": ["-c", CLICK, "--version"],
    "wxdeploy --version": ["-c", WXDEPLOY, "--version"],
    "wxdeploy --help": ["-c", WXDEPLOY, "--help"],
    "wxdeploy explain 40018": ["-c", WXDEPLOY, "explain", "40018"],
    "wxdeploy validate (examples/first-menu)": ["-c", WXDEPLOY, "-C", "examples/first-menu", "validate"],
}


def seconds(arguments: Sequence[str]) -> float:
    """The time of one whole process."""
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    taken = time.perf_counter() - begun
    if done.returncode:
        sys.exit(f"{' '.join(arguments[2:])} ended with {done.returncode}:\n{done.stderr or done.stdout}")
    return taken


def main() -> None:
    """Measure, and print one table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 31
    for arguments in COMMANDS.values():
        seconds(arguments)
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, arguments in COMMANDS.items():
            times[name].append(seconds(arguments))
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    bare, click = (medians[name] for name in list(COMMANDS)[:2])
    width = max(map(len, COMMANDS))
    print(f"Python {sys.version.split()[0]}, {rounds} processes each, milliseconds")
    print(f"{'':{width}}  {'median':>7}  {'min':>7}  {'/ Python':>8}  {'/ click':>8}")
    for name, taken in times.items():
        median = medians[name]
        ratios = f"{median / bare:8.2f}  {median / click:8.2f}"
        print(f"{name:{width}}  {median * 1000:7.1f}  {min(taken) * 1000:7.1f}  {ratios}")


if __name__ == "__main__":
    main()
