"""A project of many accounts on the disk, all of them in one sandbox, and the way to it."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workflow.drill import Line, Message, Receive, Send, menu

from wxdeploy.client.stop import Stop
from wxdeploy.model.plan import Plan
from wxdeploy.model.progress import Progress
from wxdeploy.model.report import ApplyReport
from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.seeding import seed
from wxdeploy.sandbox.store import Store
from wxdeploy.workflow.apply import apply
from wxdeploy.workflow.load import Configuration, load
from wxdeploy.workflow.plan import plan
from wxdeploy.workflow.world import World

ALLOW = frozenset({"--allow-delete"})


@dataclass
class Fleet:
    """``names`` are accounts that ask for one menu (``want``), and have another (``live``)."""

    root: Path
    names: tuple[str, ...]
    store: Store = field(default_factory=Store)
    progress: list[Progress] = field(default_factory=list)
    concurrency: int = 16
    now: datetime = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
    shuffle: random.Random | None = None
    """Lets each call wait for so many turns of the loop as it says."""

    def __post_init__(self) -> None:
        self.line = Line(create_app(self.store))
        self.root.mkdir(parents=True, exist_ok=True)
        entries = "".join(
            f"  {name}: {{appid: {self.appid(name)}, api: sandbox, files: [menu.yaml]}}\n" for name in self.names
        )
        (self.root / "wxdeploy.yaml").write_text(f"version: 1\naccounts:\n{entries}", "utf-8")
        self.want(menu("新"))

    def appid(self, name: str) -> str:
        return f"wx{self.names.index(name) + 1:016x}"

    def want(self, wanted: Mapping[str, Any]) -> None:
        (self.root / "menu.yaml").write_text(json.dumps({"menu": wanted}, ensure_ascii=False), "utf-8")

    def live(self, *names: str, **account: Any) -> None:
        seed(self.store, {self.appid(name): account for name in names or self.names})

    async def _way(self, scope: Message, receive: Receive, send: Send) -> None:
        for _ in range(self.shuffle.randint(0, 30) if self.shuffle else 0):
            await asyncio.sleep(0)
        await self.line(scope, receive, send)

    def world(self, stop: Stop | None = None) -> World:
        async def pause(_: float) -> None:
            await asyncio.sleep(0)

        return World(
            environ={},
            sandbox=lambda _: self._way,
            now=lambda: self.now,
            stop=stop or Stop(),
            pause=pause,
            concurrency=self.concurrency,
            observe=self.progress.append,
        )

    def load(self) -> Configuration:
        return load(self.root, {})

    def plan(self) -> Plan:
        return asyncio.run(plan(self.load(), self.world()))

    def apply(
        self, *, confirm: Callable[[Plan], bool] = lambda _: True, stop: Stop | None = None, **how: Any
    ) -> ApplyReport:
        how = {"asks": False, "allow": ALLOW, **how}
        report = asyncio.run(apply(self.load(), self.world(stop), confirm=confirm, **how))
        assert report is not None
        return report

    def calls(self, name: str) -> list[str]:
        """The calls of one account that reached the sandbox, its token's among them."""
        return [call.path for call in self.store.calls() if call.appid == self.appid(name)]
