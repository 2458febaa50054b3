"""The template for GitLab, its scripts run as they stand: merge request, fork, merge, by hand, at night."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from cli.shell import REPOSITORY, SECRET, Host, Project
from pipelines.forking import install_nothing
from pipelines.platforms import TOKEN, GitLab
from pipelines.repository import SECRETS, Repository
from workflow.drill import Fault, menu

TEMPLATE = yaml.safe_load((REPOSITORY / "templates" / "wxdeploy.gitlab-ci.yml").read_text("utf-8"))
JOBS = [name for name in TEMPLATE if name.startswith("wxdeploy-")]


@dataclass
class Ended:
    code: int
    log: str
    plan: bytes


@dataclass
class Pipeline:
    """GitLab's runner for our template, with the project's variables."""

    program: Path
    gitlab: GitLab
    repository: Repository
    temp: Path
    variables: dict[str, str] = field(
        default_factory=lambda: {**SECRETS, "GITLAB_TOKEN": TOKEN, "WXDEPLOY": "wxdeploy @ git+https://example.com/x@y"}
    )
    head: str = ""

    def run(self, source: str, **more: str) -> dict[str, Ended]:
        """The jobs of a pipeline of this source."""
        facts = {
            "GITLAB_CI": "true",
            "CI_API_V4_URL": f"{self.gitlab.url}/api/v4",
            "CI_PROJECT_ID": "3",
            "CI_PROJECT_DIR": str(self.repository.root),
            "CI_PIPELINE_SOURCE": source,
            "CI_DEFAULT_BRANCH": "main",
            "CI_COMMIT_SHA": self.repository.git("rev-parse", "HEAD"),
        }
        if source == "merge_request_event":
            facts |= {
                "CI_MERGE_REQUEST_IID": "5",
                "CI_MERGE_REQUEST_PROJECT_ID": "3",
                "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "3",
                "CI_MERGE_REQUEST_DIFF_BASE_SHA": self.repository.git("rev-parse", "origin/main"),
            }
        else:
            facts["CI_COMMIT_BRANCH"] = "main"
        env = {**TEMPLATE["variables"], **facts, **self.variables, **more}
        return {name: ended for name in JOBS if (ended := self._job(TEMPLATE[name], env)) is not None}

    def _job(self, job: dict[str, Any], env: dict[str, str]) -> Ended | None:
        rule = next((each for each in job["rules"] if _holds(each["if"], env)), None)
        if rule is None:
            return None
        base = TEMPLATE[job["extends"]]
        # A runner runs both in one shell: https://docs.gitlab.com/ci/yaml/script/
        script = "\n".join([*base["before_script"], *job["script"]])
        kept = self.repository.root / "plan.json"
        kept.unlink(missing_ok=True)
        own = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "CI"))}
        path = f"{install_nothing(self.temp, self.program)}:{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],
            cwd=self.repository.root,
            env={**own, "PATH": path, **base["variables"], **env, **rule.get("variables", {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        return Ended(done.returncode, done.stdout + done.stderr, kept.read_bytes() if kept.exists() else b"")

    def propose(self, change: Any) -> Ended:
        self.head = self.repository.commit(change)
        (plan,) = self.run("merge_request_event").values()
        if plan.code == 0:
            self.gitlab.keep(plan.plan, sha=self.head)
        return plan

    def merge(self) -> Ended:
        self.gitlab.merged(self.repository.merge(), self.head)
        (applied,) = self.run("push").values()
        return applied


def _holds(rule: str, env: dict[str, str]) -> bool:
    """A rule of comparisons and ``&&``, as ours are."""
    python = re.sub(r"\$(\w+)", lambda found: repr(env.get(found[1], "")), rule).replace("&&", " and ")
    return bool(eval(python, {"__builtins__": {}}))


@pytest.fixture
def pipeline(wxdeploy: Path, gitlab: GitLab, project: Project, host: Host, tmp_path: Path) -> Pipeline:
    return Pipeline(wxdeploy, gitlab, Repository.at(project, host, menu("旧")), tmp_path / "machine")


def test_a_merge_request_is_planned_and_its_merge_applies_that(pipeline: Pipeline, gitlab: GitLab, host: Host) -> None:
    plan = pipeline.propose(menu("新"))
    assert plan.code == 0, plan.log
    (body,) = gitlab.bodies()
    assert "新" in body
    assert host.writes() == []
    assert (pipeline.repository.root / "gl-code-quality-report.json").read_text("utf-8") == "[]\n"
    applied = pipeline.merge()
    assert applied.code == 0, applied.log
    assert "what was reviewed" in applied.log
    assert host.writes() == ["/cgi-bin/menu/create"]
    (again,) = pipeline.run("push").values()
    assert again.code == 0
    assert host.writes() == ["/cgi-bin/menu/create"]
    for text in (plan.log, applied.log, body):
        assert SECRET not in text
        assert TOKEN not in text
    assert (pipeline.temp / "installed").read_text("utf-8").splitlines()[0].endswith(pipeline.variables["WXDEPLOY"])


def test_an_account_that_cannot_be_planned_keeps_no_other_from_being_applied_to(pipeline: Pipeline, host: Host) -> None:
    pipeline.repository.second()
    pipeline.propose(menu("新"))
    host.line.faults.append(Fault("/cgi-bin/menu/get", {"errcode": 48001, "errmsg": "api unauthorized"}))
    applied = pipeline.merge()
    assert applied.code == 4, applied.log
    assert "the plan has an error in place of this account" in applied.log
    assert host.writes() == ["/cgi-bin/menu/create"]
    host.line.faults.append(Fault("/cgi-bin/menu/get", {"errcode": 48001, "errmsg": "api unauthorized"}, times=2))
    assert pipeline.run("push")["wxdeploy-apply"].code == 1
    assert pipeline.run("push")["wxdeploy-apply"].code == 0
    assert host.writes() == ["/cgi-bin/menu/create"] * 2


def test_what_was_not_reviewed_is_applied_by_hand_alone(pipeline: Pipeline, host: Host) -> None:
    pipeline.propose("menu: absent\n")
    host.live(menu=menu("别人"))
    applied = pipeline.merge()
    assert applied.code == 4
    (by_hand,) = pipeline.run("web").values()
    assert by_hand.code == 4
    assert "--allow-delete" in by_hand.log
    assert host.writes() == []
    (by_hand,) = pipeline.run("web", WX_ALLOW_DELETE="true").values()
    assert by_hand.code == 0, by_hand.log
    assert host.writes() == ["/cgi-bin/menu/delete"]


@pytest.mark.parametrize("facts", [{"GITLAB_TOKEN": ""}, {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "4"}], ids=str)
def test_without_secrets_files_are_compared(
    pipeline: Pipeline, gitlab: GitLab, host: Host, facts: dict[str, str]
) -> None:
    pipeline.repository.commit(menu("新"))
    (plan,) = pipeline.run("merge_request_event", **facts).values()
    assert plan.code == 0, plan.log
    assert "compares files" in plan.log
    assert "name: 旧 → 新" in plan.log
    assert host.store.calls() == []
    assert gitlab.asked == []
    assert plan.plan == b""


def test_mistakes_are_in_the_report_and_in_the_comment(pipeline: Pipeline, gitlab: GitLab) -> None:
    plan = pipeline.propose(menu("一个太长的名字太长了"))
    assert plan.code == 3
    report = (pipeline.repository.root / "gl-code-quality-report.json").read_text("utf-8")
    assert '"check_name": "WX220"' in report
    assert "It could not be planned" in gitlab.bodies()[0]


def test_drift_keeps_one_issue(pipeline: Pipeline, gitlab: GitLab, host: Host) -> None:
    for live in ("旧", "别人", "别人", "旧"):
        host.live(menu=menu(live))
        (drift,) = pipeline.run("schedule").values()
        assert drift.code == 0, drift.log
    assert [each["state"] for each in gitlab.issues] == ["closed"]
    assert host.writes() == []


def test_what_is_to_be_installed_has_to_be_said(pipeline: Pipeline) -> None:
    (plan,) = pipeline.run("merge_request_event", WXDEPLOY="").values()
    assert plan.code == 64
    assert "in the variable WXDEPLOY" in plan.log
