"""What is wrong with an account is said, with what to do, and nothing is written in finding it out."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cli.shell import SECRET, Host, Project, Ran, account
from doctor.examination import CALLBACK, CHECK, QUOTA, TAGS, TEMPLATES, brief, examined, one, remote_calls
from workflow.drill import APPID, LOST, MENU_GET, TOKEN, Fault, menu

Run = Callable[..., Ran]

pytestmark = pytest.mark.usefixtures("hurry")


def test_all_is_well(project: Project, run: Run, remote: Host) -> None:
    code, findings = examined(run)
    assert code == 0
    assert brief(findings) == [
        "configuration ok",
        "credentials ok",
        "token ok",
        "permission.menu ok",
        "permission.selfmenu ok",
        "permission.tag ok",
        "permission.template ok",
        "console-menu ok",
        "quota ok",
        "clock ok",
    ]
    assert "1000 of 1000" in one(findings, "quota")["detail"]
    text = run("doctor")
    assert text.code == 0
    assert "Doctor: 1 account, nothing is wrong." in text.out
    assert APPID in text.out


def test_it_reads_and_reads_only(project: Project, run: Run, remote: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CB_TOKEN", "cb-token-5ecret")
    project.accounts(account(api=remote.url, secret="${env:SHOP_SECRET}", callback=CALLBACK))
    remote.live(menu=menu("旧"), callback={"ips": ["203.0.113.7"]})
    code, findings = examined(run)
    assert code == 0
    assert one(findings, "callback")["severity"] == "ok"
    modes = {call.path: call.mode for call in remote.store.calls()}
    assert set(modes.values()) == {"read", "token"}
    assert {QUOTA, CHECK, TAGS, TEMPLATES, MENU_GET} <= set(modes)
    assert not (project.root / ".wxdeploy").exists()


def test_in_the_embedded_sandbox(project: Project, run: Run) -> None:
    project.want(menu("新"))
    code, findings = examined(run)
    assert code == 0
    assert {each["severity"] for each in findings} == {"ok"}
    assert "quota" in [each["code"] for each in findings]
    assert project.writes() == []


def test_a_drill_says_that_it_is_one(project: Project, run: Run, host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    project.accounts(account(api="", secret="${env:SHOP_SECRET}"))
    project.want(menu("新"))
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    monkeypatch.setenv("WXDEPLOY_API", host.url)
    ran = run("doctor", "--format", "json")
    assert ran.code == 0
    assert "WXDEPLOY_API" in one(ran.json["machine"], "host")["detail"]
    assert ran.json["accounts"][0]["host"] == host.url


# Permissions, menus, quotas


def test_a_missing_permission_weighs_by_what_the_configuration_needs(project: Project, run: Run, remote: Host) -> None:
    for path in (TAGS, TEMPLATES):
        remote.line.faults.append(Fault(path, {"errcode": 48001, "errmsg": "api unauthorized"}, times=9))
    code, findings = examined(run)
    assert code == 0
    for name in ("permission.tag", "permission.template"):
        found = one(findings, name)
        assert (found["severity"], found["errcode"]) == ("warning", 48001)
        assert "makes no use of it" in found["detail"]
        assert "API permissions" in found["remedy"]
    project.write("menu.yaml", json.dumps({"menu": menu("新"), "tags": [{"name": "VIP"}]}))
    for fault in remote.line.faults:
        fault.times = 9
    code, findings = examined(run)
    assert code == 1
    assert one(findings, "permission.tag")["severity"] == "error"
    assert one(findings, "quota")["severity"] == "unknown"


def test_the_menu_of_the_web_console(project: Project, run: Run, remote: Host) -> None:
    remote.live(console_menu=menu("网页"))
    code, findings = examined(run)
    assert code == 0
    found = one(findings, "console-menu")
    assert found["severity"] == "warning"
    assert "wxdeploy pull" in found["remedy"]
    remote.line.faults.append(Fault("/cgi-bin/get_current_selfmenu_info", {"is_menu_open": 0}))
    remote.live(menu=menu("旧"))
    assert one(examined(run)[1], "menu-closed")["severity"] == "warning"


@pytest.mark.parametrize(
    ("answer", "severity", "detail"),
    [
        ({"quota": {"daily_limit": 100, "used": 100, "remain": 0}}, "error", "the plan makes 1, 0 of 100 are left"),
        ({"quota": {"daily_limit": 100, "used": 99, "remain": 1}}, "ok", "1 of 100"),
        ({"quota": {"daily_limit": 0, "used": 0, "remain": 0}}, "unknown", "without figures"),
        ({"quota": [1]}, "unknown", "without figures"),
        ({"quota": {"daily_limit": "many", "remain": True}}, "unknown", "without figures"),
        ({"errcode": 76021, "errmsg": "cgi_path not found, please check"}, "unknown", "76021"),
        ({"errcode": 48001, "errmsg": "api unauthorized"}, "unknown", "48001"),
    ],
)
def test_the_quota_of_the_plan(
    project: Project, run: Run, remote: Host, answer: dict[str, Any], severity: str, detail: str
) -> None:
    remote.line.faults.append(Fault(QUOTA, answer))
    code, findings = examined(run)
    found = one(findings, "quota")
    assert (code, found["severity"]) == (int(severity == "error"), severity)
    assert detail in found["detail"]
    assert json.loads(remote.line.seen[-1][2]) == {"cgi_path": "/cgi-bin/menu/create"}


def test_a_plan_without_calls_needs_no_quota(project: Project, run: Run, remote: Host) -> None:
    project.want(menu("旧"))
    _, findings = examined(run)
    assert "no call" in one(findings, "quota")["detail"]
    assert QUOTA not in remote_calls(remote)


# The callback


@pytest.mark.parametrize(
    ("callback", "severity", "code", "detail"),
    [
        ({"ips": ["203.0.113.7", "203.0.113.8"]}, "ok", 0, "2 addresses, which answer its pings"),
        ({"ips": ["203.0.113.7"], "lost": True}, "warning", 0, "pings to them are lost"),
        ({"ips": []}, "error", 1, "can't resolve"),
        (None, "error", 1, "40201"),
    ],
)
def test_the_callback_as_wechat_sees_it(
    project: Project,
    run: Run,
    remote: Host,
    monkeypatch: pytest.MonkeyPatch,
    callback: Any,
    severity: str,
    code: int,
    detail: str,
) -> None:
    monkeypatch.setenv("CB_TOKEN", SECRET)
    project.accounts(account(api=remote.url, secret="${env:SHOP_SECRET}", callback=CALLBACK))
    remote.live(menu=menu("旧"), **({"callback": callback} if callback else {}))
    ended, findings = examined(run)
    found = one(findings, "callback")
    assert (found["severity"], ended) == (severity, code)
    assert detail in found["detail"]


def test_a_callback_whose_secrets_are_not_set(project: Project, run: Run, remote: Host) -> None:
    project.accounts(account(api=remote.url, secret="${env:SHOP_SECRET}", callback=CALLBACK))
    code, findings = examined(run)
    assert code == 1
    assert "CB_TOKEN is not set" in one(findings, "callback")["detail"]
    assert CHECK not in remote_calls(remote)


# The clock


@contextmanager
def answering(date: str | None) -> Iterator[str]:
    """A host whose answers bear this date, and say that the account has no menu and no templates."""
    head = f"Date: {date}\r\n" if date else ""
    tokens = json.dumps({"access_token": "T" * 40, "expires_in": 7200})
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    peer, _ = listener.accept()
                except OSError:
                    return
                with peer:
                    request = peer.recv(65536)
                    body = tokens if b"stable_token" in request else '{"errcode":46003,"errmsg":"menu no exist"}'
                    text = f"HTTP/1.1 200 OK\r\n{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}"
                    peer.sendall(text.encode())

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
    thread.join(20)


@pytest.mark.parametrize(
    ("date", "severity", "detail"),
    [
        ("Thu, 01 Jan 2099 00:00:00 GMT", "warning", "s behind the host's"),
        ("Thu, 01 Jan 1998 00:00:00 GMT", "warning", "s ahead of the host's"),
        ("no date at all", "unknown", "has a date"),
        (None, "unknown", "has a date"),
    ],
)
def test_a_clock_that_goes_wrong(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch, date: str | None, severity: str, detail: str
) -> None:
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    with answering(date) as url:
        project.accounts(account(api=url, secret="${env:SHOP_SECRET}"))
        project.want(menu("新"))
        _, findings = examined(run)
    found = one(findings, "clock")
    assert found["severity"] == severity
    assert detail in found["detail"]


# Several accounts, and exit codes


def test_one_account_stops_no_other_and_the_worst_decides(project: Project, run: Run, remote: Host) -> None:
    project.accounts(
        account("closed", secret="${env:CLOSED_SECRET}", api=remote.url, appid="wx0000000000000009"),
        account("broken", files="[broken.yaml]", appid="wx0000000000000003"),
        account("shop", api=remote.url, secret="${env:SHOP_SECRET}"),
    )
    project.write("broken.yaml", "menu: {button: []}\n")
    ran = run("doctor", "--format", "json")
    assert ran.code == 1
    assert [each["severity"] for each in ran.json["accounts"]] == ["error", "error", "ok"]
    broken = ran.json["accounts"][1]["findings"]
    assert "wxdeploy validate" in one(broken, "configuration")["remedy"]
    assert one(broken, "token")["severity"] == "ok"
    assert one(broken, "quota")["severity"] == "unknown"
    assert run("doctor", "--account", "broken").code == 3
    assert run("doctor", "--account", "shop").code == 0


def test_no_project_and_no_account(run: Run, project: Project, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ran = run("-C", str(tmp_path / "empty"), "doctor", "--format", "json")
    assert ran.code == 3
    assert ran.json["accounts"] == []
    assert ran.json["error"]["findings"]
    assert one(ran.json["machine"], "versions")["severity"] == "ok"
    assert run("-C", str(tmp_path / "empty"), "doctor").code == 3
    ran = run("doctor", "--account", "nobody", "--format", "json")
    assert (ran.code, ran.json["accounts"]) == (64, [])
    assert run("doctor", "--format", "yaml").code == 64


@pytest.mark.parametrize("reply", [LOST, b"", b"<html>", (502, b"<html>"), {"errcode": -1, "errmsg": "busy"}, [1]])
def test_whatever_a_host_answers_there_is_a_report(project: Project, run: Run, remote: Host, reply: Any) -> None:
    for path in (TOKEN, MENU_GET, TAGS, QUOTA):
        remote.line.faults[:] = [Fault(path, reply, times=99)]
        code, findings = examined(run)
        assert code == (0 if path == QUOTA else 1)
        assert [each["severity"] for each in findings].count("error") == code
        assert len(remote_calls(remote)) < 20
        remote.line.seen.clear()


# This machine


def test_the_folder_of_tokens(
    project: Project, run: Run, remote: Host, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WXDEPLOY_CACHE", str(tmp_path / "cache"))

    def cache() -> dict[str, Any]:
        return one(run("doctor", "--format", "json", "--account", "shop").json["machine"], "cache")

    tokens = tmp_path / "cache" / "tokens"
    assert cache()["severity"] == "ok"
    (kept,) = tokens.iterdir()
    kept.chmod(0o644)
    assert cache()["severity"] == "warning"
    kept.unlink()
    remote.line.faults.append(Fault(TOKEN, {"errcode": 40013, "errmsg": "no"}, times=9))
    tokens.chmod(0o755)
    found = cache()
    assert "mode 755" in found["detail"]
    assert "chmod 700" in found["remedy"]
    tokens.rmdir()
    tokens.write_text("")
    assert "is no folder" in cache()["detail"]
    monkeypatch.delenv("WXDEPLOY_CACHE")
    monkeypatch.delenv("HOME")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert "no folder to keep" in cache()["detail"]
