"""The action and the workflow of the example, run as they stand: pull request, fork, merge, by hand, at night."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from cli.shell import REPOSITORY, SECRET, Host, Project
from pipelines.platforms import TOKEN, GitHub
from pipelines.repository import SECRETS, Repository
from pipelines.workflows import Ended, Runner, holds, written
from workflow.drill import Fault, menu

WORKFLOW = yaml.safe_load((REPOSITORY / "wxdeploy" / "cli" / "project" / "github.yaml").read_text("utf-8"))
TITLE = "WeChat: what is live is not what is configured"


@pytest.fixture
def repository(project: Project, host: Host) -> Repository:
    return Repository.at(project, host, menu("旧"))


class Workflow:
    """The workflow of the example, at the moment of an event."""

    def __init__(self, program: Path, github: GitHub, repository: Repository, temp: Path) -> None:
        self.program, self.github, self.repository, self.temp = program, github, repository, temp

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
                "GITHUB_API_URL": self.github.url,
                "GITHUB_REPOSITORY": "shop/menus",
                "GITHUB_EVENT_PATH": written(self.temp / "event.json", told),
                "GITHUB_SHA": self.repository.git("rev-parse", "HEAD"),
                "GITHUB_BASE_REF": "main" if told else "",
                **env,
            },
        )

    def propose(self, change: Any) -> Ended:
        """A pull request with that menu."""
        head = self.repository.commit(change)
        (plan,) = self.run("pull_request").values()
        for name, data in plan.artifacts.items():
            self.github.keep(data, sha=head, name=name)
        self.head = head
        return plan

    def merge(self) -> Ended:
        self.github.merged(self.repository.merge(), self.head)
        (applied,) = self.run("push").values()
        return applied


@pytest.fixture
def workflow(wxdeploy: Path, github: GitHub, repository: Repository, tmp_path: Path) -> Workflow:
    return Workflow(wxdeploy, github, repository, tmp_path / "machine")


def test_a_pull_request_is_planned_and_told_in_a_comment(workflow: Workflow, github: GitHub, host: Host) -> None:
    ended = workflow.propose(menu("新"))
    assert ended.code == 0, ended.log
    assert ended.outputs["changes"] == "true"
    (body,) = github.bodies()
    assert body.startswith("<!-- wxdeploy:plan:shop -->")
    assert body.strip() in ended.summary.replace("\r", "")
    assert "新" in body
    assert json.loads(ended.artifacts["wxdeploy-plan"])["digest"]
    assert host.writes() == []
    assert SECRET not in ended.log + ended.summary + body
    assert TOKEN not in ended.log + ended.summary + body


def test_the_next_commit_changes_the_comment(workflow: Workflow, github: GitHub) -> None:
    workflow.propose(menu("新"))
    workflow.propose(menu("更新"))
    (body,) = github.bodies()
    assert "更新" in body


def test_a_merge_applies_exactly_what_was_reviewed(workflow: Workflow, host: Host) -> None:
    workflow.propose(menu("新"))
    ended = workflow.merge()
    assert ended.code == 0, ended.log
    assert list(ended.steps)[-2:] == ["Hold the plan to what was reviewed", "Apply"]
    assert host.writes() == ["/cgi-bin/menu/create"]
    assert "what was reviewed" in ended.log
    again = workflow.run("push")["apply"]
    assert (again.code, again.outputs["changes"]) == (0, "false")
    assert host.writes() == ["/cgi-bin/menu/create"]


def test_an_account_that_moved_since_the_review_is_left_alone(workflow: Workflow, host: Host) -> None:
    workflow.propose(menu("新"))
    host.live(menu=menu("别人"))
    ended = workflow.merge()
    assert ended.code == 4
    assert "menu default" in ended.log
    assert host.writes() == []
    by_hand = workflow.run("workflow_dispatch", inputs={"allow-delete": False})["apply"]
    assert by_hand.code == 0, by_hand.log
    assert host.writes() == ["/cgi-bin/menu/create"]


def test_an_account_that_cannot_be_planned_keeps_no_other_from_being_applied_to(workflow: Workflow, host: Host) -> None:
    workflow.repository.second()
    workflow.propose(menu("新"))
    host.line.faults.append(Fault("/cgi-bin/menu/get", {"errcode": 48001, "errmsg": "api unauthorized"}))
    ended = workflow.merge()
    assert ended.code == 4, ended.log
    assert "the plan has an error in place of this account" in ended.log
    assert host.writes() == ["/cgi-bin/menu/create"]
    host.line.faults.append(Fault("/cgi-bin/menu/get", {"errcode": 48001, "errmsg": "api unauthorized"}, times=2))
    alone = workflow.run("push")["apply"]
    assert (alone.code, list(alone.steps)[-1]) == (1, "Plan")
    assert workflow.run("push")["apply"].code == 0
    assert host.writes() == ["/cgi-bin/menu/create"] * 2


def test_what_no_pull_request_brought_is_not_applied(workflow: Workflow, host: Host) -> None:
    workflow.repository.commit(menu("新"))
    ended = workflow.run("push")["apply"]
    assert ended.code == 4
    assert "nobody has reviewed it" in ended.log
    assert host.writes() == []


def test_a_deletion_takes_a_decision(workflow: Workflow, host: Host) -> None:
    assert workflow.propose("menu: absent\n").code == 0
    assert workflow.merge().code == 4
    assert host.writes() == []
    by_hand = workflow.run("workflow_dispatch", inputs={"allow-delete": True})["apply"]
    assert by_hand.code == 0, by_hand.log
    assert host.writes() == ["/cgi-bin/menu/delete"]


@pytest.mark.parametrize(
    "facts", [{"fork": True}, {"author": "dependabot[bot]", "secrets": {}}], ids=["fork", "dependabot"]
)
def test_without_secrets_files_are_compared_and_no_account_is_asked(
    workflow: Workflow, github: GitHub, host: Host, facts: dict[str, Any]
) -> None:
    workflow.repository.commit(menu("新"))
    ended = workflow.run("pull_request", **facts)["plan"]
    assert ended.code == 0, ended.log
    assert ended.outputs["changes"] == "true"
    assert "compares files" in ended.log
    assert "### wxdeploy diff" in ended.summary
    assert "新" in ended.summary
    assert host.store.calls() == []
    assert ended.artifacts == {}
    assert len(github.comments) == (0 if facts.get("fork") else 1)


def test_a_fork_s_plan_is_never_applied(workflow: Workflow, github: GitHub, host: Host) -> None:
    head = workflow.repository.commit(menu("新"))
    workflow.head = head
    plan = workflow.run("pull_request", fork=True)["plan"]
    assert plan.artifacts == {}
    # Whoever has a fork can make its workflow keep anything at all.
    github.keep(b"{}", sha=head, run={"head_repository_id": 2})
    assert workflow.merge().code == 4
    assert host.writes() == []


def test_mistakes_are_annotated_and_told_in_the_comment(workflow: Workflow, github: GitHub, host: Host) -> None:
    workflow.propose(menu("新"))
    ended = workflow.propose(menu("一个太长的名字太长了"))
    assert ended.code == 3
    assert "::error file=menu.yaml,line=1," in ended.log
    assert "It could not be planned" in github.bodies()[0]
    assert ended.artifacts == {}


def test_an_account_that_cannot_be_planned_is_told_too(workflow: Workflow, github: GitHub) -> None:
    workflow.repository.commit(menu("新"))
    ended = workflow.run("pull_request", secrets={})["plan"]
    assert ended.code in (1, 3), ended.log
    assert "WX&#95;PROD&#95;SECRET is empty" in github.bodies()[0]


def test_drift_keeps_one_issue(workflow: Workflow, github: GitHub, host: Host) -> None:
    assert workflow.run("schedule")["drift"].code == 0
    assert github.issues == []
    host.live(menu=menu("别人"))
    for _ in range(2):
        ended = workflow.run("schedule")["drift"]
        assert (ended.code, ended.outputs["changes"]) == (0, "true")
    (issue,) = github.issues
    assert issue["title"] == TITLE
    assert "别人" in issue["body"]
    host.live(menu=menu("又"))
    workflow.run("schedule")
    assert "又" in issue["body"]
    host.live(menu=menu("旧"))
    workflow.run("schedule")
    assert [each["state"] for each in github.issues] == ["closed"]
    assert host.writes() == []


def test_each_event_runs_one_job() -> None:
    for event, jobs in {
        "pull_request": ["plan"],
        "push": ["apply"],
        "workflow_dispatch": ["apply"],
        "schedule": ["drift"],
        "issue_comment": [],
    }.items():
        contexts = {"github": {"event_name": event, "ref": "refs/heads/main"}}
        assert [name for name, job in WORKFLOW["jobs"].items() if holds(job["if"], contexts, failed=False)] == jobs
    elsewhere = {"github": {"event_name": "workflow_dispatch", "ref": "refs/heads/change"}}
    assert not holds(WORKFLOW["jobs"]["apply"]["if"], elsewhere, failed=False)


@pytest.mark.parametrize(
    ("event", "command"),
    [("pull_request_target", "plan"), ("workflow_run", "apply"), ("pull_request", "apply"), ("push", "destroy")],
)
def test_what_would_be_dangerous_is_refused_at_once(
    workflow: Workflow, host: Host, github: GitHub, event: str, command: str
) -> None:
    workflow.repository.commit(menu("新"))
    ended = workflow.runner(event).action({"command": command}, SECRETS)
    assert ended.code == 64
    assert "::error title=wxdeploy::" in ended.log
    assert host.store.calls() == []
    assert github.asked == []


def test_a_plan_of_an_earlier_job_is_applied_as_it_is(workflow: Workflow, repository: Repository, host: Host) -> None:
    repository.commit(menu("新"))
    runner = workflow.runner("push")
    plan = runner.action({"command": "plan"}, SECRETS).outputs["plan"]
    kept = repository.root.parent / "plan.json"
    kept.write_bytes(Path(plan).read_bytes())
    given = {"command": "apply", "plan": str(kept), "reviewed": "false"}
    host.live(menu=menu("别人"))
    stale = runner.action(given, SECRETS)
    assert stale.code == 4, stale.log
    assert host.writes() == []
    host.live(menu=menu("旧"))
    assert runner.action(given, SECRETS).code == 0
    assert host.writes() == ["/cgi-bin/menu/create"]


@pytest.mark.parametrize(
    "text", ['shop"; touch owned; "', "$(touch owned)", "`touch owned`", "shop\nx'; touch owned #"]
)
def test_nothing_that_is_given_becomes_part_of_a_script(
    workflow: Workflow, repository: Repository, github: GitHub, text: str
) -> None:
    repository.commit(menu("新"))
    runner = workflow.runner("pull_request", GITHUB_BASE_REF=text)
    ended = runner.action({"accounts": text, "artifact": text, "issue": text}, SECRETS)
    assert ended.code == 64
    assert "touch owned" in ended.log
    ended = runner.action({"command": "drift", "issue": text, "accounts": "sh*\n\n"}, SECRETS)
    assert ended.code == 0, ended.log
    assert github.issues[0]["title"] == text
    assert list(repository.root.rglob("owned")) + list(runner.temp.rglob("owned")) == []


def test_a_project_in_a_folder_is_planned_there(workflow: Workflow, repository: Repository, github: GitHub) -> None:
    shop = repository.root / "shop"
    shop.mkdir()
    for name in ("wxdeploy.yaml", "menu.yaml"):
        repository.git("mv", name, f"shop/{name}")
    (shop / "menu.yaml").write_text(json.dumps({"menu": menu("一个太长的名字太长了")}), "utf-8")
    ended = workflow.runner("pull_request").action({"working-directory": "shop"}, SECRETS)
    assert ended.code == 3
    assert "::error file=shop/menu.yaml,line=1," in ended.log
    assert len(github.comments) == 1
