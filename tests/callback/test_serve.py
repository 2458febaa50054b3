"""``wxdeploy serve``: a project's callbacks as a process, and what becomes of them when the files change."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest
from callback.pushed import APPID, EVENTS, FOLLOWER, KEY, TOKEN, Push, body, encrypted, plain, signed
from callback.test_app import opened

import wxdeploy.callback
from wxdeploy.callback.followers import last_seen
from wxdeploy.callback.metrics import Metrics
from wxdeploy.model.errors import ConfigurationError, UsageError
from wxdeploy.model.replies import Text
from wxdeploy.workflow import serve
from wxdeploy.workflow.serve import Served, record_of, sites

SECRETS = {"WX_CB_TOKEN": TOKEN, "WX_CB_AES": KEY}
CALLBACK = 'token: "${env:WX_CB_TOKEN}"'
SECURE = f'{CALLBACK}, encoding_aes_key: "${{env:WX_CB_AES}}", mode: secure'


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """Writes a project of accounts with these callbacks (None: without one)."""

    def write(**callbacks: str | None) -> Path:
        lines = ["version: 1", "accounts:"]
        for number, (name, inside) in enumerate((callbacks or {"shop": SECURE}).items()):
            entry = f"appid: wxba5fad812f8e6fb{9 - number}, api: sandbox, files: ['*/*.yaml']"
            lines.append(f"  {name}: {{{entry}{f', callback: {{{inside}}}' if inside is not None else ''}}}")
        (tmp_path / "wxdeploy.yaml").write_text("\n".join(lines), "utf-8")
        menus = tmp_path / "menus"
        menus.mkdir(exist_ok=True)
        (menus / "menu.yaml").write_text("menu: {button: [{type: click, name: 今日歌曲, key: V1001}]}\n", "utf-8")
        (menus / "replies.yaml").write_text("replies: {click: {V1001: {text: 晴天}}}\n", "utf-8")
        return tmp_path

    return write


def test_secrets_mode_and_paths(project):
    root = project(one=f"url: 'https://cb.example.com/wx/one', {SECURE}", two=CALLBACK, three=None)
    one, two = sites(root, SECRETS)
    assert (one.account, one.appid, one.mode, one.paths) == ("one", APPID, "secure", ("/one", "/wx/one"))
    assert (two.mode, two.cipher, two.paths, two.forward) == ("plain", None, ("/two",), None)
    push = encrypted(body(EVENTS["click"]))
    assert one.open(push.query, push.body, now=1714037059).message.button_key == "V1001"


@pytest.mark.parametrize(
    ("inside", "environ", "told"),
    [
        (CALLBACK, {}, "WX_CB_TOKEN is not set"),
        ("url: 'https://x.example.com/'", {}, "has no `token`"),
        (CALLBACK, {"WX_CB_TOKEN": "ab"}, "3 to 32"),
        (CALLBACK, {"WX_CB_TOKEN": "密" * 5}, "3 to 32"),
        (f"{CALLBACK}, mode: secure", SECRETS, "needs an `encoding_aes_key`"),
        (SECURE, {**SECRETS, "WX_CB_AES": "x"}, "43 letters"),
        (f"{CALLBACK}, forward: 'http://example.com/'", SECRETS, "unencrypted"),
        (f"{CALLBACK}, url: 'https://[cb.example.com/'", SECRETS, "is no address"),
    ],
)
def test_what_is_wrong_is_told_at_its_place_and_without_its_value(project, inside, environ, told):
    with pytest.raises(ConfigurationError) as caught:
        sites(project(shop=inside), environ)
    (found,) = caught.value.diagnostics
    assert told in found.detail
    assert found.span.file == "wxdeploy.yaml"
    assert found.span.line == 3
    assert not any(value in found.detail + found.fix for value in environ.values() if len(value) > 2)


@pytest.mark.parametrize(
    ("callbacks", "told"),
    [
        ({"shop": None}, "no account has a callback"),
        ({"healthz": CALLBACK}, "can't answer at /healthz"),
        ({"one": f"url: 'https://a.example.com/wx', {CALLBACK}", "two": f"url: 'https://b.example.com/wx', {CALLBACK}"},
         "two and one would both answer at /wx"),
        ({"one": f"url: 'https://a.example.com/two', {CALLBACK}", "two": CALLBACK}, "both answer at /two"),
    ],
)  # fmt: skip
def test_callbacks_that_can_t_be_served_together(project, callbacks, told):
    with pytest.raises(UsageError, match=told):
        sites(project(**callbacks), SECRETS)


def test_files_that_change_are_taken_and_broken_ones_are_not(project, caplog):
    root = project(shop=CALLBACK)
    served = Served(root, SECRETS)
    assert served.renew() == ""
    before = served.sites.at("/shop")
    assert before.replies.click == {"V1001": Text("晴天")}
    (root / "menus" / "more.yaml").write_text("buttons: []\n\x1b", "utf-8")
    assert (served.renew(), served.renew(), served.sites.is_current) == ("invalid", "", False)
    assert served.sites.at("/shop") is before
    assert "menus/more.yaml:2:1: error WX005" in caplog.text
    assert "\x1b" not in caplog.text
    (root / "menus" / "more.yaml").write_text("tags: [{name: VIP}]\n", "utf-8")
    (root / "menus" / "replies.yaml").write_text("replies: {click: {V1001: {text: 七里香}}}\n", "utf-8")
    assert (served.renew(), served.sites.is_current) == ("taken", True)
    assert served.sites.at("/shop").replies.click == {"V1001": Text("七里香")}
    project(shop=f"url: 'https://cb.example.com/elsewhere', {CALLBACK}")
    assert served.renew() == "taken"
    assert served.sites.paths == ("/shop", "/elsewhere")
    (root / "wxdeploy.yaml").unlink()
    assert (served.renew(), served.sites.paths) == ("invalid", ("/shop", "/elsewhere"))
    project(shop=CALLBACK)
    assert (served.renew(), served.sites.paths) == ("taken", ("/shop",))


def test_files_are_looked_at_while_it_runs(project, monkeypatch):
    monkeypatch.setattr(serve, "LOOK_SECONDS", 0)
    root = project(shop=CALLBACK)
    served = Served(root, SECRETS)
    (root / "menus" / "menu.yaml").write_text("tags: [{name: VIP}]\n", "utf-8")

    class Told(Metrics):
        def reloaded(self, outcome: str) -> None:
            super().reloaded(outcome)
            raise InterruptedError

    metrics = Told()
    with pytest.raises(InterruptedError):
        asyncio.run(served.watch(metrics))
    assert 'reloads_total{outcome="taken"} 1' in metrics.text(current=True, lost=0)


def test_an_asgi_server_of_one_s_own_can_import_it(project, monkeypatch):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    app = wxdeploy.callback.app_from(project(), "shop")

    async def asked() -> httpx.Response:
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://cb") as client:
                return await client.get("/healthz")

    assert asyncio.run(asked()).status_code == 200


@pytest.fixture
def start() -> Iterator[Callable[..., tuple[subprocess.Popen[str], str]]]:
    """Starts the command in a folder and waits for its first address."""
    with ExitStack() as stack:

        def run(root: Path, *arguments: str) -> tuple[subprocess.Popen[str], str]:
            line = [sys.executable, "-W", "error", "-m", "wxdeploy", "-C", root, "serve", "--port", "0", *arguments]
            process = stack.enter_context(
                subprocess.Popen(
                    line, text=True, env={**os.environ, **SECRETS}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
                )
            )
            stack.callback(process.kill)
            return process, process.stdout.readline().strip()

        yield run


def now(push: Callable[..., Push], *arguments: object) -> Push:
    import time

    return push(*arguments, now=int(time.time()))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_answers_and_ends_cleanly(project, start, number):
    root = project()
    process, url = start(root)
    assert url.endswith("/shop")
    with httpx.Client(trust_env=False) as client:
        push = Push(now(signed) | {"echostr": "1"})
        assert client.get(url, params=push.query).text == "1"
        push = now(encrypted, body(EVENTS["click"]))
        assert "晴天" in opened(client.post(url, params=push.query, content=push.body)).decode()
        with suppress(httpx.TransportError):  # refused before all of it was sent, the connection may break first
            assert client.post(url, params=push.query, content=b"x" * 10_000_000).status_code == 413
        assert client.post(url, content=b"\xff").status_code == 403
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "")
    assert "Traceback" not in err
    assert not any(secret in err for secret in (TOKEN, KEY, FOLLOWER))
    assert last_seen(record_of(root), APPID, FOLLOWER).event == 1714037059


def test_killed_it_keeps_what_it_saw(project, start):
    root = project(shop=CALLBACK)
    process, url = start(root)
    with httpx.Client(trust_env=False) as client:
        push = now(plain, body(EVENTS["click"]))
        client.post(url, params=push.query, content=push.body)
        while last_seen(record_of(root), APPID, FOLLOWER).event is None:
            client.get(url)
    process.kill()
    process.wait()
    assert last_seen(record_of(root), APPID, FOLLOWER).event == 1714037059


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--account", "none"], 64, "no account is called none"),
        (["--target", "menu"], 64, "No such option"),
        (["--concurrency", "2"], 64, "No such option"),
        (["--port", "70000"], 64, "70000"),
    ],
)
def test_wrong_usage(project, program, arguments, code, told):
    ran = program("-C", project(), "serve", *arguments)
    assert ran.exit == code
    assert told in ran.err


def test_what_can_t_be_had(project, program, monkeypatch):
    import socket

    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    root = project()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = program("-C", root, "serve", "--port", str(taken.getsockname()[1]))
    assert (ran.exit, ran.out) == (1, "")
    assert "can't listen on" in ran.err
    (root / ".wxdeploy" / "callback.sqlite3").write_bytes(b"no database" * 100)
    ran = program("-C", root, "serve", "--port", "0")
    assert ran.exit == 1
    assert "can't be kept" in ran.err
