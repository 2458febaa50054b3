"""What is wrong with an account is said, with what to do, and nothing is written in finding it out."""

from __future__ import annotations

import io
import json
import logging
import socket
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cli.shell import SECRET, Host, Project, Ran, account
from workflow.drill import APPID, LOST, MENU_GET, TOKEN, Fault, menu

Run = Callable[..., Ran]

pytestmark = pytest.mark.usefixtures("hurry")

QUOTA = "/cgi-bin/openapi/quota/get"
CHECK = "/cgi-bin/callback/check"
TAGS = "/cgi-bin/tags/get"
TEMPLATES = "/cgi-bin/template/get_all_private_template"
SHUT = ["configuration ok", "credentials ok"]
CALLBACK = "{url: 'https://cb.example.com/wx', token: '${env:CB_TOKEN}'}"


@pytest.fixture
def remote(project: Project, host: Host, monkeypatch: pytest.MonkeyPatch) -> Host:
    project.accounts(account(api=host.url, secret="${env:SHOP_SECRET}"))
    project.want(menu("新"))
    host.live(menu=menu("旧"))
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    return host


def examined(run: Run, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit code and the findings of the first account."""
    ran = run("doctor", "--format", "json", *arguments)
    return ran.code, ran.json["accounts"][0]["findings"]


def brief(findings: list[dict[str, Any]]) -> list[str]:
    return [f"{each['code']} {each['severity']}" for each in findings]


def one(findings: list[dict[str, Any]], code: str) -> dict[str, Any]:
    (found,) = [each for each in findings if each["code"] == code]
    if found["severity"] in ("error", "warning"):
        assert found["remedy"], found
    return found


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


# Credentials and tokens


def test_an_unset_secret(project: Project, run: Run, host: Host) -> None:
    project.accounts(account(api=host.url, secret="${env:SHOP_SECRET}"))
    project.want(menu("新"))
    code, findings = examined(run)
    assert code == 1
    assert brief(findings) == ["configuration ok", "credentials error"]
    assert "SHOP_SECRET is not set" in findings[1]["detail"]
    assert "set SHOP_SECRET" in findings[1]["remedy"]
    assert remote_calls(host) == []


def remote_calls(host: Host) -> list[str]:
    return [path for path, _, _ in host.line.seen]


REFUSED = {
    40164: ("allow-list", "invalid ip 198.51.100.7 ipv6 ::ffff:198.51.100.7, not in whitelist", "adds 198.51.100.7"),
    40125: ("token", "invalid appsecret", "Compare `secret`"),
    40001: ("token", "invalid credential", "Compare `secret`"),
    40013: ("token", "invalid appid", "Compare `appid`"),
    40243: ("token", "frozen", "unfreeze"),
    **dict.fromkeys((89501, 89502, 89503, 89504, 89505), ("confirmation", "x", "must confirm")),
    89506: ("confirmation", "x", "24 hours"),
    89507: ("confirmation", "x", "one hour"),
}  # fmt: skip


@pytest.mark.parametrize("errcode", REFUSED)
def test_a_refused_token_call_ends_the_examination_of_the_account(
    project: Project, run: Run, remote: Host, errcode: int
) -> None:
    code, errmsg, remedy = REFUSED[errcode]
    remote.line.faults.append(Fault(TOKEN, {"errcode": errcode, "errmsg": errmsg}, times=9))
    ended, findings = examined(run)
    assert ended == 1
    assert brief(findings) == [*SHUT, f"{code} error", "account unknown"]
    assert findings[2]["errcode"] == errcode
    assert remedy in findings[2]["remedy"]
    assert remote_calls(remote) == [TOKEN]


def test_the_address_is_refused_on_any_call(project: Project, run: Run, remote: Host) -> None:
    remote.line.faults.append(Fault(MENU_GET, {"errcode": 40164, "errmsg": "invalid ip 198.51.100.7, not in"}, times=9))
    code, findings = examined(run)
    assert code == 1
    assert "198.51.100.7" in one(findings, "allow-list")["detail"]
    assert remote_calls(remote) == [TOKEN, MENU_GET]


def test_a_token_that_is_refused_again_and_again(project: Project, run: Run, remote: Host) -> None:
    remote.line.faults.append(Fault(MENU_GET, {"errcode": 40001, "errmsg": "not latest"}, times=9))
    code, findings = examined(run)
    assert code == 1
    assert "second system" in one(findings, "token")["remedy"]
    assert remote_calls(remote).count(MENU_GET) == 2


def test_a_token_of_another_host_in_a_drill(
    project: Project, run: Run, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.accounts(account(api="", access_token="${env:SHOP_TOKEN}"))
    project.want(menu("新"))
    monkeypatch.setenv("SHOP_TOKEN", SECRET)
    monkeypatch.setenv("WXDEPLOY_API", host.url)
    code, findings = examined(run)
    assert code == 1
    found = one(findings, "token")
    assert "is refused" in found["detail"]
    assert "for a drill, give the account a `secret`" in found["remedy"]


def test_a_program_that_fails(project: Project, run: Run, remote: Host) -> None:
    script = project.write("token.sh", "#!/bin/sh\necho $WX_ACCOUNT $WX_APPID: no ${1} >&2\nexit 7\n")
    script.chmod(0o700)
    project.accounts(account(api=remote.url, access_token="{command: [./token.sh, session]}"))
    code, findings = examined(run)
    assert code == 1
    assert f"(`token.sh`) ended with 7: shop {APPID}: no session" in one(findings, "token")["detail"]


def test_no_way_to_the_host(project: Project, run: Run, nobody: str, monkeypatch: pytest.MonkeyPatch) -> None:
    project.accounts(account(api=nobody, secret="${env:SHOP_SECRET}"))
    project.want(menu("新"))
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    code, findings = examined(run)
    assert code == 1
    assert "the connection was refused" in one(findings, "network")["detail"]


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


# Secrets


@pytest.mark.parametrize("trouble", [40001, 40125, 40164, 48001, -1])
@pytest.mark.parametrize("path", [TOKEN, MENU_GET, TAGS, QUOTA, CHECK])
def test_nothing_shows_a_secret(
    project: Project, run: Run, remote: Host, monkeypatch: pytest.MonkeyPatch, trouble: int, path: str
) -> None:
    monkeypatch.setenv("CB_TOKEN", "cb-token-5ecret")
    project.accounts(account(api=remote.url, secret="${env:SHOP_SECRET}", callback=CALLBACK))
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)

    def tell(_: Any) -> Any:
        _, query, body = remote.line.seen[-1]
        token = query.partition("=")[2]
        return {"errcode": trouble, "errmsg": f"{query} {body.decode()} {token} {SECRET}", "access_token": None}

    remote.line.faults.append(Fault(path, tell, times=99))
    try:
        for form in ("text", "json"):
            ran = run("doctor", "-vv", "--format", form)
            shown = ran.out + ran.err + stream.getvalue()
            tokens = {query.partition("access_token=")[2] for _, query, _ in remote.line.seen} - {""}
            # The host of this test tells the secret by itself; where it was not sent along, it is not ours to know.
            hidden = [*tokens, "cb-token-5ecret"] + ([SECRET] if path == TOKEN else [])
            assert not [each for each in hidden if each in shown]
    finally:
        logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize("source", ["command", "url"])
def test_no_token_that_was_handed_out_is_shown(
    project: Project, run: Run, remote: Host, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setenv("SHOP_TOKEN", SECRET)
    script = project.write("token.sh", '#!/bin/sh\necho "got $SHOP_TOKEN" >&2\necho "$SHOP_TOKEN"\n')
    script.chmod(0o700)
    origin = (
        "{command: [./token.sh]}"
        if source == "command"
        else f"{{url: '{remote.url}/cgi-bin/stable_token', headers: {{Authorization: 'Bearer ${{env:SHOP_TOKEN}}'}}}}"
    )
    project.accounts(account(api=remote.url, access_token=origin))
    for arguments in (("doctor", "-vv"), ("plan", "-vv", "--format", "json"), ("apply", "--yes", "-vv")):
        ran = run(*arguments)
        assert ran.code == 1
        assert SECRET not in ran.out + ran.err


def test_an_agency_s_account_from_its_refresh_token_to_the_plan(
    project: Project, run: Run, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"component_appid": "wx1a2b3c4d5e6f7081", "component_appsecret": "s", "component_verify_ticket": "t"}
    request = urllib.request.Request(
        f"{host.url}/cgi-bin/component/api_component_token", data=json.dumps(body).encode(), method="POST"
    )
    with urllib.request.urlopen(request) as response:
        component = json.load(response)["component_access_token"]
    keep = project.write("keep.sh", '#!/bin/sh\ncat >"$WX_ACCOUNT"\ncat "$WX_ACCOUNT" >&2\n')
    keep.chmod(0o700)
    monkeypatch.setenv("COMPONENT_TOKEN", component)
    monkeypatch.setenv("REFRESH_TOKEN", "refreshtoken@@@first")
    authorizer = (
        "{component_appid: wx1a2b3c4d5e6f7081, component_access_token: '${env:COMPONENT_TOKEN}', "
        "refresh_token: '${env:REFRESH_TOKEN}', on_refresh: {command: [./keep.sh]}}"
    )
    project.accounts(account(api=host.url, authorizer=authorizer))
    project.want(menu("新"))
    code, findings = examined(run)
    assert code == 0
    assert "the third-party platform wx1a2b3c4d5e6f7081" in one(findings, "credentials")["detail"]
    kept = (project.root / "shop").read_text().strip()
    monkeypatch.setenv("REFRESH_TOKEN", kept)
    for arguments in (("doctor", "-vv"), ("plan", "-vv"), ("apply", "--yes", "-vv", "--format", "json")):
        ran = run(*arguments)
        assert ran.code == 0
        assert not [each for each in (component, kept, "refreshtoken@@@first") if each in ran.out + ran.err]
    assert [path for path in host.writes() if "/component/" not in path] == ["/cgi-bin/menu/create"]
    # The cached token serves further runs: no refresh token is used up for each of them.
    assert [call.path for call in host.store.calls()].count("/cgi-bin/component/api_authorizer_token") == 1
    keep.write_text("#!/bin/sh\nexit 1\n")
    monkeypatch.setenv("WXDEPLOY_CACHE", str(project.root / "another"))
    code, findings = examined(run)
    assert code == 1
    assert "was not taken over" in one(findings, "token")["detail"]
