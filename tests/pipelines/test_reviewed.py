"""What was reviewed is what is applied: the plan of the merged pull request, compared and never trusted."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from cli.shell import Project, Ran, account
from pipelines.platforms import TOKEN, GitHub, GitLab
from pipelines.repository import SECOND
from workflow.drill import APPID, menu

from wxdeploy.workflow.review import told_of

Run = Callable[..., Ran]


@pytest.fixture(params=["on_github", "on_gitlab"])
def platform(request: pytest.FixtureRequest) -> GitHub | GitLab:
    found: GitHub | GitLab = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def kept(platform: GitHub | GitLab, project: Project, run: Run) -> bytes:
    """The plan that the pull request kept; it was merged as the commit ``merged``."""
    project.want(menu("一"))
    assert run("plan", "--out", "plan.json").code == 0
    data = (project.root / "plan.json").read_bytes()
    platform.merged("merged")
    platform.keep(data)
    return data


def test_the_same_plan_is_let_through_and_applied(
    platform: GitHub | GitLab, kept: bytes, project: Project, run: Run
) -> None:
    assert run("plan", "--out", "fresh.json").code == 0
    ran = run("reviewed", "fresh.json")
    assert (ran.code, ran.err) == (0, "This is what was reviewed.\n")
    assert run("apply", "fresh.json").code == 0
    assert platform.writes() == []


def test_what_was_merged_besides_is_refused(platform: GitHub | GitLab, kept: bytes, project: Project, run: Run) -> None:
    project.want(menu("二"))
    run("plan", "--out", "fresh.json")
    ran = run("reviewed", "fresh.json")
    assert ran.code == 4
    assert "shop: menu default" in ran.err


def test_what_has_changed_in_the_account_since_is_refused(
    platform: GitHub | GitLab, kept: bytes, project: Project, run: Run
) -> None:
    project.live(menu=menu("别人"))
    run("plan", "--out", "fresh.json")
    assert run("reviewed", "fresh.json").code == 4


def test_where_nothing_is_to_be_done_nothing_had_to_be_reviewed(
    platform: GitHub | GitLab, project: Project, run: Run
) -> None:
    project.want(menu("一"))
    assert run("apply", "--yes").code == 0
    run("plan", "--out", "fresh.json")
    assert run("reviewed", "fresh.json").code == 0
    assert platform.asked == []


def test_a_forged_plan_lets_nothing_through_but_what_was_merged(
    platform: GitHub | GitLab, kept: bytes, project: Project, run: Run
) -> None:
    """Whoever pushes a branch decides what its pipeline keeps: at worst nothing is applied."""
    forged = json.loads(kept)
    forged["accounts"][0]["operations"][0]["body"] = menu("赌场")
    platform.keep(json.dumps(forged).encode())
    run("plan", "--out", "fresh.json")
    ran = run("reviewed", "fresh.json")
    assert ran.code == 4
    assert "the calls" in ran.err
    assert project.writes() == []


NO_PLANS = (
    b"",
    b"{}",
    b"nonsense",
    b'{"format": "wxdeploy.plan/1", "accounts": [1]}',
    b'{"format": "wxdeploy.plan/1", "accounts": []}',  # as the beginning of a plan that somebody cut
)


@pytest.mark.parametrize("data", NO_PLANS)
def test_what_is_no_plan_is_refused_in_words(platform: GitHub | GitLab, kept: bytes, run: Run, data: bytes) -> None:
    platform.keep(data)
    run("plan", "--out", "fresh.json")
    assert run("reviewed", "fresh.json").code == 4


@pytest.mark.parametrize("command", [("reviewed",), ("comment",), ("comment", "--issue", "drift")])
@pytest.mark.parametrize("data", NO_PLANS)
def test_a_file_that_is_no_plan_is_refused_in_words(
    platform: GitHub | GitLab, project: Project, run: Run, command: tuple[str, ...], data: bytes
) -> None:
    project.write("broken.json", data)
    ran = run(*command, "broken.json")
    assert ran.code == 4
    assert "broken.json is no plan" in ran.err
    assert platform.writes() == []


def test_an_artefact_that_is_no_archive_is_refused(on_github: GitHub, project: Project, run: Run) -> None:
    project.want(menu("一"))
    run("plan", "--out", "fresh.json")
    on_github.merged("merged")
    on_github.keep(b"")
    on_github.files[1] = b"PK nonsense"
    assert run("reviewed", "fresh.json").code == 4


def refused(run: Run) -> str:
    assert run("plan", "--out", "fresh.json").code == 0
    ran = run("reviewed", "fresh.json")
    assert ran.code == 4
    assert "by hand" in ran.err
    return ran.err


def test_a_commit_without_a_pull_request_is_refused(platform: GitHub | GitLab, project: Project, run: Run) -> None:
    project.want(menu("一"))
    platform.merged("another")
    assert "nobody has reviewed it" in refused(run)


def test_a_plan_of_an_earlier_commit_is_refused(platform: GitHub | GitLab, project: Project, run: Run) -> None:
    project.want(menu("一"))
    platform.merged("merged", "head")
    platform.keep(b"{}", sha="before")
    platform.keep(b"{}", name="another")
    assert "nobody has reviewed what it does" in refused(run)


def test_a_fork_s_plan_is_not_even_looked_at(on_github: GitHub, project: Project, run: Run) -> None:
    project.want(menu("一"))
    on_github.merged("merged")
    on_github.keep(b"{}", run={"head_repository_id": 2})
    on_github.keep(b"{}", expired=True)
    on_github.keep(b"{}", workflow_run=None)  # as the API says of a run that is gone
    assert "nobody has reviewed what it does" in refused(run)
    assert on_github.tokens_elsewhere == []


def test_a_fork_s_pipeline_is_not_even_looked_at(on_gitlab: GitLab, project: Project, run: Run) -> None:
    project.want(menu("一"))
    on_gitlab.merged("merged")
    on_gitlab.keep(b"{}", project=4)
    assert "nobody has reviewed what it does" in refused(run)
    assert not any("artifacts" in line for line in on_gitlab.asked)


def test_the_newest_plan_of_many_is_the_one(platform: GitHub | GitLab, kept: bytes, run: Run) -> None:
    platform.largest_page = 2
    for _ in range(4):
        platform.keep(b"{}")
    platform.keep(kept)
    run("plan", "--out", "fresh.json")
    assert run("reviewed", "fresh.json").code == 0


def test_the_token_goes_to_the_platform_alone(platform: GitHub | GitLab, kept: bytes, run: Run) -> None:
    run("plan", "--out", "fresh.json")
    assert run("reviewed", "fresh.json").code == 0
    assert platform.tokens_elsewhere == [""]
    assert TOKEN not in "".join(platform.asked)


@pytest.fixture
def two(platform: GitHub | GitLab, project: Project, run: Run) -> Project:
    """Two accounts whose plans were reviewed, and of which the second was changed by hand since."""
    project.accounts(account("shop", appid=APPID), account("second", appid=SECOND))
    project.want(menu("一"))
    assert run("plan", "--out", "plan.json").code == 0
    platform.merged("merged")
    platform.keep((project.root / "plan.json").read_bytes())
    project.live(SECOND, menu=menu("别人"))
    assert run("plan", "--out", "fresh.json").code == 0
    return project


def test_the_part_that_was_reviewed_can_be_applied_without_the_rest(two: Project, run: Run) -> None:
    ran = run("reviewed", "fresh.json", "--out", "reviewed.json")
    assert ran.code == 4
    assert "second: menu default" in ran.err
    assert "shop" not in ran.err
    applied = run("apply", "reviewed.json", "--format", "json")
    assert applied.code == 4
    assert [(each["account"], each["status"]) for each in applied.json["accounts"]] == [
        ("shop", "applied"),
        ("second", "refused"),
    ]
    assert "not what was reviewed: menu default" in applied.json["accounts"][1]["error"]["message"]
    assert [call.appid for call in two.store.calls() if call.path == "/cgi-bin/menu/create"] == [APPID]


def test_without_out_nothing_is_left_to_apply(two: Project, run: Run) -> None:
    assert run("reviewed", "fresh.json").code == 4
    assert not (two.root / "reviewed.json").exists()
    assert two.writes() == []


def test_a_plan_that_is_as_reviewed_is_kept_as_it_is(kept: bytes, project: Project, run: Run) -> None:
    run("plan", "--out", "fresh.json")
    assert run("reviewed", "fresh.json", "--out", "reviewed.json").code == 0
    assert (project.root / "reviewed.json").read_bytes() == (project.root / "fresh.json").read_bytes()


def test_what_nobody_reviewed_leaves_no_earlier_plan_in_the_file(
    platform: GitHub | GitLab, kept: bytes, project: Project, run: Run
) -> None:
    run("plan", "--out", "fresh.json")
    assert run("reviewed", "fresh.json", "--out", "reviewed.json").code == 0
    platform.keep(b"nonsense")
    assert run("reviewed", "fresh.json", "--out", "reviewed.json").code == 4
    ran = run("apply", "reviewed.json")
    assert ran.code == 4
    assert "reviewed.json holds no plan, but why there is none" in ran.err
    assert project.writes() == []


def test_a_file_that_is_no_plan_is_not_overwritten(kept: bytes, project: Project, run: Run) -> None:
    run("plan", "--out", "fresh.json")
    ran = run("reviewed", "fresh.json", "--out", "menu.yaml")
    assert ran.code == 4
    assert "menu.yaml is there and is no plan" in ran.err
    assert "一" in (project.root / "menu.yaml").read_text("utf-8")


def test_a_plan_in_the_way_that_is_not_replaced_is_not_applied_either(
    platform: GitHub | GitLab, project: Project, run: Run
) -> None:
    """A pipeline goes on after code 4, and its checkout may hold a file of that name that somebody made up."""
    project.want(menu("一"))
    run("plan", "--out", "fresh.json")
    forged = project.root / "reviewed.json"
    forged.write_bytes(b"\n" * 200 + (project.root / "fresh.json").read_bytes())
    assert run("reviewed", "fresh.json", "--out", "reviewed.json").code == 4
    ran = run("apply", "reviewed.json")
    assert ran.code == 4
    assert "reviewed.json is no plan" in ran.err
    assert project.writes() == []


def test_of_many_accounts_some_are_named_and_all_are_counted() -> None:
    assert told_of({f"shop-{number}": "the calls" for number in range(25)}).endswith(
        "shop-19: the calls; and 5 more accounts"
    )
