"""The pages about pipelines say what the files say, and what is shown in them is what there is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import click
import pytest
import yaml
from cli.shell import REPOSITORY

from wxdeploy.cli.group import COMMANDS, wxdeploy

DOCS = REPOSITORY / "docs"
PAGES = ("github.md", "gitlab.md", "pre-commit.md", "docker.md")
TABLE = re.compile(r"^(<!-- table: (\w+) -->\n)((?:\|.*\n)*)", re.MULTILINE)
VARIABLES = {
    "WXDEPLOY": "What pip installs; there is no default.",
    "WX_FOLDER": "The folder of `wxdeploy.yaml`.",
    "WX_ISSUE": "The title of the issue that the schedule keeps.",
    "WX_REVIEWED": "`false` lets an apply go ahead that nobody reviewed.",
    "WX_ALLOW_DELETE": "`true` lets an apply delete, or replace for good, what the plan says would be.",
    "GITLAB_TOKEN": "What writes comments and the issue and reads the plan that was kept.",
}


def inputs() -> str:
    action = yaml.safe_load((REPOSITORY / "action.yml").read_text("utf-8"))
    rows = ["| input | what it is | by default |", "| --- | --- | --- |"]
    for name, facts in action["inputs"].items():
        default = f"`{facts['default']}`" if facts["default"] else ""
        rows.append(f"| `{name}` | {facts['description']} | {default} |")
    rows += ["", "| output | what it is |", "| --- | --- |"]
    rows += [f"| `{name}` | {facts['description']} |" for name, facts in action["outputs"].items()]
    return "\n".join(rows) + "\n"


def variables() -> str:
    template = yaml.safe_load((REPOSITORY / "templates" / "wxdeploy.gitlab-ci.yml").read_text("utf-8"))
    rows = ["| variable | what it is | by default |", "| --- | --- | --- |"]
    for name, what in VARIABLES.items():
        default = template["variables"].get(name)
        rows.append(f"| `{name}` | {what} | {f'`{default}`' if default else ''} |")
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize(("page", "table"), [("github.md", inputs), ("gitlab.md", variables)])
def test_the_page_lists_what_it_takes(page: str, table: Callable[[], str], golden: Callable[[Path, str], None]) -> None:
    text = (DOCS / page).read_text("utf-8")
    rest = re.compile(r"^(<!-- table: \w+ -->\n)(?:(?:\|.*)?\n)*(?=[^|\n])", re.MULTILINE)
    assert len(rest.findall(text)) == 1
    golden(DOCS / page, rest.sub(lambda found: f"{found[1]}{table()}\n", text))


def test_every_variable_of_the_template_is_told() -> None:
    text = (REPOSITORY / "templates" / "wxdeploy.gitlab-ci.yml").read_text("utf-8")
    used = set(re.findall(r"\b(WX\w*|GITLAB_TOKEN)\b", re.sub(r"#.*", "", text)))
    assert used == set(VARIABLES)


def test_the_configuration_of_pre_commit_is_the_example_s() -> None:
    (shown,) = re.findall(
        r"<!-- file: \S+ -->\n```yaml\n(.*?)```", (DOCS / "pre-commit.md").read_text("utf-8"), re.DOTALL
    )
    assert shown == (REPOSITORY / "examples" / "github" / ".pre-commit-config.yaml").read_text("utf-8")
    (hook,) = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert f"id: {hook['id']}" in shown


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_that_are_shown_exist(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    shown = re.findall(r"(?<![-\w/.])wxdeploy (\w+)((?: +--?[\w-]+)*)", re.sub(r"^#.*", "", text, flags=re.MULTILINE))
    group = click.Context(wxdeploy)
    for name, options in shown:
        if name in COMMANDS:
            command = wxdeploy.get_command(group, name)
            assert command is not None
            known = {option for param in command.params for option in param.opts}
            assert set(options.split()) <= known
    assert any(name in COMMANDS for name, _ in shown)


def test_the_image_is_built_of_what_dockerignore_lets_through(tmp_path: Path) -> None:
    rules = (REPOSITORY / ".dockerignore").read_text("utf-8").splitlines()
    assert rules[0] == "*"
    source = tmp_path / "source"
    source.mkdir()
    for name in (rule.removeprefix("!") for rule in rules if rule.startswith("!")):
        path = REPOSITORY / name
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, source)
    line = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-w",
        "out",
        "./source",
    ]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "out").glob("wxdeploy-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {"wxdeploy/cli/comment.py", "wxdeploy/_schemas/v1/plan.schema.json"} <= set(names)
