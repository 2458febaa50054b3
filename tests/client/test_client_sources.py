"""Tokens of programs and of central services: real programs, real servers on loopback, and whatever they do wrong."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
import os
import re
import signal
import sys
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wxdeploy.client.account import AccountClient
from wxdeploy.client.cache import is_token
from wxdeploy.client.desk import LARGEST_ANSWER, Desk
from wxdeploy.client.grant import answered, printed
from wxdeploy.client.http import Http
from wxdeploy.client.program import LARGEST_OUTPUT, Place, run
from wxdeploy.client.sources import Means, handed_out
from wxdeploy.model.credential import TokenCommand, TokenOrigin, TokenService
from wxdeploy.model.errors import ApiError, CredentialError, WxdeployError
from wxdeploy.model.secret import Secret

TOKEN = "80_ToKeNToKeNToKeNToKeNToKeN0123456789abcdef"
OTHER = "81_0tHeR0tHeR0tHeR0tHeR0tHeR0123456789abcdef"
KEY = "5ecret-key-of-the-service"
ARGUMENT = "an-argument-that-is-nobodys-affair"
HIDDEN = (TOKEN, OTHER, KEY, ARGUMENT)

Serve = Callable[..., Any]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged by anyone at any level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(level)
    root.removeHandler(handler)


async def no_pause(_: float) -> None:
    return None


def clean(error: WxdeployError, *more: str) -> None:
    assert error.__context__ is None
    assert error.__cause__ is None
    shown = "\n".join([str(error), repr(error), repr(vars(error)), *traceback.format_exception(error), *more])
    assert not [hidden for hidden in HIDDEN if hidden in shown]


@dataclass
class Wechat:
    """A host that takes some tokens, and remembers those that it was shown."""

    good: set[str]
    seen: list[str] = field(default_factory=list)

    async def __call__(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        token = request.partition(b"access_token=")[2].partition(b" ")[0].decode()
        self.seen.append(token)
        body = {"menu": {"button": []}} if token in self.good else {"errcode": 40001, "errmsg": f"invalid {token}"}
        await reply(writer, json.dumps(body).encode())


async def reply(writer: asyncio.StreamWriter, body: bytes, status: str = "200 OK", head: str = "") -> None:
    writer.write(f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n{head}\r\n".encode() + body)
    await writer.drain()


@dataclass
class Bench:
    """A folder for programs, and a way to call an account whose token they hand out."""

    folder: Path
    serve: Serve
    environ: dict[str, str] = field(default_factory=lambda: {"PATH": os.environ["PATH"], "SERVICE_KEY": KEY})
    seconds: float = 20.0

    def script(self, text: str, name: str = "token.sh") -> str:
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o700)
        return f"./{name}"

    @property
    def place(self) -> Place:
        return Place(folder=self.folder, environ=self.environ, seconds=self.seconds)

    @contextlib.asynccontextmanager
    async def client(self, origin: TokenOrigin, wechat: Wechat, **means: Any) -> AsyncIterator[AccountClient]:
        tokens = handed_out(origin, Means(place=self.place, pause=no_pause, **means))
        async with self.serve(wechat) as port, Http(f"http://127.0.0.1:{port}", read_only=True) as http:
            yield AccountClient(http, tokens, pause=no_pause)

    def call(self, origin: TokenOrigin, wechat: Wechat, times: int = 1) -> Any:
        async def calls() -> Any:
            async with self.client(origin, wechat) as client:
                return [await client.call("menu.get") for _ in range(times)]

        return asyncio.run(calls())

    def fails(self, origin: TokenOrigin, wechat: Wechat | None = None) -> Any:
        with pytest.raises(WxdeployError) as caught:
            self.call(origin, wechat or Wechat({TOKEN}))
        clean(caught.value)
        return caught.value


@pytest.fixture
def bench(tmp_path: Path, serve: Serve) -> Bench:
    return Bench(tmp_path, serve)


# Programs


@pytest.mark.parametrize(
    "text",
    [
        f"echo {TOKEN}",
        f"printf '  {TOKEN}\\r\\n\\n'",
        f"""echo '{{"access_token": "{TOKEN}", "expires_in": 7200}}'""",
        f"""printf '\\357\\273\\277{{"access_token":"{TOKEN}","expires_in":"600","more":[1]}}'""",
    ],
)
def test_a_program_prints_a_token(bench: Bench, text: str) -> None:
    wechat = Wechat({TOKEN})
    bench.call(TokenCommand((bench.script(text),)), wechat)
    assert wechat.seen == [TOKEN]


def test_it_runs_without_a_shell_in_the_project_with_the_environment(bench: Bench) -> None:
    bench.environ |= {"WX_ACCOUNT": "prod", "WX_APPID": "wx1"}
    script = bench.script('echo "$PWD|$1|$2|$WX_ACCOUNT|$WX_APPID|$SERVICE_KEY" >seen; cat >stdin; echo ' + TOKEN)
    bench.call(TokenCommand((script, "$(echo a b)", "; ls *")), Wechat({TOKEN}))
    seen = (bench.folder / "seen").read_text().strip()
    assert seen == f"{bench.folder.resolve()}|$(echo a b)|; ls *|prod|wx1|{KEY}"
    assert (bench.folder / "stdin").read_bytes() == b""


def test_it_is_asked_once_for_many_calls_at_once_and_once_more_when_refused(bench: Bench) -> None:
    script = bench.script(f"echo x >>runs; if [ -e ended ]; then echo {OTHER}; else echo {TOKEN}; fi")

    async def calls() -> Wechat:
        wechat = Wechat({TOKEN})
        async with bench.client(TokenCommand((script,)), wechat) as client:
            await asyncio.gather(*(client.call("menu.get") for _ in range(8)))
            wechat.good = {OTHER}
            (bench.folder / "ended").touch()
            await asyncio.gather(*(client.call("menu.get") for _ in range(8)))
        return wechat

    wechat = asyncio.run(calls())
    assert (bench.folder / "runs").read_text().split() == ["x", "x"]
    assert wechat.seen.count(OTHER) == 8


def test_a_loop_of_refusals_ends_after_one_renewal(bench: Bench) -> None:
    script = bench.script(f"echo x >>runs; echo {TOKEN}$(wc -l <runs | tr -d ' ')")
    error = bench.fails(TokenCommand((script,)), wechat := Wechat(set()))
    assert isinstance(error, ApiError)
    assert "fetched a moment ago is refused" in error.message
    assert "second system" in error.fix
    assert [token[-1] for token in wechat.seen] == ["1", "2"]


def test_the_refused_token_is_not_taken_again_and_not_shown_to_the_program(bench: Bench) -> None:
    script = bench.script(f"env >>seen; cat >>seen; echo {TOKEN}")
    error = bench.fails(TokenCommand((script,)), wechat := Wechat(set()))
    assert "handed out a second time" in error.message
    assert "second system" in error.fix
    assert wechat.seen == [TOKEN]
    assert TOKEN not in (bench.folder / "seen").read_text()


def test_a_life_that_is_known_is_kept_to(bench: Bench) -> None:
    now = [1000.0]
    script = bench.script(f"echo x >>runs; echo {TOKEN}")

    async def calls() -> None:
        origin = TokenCommand((script,), expires_in=600)
        async with bench.client(origin, Wechat({TOKEN}), clock=lambda: now[0]) as client:
            for now[0] in (1000.0, 1400.0, 1430.0):
                await client.call("menu.get")

    asyncio.run(calls())
    assert (bench.folder / "runs").read_text().split() == ["x", "x"]


FAILING = {
    "ends with 3": ("echo no such profile >&2; exit 3", r"\(`token.sh`\) ended with 3: no such profile"),
    "is killed": ("kill -9 $$", "was ended by signal 9"),
    "prints nothing": (":", "gave nothing"),
    "prints null, as jq does": ("echo null", "something else than an access token"),
    "prints quotes": (f"echo '\"{TOKEN}\"'", "something else than an access token"),
    "prints two words": (f"echo {TOKEN} {TOKEN}", "something else than an access token"),
    "prints a page": ("echo '<html>'", "something else than an access token"),
    "prints JSON without it": (f"""echo '{{"token": "{TOKEN}"}}'""", "gave no JSON with a text at `access_token`"),
    "prints half of JSON": (f"""echo '{{"access_token": "{TOKEN}'""", "gave no JSON"),
    "prints a number": ("""echo '{"access_token": 12}'""", "gave no JSON with a text"),
    "prints without end": (f"while :; do echo {TOKEN}; done", f"printed more than {LARGEST_OUTPUT} bytes"),
}


@pytest.mark.parametrize("case", FAILING)
def test_what_a_program_does_wrong_is_said(bench: Bench, case: str, log: io.StringIO) -> None:
    text, message = FAILING[case]
    error = bench.fails(TokenCommand((bench.script(text), ARGUMENT)))
    assert isinstance(error, CredentialError)
    assert re.search(message, error.message), error.message
    assert error.fix
    assert not [hidden for hidden in HIDDEN if hidden in log.getvalue()]


def test_what_it_says_of_its_failure_is_redacted_and_one_line(bench: Bench) -> None:
    said = [
        f"+ curl -H 'Authorization: Bearer {KEY}'",
        f"access_token={TOKEN}",
        f"got {OTHER}",
        "\x1b]0;x\x07 no route",
    ]
    script = bench.script("\n".join(f"printf '%s\\n' \"{line}\" >&2" for line in said) + f"\necho {ARGUMENT}\nexit 1")
    error = bench.fails(TokenCommand((script, ARGUMENT)))
    assert error.message.isprintable()
    assert "no route" in error.message
    assert "[redacted]" in error.message


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (("./nothing-here",), "No such file"),
        (("no-such-program-anywhere",), "No such file"),
        (("./no-program.txt",), "Permission denied"),
        (("./\0",), "can't be passed on"),
        (("./\ud800",), "can't be passed on"),
        ((), "can't be passed on"),
    ],
)
def test_a_program_that_cant_be_started(bench: Bench, argv: tuple[str, ...], why: str) -> None:
    (bench.folder / "no-program.txt").write_text("text")
    error = bench.fails(TokenCommand((*argv, ARGUMENT) if argv else ()))
    assert "can't be started" in error.message
    assert why in error.message


def test_a_program_that_does_not_end_is_ended_with_all_that_it_started(bench: Bench) -> None:
    bench.seconds = 0.5
    error = bench.fails(TokenCommand((bench.script("sleep 600 & echo $! >child; wait"),)))
    assert "was stopped after 0.5 s" in error.message
    child = int((bench.folder / "child").read_text())
    state = Path(f"/proc/{child}/stat")
    if state.parent.parent.exists():  # gone, or dead and not yet fetched by its new parent
        assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"
    else:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


def test_a_run_that_is_cancelled_leaves_no_program(bench: Bench) -> None:
    script = bench.script("echo $$ >child; exec sleep 600")

    os.mkfifo(bench.folder / "child")

    async def cancelled() -> int:
        task = asyncio.ensure_future(run((script,), bench.place, purpose="a test"))
        child = int(await asyncio.to_thread((bench.folder / "child").read_text))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return child

    child = asyncio.run(cancelled())
    with pytest.raises(ProcessLookupError):
        os.kill(child, signal.SIGCONT)


def tried(work: Callable[[], Any]) -> Any:
    """What the work gave, or the error that it ended with."""
    try:
        return work()
    except CredentialError as error:
        return error


WORDS = st.sampled_from(
    [b"{", b"}", b'"access_token"', b":", b'"', b"null", TOKEN.encode(), b"\n", b" ", b"\xff", b"\0"]
)


@settings(max_examples=150)
@given(content=st.binary(max_size=200) | st.lists(WORDS, max_size=12).map(b"".join))
def test_whatever_is_printed_is_a_token_or_a_clean_error(content: bytes) -> None:
    for read in (lambda: printed(content, "the command"), lambda: answered(content, "a.b", "the service")):
        result = tried(read)
        if isinstance(result, CredentialError):
            assert result.fix
            assert result.message.isprintable()
            clean(result)
        else:
            assert is_token(result.token.reveal())


@settings(max_examples=25)
@given(out=st.binary(max_size=300), err=st.binary(max_size=300), code=st.integers(0, 3))
def test_whatever_a_program_prints_and_however_it_ends(
    tmp_path_factory: pytest.TempPathFactory, out: bytes, err: bytes, code: int
) -> None:
    folder = tmp_path_factory.getbasetemp()
    program = f"import os; os.write(1, {out!r}); os.write(2, {err!r}); os._exit({code})"
    place = Place(folder=folder, environ={})
    argv = (sys.executable, "-S", "-E", "-c", program)
    result = tried(lambda: asyncio.run(run(argv, place, purpose="a test")))
    if isinstance(result, CredentialError):
        assert code
        assert f"ended with {code}" in result.message
        assert result.message.isprintable()
    else:
        assert (code, result) == (0, out)


# Services


@dataclass
class Counter:
    """A token service: its answers in turn, the last one again and again."""

    answers: list[tuple[str, bytes, str]]
    asked: list[bytes] = field(default_factory=list)

    async def __call__(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        self.asked.append(request)
        status, body, head = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        await reply(writer, body, status, head)


def service(*answers: Any) -> Counter:
    whole = [(each, b"", "") if isinstance(each, str) else each for each in answers]
    return Counter([each if isinstance(each, tuple) else ("200 OK", json.dumps(each).encode(), "") for each in whole])


def asked(serve: Serve, counter: Counter, *, at: str = "access_token", path: str = "/wx?shop=1", **more: Any) -> Any:
    async def ask() -> Any:
        async with serve(counter) as port:
            headers = {"Authorization": Secret(f"Bearer {KEY}"), "X-Shop": Secret("prod")}
            origin = TokenService(f"http://127.0.0.1:{port}{path}", headers, at)
            return await Desk(service=origin, pause=no_pause, **more).ask()

    return asyncio.run(ask())


def test_a_service_is_asked_with_its_headers(serve: Serve, log: io.StringIO) -> None:
    counter = service({"access_token": TOKEN, "expires_in": 300})
    grant = asked(serve, counter)
    assert (grant.token.reveal(), grant.expires_in) == (TOKEN, 300)
    (request,) = counter.asked
    head, *lines = request.decode().split("\r\n")
    assert head == "GET /wx?shop=1 HTTP/1.1"
    assert f"authorization: Bearer {KEY}" in lines
    assert "x-shop: prod" in lines
    assert not [hidden for hidden in HIDDEN if hidden in log.getvalue()]


def test_the_token_may_stand_deeper(serve: Serve) -> None:
    counter = service({"code": 0, "data": {"wx": {"token": TOKEN, "expires_in": 60}}})
    grant = asked(serve, counter, at="data.wx.token")
    assert (grant.token.reveal(), grant.expires_in) == (TOKEN, 60)


def test_a_service_is_asked_again_when_its_token_is_refused(bench: Bench, serve: Serve) -> None:
    counter = service({"access_token": TOKEN}, {"access_token": OTHER})

    async def call() -> Wechat:
        wechat = Wechat({OTHER})
        async with serve(counter) as port:
            origin = TokenService(f"http://127.0.0.1:{port}/", {}, "access_token")
            async with bench.client(origin, wechat) as client:
                await client.call("menu.get")
        return wechat

    assert asyncio.run(call()).seen == [TOKEN, OTHER]
    assert TOKEN.encode() not in b"".join(counter.asked)


REDIRECT = ("302 Found", b"", f"location: http://127.0.0.1:1/{TOKEN}\r\n")
WRONG = {
    "401": ("401 Unauthorized", "gave no token: HTTP 401", 1),
    "404 with a token": (("404 Not Found", json.dumps({"access_token": TOKEN}).encode(), ""), "HTTP 404", 1),
    "a redirect": (REDIRECT, "HTTP 302, a redirect, which is not followed", 1),
    "502": (("502 Bad Gateway", TOKEN.encode(), ""), "HTTP 502", 4),
    "a page": (("200 OK", b"<html>" + TOKEN.encode(), ""), "gave no JSON", 1),
    "a list": ([TOKEN], "gave no JSON", 1),
    "another field": ({"token": TOKEN}, "gave no JSON with a text at `access_token`", 1),
    "an empty one": ({"access_token": ""}, "gave nothing", 1),
    "no token": ({"access_token": "two words"}, "something else than an access token", 1),
    "a flood": (("200 OK", b" " * (LARGEST_ANSWER + 1), ""), "more than", 1),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_a_service_does_wrong_is_said(serve: Serve, case: str, log: io.StringIO) -> None:
    answer, message, times = WRONG[case]
    counter = service(answer)
    with pytest.raises(CredentialError) as caught:
        asked(serve, counter, path=f"/{ARGUMENT}")
    assert message in caught.value.message
    assert "127.0.0.1" in caught.value.message
    assert caught.value.fix
    assert len(counter.asked) == times
    clean(caught.value)
    assert not [hidden for hidden in (KEY, ARGUMENT) if hidden in log.getvalue()]


def test_a_service_that_hangs_or_is_not_there(serve: Serve) -> None:
    gone = asyncio.Event

    async def hang(_: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.wait_for(gone().wait(), 5)

    async def ask() -> None:
        async with serve(hang) as port:
            origin = TokenService(f"http://127.0.0.1:{port}/", {}, "access_token")
            await Desk(service=origin, pause=no_pause, seconds=0.1).ask()

    with pytest.raises(CredentialError, match="no answer in time"):
        asyncio.run(ask())
    with pytest.raises(CredentialError, match="the connection was refused"):
        asyncio.run(Desk(service=TokenService("http://127.0.0.1:9/", {}, "a"), pause=no_pause).ask())


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://tokens.example.com/", "plain http to tokens.example.com"),
        ("http://127.0.0.1.example.com/", "plain http"),
        ("ftp://127.0.0.1/", "not an http or https address"),
        ("https://user:pass@127.0.0.1/", "not an http or https address"),
        ("token", "not an http or https address"),
        ("https://\ud800", "not an http or https address"),
    ],
)
def test_an_address_that_may_not_be_used_is_not_called(url: str, message: str) -> None:
    with pytest.raises(CredentialError, match=message) as caught:
        asyncio.run(Desk(service=TokenService(url, {"a": Secret(KEY)}, "a"), pause=no_pause).ask())
    clean(caught.value)


@pytest.mark.parametrize("headers", [{"X": f"{KEY}\r\nY: z"}, {"X": f"{KEY}é"}, {"X Y": KEY}, {"": KEY}])
def test_headers_that_http_cant_carry_are_not_sent(headers: dict[str, str]) -> None:
    held = {name: Secret(value) for name, value in headers.items()}
    with pytest.raises(CredentialError, match="a header") as caught:
        asyncio.run(Desk(service=TokenService("http://127.0.0.1:9/", held, "a"), pause=no_pause).ask())
    clean(caught.value)
