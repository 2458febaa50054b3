"""The sandbox over a real socket: two processes on one file, starting and stopping."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from wxdeploy.sandbox.server import serve

APPID = "wx0000000000000001"
PROGRAM = """
import json, sys
from wxdeploy.sandbox.server import serve
serve("127.0.0.1", 0, on_ready=lambda url: print(url, flush=True), **json.loads(sys.argv[1]))
"""


@pytest.fixture
def start() -> Iterator[Callable[..., tuple[subprocess.Popen[str], str]]]:
    """Starts a server and waits for its address."""
    with ExitStack() as stack:

        def run(**options: object) -> tuple[subprocess.Popen[str], str]:
            command = [sys.executable, "-W", "error", "-c", PROGRAM, json.dumps(options)]
            pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
            process = stack.enter_context(subprocess.Popen(command, text=True, **pipes))
            stack.callback(process.kill)
            return process, process.stdout.readline().strip()

        yield run


def call(client: httpx.Client, path: str, body: object) -> dict:
    content = json.dumps(body, ensure_ascii=False).encode()
    return client.post(f"/cgi-bin/{path}", content=content).json()


@contextmanager
def connect(url: str) -> Iterator[httpx.Client]:
    body = {"grant_type": "client_credential", "appid": APPID, "secret": "s"}
    with httpx.Client(base_url=url, trust_env=False) as client:
        token = client.post("/cgi-bin/stable_token", json=body).json()["access_token"]
        client.params = httpx.QueryParams(access_token=token)
        yield client


def test_two_processes_share_one_file(start, tmp_path):
    """Started at once, written to at once: no write is lost, no id given twice, one token for both."""
    db = str(tmp_path / "state" / "sandbox.sqlite3")
    with ThreadPoolExecutor(8) as threads:
        urls = [url for _, url in threads.map(lambda _: start(db=db), range(2))]
        with connect(urls[0]) as one, connect(urls[1]) as other:
            assert one.params == other.params
            menu = {"button": [{"type": "click", "name": "a", "key": "K"}]}
            call(one, "menu/create", menu)

            def write(index: int) -> tuple[int, str]:
                client = (one, other)[index % 2]
                tag = call(client, "tags/create", {"tag": {"name": f"t{index}"}})["tag"]["id"]
                rule = {"matchrule": {"tag_id": tag}}
                return tag, call(client, "menu/addconditional", {**menu, **rule})["menuid"]

            written = list(threads.map(write, range(40)))
            assert sorted(tag for tag, _ in written) == list(range(100, 140))
            assert len({menuid for _, menuid in written}) == 40
            for client in (one, other):
                menus = client.get("/cgi-bin/menu/get").json()["conditionalmenu"]
                found = [menu["menuid"] for menu in menus]
                assert found == sorted((int(menuid) for _, menuid in written), reverse=True)


def test_two_processes_never_fill_more_than_the_slots(start, tmp_path):
    """Started near 25 templates, both add at once: some are refused (45026), none is one too many."""
    db = str(tmp_path / "sandbox.sqlite3")
    template = {"title": "x", "placeholders": {"thing1": "x"}}
    (_, first), (_, second) = start(db=db, seed={APPID: {"templates": [template] * 20}}), start(db=db)
    body = {"template_id_short": "47124", "keyword_name_list": ["时间", "地点", "金额"]}
    with ThreadPoolExecutor(8) as threads, connect(first) as one, connect(second) as other:
        answers = list(threads.map(lambda i: call((one, other)[i % 2], "template/api_add_template", body), range(30)))
        assert sorted(answer["errcode"] for answer in answers) == [0] * 5 + [45026] * 25
        listed = [client.get("/cgi-bin/template/get_all_private_template").json() for client in (one, other)]
        assert listed[0] == listed[1]
        ids = [template["template_id"] for template in listed[0]["template_list"]]
        assert set(ids[20:]) == {answer["template_id"] for answer in answers if answer["errcode"] == 0}
        assert len(set(ids)) == 25


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_and_it_says_nothing(start, number):
    process, url = start()
    with httpx.Client(base_url=url, trust_env=False) as client:
        assert client.get("/cgi-bin/menu/get").json()["errcode"] == 41001
        client.get("/nowhere")
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "")


def test_state_outlives_the_process(start, tmp_path):
    db = str(tmp_path / "sandbox.sqlite3")
    for expected in (["t"], ["t", "u"]):
        process, url = start(db=db)
        with connect(url) as client:
            call(client, "tags/create", {"tag": {"name": expected[-1]}})
            assert [tag["name"] for tag in client.get("/cgi-bin/tags/get").json()["tags"]] == ["星标组", *expected]
        process.terminate()
        process.communicate(timeout=20)


def test_seed_and_credentials(start):
    seed = {APPID: {"menu": {"button": [{"type": "click", "name": "a", "key": "K"}]}}}
    _, url = start(seed=seed, credentials={APPID: "s"})
    with connect(url) as client:
        assert "menu" in client.get("/cgi-bin/menu/get").json()
        query = {"grant_type": "client_credential", "appid": APPID, "secret": "wrong"}
        assert client.get("/cgi-bin/token", params=query).json()["errcode"] == 40125


def test_a_port_in_use_is_an_os_error():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        serve("127.0.0.1", taken.getsockname()[1])
