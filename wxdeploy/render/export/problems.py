"""What keeps an export from being whole, account by account, from its public JSON form alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import unified_diff
from typing import Any

from wxdeploy.render.escape import terminal
from wxdeploy.render.text import failure_lines

_MOST = 40


def problems_text(document: Mapping[str, Any]) -> str:
    """Every mapping without a template and every account that could not be read, with what to do; else nothing."""
    return "".join(f"{line}\n" for name, account in document["accounts"].items() for line in _account(name, account))


def _account(name: str, account: Mapping[str, Any]) -> Iterator[str]:
    if not account["missing"] and not account["error"]:
        return
    yield terminal(name)
    for line in failure_lines(account["error"]):
        yield f"  {line}"
    for template, why in account["missing"].items():
        yield f"  ✗ {terminal(template)} is {terminal(why['state'])}: {terminal(why['message'])}"
        yield f"      {terminal(why['fix'])}"


def difference(before: str, after: str) -> str:
    """What a committed file and a fresh export differ in: the first lines of it."""
    lines = list(unified_diff(before.splitlines(), after.splitlines(), "committed", "now", n=0, lineterm=""))
    more = [f"… and {len(lines) - _MOST} lines more"] if len(lines) > _MOST else []
    return "".join(f"    {terminal(line)}\n" for line in (*lines[:_MOST], *more))
