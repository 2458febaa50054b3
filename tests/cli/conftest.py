from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cli.shell import SECRET, Host, Project, Ran
from listening import listening
from workflow.drill import APPID, Line

from wxdeploy.cli.group import call
from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.store import Store


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """An empty folder that is the current one, with one account ``shop`` in the embedded sandbox."""
    made = Project(tmp_path / "project")
    made.root.mkdir()
    made.accounts()
    monkeypatch.chdir(made.root)
    yield made
    made.close()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Ran]]:
    """``run("plan", "--format", "json")``: the command line in this process."""

    def ran(*arguments: str) -> Ran:
        capsys.readouterr()
        code = call([str(each) for each in arguments])
        out, err = capsys.readouterr()
        for text in (out, err):
            assert "Traceback" not in text
        return Ran(int(code), out, err)

    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("wxdeploy", "httpx", "httpcore")}
    handlers, level = root.handlers[:], root.level
    yield ran
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause between two attempts takes any time; what is bounded by a clock still is."""
    here = threading.get_ident()
    later = asyncio.BaseEventLoop.call_later

    def soon(loop: Any, delay: float, callback: Any, *arguments: Any, context: Any = None) -> Any:
        wait = 0 if threading.get_ident() == here else delay
        return later(loop, wait, callback, *arguments, context=context)

    monkeypatch.setattr(asyncio.BaseEventLoop, "call_later", soon)


@dataclass
class _Switch:
    """The application of the moment."""

    line: Line | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        assert self.line is not None
        await self.line(scope, receive, send)


@pytest.fixture(scope="session")
def _server() -> Iterator[tuple[str, _Switch]]:
    switch = _Switch()
    with listening(switch) as url:
        yield url, switch


@pytest.fixture
def host(_server: tuple[str, _Switch]) -> Iterator[Host]:
    url, switch = _server
    store = Store()
    credentials = {APPID: SECRET, "wx0000000000000002": SECRET}
    switch.line = Line(create_app(store, credentials=credentials))
    yield Host(url, store, switch.line)
    store.close()


@pytest.fixture
def trap() -> Iterator[Callable[[], tuple[str, list[Any]]]]:
    """The address of a port that answers nobody, and the list of those who came."""
    came: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)

        def look() -> tuple[str, list[Any]]:
            while True:
                try:
                    came.append(listener.accept()[0])
                except BlockingIOError:
                    return f"http://127.0.0.1:{listener.getsockname()[1]}", came

        yield look
        for each in came:
            each.close()


@pytest.fixture
def nobody() -> str:
    """An address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"http://127.0.0.1:{port}"
