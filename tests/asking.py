"""An application asked in this process: no client of an HTTP library, which takes four times as long as the answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlencode


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer over HTTP; ``headers`` are by their names in small letters."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8")

    def json(self) -> Any:
        return json.loads(self.content)


async def ask(
    app: Any,
    method: str,
    path: str,
    content: bytes = b"",
    *,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send one request as an ASGI server would; what the application raises is raised."""
    told: list[MutableMapping[str, Any]] = []
    request = [{"type": "http.request", "body": content, "more_body": False}]
    over = asyncio.Event()

    async def receive() -> MutableMapping[str, Any]:
        if request:
            return request.pop()
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        told.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            over.set()

    fields = {"host": "127.0.0.1", "content-length": str(len(content)), **(headers or {})}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "root_path": "",
        "method": method, "path": unquote(path), "raw_path": quote(path, safe="/%").encode("ascii"),
        "query_string": urlencode(query or {}).encode("ascii"),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fields.items()],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    await app(scope, receive, send)
    assert over.is_set(), "the application ended without a whole answer"
    start, *parts = told
    names = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(start["status"], names, b"".join(part.get("body", b"") for part in parts))
