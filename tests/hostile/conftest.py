from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

# pytest finds fixtures by their names here.
from cli.conftest import _server, host, hurry, nobody, project, run

__all__ = ["_server", "host", "hurry", "invoke", "nobody", "project", "run"]


@pytest.fixture
def invoke(program: Callable[..., Any]) -> Callable[..., Any]:
    """The command line in this process."""
    return program
