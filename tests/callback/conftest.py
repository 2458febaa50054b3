from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import httpx
import pytest
from callback.pushed import APPID, KEY, NOW, TOKEN, Push
from listening import listening

from wxdeploy.callback.app import create_app
from wxdeploy.callback.encryption import Cipher
from wxdeploy.callback.followers import FollowerRecord
from wxdeploy.callback.site import Site, Sites
from wxdeploy.model.replies import Replies
from wxdeploy.model.secret import Secret


class Server:
    """The application as WeChat meets it, in this process; ``now`` is its clock."""

    def __init__(self, runner: asyncio.Runner, folder: Path) -> None:
        self.now = float(NOW)
        self.record = folder / "callback.sqlite3"
        self._runner = runner
        self._stack = AsyncExitStack()
        self._client: httpx.AsyncClient | None = None

    def start(self, replies: Replies | None = None, *, mode: str = "plain", **more) -> Sites:
        cipher = Cipher(Secret(KEY), APPID) if mode != "plain" else None
        site = Site(account="shop", appid=APPID, token=Secret(TOKEN), mode=mode, cipher=cipher, paths=("/",),
                    replies=replies or Replies(), **more)  # fmt: skip
        sites = Sites((site,))
        self._runner.run(self._start(sites))
        return sites

    async def _start(self, sites: Sites) -> None:
        app = create_app(sites, record=FollowerRecord(self.record), clock=lambda: self.now)
        await self._stack.enter_async_context(app.router.lifespan_context(app))
        transport = httpx.ASGITransport(app=app)
        self._client = await self._stack.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url="http://cb")
        )

    def stop(self) -> None:
        """End the application: what was to be written is written."""
        self._runner.run(self._stack.aclose())

    def get(self, path: str) -> httpx.Response:
        return self._runner.run(self._client.get(path))

    def send(self, push: Push, method: str = "POST", **headers: str) -> httpx.Response:
        return self.together(push, method=method, headers=headers)[0]

    def together(self, *pushes: Push, method: str = "POST", headers: dict | None = None) -> list[httpx.Response]:
        """Several requests at once."""

        async def all_of_them() -> list[httpx.Response]:
            calls = (self._client.request(method, each.path, content=each.body, headers=headers) for each in pushes)
            return await asyncio.gather(*calls)

        return self._runner.run(all_of_them())

    def figure(self, name: str, **labels: str) -> float:
        """A sample of ``/metrics``; nought where there is none."""
        inside = ",".join(f'{key}="{value}"' for key, value in labels.items())
        start = f"wxdeploy_callback_{name}{{{inside}}} " if labels else f"wxdeploy_callback_{name} "
        found = [line for line in self.get("/metrics").text.splitlines() if line.startswith(start)]
        return float(found[0].removeprefix(start)) if found else 0.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with asyncio.Runner() as runner:
        made = Server(runner, tmp_path)
        yield made
        made.stop()


@pytest.fixture
def upstream() -> Iterator[Callable[..., str]]:
    """Starts another program's callback on loopback, of an ASGI application, and tells its address."""
    with ExitStack() as stack:
        yield lambda app: stack.enter_context(listening(app, timeout_graceful_shutdown=1)) + "/wx"
