"""Exit codes and formats, crossed: each failure ends with its code in text and in JSON, and JSON is always printed."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from cli.shell import SECRET, Host, Project, Ran, account
from workflow.drill import CREATE, LOST, MENU_GET, SELFMENU, TOKEN, Fault, menu

Run = Callable[..., Ran]
FORMATS = ("text", "json")
pytestmark = [pytest.mark.usefixtures("hurry"), pytest.mark.parametrize("form", FORMATS)]


def check_format(ran: Ran, form: str) -> Any:
    """The document, where it was asked for; text is told on the stream where it belongs."""
    if form == "json":
        return ran.json
    assert not ran.out.startswith("{")
    return None


@pytest.fixture
def remote(project: Project, host: Host, monkeypatch: pytest.MonkeyPatch) -> Host:
    """The project's account on a real host."""
    project.accounts(account(api=host.url, secret="${env:SHOP_SECRET}"))
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    return host


def test_nothing_to_do_is_0(project: Project, run: Run, form: str) -> None:
    project.live(menu=menu("一"))
    project.want(menu("一"))
    for command in ("validate", "plan", "apply"):
        ran = run(command, "--format", form)
        assert ran.code == 0
        check_format(ran, form)
        assert ran.err == ""
        assert ran.out
    assert run("plan", "--detailed-exitcode", "--format", form).code == 0
    assert project.writes() == []


def test_changes_are_0_and_with_the_option_2(project: Project, run: Run, form: str) -> None:
    project.want(menu("一"))
    plain, detailed = (run("plan", "--format", form, *more) for more in ((), ("--detailed-exitcode",)))
    assert (plain.code, detailed.code) == (0, 2)
    assert plain.out == detailed.out
    document = check_format(detailed, form)
    if document:
        assert document["summary"]["create"] == 1


def test_changes_that_are_applied_are_0(project: Project, run: Run, form: str) -> None:
    project.want(menu("一"))
    ran = run("apply", "--yes", "--format", form)
    assert ran.code == 0
    document = check_format(ran, form)
    if document:
        assert document["accounts"][0]["converged"] is True
        assert document["summary"]["operations"]["applied"] == 1
    else:
        assert "verified" in ran.out


@pytest.mark.parametrize("command", [("plan",), ("plan", "--detailed-exitcode"), ("apply", "--yes")])
@pytest.mark.parametrize("trouble", ["nobody there", "wrong secret", "refused", "web page"])
def test_an_account_that_cannot_be_read_is_1(
    project: Project, run: Run, remote: Host, form: str, command: tuple[str, ...], trouble: str, nobody: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    project.want(menu("一"))
    match trouble:
        case "nobody there":
            monkeypatch.setenv("WXDEPLOY_API", nobody)
        case "wrong secret":
            monkeypatch.setenv("SHOP_SECRET", "wrong")
        case "refused":
            remote.line.faults.append(Fault(MENU_GET, {"errcode": 48001, "errmsg": "api unauthorized"}, times=99))
        case _:
            remote.line.faults.append(Fault(TOKEN, (502, b"<html>Bad Gateway</html>"), times=99))
    ran = run(*command, "--format", form)
    assert ran.code == 1
    document = check_format(ran, form)
    if document:
        assert document["accounts"][0]["status"] in ("error", "failed")
        assert document["accounts"][0]["error"]["fix"]
    assert remote.writes() == []
    assert not (project.root / ".wxdeploy").exists()


def test_a_refused_creation_is_1(project: Project, run: Run, remote: Host, form: str) -> None:
    project.want(menu("一"))
    remote.line.faults.append(Fault(CREATE, {"errcode": 65400, "errmsg": "x rid: 617682e0-09059ac5-34a8e2ea"}))
    ran = run("apply", "--yes", "--format", form)
    assert ran.code == 1
    document = check_format(ran, form)
    if document:
        (operation,) = document["accounts"][0]["operations"]
        assert operation["outcome"] == "failed"
        assert operation["error"]["errcode"] == 65400
        assert operation["error"]["rid"] == "617682e0-09059ac5-34a8e2ea"


@pytest.mark.parametrize("command", [("validate",), ("plan",), ("plan", "--detailed-exitcode"), ("apply", "--yes")])
@pytest.mark.parametrize(
    "broken", ["menu", "yaml", "no project", "no accounts", "unknown key", "unset variable", "missing file"]
)
def test_an_invalid_configuration_is_3(
    project: Project, run: Run, form: str, command: tuple[str, ...], broken: str
) -> None:
    project.want(menu("一"))
    match broken:
        case "menu":
            project.want({"button": [{"type": "clik", "name": "一", "key": "K"}]})
        case "yaml":
            project.want("menu: [\n")
        case "no project":
            (project.root / "wxdeploy.yaml").unlink()
        case "no accounts":
            project.write("wxdeploy.yaml", "version: 1\n")
        case "unknown key":
            project.accounts(account(colour="red"))
        case "unset variable":
            project.want({"button": [{"type": "view", "name": "一", "url": "${env:NOT_SET}"}]})
        case _:
            (project.root / "menu.yaml").unlink()
    ran = run(*command, "--format", form)
    assert ran.code == 3
    document = check_format(ran, form)
    if document and command[0] != "validate":
        found = [document["error"], *(each["error"] for each in document["accounts"])]
        assert any(each and each["findings"] for each in found)
    elif document:
        assert document["findings"]
    assert project.calls() == []


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_a_secret_that_is_not_set_is_3_at_its_place(
    project: Project, run: Run, remote: Host, form: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.want(menu("一"))
    monkeypatch.delenv("SHOP_SECRET")
    ran = run(command, "--format", form)
    assert ran.code == 3
    assert "wxdeploy.yaml" in ran.out + ran.err
    assert "SHOP_SECRET" in ran.out + ran.err
    check_format(ran, form)
    assert run("validate", "--format", form).code == 0
    assert remote.line.seen == []


@pytest.mark.parametrize("why", ["console menu", "deletion", "protected", "no terminal"])
def test_a_refusal_for_safety_is_4(project: Project, run: Run, form: str, why: str) -> None:
    project.want(menu("一"))
    options = ["--yes"]
    match why:
        case "console menu":
            project.live(console_menu=menu("手工"))
        case "deletion":
            project.live(menu=menu("一"))
            project.want("menu: absent\n")
        case "protected":
            project.accounts(account(protect="[menu]"))
            project.live(menu=menu("一"))
            project.want("menu: absent\n")
            options.append("--allow-delete")
        case _:
            options = []
    ran = run("apply", *options, "--format", form)
    assert ran.code == 4
    document = check_format(ran, form)
    if document and options:
        assert document["accounts"][0]["status"] == "refused"
        assert document["summary"]["refused"] == 1
    elif document:
        assert "--yes" in document["error"]["fix"]
    assert project.writes() == []
    assert run("plan", "--format", form).code == 0


def lies(answer: dict[str, Any]) -> dict[str, Any]:
    for key in ("menu", "selfmenu_info"):
        for each in answer.get(key, {}).get("button", ()):
            each["name"] += "?"
    return answer


@pytest.mark.parametrize("trouble", ["unknown", "not verified", "differs"])
def test_what_was_done_in_part_is_5(project: Project, run: Run, remote: Host, form: str, trouble: str) -> None:
    project.want(menu("一"))
    faults = remote.line.faults
    match trouble:
        case "unknown":
            remote.line.meddle = lambda path: path == CREATE and faults.append(Fault(MENU_GET, LOST, times=99))
            faults.append(Fault(CREATE, LOST, times=99))
        case "not verified":
            remote.line.meddle = lambda path: path == CREATE and faults.append(Fault(MENU_GET, b"", times=99))
        case _:
            faults.extend(Fault(path, lies, times=99) for path in (MENU_GET, SELFMENU))
    ran = run("apply", "--yes", "--format", form)
    assert ran.code == 5
    document = check_format(ran, form)
    if document:
        assert document["summary"]["partial"] == 1
        assert document["accounts"][0]["status"] == "partial"
    else:
        assert "partial" in ran.out
    remote.line.meddle = None
    faults.clear()
    assert run("apply", "--yes", "--format", form).code == 0
    assert run("plan", "--detailed-exitcode", "--format", form).code == 0


@pytest.mark.parametrize("command", ["validate", "plan", "apply"])
@pytest.mark.parametrize(
    "option", [("--acount", "shop"), ("--account", "shp"), ("--target", "menus"), ("--concurrency", "0")]
)
def test_wrong_usage_is_64(project: Project, run: Run, form: str, command: str, option: tuple[str, str]) -> None:
    project.want(menu("一"))
    ran = run(command, "--format", form, *option)
    assert ran.code == 64
    assert project.calls() == []
    if form == "json" and option[0] in ("--account", "--target") and command != "validate":
        assert ran.json["error"]["message"]
    else:
        assert ran.out == ""
        assert ran.err


def test_an_environment_that_cannot_be_used_is_told(
    project: Project, run: Run, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.want(menu("一"))
    monkeypatch.setenv("WXDEPLOY_API", "http://api.example.com")
    ran = run("plan", "--format", form)
    assert ran.code != 0
    assert "unencrypted" in ran.out + ran.err
    check_format(ran, form)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="folders without permissions")
def test_a_state_folder_that_cannot_be_written_stops_before_the_first_write(
    project: Project, run: Run, remote: Host, form: str
) -> None:
    project.want(menu("一"))
    project.write(".wxdeploy", "in the way\n")
    ran = run("apply", "--yes", "--format", form)
    assert ran.code == 1
    check_format(ran, form)
    assert ".wxdeploy" in ran.out
    assert remote.writes() == []
