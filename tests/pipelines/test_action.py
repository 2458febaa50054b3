"""The action and the workflow of the example, run as they stand: what GitHub alone has, and what people may give them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli.shell import Host
from pipelines.platforms import GitHub
from pipelines.pull_requests import WORKFLOW, Workflow
from pipelines.repository import SECRETS, Repository
from pipelines.workflows import holds
from workflow.drill import menu


def test_a_plan_is_an_artifact_a_comment_a_summary_and_an_output(workflow: Workflow, github: GitHub) -> None:
    ended = workflow.propose(menu("新"))
    assert ended.outputs["changes"] == "true"
    (body,) = github.bodies()
    assert body.startswith("<!-- wxdeploy:plan:shop -->")
    assert body.strip() in ended.summary.replace("\r", "")
    assert json.loads(ended.artifacts["wxdeploy-plan"])["digest"]
    applied = workflow.merge()
    assert list(applied.steps)[-2:] == ["Hold the plan to what was reviewed", "Apply"]
    assert workflow.apply().outputs["changes"] == "false"


def test_the_next_commit_changes_the_comment(workflow: Workflow, github: GitHub) -> None:
    workflow.propose(menu("新"))
    workflow.propose(menu("更新"))
    (body,) = github.bodies()
    assert "更新" in body


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
    head = workflow.head = workflow.repository.commit(menu("新"))
    plan = workflow.run("pull_request", fork=True)["plan"]
    assert plan.artifacts == {}
    # Whoever has a fork can make its workflow keep anything at all.
    github.keep(b"{}", sha=head, run={"head_repository_id": 2})
    assert workflow.merge().code == 4
    assert host.writes() == []


def test_mistakes_are_annotated(workflow: Workflow) -> None:
    assert "::error file=menu.yaml,line=1," in workflow.propose(menu("一个太长的名字太长了")).log


def test_an_account_that_cannot_be_planned_is_told_too(workflow: Workflow, github: GitHub) -> None:
    workflow.repository.commit(menu("新"))
    ended = workflow.run("pull_request", secrets={})["plan"]
    assert ended.code in (1, 3), ended.log
    assert "WX&#95;PROD&#95;SECRET is empty" in github.bodies()[0]


def test_the_issue_of_drift_says_what_is_live(workflow: Workflow, github: GitHub, host: Host) -> None:
    for live in ("别人", "又"):
        host.live(menu=menu(live))
        ended = workflow.look_for_drift()
        assert (ended.code, ended.outputs["changes"]) == (0, "true")
        (issue,) = github.issues
        assert live in issue["body"]


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
