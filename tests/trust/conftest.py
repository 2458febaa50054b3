from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from cli.conftest import project, run
from cli.shell import Host
from listening import listening
from workflow.drill import Line

from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.store import Store

__all__ = ["host", "project", "run"]


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
