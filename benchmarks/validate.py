"""``wxdeploy validate`` beside check-jsonschema, yamllint and its floor: ``python benchmarks/validate.py [ROUNDS]``.

The peers are installed by ``pip install -e '.[benchmarks]'``. One, a hundred and a thousand accounts, each with a file
of its own of some 5.5 KB, no two of them alike (``corpus.py``), in whole processes that take turns. ``floor.py`` only
parses and checks the same files: no places, no rules, no words. check-jsonschema is given the schema of accounts in one
file and is otherwise as it comes; yamllint only looks at the form of the YAML (its ``relaxed`` settings).
"""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus import write
from measure import WXDEPLOY, Taken, in_turns, milliseconds, table

HERE = Path(__file__).resolve().parent
SCHEMAS = HERE.parent / "schemas" / "v1"
SIZES = {1: 31, 100: 5, 1000: 3}
OURS, FLOOR, SCHEMA, LINT = "wxdeploy validate", "floor: parse and check", "check-jsonschema", "yamllint"


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
    paths = [str(path) for path in write(project, files)]
    schema = folder / "account.bundled.json"
    schema.write_text(json.dumps(bundled()), "utf-8")
    python = sys.executable
    commands = {
        OURS: [python, "-c", WXDEPLOY, "-C", str(project), "validate"],
        FLOOR: [python, str(HERE / "floor.py"), str(project / "wxdeploy.yaml"), *paths],
        SCHEMA: [python, "-m", "check_jsonschema", "--schemafile", str(schema), *paths],
        LINT: [python, "-m", "yamllint", "-d", "relaxed", str(project)],
    }
    return in_turns(commands, rounds, cwd=project)


def main() -> None:
    """Measure, and print the table and the ratios."""
    given = int(sys.argv[1]) if len(sys.argv) > 1 else None
    rows, ratios = [], []
    with TemporaryDirectory() as name:
        for files, rounds in SIZES.items():
            found = measured(Path(name), files, given or rounds)
            ours = found[OURS].median
            for program, taken in found.items():
                processor = milliseconds(statistics.median(taken.processor))
                times = f"{taken.median / ours:.2f}"
                rows.append([program, f"{files:,}", milliseconds(taken.median), processor, f"{taken.peak:,.0f}", times])
            ratios.append(
                f"{files:,}: {ours / found[FLOOR].median:.2f} times the floor, "
                f"{found[SCHEMA].median / ours:.1f} times faster than check-jsonschema, "
                f"{found[OURS].peak:,.0f} MB at the peak"
            )
    print(f"Python {sys.version.split()[0]}; medians of {given or ', '.join(map(str, SIZES.values()))} runs each\n")
    print(table(["program", "files", "ms", "ms of processor", "peak MB", "times wxdeploy"], rows))
    print("\n" + "\n".join(ratios))


if __name__ == "__main__":
    main()
