"""Findings as a SARIF 2.1.0 log, from their public JSON form and the pages of their rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from wxdeploy.render.escape import terminal
from wxdeploy.render.findings import whose
from wxdeploy.render.fingerprints import fingerprints, placed

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0-rtm.5.json"
_ROOT = "%SRCROOT%"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHelp:
    """What a rule says of itself: ``text`` is its page as plain text, ``markdown`` the same as Markdown."""

    code: str
    name: str
    severity: str
    summary: str
    text: str
    markdown: str


def sarif_log(
    document: Mapping[str, Any], rules: Sequence[RuleHelp], *, version: str, folder: str = ""
) -> dict[str, Any]:
    """The log of one run; ``rules`` has those of the findings, ``folder`` is the project's in the repository."""
    findings = document["findings"]
    place = {rule.code: index for index, rule in enumerate(rules)}
    driver = {"name": "wxdeploy", "semanticVersion": version, "rules": [_rule(rule) for rule in rules]}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(finding, mark, place, folder)
                    for finding, mark in zip(findings, fingerprints(findings), strict=True)
                ],
            }
        ],
    }


def _rule(rule: RuleHelp) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": f"{rule.summary}."},
        "help": {"text": rule.text, "markdown": rule.markdown},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"problem.severity": rule.severity, "tags": ["wechat"]},
    }


def _result(finding: Mapping[str, Any], mark: str, place: Mapping[str, int], folder: str) -> dict[str, Any]:
    text = terminal(finding["message"]) + whose(finding)
    if finding["fix"]:
        text += f"\nfix: {terminal(finding['fix'])}"
    result: dict[str, Any] = {
        "ruleId": finding["code"],
        "level": finding["severity"],
        "message": {"text": text},
        "locations": [{"physicalLocation": _location(finding, folder)}],
        "partialFingerprints": {"wxdeployFinding/v1": mark},
    }
    if finding["code"] in place:
        result["ruleIndex"] = place[finding["code"]]
    return result


def _location(finding: Mapping[str, Any], folder: str) -> dict[str, Any]:
    location: dict[str, Any] = {
        "artifactLocation": {"uri": quote(placed(finding, folder), errors="surrogatepass"), "uriBaseId": _ROOT}
    }
    # A platform shows nothing of a finding without a line.
    location["region"] = {"startLine": finding["line"] or 1, "startColumn": finding["column"] or 1}
    return location
