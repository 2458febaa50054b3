"""Rules about the buttons of one menu, held to every menu of the account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import wraps

from wxdeploy.kinds.base import Account, Check, Rule, Violation, rule
from wxdeploy.kinds.buttons.walk import CONDITIONAL, MENU, personalised
from wxdeploy.model.diagnostic import Severity


def button_rule(code: str, *, severity: Severity = Severity.ERROR, since: str = "0.1.0") -> Callable[[Check], Rule]:
    """Make a ``Rule`` of a check that looks at the default menu, held to each personalised menu as well.

    The check sees one menu at a time, as if it were the default one; what it finds in a personalised menu is placed
    there.
    """

    def make(check: Check) -> Rule:
        return rule(code, section=MENU, severity=severity, since=since)(_everywhere(check))

    return make


def _everywhere(check: Check) -> Check:
    @wraps(check)
    def found(account: Account) -> Iterator[Violation]:
        yield from check(account)
        for index, menu in personalised(account):
            for violation in check(menu):
                yield replace(violation, section=CONDITIONAL, path=(index, *violation.path))

    return found
