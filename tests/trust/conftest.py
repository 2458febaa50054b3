from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.shell import Host, Project, Ran
from listening import listening
from workflow.drill import Line

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
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """``run("plan", "--format", "json")``: the command line in this process."""

    def ran(*arguments: str) -> Ran:
        capsys.readouterr()
        code = call([str(each) for each in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Ran(int(code), out, err)

    return ran


@pytest.fixture
def host() -> Iterator[Host]:
    """A server on this machine with a sandbox of its own, on a line that tests can meddle with."""
    store = Store()
    line = Line(create_app(store))
    with listening(_app(line)) as url:
        yield Host(url, store, line)
    store.close()


def _app(line: Line) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await line(scope, receive, send)

    return app
