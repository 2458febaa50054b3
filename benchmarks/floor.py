"""What cannot be left out: click, libyaml's loader of PyYAML, jsonschema-rs, and no more. ``python floor.py FILE...``

The peer that ``wxdeploy validate`` is measured against: no places, no rules, no variables, and no word about what is
wrong. It reads the same schemas.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
import yaml
from jsonschema_rs import Draft7Validator

SCHEMAS = Path(__file__).resolve().parents[1] / "schemas" / "v1"


@click.command()
@click.argument("files", nargs=-1)
def program(files: tuple[str, ...]) -> None:
    """Check files: the first by the schema of projects, the others by that of accounts."""
    known: dict[str, object] = {}

    def schema(address: str) -> object:
        name = address.rpartition("/")[2]
        if name not in known:
            known[name] = json.loads((SCHEMAS / name).read_bytes())
        return known[name]

    project, account = (
        Draft7Validator(schema(f"{name}.schema.json"), retriever=schema, validate_formats=False)
        for name in ("project", "account")
    )
    for index, file in enumerate(files):
        value = yaml.load(Path(file).read_bytes(), Loader=yaml.CSafeLoader)
        if not (account if index else project).is_valid(value):
            sys.exit(f"{file} is not valid")


if __name__ == "__main__":
    program()
