"""--canary, --on-error, --max-failures: what the operator sees, and by which code a pipeline knows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cli.shell import Project, Ran, account
from workflow.drill import menu

Run = Callable[..., Ran]


@pytest.fixture
def three(project: Project) -> Project:
    """``console`` is refused, since its menu was made in the web console; ``new`` has none; ``done`` is as wanted."""
    project.want(menu("一"))
    project.live("wx000000000000000a", menu=menu("一"))
    project.live("wx000000000000000b", console_menu=menu("手工"))
    project.live("wx000000000000000c", menu=menu("旧"))
    project.accounts(
        account("done", appid="wx000000000000000a"),
        account("console", appid="wx000000000000000b"),
        account("new", appid="wx000000000000000c"),
    )
    return project


@pytest.mark.parametrize(
    ("options", "code", "statuses"),
    [
        (("--on-error", "continue"), 4, ["unchanged", "refused", "applied"]),
        (("--on-error", "stop", "--concurrency", "1"), 4, ["unchanged", "refused", "not-tried"]),
        (("--max-failures", "2"), 4, ["unchanged", "refused", "applied"]),
        (("--canary", "console"), 4, ["not-tried", "refused", "not-tried"]),
        (("--canary", "new"), 4, ["unchanged", "refused", "applied"]),
        (("--canary", "new", "--on-error", "stop", "--concurrency", "1"), 4, ["unchanged", "refused", "applied"]),
    ],
)
def test_what_fails_decides_the_code_and_what_was_not_tried_is_listed(
    three: Project, run: Run, options: tuple[str, ...], code: int, statuses: list[str]
) -> None:
    ran = run("apply", "--yes", "--format", "json", *options)
    assert ran.code == code
    assert [each["status"] for each in ran.json["accounts"]] == statuses
    assert ran.json["summary"]["not-tried"] == statuses.count("not-tried")


def test_a_run_that_stopped_after_it_wrote_is_applied_in_part(three: Project, run: Run) -> None:
    other = account("other", appid="wx000000000000000d")
    console, new = account("console", appid="wx000000000000000b"), account("new", appid="wx000000000000000c")
    three.accounts(new, console, other)
    ran = run("apply", "--yes", "--on-error", "stop", "--concurrency", "1")
    assert ran.code == 5
    assert ran.out.endswith(
        "other: not tried\n"
        "Apply: 1 call done, 1 account refused, 1 account not tried.\n"
        "✗ not begun: 1 account has failed\n"
        "    run the same command again: it reads the accounts and does what is left\n"
    )


def test_two_answers_to_one_question_are_refused(three: Project, run: Run) -> None:
    ran = run("apply", "--yes", "--on-error", "stop", "--max-failures", "3")
    assert ran.code == 64
    assert "--on-error stop is --max-failures 1" in ran.err


@pytest.mark.parametrize("command", ["apply", "rollback"])
def test_a_mistyped_canary_is_refused(three: Project, run: Run, command: str) -> None:
    ran = run(command, "--yes", "--canary", "consle")
    assert ran.code == 64
    assert "did you mean 'console'?" in ran.err
