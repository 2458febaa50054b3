"""What `doctor` found, as the tests ask for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cli.shell import Host, Ran

Run = Callable[..., Ran]

QUOTA = "/cgi-bin/openapi/quota/get"
CHECK = "/cgi-bin/callback/check"
TAGS = "/cgi-bin/tags/get"
TEMPLATES = "/cgi-bin/template/get_all_private_template"
CALLBACK = "{url: 'https://cb.example.com/wx', token: '${env:CB_TOKEN}'}"


def examined(run: Run, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    """The exit code and the findings of the first account."""
    ran = run("doctor", "--format", "json", *arguments)
    return ran.code, ran.json["accounts"][0]["findings"]


def brief(findings: list[dict[str, Any]]) -> list[str]:
    return [f"{each['code']} {each['severity']}" for each in findings]


def one(findings: list[dict[str, Any]], code: str) -> dict[str, Any]:
    (found,) = [each for each in findings if each["code"] == code]
    if found["severity"] in ("error", "warning"):
        assert found["remedy"], found
    return found


def remote_calls(host: Host) -> list[str]:
    return [path for path, _, _ in host.line.seen]
