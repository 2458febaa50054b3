"""A follower as text, from the public JSON form alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wxdeploy.render.escape import terminal
from wxdeploy.render.match import match_text

_SOURCES = {"callback": "as the callback saw", "customer_service": "as customer service knows"}
_OPEN = {True: "✓ open", False: "✗ closed", None: "? not known"}


def user_text(document: Mapping[str, Any]) -> str:
    """Who they are, when they last wrote, whether they may be written to, and the menu that they see and why."""
    parts = [f"{terminal(document['openid'])} in {terminal(document['account'])}", *_facts(document)]
    if document["menu"] is not None:
        parts += match_text(document["menu"]).splitlines()
    parts += [f"· {terminal(note)}" for note in document["notes"]]
    return "\n".join(parts) + "\n"


def _facts(document: Mapping[str, Any]) -> Iterator[str]:
    subscribed = document["subscribed"]
    if subscribed is None:
        yield "  follows       no (never did, or does no more)"
    else:
        yield f"  follows       since {subscribed['at'] or '(not told)'}{_scene(subscribed)}"
        if document["remark"]:
            yield f"  remark        {terminal(document['remark'])}"
        if document["unionid"]:
            yield f"  unionid       {terminal(document['unionid'])}"
        tags = ", ".join(f"{terminal(tag['name'])} ({tag['id']})" for tag in document["tags"])
        yield f"  tags          {tags or 'none'}"
    message = document["last_message"]
    told = f"{message['at']}, {_SOURCES[message['source']]}" if message else "not known"
    yield f"  last message  {told}"
    if document["last_event"]:
        yield f"  last event    {document['last_event']}"
    window = document["window"]
    until = f" until {window['until']}" if window["open"] else ""
    yield f"  48 hours      {_OPEN[window['open']]}{until}: {terminal(window['why'])}"
    if subscribed is not None and document["menu"] is None:
        yield "  menu          none: the account has none that was made through the API"


def _scene(subscribed: Mapping[str, Any]) -> str:
    words = [terminal(each) for each in (subscribed["means"] or subscribed["scene"], subscribed["qr_scene"]) if each]
    return f" ({' '.join(words)})" if words else ""
