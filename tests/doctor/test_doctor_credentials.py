"""An account that can't be entered: what is wrong with its credentials is said, and none of them is shown."""

from __future__ import annotations

import io
import json
import logging
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from cli.shell import SECRET, Host, Project, Ran, account
from doctor.examination import CALLBACK, CHECK, QUOTA, TAGS, brief, examined, one, remote_calls
from workflow.drill import APPID, MENU_GET, TOKEN, Fault, menu

Run = Callable[..., Ran]

pytestmark = pytest.mark.usefixtures("hurry")

SHUT = ["configuration ok", "credentials ok"]


def test_an_unset_secret(project: Project, run: Run, host: Host) -> None:
    project.accounts(account(api=host.url, secret="${env:SHOP_SECRET}"))
    project.want(menu("新"))
    code, findings = examined(run)
    assert code == 1
    assert brief(findings) == ["configuration ok", "credentials error"]
    assert "SHOP_SECRET is not set" in findings[1]["detail"]
    assert "set SHOP_SECRET" in findings[1]["remedy"]
    assert remote_calls(host) == []


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
