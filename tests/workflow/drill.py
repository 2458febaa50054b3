"""A project on the disk, an account in the sandbox behind it, and whatever can go wrong on the way between them.

The way is an ASGI application round that of the sandbox, so the program under test is whole: nothing of it is replaced.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wxdeploy.model.plan import AccountPlan, Plan
from wxdeploy.model.report import AccountReport, ApplyReport
from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.seeding import seed
from wxdeploy.sandbox.store import Store
from wxdeploy.workflow.apply import apply
from wxdeploy.workflow.load import Configuration, load
from wxdeploy.workflow.plan import plan
from wxdeploy.workflow.pull import Pulled, pull, yaml_of
from wxdeploy.workflow.world import World

APPID = "wx0000000000000001"
ALLOW = frozenset({"--allow-delete"})

MENU_GET = "/cgi-bin/menu/get"
SELFMENU = "/cgi-bin/get_current_selfmenu_info"
TOKEN = "/cgi-bin/stable_token"
CREATE = "/cgi-bin/menu/create"
DELETE = "/cgi-bin/menu/delete"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]


class LOST:
    """The connection breaks instead of an answer."""


Reply = Mapping[str, Any] | bytes | tuple[int, bytes] | type[LOST] | Callable[[Any], Any]
"""JSON, bytes of HTTP 200 or of another status, no answer at all, or what a function makes of the real answer."""


@dataclass
class Fault:
    """The next ``times`` calls of ``path`` are answered by ``reply``, and take effect all the same where ``after``."""

    path: str
    reply: Reply
    times: int = 1
    after: bool = False


@dataclass
class Line:
    """The way to an application, with faults in it; ``seen`` are the requests that came along: path, query, body."""

    app: Asgi
    faults: list[Fault] = field(default_factory=list)
    seen: list[tuple[str, str, bytes]] = field(default_factory=list)
    meddle: Callable[[str], None] | None = None
    """Called with the path before each request goes on: what somebody else does to the account meanwhile."""

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        body = await _whole(receive)
        self.seen.append((scope["path"], scope["query_string"].decode(), body))
        if self.meddle:
            self.meddle(scope["path"])
        fault = next((each for each in self.faults if each.path == scope["path"] and each.times > 0), None)
        if fault is None:
            await self.app(scope, _once(body), send)
            return
        fault.times -= 1
        answer = b""
        if fault.after or (callable(fault.reply) and fault.reply is not LOST):
            answer = await _answer(self.app, scope, body)
        if fault.reply is LOST:
            raise ConnectionResetError
        reply: Any = fault.reply(json.loads(answer)) if callable(fault.reply) else fault.reply
        status, content = reply if isinstance(reply, tuple) else (200, reply)
        if not isinstance(content, bytes):
            content = json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": content})


async def _whole(receive: Receive) -> bytes:
    content = b""
    while True:
        message = await receive()
        content += message.get("body", b"")
        if not message.get("more_body"):
            return content


def _once(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _answer(app: Asgi, scope: Message, body: bytes) -> bytes:
    parts: list[bytes] = []

    async def send(message: Message) -> None:
        parts.append(message.get("body", b""))

    await app(scope, _once(body), send)
    return b"".join(parts)


@dataclass
class Drill:
    """One project with one account, ``shop``, that lives in a sandbox of its own."""

    root: Path
    store: Store = field(default_factory=Store)
    waits: list[float] = field(default_factory=list)
    settings: str = ""

    def __post_init__(self) -> None:
        self.line = Line(create_app(self.store))
        self.root.mkdir(parents=True, exist_ok=True)
        text = f"version: 1\naccounts:\n  shop:\n    appid: {APPID}\n    api: sandbox\n    files: [menu.yaml]\n"
        (self.root / "wxdeploy.yaml").write_text(text + self.settings, "utf-8")

    def want(self, menu: Any) -> None:
        """Write the file that asks for this menu: YAML that is text, or data as JSON, which is YAML too."""
        text = menu if isinstance(menu, str) else json.dumps({"menu": menu}, ensure_ascii=False, indent=1)
        (self.root / "menu.yaml").write_text(text, "utf-8")

    def live(self, **account: Any) -> None:
        """Put the account into a state that only a hand in the web console, or the past, could have made."""
        seed(self.store, {APPID: account})

    def load(self) -> Configuration:
        return load(self.root, {})

    def world(self) -> World:
        async def pause(seconds: float) -> None:
            self.waits.append(seconds)
            await asyncio.sleep(0)

        return World(environ={}, sandbox=lambda _: self.line, pause=pause)

    def plans(self) -> Plan:
        return asyncio.run(plan(self.load(), self.world()))

    def plan(self) -> AccountPlan:
        (account,) = self.plans().accounts
        return account

    def apply(self, *, allow: frozenset[str] = frozenset(), asks: bool = False) -> AccountReport:
        report = asyncio.run(apply(self.load(), self.world(), confirm=lambda _: True, asks=asks, allow=allow))
        assert isinstance(report, ApplyReport)
        (account,) = report.accounts
        return account

    def pull(self) -> Pulled:
        (account,) = asyncio.run(pull(self.load(), self.world()))
        return account

    def keep(self, pulled: Pulled | None = None) -> str:
        """Pull, and write what was pulled as the configuration; the text of it."""
        found = pulled or self.pull()
        assert found.error is None, found.error
        text = yaml_of(found.sections, schema=None)
        (self.root / "menu.yaml").write_text(text, "utf-8")
        return text

    def findings(self, severity: str = "error") -> list[str]:
        return [str(each) for each in self.load().findings if each.severity.value == severity]

    def writes(self) -> list[str]:
        """The writing calls that reached the sandbox."""
        return [call.path for call in self.store.calls() if call.mode not in ("read", "token")]


def button(name: str = "按钮", key: str = "KEY") -> dict[str, Any]:
    return {"type": "click", "name": name, "key": key}


def menu(*names: str) -> dict[str, Any]:
    """A menu with a button for each name."""
    return {"button": [button(name, f"KEY_{index}") for index, name in enumerate(names or ("按钮",))]}


def official() -> Sequence[dict[str, Any]]:
    """The bodies of the official documentation, which hold every type of today."""
    from lint.test_menu_schema import SAMPLES

    return SAMPLES
