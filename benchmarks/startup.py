"""How long ``wxdeploy`` takes to start, next to a bare interpreter and a bare click program.

    python benchmarks/startup.py [ROUNDS]

Each figure is over ROUNDS whole processes (31 by default), which take turns. ``floor.py`` reads and checks the same
files as the ``validate`` below it: no places, no rules, no words. check-jsonschema is of the extra ``benchmarks``.
"""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from measure import WXDEPLOY, in_turns, milliseconds, table
from validate import bundled

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

CLICK = """
import click

@click.command()
@click.version_option("1.0")
def program(): pass

program()
"""
PYTHON, BARE, VERSION = "bare interpreter", "bare click program --version", "wxdeploy --version"
FLOOR, VALIDATE, PEER = "floor: click, parse, check", "wxdeploy validate (one file)", "check-jsonschema (one file)"


def main() -> None:
    """Measure, and print the table and the ratios."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 31
    project = ROOT / "examples" / "first-menu"
    menu = str(project / "base" / "menu.yaml")
    with TemporaryDirectory() as folder:
        schema = Path(folder) / "account.json"
        schema.write_text(json.dumps(bundled()), "utf-8")
        commands = {
            PYTHON: ["-c", "pass"],
            BARE: ["-c", CLICK, "--version"],
            VERSION: ["-c", WXDEPLOY, "--version"],
            "wxdeploy --help": ["-c", WXDEPLOY, "--help"],
            "wxdeploy explain 40018": ["-c", WXDEPLOY, "explain", "40018"],
            FLOOR: [str(HERE / "floor.py"), str(project / "wxdeploy.yaml"), menu],
            VALIDATE: ["-c", WXDEPLOY, "-C", str(project), "validate"],
            PEER: ["-m", "check_jsonschema", "--schemafile", str(schema), menu],
        }
        taken = in_turns({name: [sys.executable, *words] for name, words in commands.items()}, rounds, cwd=ROOT)
    bare, click = taken[PYTHON].median, taken[BARE].median
    rows = []
    for name, found in taken.items():
        processor = milliseconds(statistics.median(found.processor))
        ratios = f"{found.median / bare:.2f}", f"{found.median / click:.2f}"
        rows.append([name, milliseconds(found.median), milliseconds(min(found.seconds)), processor, *ratios])
    print(f"Python {sys.version.split()[0]}; {rounds} processes each\n")
    print(table(["program", "ms (median)", "ms (least)", "ms of processor", "/ Python", "/ click"], rows))
    ours = taken[VALIDATE].median
    print(f"\n--version: {taken[VERSION].median / click:.2f} times a bare click program")
    print(f"validate of one file: {ours / taken[FLOOR].median:.2f} times the floor, ", end="")
    print(f"{taken[PEER].median / ours:.1f} times faster than check-jsonschema")


if __name__ == "__main__":
    main()
