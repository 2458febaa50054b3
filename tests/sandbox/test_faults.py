"""Calls that fail in named ways, within one process and over a socket."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import httpx
import pytest
from asking import Answer, ask

from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.faults import Fault, What, When, parse, with_faults
from wxdeploy.sandbox.store import Store

APPID = "wx0000000000000001"
CREATE = "tags/create"

RULES = {
    "menu/create:after:reset": Fault(call="menu/create", when=When.AFTER, what=What.RESET),
    "*:before:errcode=45011*3": Fault(call="*", when=When.BEFORE, what=What.ERRCODE, errcode=45011, times=3),
    "menu/get:before:html502": Fault(call="menu/get", when=When.BEFORE, what=What.HTML, status=502),
    "template/*:after:errcode=-1": Fault(call="template/*", when=When.AFTER, what=What.ERRCODE, errcode=-1),
    "tags/get:after:truncated*always": Fault(call="tags/get", when=When.AFTER, what=What.TRUNCATED, times=None),
    "tags/get:before:empty+2": Fault(call="tags/get", when=When.BEFORE, what=What.EMPTY, skip=2),
    "*/members/*:before:hang*2+10": Fault(call="*/members/*", when=When.BEFORE, what=What.HANG, times=2, skip=10),
}


@pytest.mark.parametrize("rule", RULES)
def test_rules(rule):
    assert parse(rule) == RULES[rule]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("", "expected CALL:WHEN:WHAT"),
        ("menu/get", "expected CALL:WHEN:WHAT"),
        ("menu/get:before", "expected CALL:WHEN:WHAT"),
        ("menu/get:before:reset*", "expected CALL:WHEN:WHAT"),
        ("menu/get:before:reset*-1", "expected CALL:WHEN:WHAT"),
        ("menu/get:before:reset+1*2", "expected CALL:WHEN:WHAT"),
        ("menu/get:during:reset", "expected before or after, not 'during'"),
        ("menu/get:before:explode", "expected errcode=N, .*not 'explode'"),
        ("menu/get:before:errcode", "not 'errcode'"),
        ("menu/get:before:errcode=x", "not 'errcode=x'"),
        ("menu/get:before:html", "not 'html'"),
        ("menu/get:before:html404", "not 'html404'"),
        ("menu/get:before:reset*0", "never happen"),
        ("menu/gte:before:reset", "there is no call 'menu/gte'"),
        ("/cgi-bin/menu/get:before:reset", "there is no call"),
    ],
)
def test_what_is_no_rule(rule, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        parse(rule)
    assert repr(rule) in str(caught.value)


class Drill:
    """One account of a sandbox with faults in this process."""

    def __init__(self, store: Store, runner: asyncio.Runner, *rules: str) -> None:
        self._app = with_faults(create_app(store), [parse(rule) for rule in rules])
        self._runner = runner
        self._store = store
        self._query: dict[str, str] = {}
        body = {"grant_type": "client_credential", "appid": APPID, "secret": "s"}
        self._query["access_token"] = self.send("POST", "stable_token", body).json()["access_token"]

    def send(self, method: str, path: str, body: object = None, seconds: float | None = None) -> Answer:
        async def request() -> Answer:
            async with asyncio.timeout(seconds):
                content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
                return await ask(self._app, method, f"/cgi-bin/{path}", content, query=self._query)

        return self._runner.run(request())

    def create(self, name: str = "t", seconds: float | None = None) -> Answer:
        return self.send("POST", CREATE, {"tag": {"name": name}}, seconds)

    def tags(self) -> list[str]:
        with self._store.transaction() as state:
            return [tag.name for tag in state.tags(APPID)]


@pytest.fixture
def drill() -> Iterator[Callable[..., Drill]]:
    with asyncio.Runner() as runner, ExitStack() as stack:

        def make(*rules: str) -> Drill:
            store = stack.enter_context(closing(Store()))
            return Drill(store, runner, *rules)

        yield make


EFFECT = [("before", []), ("after", ["t"])]


@pytest.mark.parametrize(("when", "tags"), EFFECT)
def test_a_return_code(drill, when, tags):
    api = drill(f"{CREATE}:{when}:errcode=45011")
    answer = api.create()
    assert answer.status_code == 200
    assert answer.json()["errcode"] == 45011
    assert answer.json()["errmsg"].startswith("api minute-quota reach limit")
    assert api.tags() == tags


@pytest.mark.parametrize(("when", "tags"), EFFECT)
def test_a_page_of_a_gateway(drill, when, tags):
    api = drill(f"{CREATE}:{when}:html502")
    answer = api.create()
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html")
    assert "<h1>502 Bad Gateway</h1>" in answer.text
    assert api.tags() == tags


@pytest.mark.parametrize(("when", "tags"), EFFECT)
@pytest.mark.parametrize("what", ["truncated", "empty"])
def test_half_an_answer_and_none(drill, what, when, tags):
    api = drill(f"{CREATE}:{when}:{what}")
    answer = api.create()
    assert answer.status_code == 200
    assert (answer.content == b"") is (what == "empty")
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        answer.json()
    assert api.tags() == tags


@pytest.mark.parametrize(("when", "tags"), EFFECT)
def test_a_broken_connection(drill, when, tags):
    api = drill(f"{CREATE}:{when}:reset")
    with pytest.raises(ConnectionResetError):
        api.create()
    assert api.tags() == tags
    assert api.create("u").json()["tag"]["name"] == "u"


@pytest.mark.parametrize(("when", "tags"), EFFECT)
def test_no_answer_until_the_client_gives_up(drill, when, tags):
    api = drill(f"{CREATE}:{when}:hang")
    with pytest.raises(TimeoutError):
        api.create(seconds=0.05)
    assert api.tags() == tags
    assert api.create("u").json()["tag"]["name"] == "u"


def codes(api: Drill, count: int) -> list[int]:
    return [api.send("GET", "tags/get").json().get("errcode", 0) for _ in range(count)]


def test_times_and_skip(drill):
    assert codes(drill("tags/get:before:errcode=1"), 3) == [1, 0, 0]
    assert codes(drill("tags/get:before:errcode=1*2+1"), 4) == [0, 1, 1, 0]
    assert codes(drill("tags/get:before:errcode=1*always+2"), 5) == [0, 0, 1, 1, 1]


def test_of_several_rules_the_first_that_is_left_comes_true(drill):
    api = drill("tags/get:before:errcode=1", "tags/*:before:errcode=2*2", "menu/*:before:errcode=3*always")
    assert codes(api, 4) == [1, 2, 2, 0]


def test_other_calls_are_untouched(drill):
    api = drill("tags/get:before:reset*always")
    assert api.create().json()["tag"]["name"] == "t"
    assert api.send("GET", "nothing").status_code == 404


def test_the_counts_belong_to_one_application(drill):
    fault = "tags/get:before:errcode=1"
    assert codes(drill(fault), 2) == codes(drill(fault), 2) == [1, 0]


def test_a_call_that_took_effect_is_in_the_log_and_one_that_did_not_is_not(drill):
    api = drill(f"{CREATE}:before:reset", f"{CREATE}:after:reset")
    for name in ("t", "u"):
        with pytest.raises(ConnectionResetError):
            api.create(name)
    assert [call.path for call in api._store.calls()][1:] == [f"/cgi-bin/{CREATE}"]


# Over a socket

PROGRAM = """
import sys
from wxdeploy.sandbox.faults import parse
from wxdeploy.sandbox.server import serve
serve("127.0.0.1", 0, on_ready=lambda url: print(url, flush=True), faults=[parse(rule) for rule in sys.argv[1:]])
"""


@pytest.fixture
def served() -> Iterator[Callable[..., tuple[httpx.Client, subprocess.Popen[str]]]]:
    """Starts a server with faults; a client with a token."""
    with ExitStack() as stack:

        def run(*rules: str) -> tuple[httpx.Client, subprocess.Popen[str]]:
            command = [sys.executable, "-W", "error", "-c", PROGRAM, *rules]
            pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
            process = stack.enter_context(subprocess.Popen(command, text=True, **pipes))
            stack.callback(process.kill)
            client = stack.enter_context(httpx.Client(base_url=process.stdout.readline().strip(), trust_env=False))
            body = {"grant_type": "client_credential", "appid": APPID, "secret": "s"}
            token = client.post("/cgi-bin/stable_token", json=body).json()["access_token"]
            client.params = httpx.QueryParams(access_token=token)
            return client, process

        yield run


def create(client: httpx.Client, **options: object) -> httpx.Response:
    return client.post(f"/cgi-bin/{CREATE}", content=b'{"tag":{"name":"t"}}', **options)


def names(client: httpx.Client) -> list[str]:
    return [tag["name"] for tag in client.get("/cgi-bin/tags/get").json()["tags"]][1:]


@pytest.mark.parametrize(("when", "tags"), EFFECT)
def test_over_a_socket_the_connection_is_reset(served, when, tags):
    """At once, without a byte of an answer; and the server goes on, and says nothing."""
    client, process = served(f"{CREATE}:{when}:reset")
    with pytest.raises(httpx.ReadError, match="reset by peer"):
        create(client)
    assert names(client) == tags
    process.terminate()
    assert process.communicate(timeout=20) == ("", "")


@pytest.mark.parametrize(("when", "tags"), EFFECT)
def test_over_a_socket_the_client_gives_up(served, when, tags):
    client, process = served(f"{CREATE}:{when}:hang")
    begin = time.monotonic()
    with pytest.raises(httpx.ReadTimeout):
        create(client, timeout=0.3)
    assert time.monotonic() - begin >= 0.3
    assert names(client) == tags
    process.terminate()
    assert process.communicate(timeout=20) == ("", "")
    assert process.returncode == 0


def test_over_a_socket_the_other_answers_are_whole_messages(served):
    client, _ = served(*(f"{CREATE}:before:{what}" for what in ("errcode=-1", "html503", "truncated", "empty")))
    answers = [create(client) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 503, 200, 200]
    assert answers[0].json()["errcode"] == -1
    assert [len(answer.content) == int(answer.headers["content-length"]) for answer in answers] == [True] * 4
    assert answers[3].content == b""
    assert names(client) == []
    assert create(client).json()["tag"]["name"] == "t"
