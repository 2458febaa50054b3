"""Findings as a Code Quality report of GitLab, from their public JSON form alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wxdeploy.render.escape import terminal
from wxdeploy.render.findings import whose
from wxdeploy.render.fingerprints import fingerprints, placed

_SEVERITIES = {"error": "critical", "warning": "minor"}


def code_quality(document: Mapping[str, Any], *, folder: str = "") -> list[dict[str, Any]]:
    """One entry for each finding; ``folder`` is the project's in the repository."""
    findings = document["findings"]
    return [
        {
            "description": _description(finding),
            "check_name": finding["code"],
            "fingerprint": mark,
            "severity": _SEVERITIES[finding["severity"]],
            "location": {"path": placed(finding, folder), "lines": {"begin": finding["line"] or 1}},
        }
        for finding, mark in zip(findings, fingerprints(findings), strict=True)
    ]


def _description(finding: Mapping[str, Any]) -> str:
    fix = f" (fix: {terminal(finding['fix'])})" if finding["fix"] else ""
    return f"{finding['code']} {terminal(finding['message'])}{whose(finding)}{fix}"
