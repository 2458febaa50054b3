"""How long ``wxdeploy`` takes to start, next to a bare interpreter and a bare click program.

    python benchmarks/startup.py [--rounds N] [--quick] [--write]

Each figure is over N whole processes (31 by default), which take turns. ``floor.py`` reads and checks the same files as
the ``validate`` below it: no places, no rules, no words. check-jsonschema, of the extra ``benchmarks``, is given the
resource file alone. ``--write`` puts the tables into docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from measure import WXDEPLOY, Taken, in_turns, machine, milliseconds, told, write
from validate import bundled

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent / "examples" / "first-menu"

CLICK = """
import click

@click.command()
@click.version_option("1.0")
def program(): pass

program()
"""
PYTHON, BARE, VERSION = "bare interpreter", "bare click program --version", "wxdeploy --version"
FLOOR, VALIDATE, PEER = "floor: click, parse, check", "wxdeploy validate (one file)", "check-jsonschema (one file)"


def measured(folder: Path, rounds: int) -> dict[str, Taken]:
    """Every program, in the folder of a project with one file."""
    menu, schema = str(PROJECT / "base" / "menu.yaml"), folder / "account.json"
    schema.write_text(json.dumps(bundled()), "utf-8")
    commands = {
        PYTHON: ["-c", "pass"],
        BARE: ["-c", CLICK, "--version"],
        VERSION: ["-c", WXDEPLOY, "--version"],
        "wxdeploy --help": ["-c", WXDEPLOY, "--help"],
        "wxdeploy explain 40018": ["-c", WXDEPLOY, "explain", "40018"],
        FLOOR: [str(HERE / "floor.py"), str(PROJECT / "wxdeploy.yaml"), menu],
        VALIDATE: ["-c", WXDEPLOY, "validate"],
        PEER: ["-m", "check_jsonschema", "--schemafile", str(schema), menu],
    }
    return in_turns({name: [sys.executable, *words] for name, words in commands.items()}, rounds, cwd=PROJECT)


def table_of(taken: Mapping[str, Taken]) -> Iterator[list[str]]:
    bare, click = taken[PYTHON].median, taken[BARE].median
    for name, found in taken.items():
        processor = milliseconds(statistics.median(found.processor))
        ratios = f"{found.median / bare:.2f}", f"{found.median / click:.2f}"
        yield [name, milliseconds(found.median), milliseconds(min(found.seconds)), processor, *ratios]


def promises(taken: Mapping[str, Taken]) -> Iterator[list[str]]:
    """What was promised, beside what was measured."""
    ours = taken[VALIDATE].median
    yield ["--version / a bare click program", "at most 1.4", f"{taken[VERSION].median / taken[BARE].median:.2f}"]
    yield ["validate of one file / its floor", "at most 1.5", f"{ours / taken[FLOOR].median:.2f}"]
    yield ["check-jsonschema / validate of one file", "at least 3", f"{taken[PEER].median / ours:.2f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=31)
    parser.add_argument("--quick", action="store_true", help="seven rounds")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    options = parser.parse_args()
    rounds, load = 7 if options.quick else options.rounds, os.getloadavg()[0]
    with TemporaryDirectory() as name:
        taken = measured(Path(name), rounds)
    head = ["program", "ms (median)", "ms (least)", "ms of processor", "/ Python", "/ click"]
    found = {
        "start-up": told("Start-up", head, table_of(taken)),
        "start-up promises": told("Promises", ["what", "asked", "measured"], promises(taken)),
        "start-up run": machine(f"medians of {rounds}", load),
    }
    print(f"\n{found['start-up run']}")
    if options.write:
        write(found)


if __name__ == "__main__":
    main()
