"""Putting accounts into a state."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wxdeploy.sandbox.account import Account
from wxdeploy.sandbox.audience import Audience
from wxdeploy.sandbox.seeding import seed
from wxdeploy.sandbox.store import Store

APPID = "wx0000000000000001"
CLICK = {"type": "click", "name": "a", "key": "K"}
MENU = {"button": [CLICK]}


@pytest.fixture
def store() -> Iterator[Store]:
    store = Store()
    yield store
    store.close()


def menus(store: Store) -> dict:
    with store.transaction() as state:
        return Account(state, APPID).menus()


def tags(store: Store) -> list[tuple[int, str, int]]:
    with store.transaction() as state:
        return [tuple(tag.values()) for tag in Audience(state, APPID).tags()]


def test_the_first_personalised_menu_has_the_highest_priority(store):
    """In a seed as in a configuration; menu/get lists the newest, hence the highest, first."""
    rules = [{"tag": "VIP"}, {"tag_id": 7, "client_platform_type": "ios"}, {"client_platform_type": 2, "sex": 1}]
    seed(
        store, {APPID: {"menu": MENU, "tags": ["VIP"], "conditional_menus": [{"matchrule": r, **MENU} for r in rules]}}
    )
    assert [menu["matchrule"] for menu in menus(store)["conditionalmenu"]] == [
        {"group_id": "100"},
        {"group_id": "7", "client_platform_type": "1"},
        {"client_platform_type": "2", "sex": "1"},
    ]


def test_tags_by_name_and_id_in_the_order_given(store):
    followers = {"a": {"tags": ["beta", 100, "2"]}, "b": {"tags": ["星标组"]}, "c": None}
    seed(store, {APPID: {"tags": ["alpha", {"name": "beta", "id": 120}, "gamma"], "followers": followers}})
    assert tags(store) == [(2, "星标组", 2), (100, "alpha", 1), (120, "beta", 1), (121, "gamma", 0)]
    with store.transaction() as state:
        assert Audience(state, APPID).tag_ids("a") == [120, 100, 2]


def test_what_live_accounts_hold_is_taken(store):
    """Names of 24 bytes and shapes read from the web console."""
    long = {"name": "子" * 8, "type": "view", "sub_button": {"list": [{**CLICK, "sub_button": []}]}}
    seed(store, {APPID: {"menu": {"button": [long]}, "tags": ["标" * 20]}})
    assert menus(store)["menu"]["button"] == [{"name": "子" * 8, "sub_button": [{**CLICK, "sub_button": []}]}]


def test_a_seed_replaces_the_account_and_leaves_others(store):
    other = "wx0000000000000002"
    seed(store, {APPID: {"menu": MENU, "tags": ["x"]}, other: {"menu": MENU}})
    seed(store, {APPID: {"tags": ["y"]}})
    assert tags(store) == [(2, "星标组", 0), (100, "y", 0)]
    with store.transaction() as state:
        assert state.menu(APPID) is None
        assert state.menu(other) is not None


RULE = {"client_platform_type": "1"}
WRONG = {
    "an appid": ({"wx1": {}}, "wx1: "),
    "an account": ({APPID: []}, f"{APPID}: "),
    "a section": ({APPID: {"templates": []}}, f"{APPID}.templates: unknown key"),
    "a menu": ({APPID: {"menu": {"buttons": []}}}, f"{APPID}.menu.buttons: unknown key"),
    "no buttons": ({APPID: {"menu": {}}}, f"{APPID}.menu.button: "),
    "a button": ({APPID: {"menu": {"button": ["a"]}}}, rf"{APPID}.menu.button\[0\]: "),
    "a name": ({APPID: {"menu": {"button": [{"type": "click"}]}}}, r"button\[0\].name: "),
    "a type": ({APPID: {"console_menu": {"button": [{"name": "a"}]}}}, r"console_menu.button\[0\].type: "),
    "three levels": (
        {APPID: {"menu": {"button": [{"name": "a", "sub_button": [{"name": "b", "sub_button": [CLICK]}]}]}}},
        r"button\[0\].sub_button: ",
    ),
    "no default menu": ({APPID: {"conditional_menus": [{"matchrule": RULE, **MENU}]}}, "need a menu"),
    "a rule": ({APPID: {"menu": MENU, "conditional_menus": [MENU]}}, r"conditional_menus\[0\].matchrule: "),
    "an empty rule": ({APPID: {"menu": MENU, "conditional_menus": [{"matchrule": {}, **MENU}]}}, "at least one field"),
    "a rule's tag": (
        {APPID: {"menu": MENU, "conditional_menus": [{"matchrule": {"tag": "x"}, **MENU}]}},
        r"conditional_menus\[0\].matchrule.tag: there is no tag 'x'",
    ),
    "a rule's platform": (
        {APPID: {"menu": MENU, "conditional_menus": [{"matchrule": {"client_platform_type": "pc"}, **MENU}]}},
        "expected one of ios, android, other",
    ),
    "a tag": ({APPID: {"tags": [1]}}, rf"{APPID}.tags\[0\]: "),
    "a tag's name": ({APPID: {"tags": [{"id": 100}]}}, r"tags\[0\].name: "),
    "a reserved id": ({APPID: {"tags": [{"name": "x", "id": 1}]}}, r"tags\[0\].id: "),
    "a name twice": ({APPID: {"tags": ["x", "x"]}}, r"tags\[1\].name: there are two tags 'x'"),
    "an id twice": ({APPID: {"tags": ["x", {"name": "y", "id": 100}]}}, r"tags\[1\].id: there are two tags 100"),
    "a follower": ({APPID: {"followers": {"o": {"nickname": "x"}}}}, "followers.o.nickname: unknown key"),
    "a follower's tag": ({APPID: {"followers": {"o": {"tags": ["x"]}}}}, r"followers.o.tags\[0\]: there is no tag 'x'"),
    "a follower's tag by id": ({APPID: {"followers": {"o": {"tags": [100]}}}}, "there is no tag 100"),
    "a list of tags": ({APPID: {"followers": {"o": {"tags": "x"}}}}, "followers.o.tags: expected a list"),
    "keys": ({APPID: {1: {}}}, "expected keys that are texts"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_can_t_be_understood_is_named_and_nothing_changed(store, case):
    seed(store, {APPID: {"tags": ["before"]}})
    data, message = WRONG[case]
    with pytest.raises(ValueError, match=message):
        seed(store, data)
    assert tags(store)[1:] == [(100, "before", 0)]
