"""An application that answers otherwise than the sandbox would."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any


def answering(app: Any, *, shown: Any = None, sort_tags: bool = False, count: int | None = None) -> Any:
    """The application, but for the menu that a follower is shown, the order of their tags, the followers of each tag."""
    changes: dict[str, Callable[[Any], Any]] = {}
    if shown is not None:
        changes["/cgi-bin/menu/trymatch"] = lambda _: {"button": shown}
    if sort_tags:
        changes["/cgi-bin/tags/getidlist"] = lambda answer: {"tagid_list": sorted(answer["tagid_list"], reverse=True)}
    if count is not None:
        changes["/cgi-bin/tags/get"] = lambda answer: {"tags": [{**tag, "count": count} for tag in answer["tags"]]}

    async def changed(scope: Any, receive: Any, send: Any) -> None:
        change = changes.get(scope["path"])
        if change is None:
            await app(scope, receive, send)
            return
        parts: list[bytes] = []

        async def keep(message: Any) -> None:
            parts.append(message.get("body", b""))

        await app(scope, receive, keep)
        body = json.dumps(change(json.loads(b"".join(parts))), ensure_ascii=False).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return changed
