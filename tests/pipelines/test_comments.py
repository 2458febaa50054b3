"""A plan in comments and in an issue: found again, changed in place, cut, refused; on both platforms alike."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from cli.shell import Project, Ran, account
from pipelines.platforms import BOT, LONGEST, PERSON, TOKEN, GitHub, GitLab, Platform
from review.comments import is_harmless
from starlette.responses import JSONResponse, Response
from workflow.drill import menu

from wxdeploy.client.forge import rest

Run = Callable[..., Ran]


@pytest.fixture(params=["on_github", "on_gitlab"])
def platform(request: pytest.FixtureRequest) -> Platform:
    found: Platform = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were asked for, of which none takes any time."""
    asked: list[float] = []
    monkeypatch.setattr(rest.Rest.__init__, "__kwdefaults__", {"wait": asked.append})
    return asked


@pytest.fixture
def planned(project: Project, run: Run) -> Callable[[str], None]:
    """Writes ``plan.json`` for a menu with one button of that name."""

    def plan(name: str) -> None:
        project.want(menu(name))
        assert run("plan", "--out", "plan.json").code == 0

    return plan


def accounts(project: Project, number: int) -> None:
    project.accounts(*(account(f"shop-{n:02}", appid=f"wx{n:016x}") for n in range(1, number + 1)))


def test_a_comment_is_made_once_and_changed_in_place(platform: Platform, planned: Any, run: Run) -> None:
    planned("一")
    ran = run("comment", "plan.json")
    assert ran.code == 0
    assert "commented" in ran.err
    (body,) = platform.bodies()
    assert body.startswith("<!-- wxdeploy:plan:shop -->\n")
    assert "一" in body
    assert run("comment", "plan.json").err == ""
    planned("二")
    assert "in place" in run("comment", "plan.json").err
    (body,) = platform.bodies()
    assert "二" in body
    assert len(platform.writes()) == 2


def test_it_is_found_on_whatever_page_it_stands(platform: Platform, planned: Any, run: Run) -> None:
    planned("一")
    platform.largest_page = 7
    platform.comments += [
        {"id": n, "body": "nice", "user": PERSON, "author": PERSON, "system": False} for n in range(20)
    ]
    run("comment", "plan.json")
    assert len(platform.comments) == 21
    planned("二")
    run("comment", "plan.json")
    assert len(platform.comments) == 21
    assert "二" in platform.comments[-1]["body"]


def test_a_list_that_goes_on_elsewhere_takes_no_token_there(
    platform: Platform, planned: Any, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(httpx.Response, "links", {"next": {"url": f"{platform.blobs}/next"}})
    planned("一")
    ran = run("comment", "plan.json")
    assert ran.code == 1
    assert "a list goes on at another host" in ran.err


def test_what_another_wrote_is_never_changed(platform: Platform, planned: Any, run: Run) -> None:
    planned("一")
    forged = {"id": 1, "body": "<!-- wxdeploy:plan:shop -->\nAll fine!", "user": PERSON, "author": PERSON}
    platform.comments.append({**forged, "system": False})
    platform.issues.append({**forged, "number": 1, "iid": 1, "state": "open", "description": forged["body"]})
    run("comment", "plan.json")
    assert platform.bodies()[0] == forged["body"]
    assert len(platform.comments) == 2


def test_a_person_s_token_finds_what_the_person_wrote(on_github: GitHub, planned: Any, run: Run) -> None:
    on_github.me = PERSON
    planned("一")
    on_github.comments.append({"id": 1, "body": "<!-- wxdeploy:plan:shop -->\nold", "user": BOT})
    run("comment", "plan.json")
    planned("二")
    run("comment", "plan.json")
    assert [each["user"]["login"] for each in on_github.comments] == [BOT["login"], PERSON["login"]]


def test_an_account_without_changes_gets_no_comment_but_loses_none(
    platform: Platform, project: Project, planned: Any, run: Run
) -> None:
    accounts(project, 2)
    planned("一")
    run("comment", "plan.json")
    assert [body.partition("\n")[0] for body in platform.bodies()] == [
        "<!-- wxdeploy:plan:shop-01 -->",
        "<!-- wxdeploy:plan:shop-02 -->",
        "<!-- wxdeploy:plan -->",
    ]
    assert run("apply", "--yes", "--account", "shop-01").code == 0
    platform.comments.pop(1)
    assert run("apply", "--yes", "--account", "shop-02").code == 0
    planned("一")
    run("comment", "plan.json")
    first, last = platform.bodies()
    assert "No changes" in first
    assert last.startswith("<!-- wxdeploy:plan -->")


def test_many_accounts_do_not_make_many_comments(platform: Platform, project: Project, planned: Any, run: Run) -> None:
    accounts(project, 30)
    planned("一")
    run("comment", "plan.json")
    (body,) = platform.bodies()
    assert body.strip() == run("plan", "--format", "markdown").out.strip()
    assert all(f"<code>shop-{n:02}</code>" in body for n in range(1, 31))
    planned("二")
    run("comment", "plan.json")
    (body,) = platform.bodies()
    assert "一" not in body
    assert len(body) < LONGEST


def test_comments_of_few_accounts_lead_to_that_of_many_once_there_are(
    platform: Platform, project: Project, planned: Any, run: Run
) -> None:
    accounts(project, 2)
    planned("一")
    run("comment", "plan.json")
    accounts(project, 12)
    planned("二")
    run("comment", "plan.json")
    first, second, last = platform.bodies()
    assert {first.partition("\n")[2], second.partition("\n")[2]} == {"Told in the comment on all 12 accounts.\n"}
    assert last.startswith("<!-- wxdeploy:plan -->\n### wxdeploy plan: 12 accounts\n")
    accounts(project, 2)
    planned("三")
    run("comment", "plan.json")
    assert ["三" in body for body in platform.bodies()] == [True, True, False]
    assert "**2 accounts.**" in platform.bodies()[2]


def test_jobs_that_share_the_accounts_do_not_change_each_other_s_comment(
    platform: Platform, project: Project, planned: Any, run: Run
) -> None:
    accounts(project, 24)
    planned("一")
    for name, glob in (("first", "shop-0*"), ("others", "shop-[12]*"), ("first", "shop-0*")):
        assert run("plan", "--account", glob, "--out", "plan.json").code == 0
        run("comment", "plan.json", "--name", name)
    assert len(platform.writes()) == len(platform.bodies())
    assert platform.bodies()[-1].startswith("<!-- wxdeploy:plan/others -->\n### wxdeploy plan: 15 accounts\n")


def test_an_issue_tells_of_many_accounts_together(platform: Platform, project: Project, planned: Any, run: Run) -> None:
    accounts(project, 12)
    planned("一")
    run("comment", "plan.json", "--issue", "drift")
    (issue,) = platform.issues
    assert "### wxdeploy plan: 12 accounts" in (issue.get("description") or issue["body"])


def test_a_comparison_is_commented_too(platform: Platform, project: Project, run: Run) -> None:
    from wxdeploy.model.plan import Plan
    from wxdeploy.model.planjson import to_json

    document = to_json(Plan(()), version="0") | {"against": {"revision": "a" * 40, "name": "main"}}
    project.write("diff.json", json.dumps(document))
    assert run("comment", "diff.json").code == 0
    assert platform.bodies() == []


def test_a_plan_that_failed_is_told_and_cut(platform: Platform, project: Project, run: Run) -> None:
    project.want({"button": [{"type": "click", "name": "长" * 50, "key": "K"}]})
    assert run("plan", "--out", "plan.json").code == 3
    document = json.loads((project.root / "plan.json").read_text("utf-8"))
    document["accounts"][0]["error"]["findings"] *= 500
    project.write("plan.json", json.dumps(document))
    assert run("comment", "plan.json").code == 0
    (body,) = platform.bodies()
    assert LONGEST - 1000 < len(body) < LONGEST
    assert body.endswith("Cut here: a comment may not be longer. `wxdeploy plan` prints all of it.\n")


@pytest.mark.parametrize("arguments", [("--issue", "drift", "--name", "shops"), ("--issue", " ")], ids=" ".join)
def test_an_issue_has_a_title_and_no_name_besides(
    platform: Platform, planned: Any, run: Run, arguments: tuple[str, ...]
) -> None:
    planned("一")
    assert run("comment", "plan.json", *arguments).code == 64
    assert platform.asked == []


def test_one_issue_is_opened_changed_and_closed(platform: Platform, planned: Any, run: Run) -> None:
    line = ("comment", "plan.json", "--issue", "WeChat: drift")
    planned("一")
    assert "opened" in run(*line).err
    assert run(*line).err == ""
    planned("二")
    assert "changed the issue" in run(*line).err
    (issue,) = platform.issues
    text = issue.get("description") or issue["body"]
    assert issue["title"] == "WeChat: drift"
    assert "二" in text
    assert "一" not in text
    assert run("apply", "--yes").code == 0
    planned("二")
    assert "closed" in run(*line).err
    assert issue["state"] == "closed"
    assert run(*line).err == ""
    planned("三")
    run(*line)
    assert platform.issues[0]["state"] == "closed"
    assert len(platform.issues) == 2


def test_a_plan_that_failed_closes_no_issue(platform: Platform, planned: Any, project: Project, run: Run) -> None:
    planned("一")
    run("comment", "plan.json", "--issue", "drift")
    project.want("menu: {button: []}\n")
    assert run("plan", "--out", "plan.json").code == 3
    run("comment", "plan.json", "--issue", "drift")
    assert [each["state"] for each in platform.issues] in (["open"], ["opened"])


def test_hostile_names_stay_text(platform: Platform, project: Project, planned: Any, run: Run) -> None:
    planned("@all <!-- x")
    run("comment", "plan.json")
    (body,) = platform.bodies()
    assert is_harmless(body)


@pytest.mark.parametrize(
    ("status", "fix"),
    [(401, "has not run out"), (403, "permission"), (404, "may read it"), (422, "platform says"), (500, "later")],
)
def test_a_refusal_is_told_in_words_without_the_token(
    platform: Platform, planned: Any, run: Run, waits: list[float], status: int, fix: str
) -> None:
    planned("一")
    # GitHub's token of a job can't ask who it is: that answer is no failure.
    first = [JSONResponse({"message": "who?"}, 403)] if isinstance(platform, GitHub) else [JSONResponse(BOT)]
    platform.refusals = [*first, *(JSONResponse({"message": "no \x1b[31mway"}, status) for _ in range(4))]
    ran = run("comment", "plan.json")
    assert ran.code == 1
    assert fix in ran.err
    assert TOKEN not in ran.out + ran.err
    assert "\x1b" not in ran.err
    assert platform.writes() == []


@pytest.mark.parametrize("data", [b"{}", b"[]", b"[1]", b'["a"]', b'"a"', b"null", b"", b"<html>", b"[" * 100_000])
@pytest.mark.parametrize("asked_before", [0, 1])
def test_an_answer_that_is_none_is_told_in_words(
    platform: Platform, planned: Any, run: Run, waits: list[float], data: bytes, asked_before: int
) -> None:
    planned("一")
    platform.refusals = [*[JSONResponse(BOT)] * asked_before, *[Response(data)] * 4]
    ran = run("comment", "plan.json")
    nothing = asked_before and data == b"[]"
    assert (ran.code, "see who answers for the API" in ran.err) == ((0, False) if nothing else (1, True))
    assert len(platform.writes()) == (1 if nothing else 0)


def test_an_answer_without_end_is_given_up_on(
    platform: Platform, planned: Any, run: Run, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    planned("一")
    monkeypatch.setattr(rest, "MAX_BYTES", 1000)
    platform.refusals = [JSONResponse(BOT), Response(b" " * 1001)]
    ran = run("comment", "plan.json")
    assert ran.code == 1
    assert "more than 1000 bytes" in ran.err


def test_whoever_is_told_to_wait_waits_a_bounded_time(
    platform: Platform, planned: Any, run: Run, waits: list[float]
) -> None:
    planned("一")
    first = [JSONResponse({"message": "who?"}, 403)] if isinstance(platform, GitHub) else [JSONResponse(BOT)]
    platform.refusals = [
        *first,
        JSONResponse({}, 429, {"retry-after": "3"}),
        JSONResponse({}, 403, {"retry-after": "9999"}),
    ]
    assert run("comment", "plan.json").code == 0
    assert waits == [3.0, 60.0]
    assert len(platform.comments) == 1


def test_a_comment_whose_answer_is_a_failure_is_not_sent_again(
    platform: Platform, planned: Any, run: Run, waits: list[float]
) -> None:
    planned("一")
    run("comment", "plan.json")
    planned("二")
    platform.refusals = []
    asked = len(platform.asked)
    original = platform.refused

    def failing(request: Any, token: str | None) -> Any:
        original(request, token)
        return (
            JSONResponse({}, 502) if request.method != "GET" else None if token == TOKEN else original(request, token)
        )

    platform.refused = failing  # type: ignore[method-assign]
    assert run("comment", "plan.json").code == 1
    assert sum(not line.startswith("GET ") for line in platform.asked[asked:]) == 1


@pytest.mark.parametrize("name", ["GITHUB_TOKEN", "GITHUB_REPOSITORY", "GITHUB_EVENT_PATH", "GITHUB_ACTIONS"])
def test_what_the_workflow_does_not_tell_is_asked_for(
    on_github: GitHub, planned: Any, run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    planned("一")
    monkeypatch.delenv(name)
    ran = run("comment", "plan.json")
    assert ran.code == 64
    assert name in ran.err
    assert on_github.writes() == []


@pytest.mark.parametrize(
    "name", ["GITLAB_TOKEN", "CI_API_V4_URL", "CI_PROJECT_ID", "CI_MERGE_REQUEST_IID", "GITLAB_CI"]
)
def test_what_the_pipeline_does_not_tell_is_asked_for(
    on_gitlab: GitLab, planned: Any, run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    planned("一")
    monkeypatch.delenv(name)
    ran = run("comment", "plan.json")
    assert ran.code == 64
    assert name in ran.err or "merge request" in ran.err


@pytest.mark.parametrize("base", ["http://api.example.com", "ftp://127.0.0.1", "nonsense", "http://[", ""])
def test_the_token_is_sent_to_no_unencrypted_address(
    on_github: GitHub, planned: Any, run: Run, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    planned("一")
    monkeypatch.setenv("GITHUB_API_URL", base or "http://192.0.2.1")
    ran = run("comment", "plan.json")
    assert ran.code == 64
    assert TOKEN not in ran.err


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", "no", '{"format": "wxdeploy.plan/1"}', '{"format": "wxdeploy.plan/2"}', "[" * 9999]
)
def test_a_file_that_is_no_plan_is_refused(platform: Platform, project: Project, run: Run, content: str) -> None:
    project.write("plan.json", content)
    ran = run("comment", "plan.json")
    assert ran.code == 4
    assert platform.asked == []
    assert run("comment", str(Path("nowhere.json"))).code == 64
