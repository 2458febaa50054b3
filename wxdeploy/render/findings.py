"""Findings as text, from their public JSON form alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wxdeploy.render.escape import terminal

_NAMES = 3  # accounts of a finding that are named


def findings_text(document: Mapping[str, Any], *, looked: str = "", alone: bool = False) -> str:
    """Every finding with its fix, then the sum.

    ``looked`` says what was looked at (``2 accounts, 5 files``), ``alone`` that there is one account and no need to
    name it.
    """
    findings: Sequence[Mapping[str, Any]] = document["findings"]
    parts = []
    for finding in findings:
        parts.append(terminal(finding_line(finding)) + ("" if alone else whose(finding)))
        if finding["fix"]:
            parts.append(f"    fix: {terminal(finding['fix'])}")
    parts.append(_sum(findings, looked))
    return "\n".join(parts) + "\n"


def whose(finding: Mapping[str, Any]) -> str:
    """`` [prod]``, or `` [shop-1, shop-2, shop-3 and 14 more]``; nothing where it holds whoever reads the file."""
    names = accounts_of(finding)
    return f" [{terminal(names)}]" if names else ""


def accounts_of(finding: Mapping[str, Any]) -> str:
    """The account that a finding is of, or the first of several and how many more there are."""
    names = finding.get("accounts", ())
    left = len(names) - _NAMES
    more = f" and {left} more" if left > 0 else ""
    return ", ".join(names[:_NAMES]) + more if names else finding["account"] or ""


def finding_line(finding: Mapping[str, Any]) -> str:
    """``base/menu.yaml:7:11: error WX220 …`` of one finding in its public form."""
    return ": ".join(filter(None, place_and_words(finding)))


def place_and_words(finding: Mapping[str, Any]) -> tuple[str, str]:
    """``base/menu.yaml:7:11``, empty where it has no place, and ``error WX220 …``."""
    place = ":".join(str(finding[key]) for key in ("file", "line", "column") if finding[key] is not None)
    return place, f"{finding['severity']} {finding['code']} {finding['message']}"


def _sum(findings: Sequence[Mapping[str, Any]], looked: str) -> str:
    where = f" ({looked})" if looked else ""
    if not findings:
        return f"All good{where}."
    return f"Found {tally(findings)}{where}. Any code explained: wxdeploy explain {findings[0]['code']}"


def tally(findings: Sequence[Mapping[str, Any]]) -> str:
    """How many there are of each severity: ``2 errors, 1 warning``."""
    errors = sum(finding["severity"] == "error" for finding in findings)
    counts = [_count(errors, "error")] if errors else []
    counts += [_count(len(findings) - errors, "warning")] if errors < len(findings) else []
    return ", ".join(counts)


def _count(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
