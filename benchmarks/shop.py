"""A shop with many accounts, four kinds of things each: the project's files, and how the sandbox answers for one."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.seeding import seed
from wxdeploy.sandbox.store import Store
from wxdeploy.wechat.endpoints import BY_CALL, ENDPOINTS, Mode
from wxdeploy.workflow.apply import apply
from wxdeploy.workflow.load import load
from wxdeploy.workflow.world import World

READS = ("menu.get", "selfmenu.get", "tag.get", "template.list")
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"

NEW_TAG = "\n  - name: 老客\n"
NEW_NAME = ("本周新品", "本周特惠")


def appid(account: int) -> str:
    return f"wx{account:016x}"


def project(folder: Path, accounts: int, *, api: str, new: bool = True) -> Path:
    """Write a project of so many accounts; what it asks for is newer than what is live if ``new``."""
    folder.mkdir(parents=True)
    for name in ("audiences/menu.yaml", "audiences/tags.yaml", "audiences/audiences.yaml", "templates/templates.yaml"):
        text = (EXAMPLES / name).read_text("utf-8").replace("${mini}", "wx286b93c14bbf93aa")
        if new and name.endswith("/menu.yaml"):
            text = text.replace(*NEW_NAME)
        if new and name.endswith("/tags.yaml"):
            text = text.rstrip("\n") + NEW_TAG
        (folder / Path(name).name).write_text(text, "utf-8")
    (folder / "wxdeploy.yaml").write_text("".join(_entries(accounts, api)), "utf-8")
    return folder


def _entries(accounts: int, api: str) -> Iterator[str]:
    yield "version: 1\ndefaults:\n  files: [menu.yaml, tags.yaml, audiences.yaml, templates.yaml]\n"
    yield f"  secret: ${{env:SHOP_SECRET}}\n  api: {api}\naccounts:\n"
    for number in range(accounts):
        yield f"  shop-{number:04d}:\n    appid: {appid(number)}\n"
        yield f"    vars: {{site: https://shop-{number:04d}.example.com}}\n"


class Recorder:
    """Passes calls of one account on to the sandbox, and keeps what it answers in each state."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.states: list[dict[str, str]] = []
        self.writes: list[tuple[str, str]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        endpoint = BY_CALL.get(f"{scope['method']} {scope['path']}")
        query = scope["query_string"].decode()
        if endpoint is None or endpoint.mode is Mode.TOKEN:
            await self.app(scope, receive, send)
            return
        if not self.states:
            self.states.append(await self._reads(query))
        parts: list[bytes] = []

        async def heard(message: Any) -> None:
            parts.append(message.get("body", b""))
            await send(message)

        await self.app(scope, receive, heard)
        if endpoint.mode is Mode.WRITE:
            self.writes.append((scope["path"], b"".join(parts).decode()))
            self.states.append(await self._reads(query))

    async def _reads(self, query: str) -> dict[str, str]:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            found = {}
            for each in READS:
                endpoint = ENDPOINTS[each]
                found[endpoint.path] = (await client.request(endpoint.method, f"{endpoint.path}?{query}")).text
            return found


def record(out: Path) -> None:
    """Write how one account answers before, during and after the apply of what is new."""
    with TemporaryDirectory() as folder, closing(Store()) as store:
        app = create_app(store)
        templates = json.loads((EXAMPLES / "templates" / "seed.json").read_text("utf-8"))["wx00000000000000e1"]
        seed(store, {appid(0): {"templates": templates["templates"]}})
        _apply(project(Path(folder, "old"), 1, api="sandbox", new=False), app)
        shutil.rmtree(Path(folder, "old"))
        recorder = Recorder(app)
        _apply(project(Path(folder, "new"), 1, api="sandbox"), recorder)
    out.write_text(json.dumps({"states": recorder.states, "writes": recorder.writes}, ensure_ascii=False), "utf-8")


def _apply(root: Path, app: Any) -> None:
    world = World(environ={"SHOP_SECRET": "secret"}, sandbox=lambda _: app)
    report = asyncio.run(apply(load(root, world.environ), world, confirm=lambda _: True, asks=False))
    assert report is not None
    (account,) = report.accounts
    assert account.converged, account
