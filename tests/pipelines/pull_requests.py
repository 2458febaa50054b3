"""Pull requests on GitHub, and what the workflow of the example runs for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from cli.shell import REPOSITORY
from pipelines.platforms import TOKEN, GitHub
from pipelines.repository import SECRETS, Repository
from pipelines.reviews import Ended, Review
from pipelines.workflows import Runner, written

WORKFLOW = yaml.safe_load((REPOSITORY / "wxdeploy" / "cli" / "project" / "github.yaml").read_text("utf-8"))


class Workflow(Review):
    """The workflow of the example, for pull request 5."""

    def __init__(self, program: Path, github: GitHub, repository: Repository, temp: Path) -> None:
        self.program, self.platform, self.repository, self.temp = program, github, repository, temp

    def run(self, event: str, *, inputs: dict[str, Any] | None = None, **facts: Any) -> dict[str, Ended]:
        """What each of its jobs did that runs on this event."""
        runner = self.runner(event, **facts)
        runner.inputs = inputs or {}
        jobs = {name: runner.job(WORKFLOW, name) for name in WORKFLOW["jobs"]}
        return {name: ended for name, ended in jobs.items() if ended is not None}

    def runner(
        self, event: str, *, fork: bool = False, author: str = "li", secrets: dict[str, str] | None = None, **env: str
    ) -> Runner:
        head = "mallory/menus" if fork else "shop/menus"
        pull = {"number": 5, "head": {"repo": {"full_name": head}}, "user": {"login": author}}
        told = {"pull_request": pull} if event.startswith("pull_request") else {}
        self.temp.mkdir(exist_ok=True)
        github = {
            "event_name": event,
            "event": told,
            "repository": "shop/menus",
            "token": TOKEN,
            "ref": "refs/pull/5/merge" if told else "refs/heads/main",
        }
        return Runner(
            program=self.program,
            folder=self.repository.root,
            temp=self.temp / "runner",
            github=github,
            secrets=SECRETS if secrets is None and not fork else secrets or {},
            env={
                "GITHUB_ACTIONS": "true",
                "GITHUB_API_URL": self.platform.url,
                "GITHUB_REPOSITORY": "shop/menus",
                "GITHUB_EVENT_PATH": written(self.temp / "event.json", told),
                "GITHUB_SHA": self.repository.git("rev-parse", "HEAD"),
                "GITHUB_BASE_REF": "main" if told else "",
                **env,
            },
        )

    def plan(self) -> Ended:
        return self.run("pull_request")["plan"]

    def apply(self) -> Ended:
        return self.run("push")["apply"]

    def apply_by_hand(self, *, allow_delete: bool) -> Ended:
        return self.run("workflow_dispatch", inputs={"allow-delete": allow_delete})["apply"]

    def look_for_drift(self) -> Ended:
        return self.run("schedule")["drift"]
