"""Putting accounts into a state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from wxdeploy.sandbox.account import Account
from wxdeploy.sandbox.audience import Audience
from wxdeploy.sandbox.seeding import _SECTIONS, seed
from wxdeploy.sandbox.store import Store
from wxdeploy.sandbox.templates import Templates

APPID = "wx0000000000000001"
CLICK = {"type": "click", "name": "a", "key": "K"}
MENU = {"button": [CLICK]}
TEMPLATE = {"title": "到货通知", "content": "商品:{{thing1.DATA}}\n"}


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


def shown(store: Store) -> list[dict]:
    with store.transaction() as state:
        return Templates(state, APPID).list()["template_list"]


def test_templates_by_content_or_by_placeholders(store):
    status = {"label": "状态", "values": ["通过"]}
    templates = [
        {**TEMPLATE, "template_id": "T1", "primary_industry": "a", "deputy_industry": "b", "example": "c"},
        {"title": "审核通知", "placeholders": {"thing2": "事项", "const3": status}},
        {"one_time_subscription": True},
    ]
    seed(store, {APPID: {"templates": templates}})
    first, second, third = shown(store)
    industries = {"primary_industry": "a", "deputy_industry": "b"}
    assert first == {**TEMPLATE, "template_id": "T1", **industries, "example": "c"}
    assert second["content"] == "事项：{{thing2.DATA}}\n状态：{{const3.DATA}}\n"
    assert (third["title"], third["content"]) == ("订阅模板消息", "{{content.DATA}}")
    with store.transaction() as state:
        assert state.templates.find(APPID, second["template_id"]).listed == {"const3": ("通过",)}


def test_the_same_seed_gives_the_same_template_ids_and_a_new_one_takes_all_away(store):
    ids = []
    for _ in range(2):
        seed(store, {APPID: {"templates": [TEMPLATE, TEMPLATE], "test_account": True}})
        ids.append([template["template_id"] for template in shown(store)])
    assert ids[0] == ids[1]
    assert [len(found) for found in ids[0]] == [43, 43]
    seed(store, {APPID: {}})
    assert shown(store) == []
    with store.transaction() as state:
        assert not state.templates.is_test_account(APPID)


def test_more_templates_than_slots_are_taken(store):
    """The bound was lower and higher at times."""
    seed(store, {APPID: {"templates": [TEMPLATE] * 26}})
    assert len(shown(store)) == 26


def template(**fields: object) -> dict:
    return {APPID: {"templates": [{**TEMPLATE, **fields}]}}


RULE = {"client_platform_type": "1"}
WRONG = {
    "an appid": ({"wx1": {}}, "wx1: "),
    "an account": ({APPID: []}, f"{APPID}: "),
    "a section": ({APPID: {"replies": []}}, f"{APPID}.replies: unknown key"),
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
    "a test account": ({APPID: {"test_account": 1}}, f"{APPID}.test_account: expected true or false"),
    "templates": ({APPID: {"templates": {}}}, f"{APPID}.templates: expected a list"),
    "a template's key": (template(name="x"), r"templates\[0\].name: unknown key"),
    "a template's title": (template(title=""), r"templates\[0\].title: expected a text"),
    "a template's id": (template(template_id=1), r"templates\[0\].template_id: expected a text"),
    "an id of templates twice": (
        {APPID: {"templates": [TEMPLATE, {**TEMPLATE, "template_id": "T"}, {**TEMPLATE, "template_id": "T"}]}},
        r"templates\[2\].template_id: there are two templates 'T'",
    ),
    "no content": ({APPID: {"templates": [{"title": "x"}]}}, r"templates\[0\].content: expected a text"),
    "no placeholder": (template(content="x: {{x}}"), r"templates\[0\].content: expected a placeholder"),
    "content twice": (template(placeholders={"thing1": "x"}), "expected either content or placeholders"),
    "a placeholder": (
        {APPID: {"templates": [{"title": "x", "placeholders": {"a.b": "x"}}]}},
        r"templates\[0\].placeholders.a.b: expected a name",
    ),
    "a label": (
        {APPID: {"templates": [{"title": "x", "placeholders": {"thing1": {"values": []}}}]}},
        r"placeholders.thing1.label: expected a text",
    ),
    "values": (
        {APPID: {"templates": [{"title": "x", "placeholders": {"const1": {"label": "x", "values": [1]}}}]}},
        r"placeholders.const1.values\[0\]: expected a text",
    ),
    "a flag": (template(historical="yes"), r"templates\[0\].historical: expected true or false"),
    "two kinds": (template(historical=True, one_time_subscription=True), r"templates\[0\].historical: "),
    **{
        f"{name} in a test account": (
            {APPID: {"test_account": True, "templates": [{**TEMPLATE, name: value}]}},
            rf"templates\[0\].{name}: the templates of a test account have none",
        )
        for name, value in (("historical", True), ("primary_industry", "x"), ("deputy_industry", "x"), ("example", "x"))
    },
}


@pytest.mark.parametrize("case", WRONG)
def test_what_can_t_be_understood_is_named_and_nothing_changed(store, case):
    seed(store, {APPID: {"tags": ["before"]}})
    data, message = WRONG[case]
    with pytest.raises(ValueError, match=message):
        seed(store, data)
    assert tags(store)[1:] == [(100, "before", 0)]


@pytest.mark.parametrize("section", _SECTIONS)
def test_the_page_of_the_sandbox_tells_of_every_section_of_a_seed(section):
    page = Path(__file__).parents[2] / "docs" / "sandbox.md"
    assert re.search(rf"`{section}`|\b{section}:", page.read_text("utf-8"))
