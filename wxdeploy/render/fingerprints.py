"""What tells one finding from another in two runs, and where it is for a platform that sees the whole repository."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

_PROJECT = "wxdeploy.yaml"
_PLACE = re.compile(r":\d+(:\d+)?\b")


def fingerprints(findings: Sequence[Mapping[str, Any]]) -> list[str]:
    """One for each finding, the same in the next run wherever the lines have moved to; no two are equal."""
    seen: Counter[str] = Counter()
    found = []
    for finding in findings:
        # A message may name another place.
        what = [finding[key] for key in ("code", "file", "account", "path")] + [_PLACE.sub("", finding["message"])]
        text = json.dumps(what, ensure_ascii=False)
        seen[text] += 1
        number = f"{text}#{seen[text]}"
        found.append(hashlib.sha256(number.encode("utf-8", "surrogatepass")).hexdigest())
    return found


def placed(finding: Mapping[str, Any], folder: str) -> str:
    """The file of a finding, counted from the repository: ``folder`` is the project's, empty at the top."""
    file = finding["file"] or _PROJECT
    return f"{folder}/{file}" if folder else file


def worst_first(findings: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The errors, then the rest, each in the order in which they come."""
    return sorted(findings, key=lambda finding: finding["severity"] != "error")
