"""Rules about the buttons of menus, held to every menu of the account: to one button at a time, or to a whole menu.

What a rule about one button looks at is said by its decorator, so that it is asked where there is something to see,
and once for all buttons that are alike in that.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import wraps
from typing import TypeAlias

from wxdeploy.kinds.base import Account, Check, Each, Rule, Things, Violation, rule, rule_of_each, walked
from wxdeploy.kinds.buttons.walk import CONDITIONAL, MENU, Button, buttons, personalised
from wxdeploy.model.diagnostic import Severity
from wxdeploy.wechat import limits

Look: TypeAlias = Callable[[Button], Iterable[Violation]]
"""A check of one button, with paths counted from its menu."""

_TEXTS_ALONE = {str}


def button_rule(code: str, *, severity: Severity = Severity.ERROR, since: str = "0.1.0") -> Callable[[Look], Rule]:
    """Make a ``Rule`` of a check that looks at one button, held to every button of every menu.

    Of the buttons below it the check may see that they are there, and how many.
    """
    return lambda look: _of_each(code, _BUTTONS, look, severity, since)


def name_rule(code: str, *, severity: Severity = Severity.ERROR, since: str = "0.1.0") -> Callable[[Look], Rule]:
    """As ``button_rule``; what the check finds is decided by the name and the level alone."""
    return lambda look: _of_each(code, _NAMES, look, severity, since)


def list_rule(code: str, *, severity: Severity = Severity.ERROR, since: str = "0.1.0") -> Callable[[Look], Rule]:
    """As ``button_rule``, held to the buttons that have some below them."""
    return lambda look: _of_each(code, _LISTS, look, severity, since)


def leaf_rule(code: str, *, severity: Severity = Severity.ERROR, since: str = "0.1.0") -> Callable[[Look], Rule]:
    """As ``button_rule``, held to the buttons that have none below them, and so have to do something themselves.

    What the check finds is decided by the type, and by which fields are there and which of them are blank.
    """
    return lambda look: _of_each(code, _LEAVES, look, severity, since)


def program_rule(code: str, *, severity: Severity = Severity.ERROR, since: str = "0.1.0") -> Callable[[Look], Rule]:
    """As ``button_rule``, held to the buttons that open a mini program."""
    return lambda look: _of_each(code, _PROGRAMS, look, severity, since)


def link_rule(code: str, *, severity: Severity = Severity.ERROR, since: str = "0.1.0") -> Callable[[Look], Rule]:
    """As ``button_rule``, held to the buttons with a ``url`` that is not sound: nothing is wrong with one that is."""
    return lambda look: _of_each(code, _LINKS, look, severity, since)


def is_sound(url: str) -> bool:
    """Whether a text is an address as most are: https, a plain host, a path, and no sign that has to be encoded."""
    scheme, _, rest = url.partition("://")
    host, _, _ = rest.partition("/")
    return (
        scheme == "https"
        and host.replace(".", "").replace("-", "").isalnum()
        and url.isascii()
        and url.isprintable()
        and " " not in url
        and "&amp;" not in url
        and len(url) <= limits.URL.value
    )


def menu_rule(code: str, *, severity: Severity = Severity.ERROR, since: str = "0.1.0") -> Callable[[Check], Rule]:
    """Make a ``Rule`` of a check that looks at the default menu, held to each personalised menu as well.

    The check sees one menu at a time, as if it were the default one; what it finds in a personalised menu is placed
    there.
    """

    def make(check: Check) -> Rule:
        return rule(code, section=MENU, severity=severity, since=since)(_everywhere(check))

    return make


def _of_each(code: str, things: Things[Button], look: Look, severity: Severity, since: str) -> Rule:
    return rule_of_each(code, Each(things=things, look=look), look, section=MENU, severity=severity, since=since)


@walked
def _buttons(account: Account) -> Iterator[tuple[int | None, Button]]:
    """Every button, with the place of its personalised menu in the list; None for the default menu's."""
    yield from ((None, button) for button in buttons(account))
    yield from ((index, button) for index, menu in personalised(account) for button in buttons(menu))


@walked
def _lists(account: Account) -> Iterator[tuple[int | None, Button]]:
    return (found for found in _buttons(account) if found[1].is_list)


@walked
def _leaves(account: Account) -> Iterator[tuple[int | None, Button]]:
    return (found for found in _buttons(account) if not found[1].is_list)


@walked
def _programs(account: Account) -> Iterator[tuple[int | None, Button]]:
    return (found for found in _leaves(account) if found[1].fields.get("type") == "miniprogram")


@walked
def _links(account: Account) -> Iterator[tuple[int | None, Button]]:
    return (found for found in _buttons(account) if (url := found[1].text("url")) and not is_sound(url))


def _name(button: Button) -> Hashable:
    name = button.fields.get("name")
    return (button.level, name) if type(name) is str else None


def _form(button: Button) -> Hashable:
    """The type and the fields that are there; None where one of them is blank, or no text."""
    fields = button.fields
    if {*map(type, fields.values())} == _TEXTS_ALONE and all(str(text).strip() for text in fields.values()):
        return (fields.get("type"), *fields)
    return None


def _place(violation: Violation, index: int | None) -> Violation:
    """Where it is in the list of personalised menus."""
    if index is None:
        return violation
    return violation._replace(section=CONDITIONAL, path=(index, *violation.path))


_BUTTONS = Things(walk=_buttons, place=_place)
_NAMES = Things(walk=_buttons, place=_place, likeness=_name)
_LISTS = Things(walk=_lists, place=_place)
_LEAVES = Things(walk=_leaves, place=_place, likeness=_form)
_PROGRAMS = Things(walk=_programs, place=_place)
_LINKS = Things(walk=_links, place=_place)


def _everywhere(check: Check) -> Check:
    @wraps(check)
    def found(account: Account) -> Iterator[Violation]:
        yield from check(account)
        for index, menu in personalised(account):
            for violation in check(menu):
                yield _place(violation, index)

    return found
