"""The files for other programs are what those programs take: by their official schemas, and by those who look for holes."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import check_jsonschema
import pytest
import yaml
from cli.shell import REPOSITORY
from click.testing import CliRunner, Result

BIN = Path(sys.executable).parent
ACTION = REPOSITORY / "action.yml"
GITLAB = REPOSITORY / "templates" / "wxdeploy.gitlab-ci.yml"
INIT = REPOSITORY / "wxdeploy" / "cli" / "project" / "github.yaml"
EXAMPLE = REPOSITORY / "examples" / "github" / ".github" / "workflows" / "wxdeploy.yml"
FLEET = REPOSITORY / "examples" / "fleet" / "engines" / "github.yml"
GITLAB_EXAMPLE = REPOSITORY / "examples" / "gitlab" / ".gitlab-ci.yml"
DOCKERFILE = REPOSITORY / "Dockerfile"
HOOKS = REPOSITORY / ".pre-commit-hooks.yaml"
SCHEMAS = {
    ACTION: ("vendor.github-actions", "using: composite", "using: compost"),
    EXAMPLE: ("vendor.github-workflows", "runs-on: ubuntu-latest", "runs: ubuntu-latest"),
    GITLAB: ("vendor.gitlab-ci", "when: always", "when: never-ever"),
    GITLAB_EXAMPLE: ("vendor.gitlab-ci", "file: templates", "fill: templates"),
}
"""File -> its official schema, and a slip that the schema has to see."""


def run(program: str, *arguments: str | Path, given: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / program), *map(str, arguments)], input=given, capture_output=True, text=True, check=False
    )


def against_schema(path: Path, schema: str) -> Result:
    extra = ("--data-transform", "gitlab-ci") if "gitlab" in schema else ()
    return CliRunner().invoke(check_jsonschema.main, ["--builtin-schema", schema, *extra, str(path)])


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_it_is_what_the_official_schema_says(path: Path, tmp_path: Path) -> None:
    schema, right, wrong = SCHEMAS[path]
    done = against_schema(path, schema)
    assert done.exit_code == 0, done.output
    text = path.read_text("utf-8")
    assert right in text
    slip = tmp_path / path.name
    slip.write_text(text.replace(right, wrong), "utf-8")
    assert against_schema(slip, schema).exit_code == 1


def zizmor(folder: Path) -> subprocess.CompletedProcess[str]:
    return run("zizmor", "--offline", "--no-config", "--no-progress", "--persona=pedantic", folder)


def test_nobody_finds_a_hole_in_the_action_and_the_workflows(tmp_path: Path) -> None:
    shutil.copy(ACTION, tmp_path)
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    shutil.copy(EXAMPLE, workflows)
    shutil.copy(FLEET, workflows)
    done = zizmor(tmp_path)
    assert done.returncode == 0, done.stdout
    hole = workflows / "hole.yml"
    hole.write_text(EXAMPLE.read_text("utf-8").replace("  pull_request:\n", "  pull_request_target:\n"), "utf-8")
    assert "dangerous-triggers" in zizmor(tmp_path).stdout
    hole.unlink()
    action = ACTION.read_text("utf-8")
    (tmp_path / "action.yml").write_text(action.replace('"$COMMAND/', '"${{ inputs.command }}/'), "utf-8")
    assert "template-injection" in zizmor(tmp_path).stdout


def scripts() -> list[Any]:
    return list(_scripts())


def _scripts() -> Iterator[Any]:
    for step in yaml.safe_load(ACTION.read_text("utf-8"))["runs"]["steps"]:
        if "run" in step:
            yield pytest.param(step["run"], id=step["name"])
    for name, job in yaml.safe_load(GITLAB.read_text("utf-8")).items():
        if isinstance(job, dict) and (text := "\n".join([*job.get("before_script", ()), *job.get("script", ())])):
            yield pytest.param(text, id=name)


@pytest.mark.parametrize("script", scripts())
def test_nobody_finds_a_slip_in_a_script(script: str) -> None:
    started = f"set -eo pipefail\n{script}"  # as the runners of both do
    done = run("shellcheck", "--shell=bash", "-", given=started)
    assert done.returncode == 0, done.stdout
    assert "${{" not in script
    assert run("shellcheck", "--shell=bash", "-", given=f"{started}\nrm -r $1/x\n").returncode == 1


@pytest.mark.parametrize("path", [ACTION, EXAMPLE, INIT, FLEET], ids=lambda path: path.name)
def test_what_others_wrote_is_pinned_by_its_hash(path: Path) -> None:
    used = re.findall(r"uses: (\S+)(.*)", path.read_text("utf-8"))
    assert used
    for name, version in used:
        assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", name), name
        assert re.match(r" # (v\d+\.\d+\.\d+$|the repository)", version)


def test_a_workflow_gives_what_the_action_takes_and_may_what_it_has_to() -> None:
    action = yaml.safe_load(ACTION.read_text("utf-8"))
    workflow = yaml.safe_load(EXAMPLE.read_text("utf-8"))
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"]["contents"] == "read"
        for step in job["steps"]:
            if step["uses"].startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False
            else:
                assert set(step.get("with", {})) <= set(action["inputs"])
    writes = {
        name: [k for k, v in job["permissions"].items() if v == "write"] for name, job in workflow["jobs"].items()
    }
    assert writes == {"plan": ["pull-requests"], "apply": [], "drift": ["issues"]}


def test_the_example_is_what_init_writes() -> None:
    assert EXAMPLE.read_text("utf-8") == INIT.read_text("utf-8")


def hadolint(path: Path) -> subprocess.CompletedProcess[str]:
    return run("hadolint", "--no-color", "--failure-threshold=style", path)


def test_nobody_finds_a_slip_in_the_dockerfile(tmp_path: Path) -> None:
    done = hadolint(DOCKERFILE)
    assert done.returncode == 0, done.stdout
    wrong = tmp_path / "Dockerfile"
    wrong.write_text("FROM python\nRUN pip install wxdeploy\n", "utf-8")
    assert hadolint(wrong).returncode != 0


def test_the_hooks_are_what_pre_commit_takes() -> None:
    done = run("pre-commit", "validate-manifest", HOOKS)
    assert done.returncode == 0, done.stdout + done.stderr
