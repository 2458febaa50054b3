"""The counter that messages are handed in at: the example's sandbox, its clock, and what has arrived."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workflow.drill import Fault, Line

from wxdeploy.config.selection import Selection
from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.seeding import seed
from wxdeploy.sandbox.store import Store
from wxdeploy.sandbox.template_rows import Message
from wxdeploy.workflow.load import load
from wxdeploy.workflow.send import Delivery, Status, deliver, prepare
from wxdeploy.workflow.world import World

SEND = "/cgi-bin/message/template/send"
WEST = "wx00000000000000e2"
TO_WEST = ("send", "order_paid", "--account", "west", "--openid", "o-west-0001")
DATA = {"order": {"no": "No 1/2&x", "amount": "¥88.00", "paid_at": "2024-11-22 15:01"}}


def messages(shop: Path, appid: str = WEST) -> list[Message]:
    store = Store(shop / ".wxdeploy" / "sandbox.sqlite3")
    try:
        return store.messages(appid)
    finally:
        store.close()


@dataclass
class Post:
    """The example's sandbox with faults on the way to it, and a clock that stands still until it is moved."""

    root: Path
    now: datetime = datetime(2026, 11, 22, 10, tzinfo=UTC)
    store: Store = field(default_factory=Store)

    def __post_init__(self) -> None:
        seed(self.store, json.loads((self.root / "seed.json").read_text("utf-8")))
        self.line = Line(create_app(self.store, clock=lambda: self.now.timestamp()))

    def send(self, data: Any = DATA, *, again: bool = False, openid: str = "o-west-0001") -> Delivery:
        configuration = load(self.root, {}, chosen=Selection(names=("west",)))

        async def pause(_: float) -> None:
            await asyncio.sleep(0)

        world = World(environ={}, sandbox=lambda _: self.line, pause=pause, now=lambda: self.now)

        async def go() -> Delivery:
            letter = await prepare(configuration, world, name="order_paid", openid=openid, data=data, again=again)
            if letter.problems:
                return Delivery(letter=letter, status=Status.NOT_SENT)
            return await deliver(configuration, world, letter)

        return asyncio.run(go())

    def answer(self, errcode: int, errmsg: str = "x") -> None:
        self.line.faults.append(Fault(SEND, {"errcode": errcode, "errmsg": errmsg}, times=99))
