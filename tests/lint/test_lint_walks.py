"""Many rules ask for the buttons of a menu; the menu is walked once for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from wxdeploy.kinds.base import Account, walked
from wxdeploy.kinds.buttons.rule import is_sound
from wxdeploy.kinds.buttons.walk import Button, buttons, leaves, lists, personalised
from wxdeploy.kinds.menu import rules_url
from wxdeploy.kinds.menu.rules_advice import http_link
from wxdeploy.kinds.menu.rules_sizes import url_too_long
from wxdeploy.lint.engine import Looked
from wxdeploy.model.section import Section
from wxdeploy.model.source import SourceMap
from wxdeploy.wechat import limits
from wxdeploy.workflow.load import rulebook

NAMES = st.sampled_from(["歌", "歌曲", "", "今日歌曲推荐榜", "a\n"])
TEXTS = st.sampled_from(["click", "view", "https://a.example/x", "http://a.example", "#", ""])
PAGES = st.builds(lambda name, url: {"type": "view", "name": name, "url": url}, NAMES, TEXTS)
FIELDS = st.fixed_dictionaries({}, optional={"name": NAMES, **dict.fromkeys(("type", "key", "url", "appid"), TEXTS)})
ODD = st.sampled_from([None, 1, "x", [], [1], {}, {"list": []}])
LEAVES = PAGES | FIELDS | st.builds(lambda fields, odd: {**fields, "sub_button": odd}, FIELDS, ODD)
LEAVES |= st.builds(lambda fields, odd: {**fields, "new": odd}, FIELDS, ODD)
COLUMNS = LEAVES | st.builds(
    lambda fields, below: {**fields, "sub_button": below}, FIELDS, st.lists(LEAVES, max_size=6)
)
MENUS = st.builds(lambda columns: {"button": columns}, st.lists(COLUMNS, max_size=4))
MAPPINGS = st.builds(
    lambda data: {"data": data}, st.dictionaries(st.sampled_from(["thing1", "amount2", "x"]), FIELDS, max_size=3)
)
HOSTS = st.sampled_from(["a.example", "a-1.b.example:80", "u@a.example", "歌.example", "a", "", "."])
TAILS = st.lists(
    st.sampled_from(["/", "?", "#", "&", "amp;", "%20", " ", "\n", "\\", "@", "歌", "x" * 500]), max_size=5
)
LINKS = st.builds(
    lambda scheme, host, tail: "".join((scheme, host, *tail)),
    st.sampled_from(["https://", "http://", "https%3A//", ""]),
    HOSTS,
    TAILS,
)
SECTIONS = st.fixed_dictionaries(
    {"menu": MENUS, "conditional_menus": st.lists(MENUS, max_size=2)},
    optional={"templates": st.dictionaries(NAMES, MAPPINGS, max_size=2)},
)
"""Few texts in many places, so that much of it is alike."""


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


@given(st.lists(SECTIONS, min_size=3, max_size=4), st.booleans())
def test_what_is_remembered_of_one_account_is_true_of_the_next(accounts: list[Any], remembers: bool) -> None:
    looked, rules = Looked(remembers=remembers), tuple(rulebook())
    for values in accounts:
        sections = {name: Section(name, value, SourceMap(), None) for name, value in values.items()}
        found = [(rule.code, violation) for rule, violation in looked.at(sections, rules)]
        again = [(rule.code, each) for rule in rules if rule.check for each in rule.check(Account(values))]
        assert sorted(found, key=repr) == sorted(again, key=repr)


@given(LINKS, st.sampled_from(["view", "miniprogram", "click", "x", ""]), st.sampled_from([1, 2]))
@example(f"https://a.example/{'x' * limits.URL.value}", "view", 1)
@example("https://a.example/?a=1&amp;b=2", "view", 1)
@example("https://a.example/a b", "view", 1)
def test_no_rule_about_links_finds_anything_in_a_sound_one(url: str, kind: str, level: int) -> None:
    button = Button(("button", 0), level, {"type": kind, "name": "a", "url": url}, None)
    for rule in (*rules_url.RULES, url_too_long, http_link):
        assert rule.each is not None
        assert not is_sound(url) or list(rule.each.look(button)) == [], rule.code


def test_a_walk_keeps_what_it_says_of_itself() -> None:
    @walked
    def names(account: Account) -> Iterator[str]:
        """The names of the sections."""
        yield from account.sections

    assert names.__doc__ == "The names of the sections."
    assert names(Account({"menu": {}, "tags": []})) == ("menu", "tags")
