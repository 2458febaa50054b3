"""How much is told of one file: a report that nobody can read to its end tells nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from wxdeploy.config import file_rules
from wxdeploy.model.diagnostic import Diagnostic, Severity, order_of
from wxdeploy.model.source import Span

MOST_FINDINGS = 1000
"""Findings that are told of one file."""

_FIX = "mend what is told first, and look again; such a file is seldom a configuration at all"


def bounded(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings by place, of each file no more than are read: errors before warnings, and last how many more."""
    ordered = tuple(sorted(findings, key=order_of))
    if len(ordered) <= MOST_FINDINGS:
        return ordered
    files: dict[str | None, list[Diagnostic]] = defaultdict(list)
    for finding in ordered:
        files[finding.span.file if finding.span else None].append(finding)
    return tuple(each for file, found in files.items() for each in _first(file, found))


def _first(file: str | None, found: list[Diagnostic]) -> list[Diagnostic]:
    if file is None or len(found) <= MOST_FINDINGS:
        return found
    weighty = sorted(found, key=lambda each: each.severity is not Severity.ERROR)  # stable: by place within each
    told = sorted(weighty[:MOST_FINDINGS], key=order_of)
    errors = sum(each.severity is Severity.ERROR for each in weighty[MOST_FINDINGS:])
    told.append(too_many(found[-1].span, f"and {len(found) - MOST_FINDINGS:,} more, {errors:,} of them errors"))
    return told


def too_many(place: Span | None, detail: str) -> Diagnostic:
    """The last finding of a file that has more than are told."""
    return file_rules.too_many_findings.found(detail, _FIX, span=place)
