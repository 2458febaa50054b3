"""The template for GitLab, its scripts run as they stand: what it alone has, a report of code quality and what it installs."""

from __future__ import annotations

import pytest
from cli.shell import Host, account
from pipelines.merge_requests import Pipeline
from pipelines.platforms import GitLab
from workflow.drill import menu


def test_a_plan_leaves_an_empty_report_and_installs_what_was_said(pipeline: Pipeline) -> None:
    pipeline.propose(menu("新"))
    assert (pipeline.repository.root / "gl-code-quality-report.json").read_text("utf-8") == "[]\n"
    assert (pipeline.temp / "installed").read_text("utf-8").splitlines()[0].endswith(pipeline.variables["WXDEPLOY"])


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
    assert plan.artifacts == {}


def test_mistakes_are_in_the_report(pipeline: Pipeline) -> None:
    pipeline.propose(menu("一个太长的名字太长了"))
    report = (pipeline.repository.root / "gl-code-quality-report.json").read_text("utf-8")
    assert '"check_name": "WX220"' in report


def test_what_is_to_be_installed_has_to_be_said(pipeline: Pipeline) -> None:
    (plan,) = pipeline.run("merge_request_event", WXDEPLOY="").values()
    assert plan.code == 64
    assert "in the variable WXDEPLOY" in plan.log


def test_the_comment_of_many_accounts_is_the_job_s_own(pipeline: Pipeline, gitlab: GitLab, host: Host) -> None:
    shops = (
        account(f"shop-{number}", appid=f"wx{number:016x}", api=host.url, secret="${env:WX_PROD_SECRET}")
        for number in range(1, 11)
    )
    pipeline.repository.project.accounts(*shops)
    assert pipeline.propose(menu("新")).code == 1, "the host knows two of them"
    (body,) = gitlab.bodies()
    assert body.startswith("<!-- wxdeploy:plan/wxdeploy-plan -->\n")
