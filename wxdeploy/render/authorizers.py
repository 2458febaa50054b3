"""The accounts of a third-party platform as text, from their public JSON form alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from wxdeploy.render.escape import terminal

_MARKS = {"new": "+", "gone": "-", "known": " "}
_WORDS = {
    "new": "has authorised the platform, and is not in the project",
    "gone": "is in the project, and has not authorised the platform, or not any more",
    "known": "",
}


def roll_text(document: Mapping[str, Any]) -> str:
    """A line for each account, those first that are new or gone, then the sum."""
    accounts = sorted(document["accounts"], key=lambda each: list(_MARKS).index(each["state"]))
    counts = Counter(each["state"] for each in accounts)
    lines = [*_lines(accounts)]
    told = ", ".join(f"{counts[state]} {state}" for state in ("known", "new", "gone") if counts[state])
    lines.append(f"Platform {terminal(document['platform'])}: {told or 'no account has authorised it'}.")
    return "\n".join(lines) + "\n"


def _lines(accounts: list[Any]) -> Iterator[str]:
    for each in accounts:
        since = f"since {each['authorized'][:10]}" if each["authorized"] else ""
        called = f'"{terminal(each["nick_name"])}"' if each["nick_name"] else ""
        words = [terminal(each["appid"]), terminal(each["account"] or ""), called, since, _WORDS[each["state"]]]
        yield f"{_MARKS[each['state']]} {'  '.join(word for word in words if word)}"
