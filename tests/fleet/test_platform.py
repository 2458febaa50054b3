"""A third-party platform as the source of accounts, of tokens and of refresh tokens: one list for a whole run."""

from __future__ import annotations

import json
import stat
import urllib.request
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from cli.shell import SECRET, Host, Project, Ran
from workflow.drill import APPID, Fault, menu

from wxdeploy.sandbox.seeding import seed

Run = Callable[..., Ran]

PLATFORM = "wx1a2b3c4d5e6f7081"
LIST = "/cgi-bin/component/api_get_authorizer_list"
TOKEN = "/cgi-bin/component/api_authorizer_token"
INFO = "/cgi-bin/component/api_get_authorizer_info"


def appid(number: int) -> str:
    return f"wx{number:016x}"


def first_token(number: int) -> str:
    return f"refreshtoken@@@first-of-{number}"


@pytest.fixture
def agency(project: Project, host: Host, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project whose defaults name a platform that three accounts have authorised; two are in its table."""
    body = {"component_appid": PLATFORM, "component_appsecret": "s", "component_verify_ticket": "t"}
    request = urllib.request.Request(
        f"{host.url}/cgi-bin/component/api_component_token", data=json.dumps(body).encode(), method="POST"
    )
    with urllib.request.urlopen(request) as response:
        monkeypatch.setenv("COMPONENT_TOKEN", json.load(response)["component_access_token"])
    project.write(
        "wxdeploy.yaml",
        f"version: 1\ndefaults:\n  api: {host.url}\n  files: [menu.yaml]\n  authorizer:\n    component_appid: {PLATFORM}\n"
        "    component_access_token: {command: [./component.sh]}\n    on_refresh: {folder: ../kept}\n"
        "accounts_file: accounts.csv\n",
    )
    project.write("component.sh", '#!/bin/sh\necho "$WX_APPID" >>../asked\necho "$COMPONENT_TOKEN"\n').chmod(0o700)
    project.write("accounts.csv", f"name,appid,vars.city\nbeijing,{appid(1)},北京\nshanghai,{appid(2)},上海\n")
    project.want(menu("茶"))
    authorise(host, 1, 2, 3)
    return project


def authorise(host: Host, *numbers: int) -> None:
    seed(host.store, {appid(number): {"platforms": {PLATFORM: first_token(number)}} for number in numbers})


def calls(host: Host) -> Counter[str]:
    return Counter(call.path for call in host.store.calls())


def test_tokens_come_from_the_platform_and_new_refresh_tokens_go_to_the_folder(
    agency: Project, host: Host, run: Run
) -> None:
    ran = run("apply", "--yes", "--format", "json", "-vv")
    assert (ran.code, ran.json["summary"]["applied"]) == (0, 2)
    made = calls(host)
    assert (made[LIST], made[TOKEN], made["/cgi-bin/menu/create"]) == (1, 2, 2)
    assert (agency.root.parent / "asked").read_text() == f"{PLATFORM}\n", "asked once for all accounts"
    kept = agency.root.parent / "kept"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    for number in (1, 2):
        file = kept / appid(number)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        token = file.read_text().strip()
        assert token.startswith("refreshtoken@@@")
        assert token != first_token(number)
        assert not [each for each in (token, first_token(number)) if each in ran.out + ran.err]
    assert run("plan", "--detailed-exitcode").code == 0
    assert calls(host)[LIST] == 1, "the cached token needs no list"


def test_an_account_that_has_not_authorised_stops_no_other(agency: Project, host: Host, run: Run) -> None:
    with (agency.root / "accounts.csv").open("a", encoding="utf-8") as file:
        file.write(f"gone,{appid(9)},无\n")
    ran = run("plan", "--format", "json")
    assert ran.code == 1
    errors = {each["account"]: each["error"] for each in ran.json["accounts"] if each["error"]}
    assert list(errors) == ["gone"]
    assert f"has not authorised the platform {PLATFORM}" in errors["gone"]["message"]


def test_a_secret_of_its_own_leaves_the_platform_aside(
    agency: Project, host: Host, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    agency.write("accounts.csv", f"name,appid,secret\nown,{APPID},${{env:SHOP_SECRET}}\n")
    assert run("apply", "--yes").code == 0
    made = calls(host)
    assert (made[LIST], made["/cgi-bin/stable_token"]) == (0, 1)


def test_a_list_without_the_refresh_token(agency: Project, host: Host, run: Run) -> None:
    host.line.faults.append(Fault(LIST, {"total_count": 1, "list": [{"authorizer_appid": appid(1)}]}))
    errors = [each["error"]["message"] for each in run("plan", "--format", "json").json["accounts"]]
    assert "holds no refresh token of the account" in errors[0]
    assert "has not authorised" in errors[1]


def test_a_list_that_is_refused_is_asked_for_once_for_all_accounts(agency: Project, host: Host, run: Run) -> None:
    host.line.faults.append(Fault(LIST, {"errcode": 61004, "errmsg": "access clientip is not registered"}, times=9))
    ran = run("plan", "--format", "json", "--concurrency", "1")
    assert ran.code == 1
    assert {each["error"]["errcode"] for each in ran.json["accounts"]} == {61004}
    assert [path for path, _, _ in host.line.seen].count(LIST) == 1


@pytest.mark.parametrize("answer", [{"errcode": 0}, {"total_count": 1, "list": {}}, {"total_count": "x", "list": []}])
def test_an_answer_that_is_no_list(agency: Project, host: Host, run: Run, answer: Any) -> None:
    host.line.faults.append(Fault(LIST, answer, times=9))
    ran = run("accounts")
    assert (ran.code, ran.out) == (1, "")
    assert "answered without a list" in ran.err


def test_a_list_without_end_is_given_up_on(agency: Project, host: Host, run: Run) -> None:
    host.line.faults.append(Fault(LIST, lambda answer: {**answer, "total_count": 10**12}, times=999))
    ran = run("accounts")
    # The second page of the sandbox is empty, which ends it; where none is, the bound does.
    assert ran.code == 0
    again = {"total_count": 10**12, "list": [{"authorizer_appid": appid(1), "refresh_token": "r"}]}
    host.line.faults[:] = [Fault(LIST, again, times=999)]
    ran = run("accounts")
    assert ran.code == 1
    assert "no end" in ran.err


def test_a_folder_that_can_not_be_used_stops_the_account_before_it_is_called(
    agency: Project, host: Host, run: Run
) -> None:
    (agency.root.parent / "kept").write_text("a file")
    ran = run("plan", "--format", "json")
    assert ran.code == 1
    assert all("was not taken over" in each["error"]["message"] for each in ran.json["accounts"])
    assert calls(host)["/cgi-bin/menu/get"] == 0


def test_accounts_lists_who_is_new_and_who_is_gone(agency: Project, host: Host, run: Run) -> None:
    with (agency.root / "accounts.csv").open("a", encoding="utf-8") as file:
        file.write(f"gone,{appid(9)},无\n")
    ran = run("accounts", "--format", "json", "--detailed-exitcode")
    assert ran.code == 2
    document = ran.json
    assert document["platform"] == PLATFORM
    assert [(each["appid"], each["account"], each["state"]) for each in document["accounts"]] == [
        (appid(1), "beijing", "known"), (appid(2), "shanghai", "known"), (appid(9), "gone", "gone"), (appid(3), None, "new"),
    ]  # fmt: skip
    lines = run("accounts").out.splitlines()
    assert lines[0].startswith(f"+ {appid(3)}  since ")
    assert lines[1].startswith(f"- {appid(9)}  gone  is in the project, and has not authorised")
    assert lines[-1] == f"Platform {PLATFORM}: 2 known, 1 new, 1 gone."
    assert "refreshtoken" not in ran.out


def test_names_are_asked_for_with_a_call_for_each_account(agency: Project, host: Host, run: Run) -> None:
    assert {each["nick_name"] for each in run("accounts", "--format", "json").json["accounts"]} == {None}
    assert calls(host)[INFO] == 0
    ran = run("accounts", "--names", "--format", "json", "-vv")
    assert [each["nick_name"] for each in ran.json["accounts"]] == ["公众号0001", "公众号0002", "公众号0003"]
    assert calls(host)[INFO] == 3
    assert run("accounts", "--names").out.startswith(f'+ {appid(3)}  "公众号0003"  since ')
    assert "refreshtoken" not in ran.out + ran.err


def test_a_hostile_name_is_harmless(agency: Project, host: Host, run: Run) -> None:
    host.line.faults.append(Fault(INFO, {"authorizer_info": {"nick_name": "\x1b[2Jx\n+ y"}}, times=9))
    assert "\x1b" not in run("accounts", "--names").out
    assert len(run("accounts", "--names").out.splitlines()) == 4


@pytest.mark.parametrize(
    "answer", [{}, {"authorizer_info": []}, {"authorizer_info": {"nick_name": 7}}, {"errcode": 61003}]
)
def test_an_account_that_does_not_say_its_name_has_none(agency: Project, host: Host, run: Run, answer: Any) -> None:
    host.line.faults.append(Fault(INFO, answer, times=9))
    ran = run("accounts", "--names", "--format", "json")
    assert (ran.code, {each["nick_name"] for each in ran.json["accounts"]}) == (0, {None})


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_a_row_is_added_for_who_is_new_and_nothing_else_is_touched(
    agency: Project, host: Host, run: Run, end: str
) -> None:
    file = agency.root / "accounts.csv"
    before = file.read_bytes().strip().replace(b"\n", (end or "\n").encode()) + end.encode()
    file.write_bytes(before)
    ran = run("accounts", "--out", "accounts.csv")
    assert ran.code == 0
    assert "1 row added to accounts.csv" in ran.err
    added = file.read_bytes().removeprefix(before).strip()
    assert added == f"{appid(3)},{appid(3)},".encode()
    assert run("validate").code == 0
    assert run("accounts", "--detailed-exitcode").code == 0
    once = file.read_bytes()
    assert "0 rows added" in run("accounts", "--out", "accounts.csv").err
    assert file.read_bytes() == once


def test_a_project_begins_with_the_platform_s_list(agency: Project, host: Host, run: Run) -> None:
    (agency.root / "accounts.csv").unlink()
    assert run("accounts", "--out", "accounts.csv").code == 0
    assert run("plan", "--format", "json").json["summary"]["create"] == 3


@pytest.mark.parametrize("content", ["menu: absent\n", "appid\nwx\n", '"\n', "\0"])
def test_another_file_is_not_written_to(agency: Project, run: Run, content: str) -> None:
    file = agency.write("other", content)
    assert run("accounts", "--out", "other").code == 4
    assert file.read_text("utf-8") == content


def test_more_accounts_than_a_page_holds(agency: Project, host: Host, run: Run) -> None:
    authorise(host, *range(1, 502))
    assert len(run("accounts", "--format", "json").json["accounts"]) == 501
    assert calls(host)[LIST] == 2


def test_a_token_that_ended_is_asked_for_once_more(
    agency: Project, host: Host, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    agency.write(
        "component.sh",
        '#!/bin/sh\nif [ -e ../once ]; then echo "$COMPONENT_TOKEN"; else touch ../once; echo stale; fi\n',
    )
    assert run("accounts", "--detailed-exitcode").code == 2
    monkeypatch.setenv("COMPONENT_TOKEN", "refused-for-ever")
    ran = run("accounts")
    assert ran.code == 1
    assert "refused-for-ever" not in ran.err


@pytest.mark.parametrize(
    "defaults", ["", "defaults: {}\n", f"defaults: {{authorizer: {{component_appid: {PLATFORM}}}}}\n", "defaults: 1\n"]
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_defaults_that_name_no_platform(project: Project, run: Run, defaults: str, form: str) -> None:
    project.write("wxdeploy.yaml", f"version: 1\n{defaults}accounts_file: accounts.csv\n")
    ran = run("accounts", "--format", form)
    assert ran.code == 3
    if form == "json":
        assert ran.json["error"]["findings"]
