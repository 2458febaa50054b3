"""What a test of callbacks showed as text, from its public JSON form alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wxdeploy.render.escape import terminal
from wxdeploy.render.layout import columns

_MARKS = {"ok": "✓", "failed": "✗", "insecure": "✗", "unknown": "?"}


def probe_text(document: Mapping[str, Any], width: int | None) -> str:
    """Account by account the checks, what was tried, which buttons are dead; then the sum."""
    parts = [line for account in document["accounts"] for line in _account(account, width)]
    parts.append(_sum(document["summary"]))
    return "\n".join(parts) + "\n"


def _account(account: Mapping[str, Any], width: int | None) -> Iterator[str]:
    mode = f", {account['mode']}" if account["mode"] else ""
    yield f"{terminal(account['account'])} ({terminal(account['url'])}{mode})"
    if error := account["error"]:
        yield f"  ✗ {terminal(error['message'])}"
        yield from [f"      {terminal(error['fix'])}"] if error.get("fix") else []
    rows = [
        (f"{_MARKS[check['verdict']]} {terminal(check['title'])}", check["verdict"], terminal(check["detail"]))
        for check in account["checks"]
    ]
    rows += [
        (
            f"{'✗' if trial['fault'] else '✓'} {terminal(trial['name'])}",
            f"{trial['outcome']} {trial['ms']} ms",
            terminal(trial["detail"]),
        )
        for trial in account["trials"]
    ]
    yield from columns(rows, width, "  ")
    if account["dead_buttons"]:
        yield ""
        yield f"  ✗ Dead buttons: {', '.join(map(terminal, account['dead_buttons']))}"
    yield ""


def _sum(summary: Mapping[str, int]) -> str:
    tried = _count(summary["trials"], "event and message", "events and messages")
    troubles = [
        _count(summary[key], one, many)
        for key, one, many in (
            ("unverified", "callback could not be verified", "callbacks could not be verified"),
            ("faults", "fault", "faults"),
            ("dead_buttons", "dead button", "dead buttons"),
            ("insecure", "forged signature accepted", "forged signatures accepted"),
        )
        if summary[key]
    ]
    return f"Probe: {_count(summary['accounts'], 'account', 'accounts')}, {tried}, {', '.join(troubles) or 'no fault'}."


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
