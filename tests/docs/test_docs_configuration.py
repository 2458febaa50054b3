"""The page about the configuration names every key that the schemas and the program know, and no other."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "configuration.md").read_text("utf-8")


def first_column(heading: str) -> list[str]:
    """The words in the first column of the table whose head begins so."""
    _, _, rest = PAGE.partition(f"| {heading} |")
    table = rest.partition("\n\n")[0].splitlines()[2:]
    return [re.findall(r"`([^`]+)`", row)[0] for row in table]


def test_every_key_of_an_account_is_told() -> None:
    schema = json.loads((ROOT / "schemas" / "v1" / "project.schema.json").read_text("utf-8"))
    assert sorted(first_column("key")) == sorted(schema["definitions"]["settings"]["properties"])


def test_every_variable_of_the_environment_is_told() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "wxdeploy").rglob("*.py"))
    used = set(re.findall(r'"(WXDEPLOY_[A-Z]+|NO_COLOR|FORCE_COLOR)"', code))
    assert set(first_column("variable")) == used
