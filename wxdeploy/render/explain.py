"""A rule or a return code as text."""

from __future__ import annotations

from collections.abc import Sequence

from wxdeploy.kinds.base import Rule
from wxdeploy.wechat.errtable import ErrCode, Retry

_RETRY = {
    Retry.NO: "no: the same request fails again",
    Retry.YES: "yes, as described",
    Retry.AFTER_WAIT: "yes, after a while",
}


def rule_text(rule: Rule) -> str:
    """The rule's page under its code, name and severity."""
    return f"{rule.code} {rule.name} ({rule.severity.value}, since {rule.since})\n\n{rule.doc.rstrip()}\n"


def errcode_text(code: ErrCode, rules: Sequence[Rule]) -> str:
    """What the return code means and what to do, and the rules that find its cause offline."""
    lines = [
        f"{code.number} {code.symbol}",
        "",
        f"Meaning: {code.meaning}",
        f"What to do: {code.remedy}",
        f"Worth a retry: {_RETRY[code.retry]}",
        f"Source: {code.source}",
    ]
    if rules:
        lines += ["", "Found offline, before the account answers it:"]
        lines += [f"  {rule.code} {rule.summary}" for rule in rules]
    return "\n".join(lines) + "\n"
