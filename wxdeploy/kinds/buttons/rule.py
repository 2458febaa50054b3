"""Rules about the buttons of menus, held to every menu of the account: to one button at a time, or to a whole menu."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import wraps
from typing import TypeAlias

from wxdeploy.kinds.base import Account, Check, Each, Rule, Things, Violation, rule, rule_of_each, walked
from wxdeploy.kinds.buttons.walk import CONDITIONAL, MENU, Button, buttons, personalised
from wxdeploy.model.diagnostic import Severity

Look: TypeAlias = Callable[[Button], Iterable[Violation]]
"""A check of one button, with paths counted from its menu."""


def button_rule(code: str, *, severity: Severity = Severity.ERROR, since: str = "0.1.0") -> Callable[[Look], Rule]:
    """Make a ``Rule`` of a check that looks at one button, held to every button of every menu.

    Of the buttons below it the check may see that they are there, and how many.
    """
    return lambda look: _of_each(code, look, look, severity, since)


def leaf_rule(code: str, *, severity: Severity = Severity.ERROR, since: str = "0.1.0") -> Callable[[Look], Rule]:
    """As ``button_rule``, held to the buttons that have none below them, and so have to do something themselves."""

    def make(look: Look) -> Rule:
        return _of_each(code, lambda button: () if button.is_list else look(button), look, severity, since)

    return make


def menu_rule(code: str, *, severity: Severity = Severity.ERROR, since: str = "0.1.0") -> Callable[[Check], Rule]:
    """Make a ``Rule`` of a check that looks at the default menu, held to each personalised menu as well.

    The check sees one menu at a time, as if it were the default one; what it finds in a personalised menu is placed
    there.
    """

    def make(check: Check) -> Rule:
        return rule(code, section=MENU, severity=severity, since=since)(_everywhere(check))

    return make


def _of_each(code: str, check: Look, page: Look, severity: Severity, since: str) -> Rule:
    return rule_of_each(code, Each(things=_BUTTONS, look=check), page, section=MENU, severity=severity, since=since)


@walked
def _buttons(account: Account) -> Iterator[tuple[int | None, Button]]:
    """Every button, with the place of its personalised menu in the list; None for the default menu's."""
    yield from ((None, button) for button in buttons(account))
    yield from ((index, button) for index, menu in personalised(account) for button in buttons(menu))


def _likeness(button: Button) -> Hashable:
    return button.likeness


def _place(violation: Violation, index: int | None) -> Violation:
    """Where it is in the list of personalised menus."""
    if index is None:
        return violation
    return violation._replace(section=CONDITIONAL, path=(index, *violation.path))


_BUTTONS = Things(walk=_buttons, likeness=_likeness, place=_place)


def _everywhere(check: Check) -> Check:
    @wraps(check)
    def found(account: Account) -> Iterator[Violation]:
        yield from check(account)
        for index, menu in personalised(account):
            for violation in check(menu):
                yield _place(violation, index)

    return found
