"""No command tells a token or a secret, to whatever lengths the host goes to make it."""

from __future__ import annotations

import json
import logging
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.shell import SECRET, Host, Project, Ran
from hostile.everything import LINES, lines, remote

from wxdeploy.cli.group import COMMANDS

Run = Callable[..., Ran]

pytestmark = pytest.mark.usefixtures("hurry")


class Echo:
    """A host that repeats, in every answer, what it was asked with: beside the answer, in a message, or in a header."""

    def __init__(self, host: Host, *, refuses: Callable[[str], int | None]) -> None:
        self._app = host.line.app
        self._refuses = refuses
        self.tokens: set[str] = set()
        host.line.app = self

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        parts: list[bytes] = []

        async def keep(message: Any) -> None:
            parts.append(message.get("body", b""))

        body = b""

        async def read() -> Any:
            nonlocal body
            message = await receive()
            body += message.get("body", b"")
            return message

        await self._app(scope, read, keep)
        answer = json.loads(b"".join(parts))
        query = scope["query_string"].decode()
        said = f"{query} {body.decode()} {SECRET} access_token={answer.get('access_token')}".strip()
        if token := answer.get("access_token") or query.partition("access_token=")[2].partition("&")[0]:
            self.tokens.add(token)
        if code := self._refuses(scope["path"]):
            answer = {"errcode": code, "errmsg": f"{said} rid: 617682e0-09059ac5-34a8e2ea"}
        answer |= {"echo": said, said: {"access_token": said, "deep": [said]}}
        header = [(b"x-echo", said.encode("ascii", "replace")), (b"set-cookie", f"s={SECRET}".encode())]
        await send({"type": "http.response.start", "status": 200, "headers": header})
        await send({"type": "http.response.body", "body": json.dumps(answer, ensure_ascii=False).encode()})


REFUSALS: dict[str, Callable[[str], int | None]] = {
    "nothing is refused": lambda path: None,
    "every call is refused": lambda path: 48001,
    "every write is refused": lambda path: 65400 if "create" in path or "add" in path or "send" in path else None,
    "no token is good": lambda path: None if "token" in path else 40001,
    "no token is given": lambda path: 40125 if "token" in path else None,
    "an unknown code": lambda path: None if "token" in path else 987654,
}


@pytest.fixture
def unmasked() -> Iterator[None]:
    """Files are made as an ordinary user's are."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def left_behind(root: Path) -> Iterator[tuple[str, str]]:
    for path in root.rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes().decode("utf-8", "replace")


@pytest.mark.parametrize("trouble", REFUSALS)
def test_no_command_tells_a_token_or_a_secret_in_any_form_at_any_verbosity(
    project: Project, host: Host, run: Run, caplog: pytest.LogCaptureFixture, trouble: str, unmasked: None,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    cache = tmp_path / "cache"
    monkeypatch.setenv("WXDEPLOY_CACHE", str(cache))
    monkeypatch.setenv("SHOP_SECRET", SECRET)
    remote(project, host)
    echo = Echo(host, refuses=REFUSALS[trouble])
    shown: list[tuple[str, str]] = []
    for line in lines():
        caplog.clear()
        ran = run(*line, "-vv")
        records = "\n".join(str(vars(record)) for record in caplog.records)
        assert trouble != "nothing is refused" or ran.code in (0, 2), f"{line}: {ran.out}{ran.err}"
        shown.append((" ".join(line), f"{ran.out}\n{ran.err}\n{caplog.text}\n{records}"))
    assert echo.tokens or trouble == "no token is given"
    shown += left_behind(project.root)
    shown += [(str(path), path.name) for path in cache.rglob("*")]
    for hidden in (SECRET, *echo.tokens):
        for where, text in shown:
            assert hidden not in text, f"{where} tells {hidden[:4]}…"
            assert hidden[4:-4] not in text, f"{where} tells a part of it"
    for path in [*(project.root / ".wxdeploy").rglob("*"), *cache.rglob("*")]:
        if path.is_file() and path.parent.name != "lock":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_every_command_has_a_line() -> None:
    assert set(LINES) >= set(COMMANDS)
