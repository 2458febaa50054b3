"""What an apply did as text, from its public JSON form alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wxdeploy.render.escape import terminal
from wxdeploy.render.text import change_lines, failure_lines, warning_lines

_MARKS = {"applied": "✓", "skipped": "✓", "failed": "✗", "not-tried": "·", "unknown": "?"}
_WORDS = {
    "applied": "done",
    "skipped": "was done already",
    "failed": "failed",
    "not-tried": "not tried",
    "unknown": "unknown",
}


def report_text(document: Mapping[str, Any], goal: str = "its configuration") -> str:
    """Account by account what was done, not done and unknown, then the sum; ``goal`` is what accounts are to match."""
    parts: list[str] = []
    for account in document["accounts"]:
        parts.extend(_account(account))
    parts.append(total(document["summary"], goal))
    left = next((each for each in document["accounts"] if each["status"] == "not-tried"), None)
    parts.extend(failure_lines(left["error"] if left else None))
    return "\n".join(parts) + "\n"


def _account(account: Mapping[str, Any]) -> Iterator[str]:
    name = terminal(account["account"])
    if account["status"] == "unchanged":
        yield f"{name}: nothing to do{', it was applied already' if account['operations'] else ''}"
        yield from warning_lines(account["plan"]["warnings"], "  ")
        return
    if account["status"] == "not-tried":
        yield f"{name}: not tried"
        return
    yield f"{name}: {account['status']}"
    for operation in account["operations"]:
        yield f"  {_MARKS[operation['outcome']]} {operation['call']}: {_WORDS[operation['outcome']]}"
        yield from (f"    {line}" for line in failure_lines(operation["error"]))
    yield from (f"  {line}" for line in failure_lines(account["error"]))
    if account.get("moved"):
        yield "  what changed since the plan was made:"
        for change in account["moved"]:
            yield from (f"    {line}" for line in change_lines(change))
    if account["snapshot"]:
        yield f"  the account as it was before: {terminal(account['snapshot'])}"
    if account["converged"]:
        yield "  verified: read again, nothing is left to do"


def total(summary: Mapping[str, Any], goal: str) -> str:
    """The last line of a report."""
    counts = summary["operations"]
    done = counts["applied"]
    parts = [f"{done} call{'' if done == 1 else 's'} done"]
    parts += [f"{counts[key]} {_WORDS[key]}" for key in ("skipped", "failed", "not-tried", "unknown") if counts[key]]
    endings = (("refused", "refused"), ("partial", "done in part"), ("failed", "failed"), ("not-tried", "not tried"))
    for key, word in endings:
        accounts = summary[key]
        if accounts:
            parts.append(f"{accounts} account{'' if accounts == 1 else 's'} {word}")
    if summary["unchanged"] == summary["accounts"]:
        already = counts["skipped"]
        return f"Nothing to do. {'It was applied already.' if already else f'Every account matches {goal}.'}"
    return f"Apply: {', '.join(parts)}."
