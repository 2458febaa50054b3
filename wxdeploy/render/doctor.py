"""What was found of the accounts as text, from its public JSON form alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wxdeploy.render.escape import terminal

_MARKS = {"ok": "✓", "warning": "!", "error": "✗", "unknown": "?"}


def doctor_text(document: Mapping[str, Any]) -> str:
    """This machine, then account by account every check with its remedy, then the sum."""
    parts = ["This machine", *_findings(document["machine"])]
    for account in document["accounts"]:
        where = ", ".join(terminal(each) for each in (account["appid"], account["host"]) if each)
        parts += [
            "",
            f"{terminal(account['account'])}{f' ({where})' if where else ''}",
            *_findings(account["findings"]),
        ]
    parts += ["", _sum(document["summary"])]
    return "\n".join(parts) + "\n"


def _findings(findings: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for found in findings:
        yield f"  {_MARKS[found['severity']]} {terminal(found['title'])}: {terminal(found['detail'])}"
        if found["remedy"]:
            yield f"      {terminal(found['remedy'])}"


def _sum(summary: Mapping[str, int]) -> str:
    accounts = f"{summary['accounts']} account{'' if summary['accounts'] == 1 else 's'}"
    troubles = [
        f"{summary[key]} {word}{'' if summary[key] == 1 or key == 'unknown' else 's'}"
        for key, word in (("error", "error"), ("warning", "warning"), ("unknown", "unknown"))
        if summary[key]
    ]
    return f"Doctor: {accounts}, {', '.join(troubles) or 'nothing is wrong'}."
