"""The sandbox as a client meets it.

The cases of this folder state what the vendor's host does, each with where that is known from, so they hold its return
codes as the bare numbers of the documentation: a wrong number in our own table would otherwise be on both sides.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import pytest
from asking import Answer, ask

from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.seeding import seed
from wxdeploy.sandbox.store import Store

APPID = "wx0000000000000001"


@dataclass
class Clock:
    now: float = 1_760_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Api:
    """One account of a sandbox in this process; an answer is the parsed JSON, a refusal its number."""

    store: Store
    clock: Clock
    runner: asyncio.Runner
    credentials: dict[str, str] | None = None
    appid: str = APPID
    _token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self._app = create_app(self.store, credentials=self.credentials, clock=self.clock)

    def send(self, method: str, path: str, body: bytes = b"", *, headers: Any = None, **query: str) -> Answer:
        """One request as it is, without a token of its own."""
        return self.runner.run(ask(self._app, method, urljoin("/cgi-bin/", path), body, query=query, headers=headers))

    @property
    def token(self) -> str:
        if self._token is None:
            body = {"grant_type": "client_credential", "appid": self.appid, "secret": "s"}
            self._token = self.send("POST", "stable_token", json.dumps(body).encode()).json()["access_token"]
        return self._token

    def raw(self, method: str, path: str, body: bytes = b"", **query: str) -> Any:
        response = self.send(method, path, body, access_token=self.token, **query)
        assert response.status_code == 200
        return response.json()

    def get(self, path: str, **query: str) -> Any:
        return self.raw("GET", path, **query)

    def post(self, path: str, body: object) -> Any:
        return self.raw("POST", path, json.dumps(body, ensure_ascii=False).encode())

    def refusal(self, path: str, body: object) -> int:
        answer = self.post(path, body)
        assert set(answer) == {"errcode", "errmsg"}, answer
        return int(answer["errcode"])

    def seed(self, **account: object) -> None:
        seed(self.store, {self.appid: account})

    def wait(self, seconds: float) -> None:
        """Let time pass, the token's too."""
        self.clock.now += seconds
        self._token = None


@pytest.fixture
def open_api() -> Iterator[Callable[..., Api]]:
    """Makes an ``Api``; each on a store of its own, unless it is given one."""
    stores: list[Store] = []

    with asyncio.Runner() as runner:

        def make(**options: Any) -> Api:
            if "store" not in options:
                options["store"] = Store()
                stores.append(options["store"])
            return Api(clock=Clock(), runner=runner, **options)

        yield make
        for store in stores:
            store.close()


@pytest.fixture
def api(open_api: Callable[..., Api]) -> Api:
    return open_api()


@pytest.fixture
def menu() -> dict[str, Any]:
    """The menu in the request sample of api_createcustommenu, shortened."""
    return {
        "button": [
            {"type": "click", "name": "今日歌曲", "key": "V1001_TODAY_MUSIC"},
            {"name": "菜单", "sub_button": [{"type": "view", "name": "搜索", "url": "http://www.soso.com/"}]},
        ]
    }
