"""Merge requests on GitLab, and what the jobs of our template run for them, their scripts as they stand."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from cli.shell import REPOSITORY
from pipelines.forking import install_nothing
from pipelines.platforms import TOKEN, GitLab
from pipelines.repository import SECRETS, Repository
from pipelines.reviews import Ended, Review

TEMPLATE = yaml.safe_load((REPOSITORY / "templates" / "wxdeploy.gitlab-ci.yml").read_text("utf-8"))
JOBS = [name for name in TEMPLATE if name.startswith("wxdeploy-")]


@dataclass
class Pipeline(Review):
    """GitLab's runner for our template, for merge request !5, with the project's variables."""

    program: Path
    platform: GitLab
    repository: Repository
    temp: Path
    variables: dict[str, str] = field(
        default_factory=lambda: {**SECRETS, "GITLAB_TOKEN": TOKEN, "WXDEPLOY": "wxdeploy @ git+https://example.com/x@y"}
    )

    def run(self, source: str, **more: str) -> dict[str, Ended]:
        """The jobs of a pipeline of this source."""
        facts = {
            "GITLAB_CI": "true",
            "CI_API_V4_URL": f"{self.platform.url}/api/v4",
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
        jobs = {name: self._job(TEMPLATE[name], {**env, "CI_JOB_NAME": name}) for name in JOBS}
        return {name: ended for name, ended in jobs.items() if ended is not None}

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
        artifacts = {"wxdeploy-plan": kept.read_bytes()} if kept.exists() and done.returncode == 0 else {}
        return Ended({"script": done.returncode}, done.stdout + done.stderr, artifacts=artifacts)

    def plan(self) -> Ended:
        return self._one("merge_request_event")

    def apply(self) -> Ended:
        return self._one("push")

    def apply_by_hand(self, *, allow_delete: bool) -> Ended:
        return self._one("web", **({"WX_ALLOW_DELETE": "true"} if allow_delete else {}))

    def look_for_drift(self) -> Ended:
        return self._one("schedule")

    def _one(self, source: str, **more: str) -> Ended:
        (ended,) = self.run(source, **more).values()
        return ended


def _holds(rule: str, env: dict[str, str]) -> bool:
    """A rule of comparisons and ``&&``, as ours are."""
    python = re.sub(r"\$(\w+)", lambda found: repr(env.get(found[1], "")), rule).replace("&&", " and ")
    return bool(eval(python, {"__builtins__": {}}))
