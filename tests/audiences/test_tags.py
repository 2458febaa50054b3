"""Tags by the command line: made, renamed, and deleted only where that was decided."""

from __future__ import annotations

from typing import Any

import pytest
from audiences.shop import BEIJING, TAGS, VIP, Shop, live, menu, personal

FOLLOWERS = {"o-1": {"tags": ["VIP"]}, "o-2": {"tags": ["VIP"]}}


def codes(plan: Any) -> list[str]:
    return [each["code"] for each in plan["warnings"]]


def test_undeclared_tags_are_listed_and_left_alone(shop: Shop) -> None:
    shop.live(tags=TAGS, followers=FOLLOWERS)
    shop.want(tags=[{"name": "新客"}])
    assert [(each["name"], each["detail"]) for each in shop.plan()["unmanaged"]] == [
        ("VIP", "2 followers"),
        ("北京", "0 followers"),
    ]
    shop.done("apply", "--yes", "--allow-delete")
    assert set(shop.tags()) == {"VIP", "北京", "新客"}


def test_prune_deletes_one_with_followers_only_where_that_is_allowed(shop: Shop) -> None:
    shop.account("prune: [tags]")
    shop.live(tags=TAGS, followers=FOLLOWERS)
    shop.want(tags=[])
    refused = shop.run("apply", "--yes")
    assert refused.exit == 4
    assert "its 2 followers lose it for good" in refused.out + shop.run("plan").out
    assert shop.writes() == []
    shop.done("apply", "--yes", "--allow-delete")
    assert shop.tags() == {}


def test_prune_deletes_one_that_nobody_has_without_a_word(shop: Shop) -> None:
    shop.account("prune: [tags]")
    shop.live(tags=TAGS)
    shop.want(tags=[{"name": "VIP"}])
    shop.done("apply", "--yes")
    assert set(shop.tags()) == {"VIP"}


@pytest.mark.parametrize("declared", [True, False])
def test_one_that_a_menu_uses_is_never_deleted(shop: Shop, declared: bool) -> None:
    shop.account("prune: [tags]")
    shop.live(menu=menu(), tags=TAGS, conditional_menus=live(personal("vip", VIP)))
    menus = {"conditional_menus": [personal("vip", {"tag_id": "101"})]} if declared else {}
    shop.want(tags=[{"name": "北京"}], menu=menu(), **menus)
    plan = shop.plan()
    assert plan["changes"] == []
    assert [each["detail"] for each in plan["unmanaged"]] == [
        "0 followers; prune leaves it, since the personalised menu vip uses it"
    ]
    shop.done("apply", "--yes", "--allow-delete")
    assert set(shop.tags()) == {"VIP", "北京"}


def test_a_protected_one_is_never_deleted(shop: Shop) -> None:
    shop.account("prune: [tags]", "protect: [tag.VIP]")
    shop.live(tags=TAGS, followers=FOLLOWERS)
    shop.want(tags=[])
    assert shop.run("apply", "--yes", "--allow-delete").exit == 4
    assert shop.writes() == []


def test_the_reserved_one_is_neither_listed_nor_deleted(shop: Shop) -> None:
    shop.account("prune: [tags]")
    shop.live(followers={"o-1": {"tags": ["星标组"]}})
    shop.want(tags=[])
    assert shop.done("plan", "--detailed-exitcode").out.startswith("shop")
    assert shop.plan()["unmanaged"] == []
    shop.done("apply", "--yes", "--allow-delete")
    assert shop.writes() == []


def test_one_of_this_apply_is_used_by_a_menu_of_this_apply(shop: Shop) -> None:
    shop.live(menu=menu(), followers={"o-1": {}})
    shop.want(tags=[{"name": "VIP"}], menu=menu(), conditional_menus=[personal("vip", VIP)])
    shop.done("apply", "--yes")
    assert shop.writes() == ["tags/create", "menu/addconditional"]
    with shop.store() as store, store.transaction() as state:
        (found,) = state.conditional_menus("wx0000000000000001")
    assert found.matchrule == {"group_id": str(shop.tags()["VIP"][0])}
    shop.done("plan", "--detailed-exitcode")


def test_a_probable_rename_is_suggested_and_not_done(shop: Shop) -> None:
    shop.account("prune: [tags]")
    shop.live(tags=TAGS, followers=FOLLOWERS)
    shop.want(tags=[{"name": "大客户"}, {"name": "北京"}])
    plan = shop.plan()
    assert [(each["action"], each["name"]) for each in plan["changes"]] == [("create", "大客户"), ("delete", "VIP")]
    assert codes(plan) == ["WX408"]
    text = shop.done("plan").out
    assert "VIP goes and 大客户 comes: its 2 followers would not be carried over" in text
    assert "write `was: VIP` beside `name: 大客户`" in text
    shop.want(tags=[{"name": "大客户", "was": "VIP"}, {"name": "北京"}])
    assert codes(shop.plan()) == []
    shop.done("apply", "--yes")
    assert shop.tags()["大客户"] == (101, 2)


def test_aimed_at_one_tag_nothing_else_is_touched(shop: Shop) -> None:
    shop.account("prune: [tags]")
    shop.live(menu=menu(), tags=[{"name": "北京", "id": 102}, {"name": "老客", "id": 103}])
    shop.want(tags=[{"name": "VIP"}, {"name": "新客"}], menu=menu("新"), conditional_menus=[personal("vip", VIP)])
    plan = shop.plan("--target", "tag.VIP")
    assert [(each["kind"], each["action"], each["name"]) for each in plan["changes"]] == [("tag", "create", "VIP")]
    shop.done("apply", "--yes", "--target", "tag.VIP")
    assert shop.writes() == ["tags/create"]


def test_aimed_at_personalised_menus_tags_are_not_touched(shop: Shop) -> None:
    shop.live(menu=menu(), tags=TAGS)
    shop.want(tags=[{"name": "VIP"}, {"name": "新客"}], menu=menu("新"), conditional_menus=[personal("vip", VIP)])
    shop.done("apply", "--yes", "--target", "conditional_menu")
    assert shop.writes() == ["menu/addconditional"]


def test_aimed_at_personalised_menus_a_tag_that_is_yet_to_be_made_is_missed(shop: Shop) -> None:
    shop.live(menu=menu(), tags=TAGS[1:])
    shop.want(tags=[{"name": "VIP"}, {"name": "北京"}], menu=menu(), conditional_menus=[personal("vip", VIP)])
    ended = shop.run("apply", "--yes", "--target", "conditional_menu")
    assert ended.exit == 4
    assert "the account has no tag VIP" in ended.out + ended.err
    assert shop.writes() == []
    shop.done("apply", "--yes", "--target", "conditional_menu", "--target", "tag")
    assert shop.menus() == ["vip"]


def test_one_personalised_menu_can_not_be_aimed_at(shop: Shop) -> None:
    shop.live(menu=menu(), tags=TAGS)
    shop.want(conditional_menus=[personal("vip", VIP), personal("beijing", BEIJING)])
    ended = shop.run("plan", "--target", "conditional_menu.vip")
    assert ended.exit == 64
    assert "--target conditional_menu" in ended.err
