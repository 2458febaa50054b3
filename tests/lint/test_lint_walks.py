"""Many rules ask for the buttons of a menu; the menu is walked once for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wxdeploy.kinds.base import Account, walked
from wxdeploy.kinds.buttons.walk import buttons, leaves, lists, personalised
from wxdeploy.workflow.load import rulebook


class Counted(list[Any]):
    """A list that counts how often it is walked."""

    walks = 0

    def __iter__(self) -> Iterator[Any]:
        self.walks += 1
        return super().__iter__()


def test_no_rule_walks_the_buttons_again() -> None:
    children = Counted([{"type": "click", "name": name, "key": name} for name in ("a", "b")])
    menu = {
        "button": [{"name": "c", "sub_button": children}, {"type": "view", "name": "d", "url": "https://a.example"}]
    }
    menus = Counted([{"name": "ios", "matchrule": {"client_platform_type": "1"}, **menu}])
    account = Account({"menu": menu, "conditional_menus": menus})
    for rule in rulebook():
        assert rule.check is None or list(rule.check(account)) == [], rule.code
    assert children.walks == 2  # in the default menu and in the personalised one, which holds the same list
    assert menus.walks == 3  # as menus, as entries with a rule, and by the one rule about menus without buttons


def test_what_was_walked_belongs_to_one_account() -> None:
    first, second = (Account({"menu": {"button": [{"name": name}]}}) for name in "ab")
    assert [each.who for each in (*buttons(first), *buttons(second))] == ['"a"', '"b"']
    assert buttons(first) is buttons(first)
    assert leaves(first) == lists(first)[0] == buttons(first)
    assert personalised(first) == ()
    assert first == Account(first.sections)


def test_a_walk_keeps_what_it_says_of_itself() -> None:
    @walked
    def names(account: Account) -> Iterator[str]:
        """The names of the sections."""
        yield from account.sections

    assert names.__doc__ == "The names of the sections."
    assert names(Account({"menu": {}, "tags": []})) == ("menu", "tags")
