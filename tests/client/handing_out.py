"""Programs and services that hand out tokens, a host that takes some of these, and what must not be seen of them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import traceback
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from wxdeploy.client.account import AccountClient
from wxdeploy.client.http import Http
from wxdeploy.client.program import Place
from wxdeploy.client.sources import Means, handed_out
from wxdeploy.model.credential import TokenOrigin
from wxdeploy.model.errors import WxdeployError

TOKEN = "80_ToKeNToKeNToKeNToKeNToKeN0123456789abcdef"
OTHER = "81_0tHeR0tHeR0tHeR0tHeR0tHeR0123456789abcdef"
KEY = "5ecret-key-of-the-service"
ARGUMENT = "an-argument-that-is-nobodys-affair"
HIDDEN = (TOKEN, OTHER, KEY, ARGUMENT)

Serve = Callable[..., Any]


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
