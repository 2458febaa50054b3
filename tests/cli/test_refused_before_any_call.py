"""What is mistyped is refused with a suggestion before anything is sent, and what only reads sends nothing that writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cli.shell import SECRET, Host, Project, Ran, account
from workflow.drill import menu

Run = Callable[..., Ran]
Trap = Callable[[], tuple[str, list[Any]]]

USAGE, INVALID = 64, 3

MISTYPED: dict[str, tuple[tuple[str, ...], int, str]] = {
    "a command": (("aply",), USAGE, "apply"),
    "an option": (("apply", "--dry_run"), USAGE, "--dry_run"),
    "an option's dash": (("apply", "--allow_delete"), USAGE, "--allow-delete"),
    "an option of another command": (("plan", "--yes"), USAGE, "--yes"),
    "an option shortened": (("apply", "--y"), USAGE, "--yes"),
    "an option before a command that has none such": (("--concurrency", "4", "serve"), USAGE, "serve has no option '--concurrency'"),
    "an option before an offline command": (("--concurrency", "4", "diff"), USAGE, "diff has no option '--concurrency'"),
    "an option before a group": (("--target", "menu", "report", "merge", "x"), USAGE, "report has no option '--target'"),
    "an argument too many": (("plan", "shop"), USAGE, "shop"),
    "an account": (("plan", "--account", "shpo"), USAGE, "shop"),
    "an account of several": (("plan", "--account", "shop", "--account", "s[x]op"), USAGE, "shop"),
    "a glob that matches none": (("plan", "--account", "x*"), USAGE, "shop"),
    "a target": (("plan", "--target", "mnu"), USAGE, "menu"),
    "a target's name": (("plan", "--target", "menu.defalt"), USAGE, "menu.default"),
    "a format": (("plan", "--format", "jsn"), USAGE, "json"),
    "a number": (("plan", "--concurrency", "many"), USAGE, "many"),
    "a folder": (("plan", "-C", "nowhere"), USAGE, "nowhere"),
}  # fmt: skip


@pytest.fixture
def trapped(project: Project, trap: Trap, monkeypatch: pytest.MonkeyPatch) -> Trap:
    """The project's account on a port that notes who comes."""
    url, _ = trap()
    project.accounts(account(api=url, secret="${env:SHOP_SECRET}"))
    project.want(menu("一"))
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    return trap


@pytest.mark.parametrize("name", MISTYPED)
def test_what_is_mistyped_on_the_command_line_is_refused_with_a_suggestion(run: Run, trapped: Trap, name: str) -> None:
    arguments, code, suggestion = MISTYPED[name]
    ran = run(*arguments)
    assert ran.code == code
    assert suggestion in ran.err
    assert ran.out == ""
    assert trapped()[1] == []


@pytest.mark.parametrize(
    ("wrong", "suggestion"),
    [
        ({"apid": "wx0000000000000001"}, "appid"),
        ({"fles": "[menu.yaml]"}, "files"),
        ({"protect": "[menus]"}, "menu"),
        ({"prune": "[tagz]"}, "tags"),
        ({"secret": SECRET}, "${env:"),
    ],
    ids=lambda value: next(iter(value), "") if isinstance(value, dict) else "",
)
@pytest.mark.parametrize("command", [("validate",), ("plan",), ("apply", "--yes")])
def test_what_is_mistyped_in_the_project_is_refused_with_a_suggestion(
    project: Project, run: Run, trapped: Trap, command: tuple[str, ...], wrong: dict[str, str], suggestion: str
) -> None:
    settings = {"api": trapped()[0], "secret": "${env:SHOP_SECRET}", **wrong}
    project.accounts(account(**settings))
    ran = run(*command)
    assert ran.code == INVALID
    assert suggestion in ran.out + ran.err
    assert SECRET not in ran.out + ran.err
    assert trapped()[1] == []


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("menus: {button: [{type: click, name: 一, key: K}]}\n", "menu"),
        ("menu: {buttons: [{type: click, name: 一, key: K}]}\n", "button"),
        ("menu: {button: [{type: click, nme: 一, key: K}]}\n", "name"),
        ("menu: {button: [{type: clik, name: 一, key: K}]}\n", "click"),
        ("menu: absnt\n", "absent"),
        ("menu: {button: [{type: view, name: 一, url: '${sitee}/x'}]}\n", "${site}"),
        ("menu: {button: [{type: view, name: 一, url: '${env:SHOP_SITE}/x'}]}\n", "SHOP_SITE"),
    ],
)
@pytest.mark.parametrize("command", [("validate",), ("plan",), ("apply", "--yes")])
def test_what_is_mistyped_in_a_file_is_refused_at_its_place(
    project: Project, run: Run, trapped: Trap, command: tuple[str, ...], text: str, suggestion: str
) -> None:
    project.accounts(account(api=trapped()[0], secret="${env:SHOP_SECRET}", vars="{site: https://www.example.com}"))
    project.want(text)
    ran = run(*command)
    assert ran.code == INVALID
    assert "menu.yaml:1:" in ran.out + ran.err
    assert suggestion in ran.out + ran.err
    assert trapped()[1] == []


@pytest.mark.parametrize(("name", "near"), [("WXDEPLOY_APY", "WXDEPLOY_API"), ("WXDEPLOY_CACH", "WXDEPLOY_CACHE"), ("WXDEPLOY_X", "WXDEPLOY_API")])  # fmt: skip
@pytest.mark.parametrize("command", [("validate",), ("plan",), ("apply", "--yes"), ("pull",)])
def test_a_mistyped_name_in_the_environment_is_refused_with_a_suggestion(
    run: Run, trapped: Trap, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], name: str, near: str
) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    ran = run(*command)
    assert ran.code == USAGE
    assert name in ran.err
    assert near in ran.err
    assert trapped()[1] == []


@pytest.mark.parametrize(
    "address", ["http://api.weixin.qq.com", "ftp://127.0.0.1", "sandbux", "https://a@b.example", " "]
)
@pytest.mark.parametrize("where", ["environment", "file", "file by a variable"])
def test_an_address_that_may_not_be_used_is_refused(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, address: str, where: str
) -> None:
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    project.want(menu("一"))
    settings = {"secret": "${env:SHOP_SECRET}"}
    match where:
        case "environment":
            monkeypatch.setenv("WXDEPLOY_API", address)
        case "file":
            project.accounts(account(api=f'"{address}"', **settings))
        case _:
            monkeypatch.setenv("SHOP_API", address)
            project.accounts(account(api='"${env:SHOP_API}"', **settings))
    ran = run("plan")
    assert ran.code in (1, INVALID, USAGE)
    assert SECRET not in ran.out + ran.err


def test_a_host_that_the_environment_names_is_the_one_that_is_called(
    project: Project, run: Run, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    monkeypatch.setenv("SHOP_API", host.url)
    project.accounts(account(api="${env:SHOP_API}", secret="${env:SHOP_SECRET}"))
    project.want(menu("一"))
    assert run("apply", "--yes").code == 0
    assert host.writes() == ["/cgi-bin/menu/create"]


@pytest.mark.parametrize(
    "command",
    [("plan",), ("plan", "--detailed-exitcode", "--format", "json"), ("pull", "--out", "-"), ("pull", "--force")],
)
@pytest.mark.parametrize("wanted", ["same", "other", "absent", "invalid", "none"])
@pytest.mark.parametrize("live", [{}, {"menu": menu("一")}, {"console_menu": menu("手工")}])
def test_reading_commands_send_no_call_that_writes(
    project: Project, run: Run, command: tuple[str, ...], wanted: str, live: dict[str, Any]
) -> None:
    wishes: dict[str, Any] = {
        "same": menu("一"),
        "other": menu("二"),
        "absent": "menu: absent\n",
        "invalid": "menu: 5\n",
        "none": "{}\n",
    }
    project.live(**live)
    project.want(wishes[wanted])
    ran = run(*command)
    assert ran.code in (0, 2, 3)
    assert project.writes() == []
    assert {each.split()[0] for each in project.calls()} <= {"read", "token"}


def test_validating_calls_nobody_and_leaves_nothing(run: Run, project: Project, trapped: Trap) -> None:
    assert run("validate").code == 0
    assert trapped()[1] == []
    assert sorted(path.name for path in project.root.iterdir()) == ["menu.yaml", "wxdeploy.yaml"]


@pytest.mark.parametrize("answer", ["no", "no terminal", "console"])
def test_an_apply_that_does_not_come_to_writing_sends_no_call_that_writes(
    project: Project, run: Run, answer: str
) -> None:
    project.live(**({"console_menu": menu("手工")} if answer == "console" else {"menu": menu("旧")}))
    project.want(menu("新"))
    assert run("apply", *(["--yes"] if answer == "console" else [])).code == 4
    assert project.writes() == []
