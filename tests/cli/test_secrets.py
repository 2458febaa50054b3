"""No token and no secret is in anything that the program leaves behind, whatever goes wrong."""

from __future__ import annotations

import json
import logging
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cli.shell import SECRET, Host, Project, Ran, account
from workflow.drill import CREATE, LOST, MENU_GET, SELFMENU, TOKEN, Fault, menu

Run = Callable[..., Ran]

pytestmark = pytest.mark.usefixtures("hurry")


class Tell:
    """An answer that repeats what it was asked with: the worst that a host can do."""

    def __init__(self, code: int | None, status: int = 200, *, host: Host) -> None:
        self.host, self.code, self.status = host, code, status

    def __call__(self, _: Any) -> Any:
        path, query, body = self.host.line.seen[-1]
        token = query.partition("=")[2]
        said = f"{query} {body.decode()} access_token={token} token: {token} \x1b]0;{token}\x07"
        if self.code is None:
            return self.status, f"<html>{path}?{said}</html>".encode()
        return self.status, {"errcode": self.code, "errmsg": said, "access_token": None, "secret": body.decode()}


CODES = (-1, 40001, 40013, 40125, 40164, 42001, 45009, 46003, 48001, 65400, 99999)
TROUBLES: dict[str, Callable[..., Any]] = {
    **{str(code): partial(Tell, code) for code in CODES},
    "a page": partial(Tell, None),
    "502": partial(Tell, None, 502),
    "a redirect": partial(Tell, None, 302),
    "lost": lambda host: LOST,
    "half": lambda host: b'{"access_token": "' + SECRET.encode(),
    "a list": lambda host: [SECRET],
    "a wrong shape": partial(Tell, 0),
}


def tokens(host: Host) -> list[str]:
    found = {each[1].partition("access_token=")[2].partition("&")[0] for each in host.line.seen}
    return sorted(found - {""})


def check_clean(ran: Ran, host: Host, root: Path, caplog: pytest.LogCaptureFixture, *, secret: str = SECRET) -> None:
    shown = "\n".join(
        [ran.out, ran.err, caplog.text, *(str(vars(record)) for record in caplog.records)]
        + [f"{path}\n" + path.read_text("utf-8") for path in root.rglob("*") if path.is_file() and path.suffix != ".sqlite3"]
    )  # fmt: skip
    for hidden in (secret, *tokens(host)):
        assert hidden not in shown
        assert hidden[4:] not in shown


@pytest.fixture
def remote(project: Project, host: Host, monkeypatch: pytest.MonkeyPatch) -> Host:
    project.accounts(account(api=host.url, secret="${env:SHOP_SECRET}"))
    project.want(menu("新"))
    host.live(menu=menu("旧"))
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    return host


@pytest.mark.parametrize("path", [TOKEN, MENU_GET, SELFMENU, CREATE])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_no_trouble_of_any_call_makes_the_program_tell_a_token_or_a_secret(
    project: Project, run: Run, remote: Host, caplog: pytest.LogCaptureFixture, path: str, trouble: str
) -> None:
    remote.line.faults.append(Fault(path, TROUBLES[trouble](host=remote), times=99))
    for command in (("plan", "-vv"), ("apply", "--yes", "-vv", "--format", "json"), ("apply", "--yes", "-vv")):
        if path == CREATE and command[0] == "plan":
            continue
        ran = run(*command)
        check_clean(ran, remote, project.root, caplog)
    assert tokens(remote) or path == TOKEN


def test_a_good_run_at_the_highest_verbosity_tells_none_either(
    project: Project, run: Run, remote: Host, caplog: pytest.LogCaptureFixture
) -> None:
    for command in (("plan",), ("apply", "--yes"), ("pull",)):
        ran = run(*command, "-vv")
        assert ran.code == 0
        check_clean(ran, remote, project.root, caplog)
    assert tokens(remote)


def test_a_wrong_secret_and_a_token_handed_in_are_not_told(
    project: Project, run: Run, remote: Host, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = "another-5ecret-which-is-wrong"
    monkeypatch.setenv("SHOP_SECRET", wrong)
    ran = run("apply", "--yes", "-vv")
    assert ran.code == 1
    check_clean(ran, remote, project.root, caplog, secret=wrong)
    project.accounts(account(api=remote.url, access_token="${env:SHOP_SECRET}"))
    ran = run("apply", "--yes", "-vv")
    assert ran.code == 1
    check_clean(ran, remote, project.root, caplog, secret=wrong)
    monkeypatch.setenv("SHOP_SECRET", f"{wrong}\r\nX: y")
    check_clean(run("plan", "-vv"), remote, project.root, caplog, secret=wrong)


def test_a_host_program_that_logs_everything_gets_none_either(
    project: Project, run: Run, remote: Host, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ran = run("apply", "--yes", "-vv")
    assert ran.code == 0
    check_clean(ran, remote, project.root, caplog)


def test_what_is_kept_is_for_the_owner_alone_and_holds_no_token(
    project: Project, run: Run, remote: Host, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setenv("WXDEPLOY_CACHE", str(cache))
    assert run("apply", "--yes").code == 0
    kept = [path for path in (project.root / ".wxdeploy").rglob("*") if path.is_file()]
    assert {path.parent.name for path in kept} >= {"snapshots", "journal"}
    (token,) = tokens(remote)
    for path in kept:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        text = path.read_text("utf-8")
        assert token not in text
        assert SECRET not in text
    lock, kept_token = sorted(path for path in cache.rglob("*") if path.is_file())
    assert stat.S_IMODE(lock.stat().st_mode) == 0o600
    assert lock.parent.name == "lock"
    assert token not in lock.read_text("utf-8")
    assert SECRET not in lock.read_text("utf-8")
    assert stat.S_IMODE(kept_token.stat().st_mode) == 0o600
    assert token in kept_token.read_text("utf-8")
    names = [str(path) for path in tmp_path.rglob("*")]
    assert not any(token[:12] in name or SECRET in name or "wx00000000" in name for name in names)
    assert json.loads(kept_token.read_text("utf-8"))["appid"]


def test_the_token_of_the_last_run_is_used_again(run: Run, remote: Host) -> None:
    for _ in range(3):
        assert run("plan").code == 0
    assert [each[0] for each in remote.line.seen].count(TOKEN) == 1
