"""``wxdeploy validate`` of many files, next to its floor, check-jsonschema and yamllint.

    python benchmarks/validate.py [--rounds N] [--quick] [--write]

The peers are installed by ``pip install -e '.[benchmarks]'``. One, a hundred and a thousand accounts, each with a file
of its own of some 5.5 KB, no two of them alike (``corpus.py``), in whole processes that take turns. ``floor.py`` only
parses and checks the same files: no places, no rules, no words. check-jsonschema is given the schema of accounts in one
file and is otherwise as it comes; yamllint only looks at the form of the YAML (its ``relaxed`` settings). Of a thousand
files these two, which are slow, are run once. All of it takes some five minutes; ``--quick``, up to a hundred files,
half a minute. ``--write`` puts the tables into docs/performance.md.
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
from typing import TypeAlias

from corpus import write as write_project
from measure import WXDEPLOY, Taken, in_turns, machine, milliseconds, told, write

HERE = Path(__file__).resolve().parent
SCHEMAS = HERE.parent / "schemas" / "v1"
SIZES, QUICK = {1: 31, 100: 5, 1000: 3}, {1: 7, 100: 2}
"""Files -> rounds."""
OURS, FLOOR, SCHEMA, LINT = "wxdeploy validate", "floor: parse and check", "check-jsonschema", "yamllint"
MANY = 1000
"""Files from which on the slow peers are run once; the promises speak of as many."""

Found: TypeAlias = Mapping[int, Mapping[str, Taken]]
"""Files -> program -> what it took."""


def bundled() -> dict[str, object]:
    """The schema of accounts with what it refers to in it, for a peer that reads one file."""

    def within(schema: object, file: str) -> object:
        if isinstance(schema, list):
            return [within(each, file) for each in schema]
        if not isinstance(schema, dict):
            return schema
        if isinstance(reference := schema.get("$ref"), str):
            name, _, pointer = reference.partition("#")
            return {"$ref": f"#/definitions/{name or file}{pointer}"}
        return {key: within(value, file) for key, value in schema.items() if key not in ("$id", "$schema")}

    names = ("account", "tags", "menu", "conditional_menus", "templates", "replies", "expectations")
    files = {f"{name}.schema.json": json.loads((SCHEMAS / f"{name}.schema.json").read_bytes()) for name in names}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "definitions": {name: within(schema, name) for name, schema in files.items()},
        "$ref": "#/definitions/account.schema.json",
    }


def measured(folder: Path, files: int, rounds: int) -> dict[str, Taken]:
    """The four programs on one project."""
    project = folder / str(files)
    paths = [str(path) for path in write_project(project, files)]
    schema = folder / "account.bundled.json"
    schema.write_text(json.dumps(bundled()), "utf-8")
    python = sys.executable
    commands = {
        OURS: [python, "-c", WXDEPLOY, "validate"],
        FLOOR: [python, str(HERE / "floor.py"), str(project / "wxdeploy.yaml"), *paths],
        SCHEMA: [python, "-m", "check_jsonschema", "--schemafile", str(schema), *paths],
        LINT: [python, "-m", "yamllint", "-d", "relaxed", str(project)],
    }
    return in_turns(commands, rounds, cwd=project, once=(SCHEMA, LINT) if files >= MANY else ())


def table_of(found: Found) -> Iterator[list[str]]:
    for files, by_program in found.items():
        ours = by_program[OURS].median
        for program, taken in by_program.items():
            processor = milliseconds(statistics.median(taken.processor))
            times = f"{taken.median / ours:.2f}"
            yield [program, f"{files:,}", milliseconds(taken.median), processor, f"{taken.peak:,.0f}", times]


def promises(found: Found) -> Iterator[list[str]]:
    """What was promised of a thousand files, beside what was measured: of the most there were."""
    most = max(found)
    ours, of = found[most][OURS], f"of {most:,} files"
    yield [f"check-jsonschema / validate, {of}", "at least 12", f"{found[most][SCHEMA].median / ours.median:.2f}"]
    yield [f"validate / its floor, {of}", "at most 2", f"{ours.median / found[most][FLOOR].median:.2f}"]
    yield [f"peak, MB, {of}", "at most 120", f"{ours.peak:.0f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, help=f"by default {', '.join(map(str, SIZES.values()))}")
    parser.add_argument("--quick", action="store_true", help="one and a hundred files, fewer rounds")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    sizes = {files: options.rounds or rounds for files, rounds in (QUICK if options.quick else SIZES).items()}
    with TemporaryDirectory() as name:
        taken = {files: measured(Path(name), files, rounds) for files, rounds in sizes.items()}
    head = ["program", "files", "ms", "ms of processor", "peak MB", "times wxdeploy"]
    found = {
        "validate": told("Validate", head, table_of(taken)),
        "validate promises": told("Promises", ["what", "asked", "measured"], promises(taken)),
        "validate run": machine(f"medians of {', '.join(map(str, sizes.values()))}", load),
    }
    print(f"\n{found['validate run']}")
    if options.write:
        write(found)


if __name__ == "__main__":
    main()
