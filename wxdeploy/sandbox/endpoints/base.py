"""What an endpoint is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wxdeploy.sandbox.request import Request
from wxdeploy.sandbox.state import State

GET = ("GET",)
POST = ("POST",)
BOTH = ("GET", "POST")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A call that needs an access token: ``answer`` is given the state, the token's appid and the request."""

    path: str
    methods: tuple[str, ...]
    answer: Callable[[State, str, Request], Mapping[str, Any]]
