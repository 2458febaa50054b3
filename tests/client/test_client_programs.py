"""Tokens of programs: real ones, and whatever they do wrong."""

from __future__ import annotations

import asyncio
import io
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli.shell import wait_for
from client.handing_out import ARGUMENT, HIDDEN, KEY, OTHER, TOKEN, Bench, Wechat, clean
from hypothesis import given
from hypothesis import strategies as st
from laws import searched

from wxdeploy.client.cache import is_token
from wxdeploy.client.grant import answered, printed
from wxdeploy.client.program import LARGEST_OUTPUT, Place, run
from wxdeploy.model.credential import TokenCommand
from wxdeploy.model.errors import ApiError, CredentialError


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
    wait_for(lambda: is_gone(child), 20)


def is_gone(child: int) -> bool:
    """Whether a process is not there, or dead and not yet fetched by its new parent."""
    try:
        os.kill(child, 0)
        return Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except ProcessLookupError:
        return True
    except FileNotFoundError:
        return Path("/proc/self/stat").exists()


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


@searched(50)
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


@searched(15)
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
