"""Every example does the whole job: valid without a finding, planned, applied, and pulled back without a difference."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from wxdeploy.kinds.buttons.walk import MENU
from wxdeploy.wechat.buttons import FIELDS, WITHDRAWN

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/wxdeploy.yaml"))

Program = Callable[..., Any]


@pytest.fixture(params=NAMES)
def example(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / request.param
    shutil.copytree(EXAMPLES / request.param, folder, ignore=shutil.ignore_patterns(".wxdeploy"))
    return folder


def accounts(folder: Path) -> dict[str, Any]:
    project = yaml.safe_load((folder / "wxdeploy.yaml").read_text("utf-8"))
    if table := project.get("accounts_file"):
        with (folder / table).open(encoding="utf-8", newline="") as file:
            return {row["name"]: row for row in csv.DictReader(file)}
    found = project["accounts"]
    assert isinstance(found, dict)
    return found


def take_what_was_pulled(folder: Path) -> None:
    """Change the project to hold, account by account, what ``pull`` wrote."""
    path = folder / "wxdeploy.yaml"
    project = yaml.safe_load(path.read_text("utf-8"))
    project.pop("accounts_file", None)
    project["accounts"] = {
        name: {"appid": account["appid"], "files": [f"{name}/*.yaml"]} for name, account in accounts(folder).items()
    } | {name: {**each, "files": [f"{name}/*.yaml"]} for name, each in project.get("accounts", {}).items()}
    path.write_text(yaml.safe_dump(project, allow_unicode=True), "utf-8")


def test_an_example_does_the_whole_job(example: Path, program: Program) -> None:
    def run(*args: str) -> Any:
        return program("-C", example, *args)

    validated = run("validate")
    assert (validated.exit, validated.err) == (0, "")
    assert validated.out.startswith("All good"), validated.out
    assert run("plan", "--detailed-exitcode").exit == 2
    applied = run("apply", "--yes")
    assert applied.exit == 0, applied.err
    assert run("plan", "--detailed-exitcode").exit == 0
    assert run("pull").exit == 0
    take_what_was_pulled(example)
    again = run("plan", "--detailed-exitcode")
    assert again.exit == 0, again.out + again.err
    assert again.out.splitlines()[-1].startswith("No changes.")


def test_an_example_can_be_copied_and_understood(example: Path) -> None:
    readme = (example / "README.md").read_text("utf-8")
    for file in sorted(example.rglob("*.yaml")):
        assert file.name in readme, f"{file.name} is not explained"
        if file.name.startswith("."):
            continue  # another program's
        first = file.read_text("utf-8").partition("\n")[0]
        schema = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert schema, f"{file.name} tells editors no schema"
        assert (EXAMPLES / example.name / file.parent.relative_to(example) / schema[1]).is_file()
    assert ".wxdeploy/" in (example / ".gitignore").read_text("utf-8").splitlines()
    assert all(account.get("secret") is None for account in accounts(example).values())


def test_the_examples_hold_every_type_of_button() -> None:
    text = "".join(path.read_text("utf-8") for path in EXAMPLES.rglob("*.yaml") if MENU in path.read_text("utf-8"))
    missing = [kind for kind in FIELDS if kind not in WITHDRAWN and not re.search(rf'"?type"?: "?{kind}\b', text)]
    assert missing == []
