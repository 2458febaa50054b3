from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def invoke(program: Callable[..., Any]) -> Callable[..., Any]:
    """The command line in this process."""
    return program
