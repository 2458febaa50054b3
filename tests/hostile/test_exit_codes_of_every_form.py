"""Exit codes and forms, crossed over every command: a failure has one code in all of them, and JSON is always printed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from cli.shell import Host, Project, Ran
from hostile.everything import LINES, formats, remote
from workflow.drill import Fault

from wxdeploy.cli.group import COMMANDS

Run = Callable[..., Ran]
pytestmark = pytest.mark.usefixtures("hurry")

MACHINE = frozenset({"json", "sarif", "gitlab"})
CALLING = frozenset({"plan", "apply", "rollback", "export", "send", "user", "doctor"})
"""Commands with forms that call the account."""
FROM_FILES = frozenset({"rollback"})

TROUBLES = ("invalid configuration", "no project", "secret not set", "nobody there", "token refused", "no such account")
WITH_FORMS = tuple(name for name in COMMANDS if formats(name) and LINES.get(name))


def stir(trouble: str, project: Project, host: Host, nobody: str, monkeypatch: pytest.MonkeyPatch) -> None:
    match trouble:
        case "invalid configuration":
            project.want({"button": [{"type": "clik", "name": "一"}]})
        case "no project":
            (project.root / "wxdeploy.yaml").unlink()
        case "secret not set":
            monkeypatch.delenv("SHOP_SECRET")
        case "nobody there":
            monkeypatch.setenv("WXDEPLOY_API", nobody)
        case "token refused":
            monkeypatch.setenv("WXDEPLOY_CACHE", str(project.root / "another"))
            answer = {"errcode": 40125, "errmsg": "invalid appsecret"}
            host.line.faults.append(Fault("/cgi-bin/stable_token", answer, times=999))


def expected(line: tuple[str, ...], trouble: str) -> set[int]:
    """The codes that a command may end with."""
    calls = line[0] in CALLING or "--openid" in line
    if trouble == "invalid configuration" and (line[0] in FROM_FILES or "saved.json" in line):
        return {0, 1, 3}  # going back, and doing what was decided, do not depend on what the files say by now
    if trouble == "invalid configuration" and "--at" in line:
        return {0}  # the files of that commit are right
    if trouble in ("invalid configuration", "no project"):
        return {1, 3} if line[0] in ("doctor", "export", "send") else {3}
    if trouble == "no such account":
        return {64}
    if not calls:
        return {0}
    return {1, 3} if trouble == "secret not set" else {1}


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("name", WITH_FORMS)
def test_a_failure_has_one_code_in_every_form_and_json_is_printed_all_the_same(
    project: Project, host: Host, run: Run, name: str, trouble: str, nobody: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_SECRET", "5ecret-that-nobody-may-see")
    remote(project, host)
    for line in LINES["plan"][1:] if ("apply", "saved.json", "--allow-delete") in LINES[name] else ():
        assert run(*line).code == 2
    if name == "rollback":
        assert run("apply", "--yes", "--allow-delete").code == 0
    stir(trouble, project, host, nobody, monkeypatch)
    writes, done = host.writes(), False
    for line in LINES[name]:
        more = ("--account", "nobody") if trouble == "no such account" else ()
        ended = {form: run(*line, *more, "--format", form) for form in formats(name)}
        codes = {each.code for each in ended.values()}
        told = {form: (each.code, each.out[-300:], each.err[-300:]) for form, each in ended.items()}
        assert len(codes) == 1, told
        done = done or codes == {0}
        assert codes <= expected(line, trouble), told
        for form, ran in ended.items():
            check(name, form, ran)
    assert done or host.writes() == writes


def check(name: str, form: str, ran: Ran) -> None:
    if form not in MACHINE:
        assert ran.out or ran.err
        return
    if ran.code == 64 and not ran.out:
        assert ran.err  # an option or an account that there is not, told before there is anything to print
        return
    if form == "json":
        document: Any = ran.json
        assert document["format"].startswith("wxdeploy.")
    else:
        json.loads(ran.out)


@pytest.mark.parametrize("name", WITH_FORMS)
def test_a_form_that_there_is_not_is_wrong_usage(project: Project, run: Run, name: str) -> None:
    ran = run(*LINES[name][0], "--format", "yaml")
    assert (ran.code, ran.out) == (64, "")
    assert "--format" in ran.err
