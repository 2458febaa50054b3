"""The manifests beside the example: valid by the schemas of GitHub, GitLab and Kubernetes, and their lines are ours."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import check_jsonschema
import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

ENGINES = Path(__file__).parents[2] / "examples" / "fleet" / "engines"
JOB = Draft202012Validator(
    json.loads((Path(__file__).parent / "schemas" / "kubernetes-1.33-job.json").read_text("utf-8"))
)
KUBERNETES = list(yaml.safe_load_all((ENGINES / "kubernetes.yml").read_text("utf-8")))


@pytest.mark.parametrize(
    ("file", "schema"), [("github.yml", "vendor.github-workflows"), ("gitlab.yml", "vendor.gitlab-ci")]
)
def test_a_pipeline_is_valid_by_its_schema(file: str, schema: str) -> None:
    ran = CliRunner().invoke(check_jsonschema.main, ["--builtin-schema", schema, str(ENGINES / file)])
    assert ran.exit_code == 0, ran.output


@pytest.mark.parametrize("file", ["github.yml", "gitlab.yml"])
def test_what_runs_beside_the_secrets_is_named_by_its_commit(file: str) -> None:
    text = (ENGINES / file).read_text("utf-8")
    installed = re.findall(r"pip\S* install (.*)", text)
    assert installed
    assert set(installed) == {'--quiet "$WXDEPLOY"'}
    (source,) = re.findall(r"WXDEPLOY: (.*)", text)
    assert re.fullmatch(r"wxdeploy @ git\+https://\S+@0{40}", source)


@pytest.mark.parametrize("document", KUBERNETES, ids=[each["metadata"]["name"] for each in KUBERNETES])
def test_a_job_is_valid_by_the_schema_of_kubernetes(document: Any) -> None:
    assert [each.message for each in JOB.iter_errors(document)] == []
    spec = document["spec"]
    assert not JOB.is_valid({**document, "spec": {**spec, "shards": 4}})
    assert not JOB.is_valid({**document, "spec": {**spec, "template": {"spec": {}}}})


def test_the_shards_of_the_job_are_as_many_as_it_has_completions() -> None:
    spec = KUBERNETES[0]["spec"]
    (line,) = spec["template"]["spec"]["containers"][0]["args"]
    assert f'"$((JOB_COMPLETION_INDEX + 1))/{spec["completions"]}"' in line
    shown = subprocess.run(
        ["sh", "-c", line.replace("wxdeploy apply", "echo").partition(">")[0]],
        env={"JOB_COMPLETION_INDEX": "3", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "--shard 4/4" in shown.stdout


@pytest.mark.parametrize("file", ["github.yml", "gitlab.yml", "kubernetes.yml"])
def test_every_option_in_a_manifest_is_one_of_the_program(file: str, program: Callable[..., Any]) -> None:
    text = (ENGINES / file).read_text("utf-8")
    assert "wxdeploy apply" in text
    assert "wxdeploy report merge" in text
    for command, options in re.findall(r"wxdeploy (apply|report merge)([^|>\n]*(?:\n +>[^\n]*)?)", text):
        told = program(*command.split(), "--help").out
        for option in re.findall(r"--[a-z-]+", options):
            assert option in told
