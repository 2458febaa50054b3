"""``wxdeploy match --openid``: the account's answer beside that of the files, and where they part."""

from __future__ import annotations

from typing import Any

import pytest
from audiences.shop import BEIJING, DECLARED, IOS, TAGS, VIP, VIP_IOS, Document, Shop, live, menu, personal

MENUS = [personal("vip-ios", VIP_IOS), personal("vip", VIP), personal("北京", BEIJING)]
FOLLOWERS = {
    "o-none": {},
    "o-vip": {"tags": ["VIP"]},
    "o-vip-ios": {"tags": ["VIP"], "platform": "ios"},
    "o-vip-then-beijing": {"tags": ["VIP", "北京"], "platform": "ios"},
    "o-star": {"tags": ["VIP", "星标组"]},
}
AS_WANTED: Document = {"menu": menu(), "tags": TAGS, "conditional_menus": live(*MENUS), "followers": FOLLOWERS}


def asked(shop: Shop, openid: str, *options: str) -> Any:
    found = shop.done("match", "--format", "json", "--openid", openid, *options).match
    assert shop.writes() == []
    return found


@pytest.fixture(autouse=True)
def _declared(shop: Shop) -> None:
    shop.want(tags=DECLARED, menu=menu(), conditional_menus=MENUS)


@pytest.mark.parametrize(
    ("openid", "options", "winner"),
    [
        ("o-none", (), None),
        ("o-vip", (), "vip"),
        ("o-vip-ios", ("--platform", "ios"), "vip-ios"),
        ("o-vip-then-beijing", (), "北京"),
        ("o-vip-then-beijing", ("--platform", "ios"), "北京"),
        ("o-star", (), None),
    ],
)
def test_they_agree_on_an_account_that_is_as_the_files_say(
    shop: Shop, openid: str, options: tuple[str, ...], winner: str | None
) -> None:
    shop.live(**AS_WANTED)
    found = asked(shop, openid, *options)
    assert found["menu"] == winner
    assert found["account"]["live_menu"] == winner
    assert found["account"]["parting"] is None
    assert shop.done("match", "--openid", openid, *options).out.splitlines()[-1] == (
        "✓ menu/trymatch answers the same menu"
    )


def test_they_part_where_the_account_was_not_applied_yet(shop: Shop) -> None:
    shop.live(**{**AS_WANTED, "conditional_menus": live(personal("old", VIP))})
    found = asked(shop, "o-vip")
    assert (found["menu"], found["account"]["live_menu"]) == ("vip", "vip")
    assert found["account"]["button"][0]["name"] == "old"
    assert found["account"]["parting"] == "the account is not as the files say: wxdeploy plan shows what differs"
    shop.done("apply", "--yes")
    assert shop.run("match", "--format", "json", "--openid", "o-vip").match["account"]["parting"] is None


def test_they_part_where_the_platform_was_not_given(shop: Shop) -> None:
    shop.live(**AS_WANTED)
    found = asked(shop, "o-vip-ios")
    assert found["menu"] == "vip"
    assert found["account"]["parting"] == "the account takes the follower for one with the last tag VIP on ios"
    assert found["account"]["fitting"] == [{"tag": "VIP", "platform": "ios"}]
    text = shop.done("match", "--openid", "o-vip-ios").out
    assert "✗ menu/trymatch answers another menu: the account takes the follower for one with" in text
    assert text.endswith("    vip-ios  click vip-ios\n")


def test_they_part_where_the_account_lists_tags_in_another_order_than_they_were_given(
    shop: Shop, sandbox_with: Any
) -> None:
    """The order of tags/getidlist is not documented: an account that sorts by id makes the files say VIP too late."""
    with sandbox_with(shop, AS_WANTED, sort_tags=True):
        found = shop.run("match", "--format", "json", "--openid", "o-vip-then-beijing", "--platform", "ios").match
    assert found["account"]["tags"] == ["北京", "VIP"]
    assert found["menu"] == "vip-ios"
    assert found["account"]["button"][0]["name"] == "北京"
    assert found["account"]["parting"] == "the account takes the follower for one with the last tag 北京 on ios"


def test_they_part_where_nothing_explains_the_answer(shop: Shop, sandbox_with: Any) -> None:
    with sandbox_with(shop, AS_WANTED, shown=[{"type": "click", "name": "?", "key": "?"}]):
        found = shop.run("match", "--format", "json", "--openid", "o-vip").match
    assert found["account"]["parting"] == "no tag of this follower and no platform explains what the account answers"


def test_a_rename_that_is_still_to_be_done_is_no_parting(shop: Shop) -> None:
    shop.live(**AS_WANTED)
    renamed = [personal("vip-ios", {"tag": "大客户", **IOS}), personal("vip", {"tag": "大客户"}), MENUS[2]]
    shop.want(tags=[{"name": "大客户", "was": "VIP"}, {"name": "北京"}], menu=menu(), conditional_menus=renamed)
    found = asked(shop, "o-vip")
    assert found["menu"] == "vip"
    assert found["account"]["tags"] == ["VIP"]
    assert found["account"]["parting"] is None


def test_a_rule_that_gives_an_id_agrees_with_the_tag_s_name(shop: Shop) -> None:
    shop.live(**{**AS_WANTED, "conditional_menus": live(personal("vip", VIP))})
    shop.want(menu=menu(), conditional_menus=[personal("vip", {"tag_id": "101"})])
    assert shop.plan()["changes"] == []
    found = asked(shop, "o-vip")
    assert (found["menu"], found["account"]["parting"]) == ("vip", None)


@pytest.mark.parametrize("rule", [{"tag": "星标组"}, {"tag_id": "2"}])
def test_the_starred_group_is_known_by_its_name(shop: Shop, rule: Document) -> None:
    shop.live(**{**AS_WANTED, "conditional_menus": live(personal("star", {"tag_id": "2"}))})
    shop.want(menu=menu(), conditional_menus=[personal("star", rule)])
    found = asked(shop, "o-star")
    assert found["account"]["tags"] == ["VIP", "星标组"]
    assert (found["menu"], found["account"]["parting"]) == ("star", None)


def test_what_is_not_managed_is_taken_as_it_is(shop: Shop) -> None:
    shop.live(**AS_WANTED)
    shop.want(menu=menu())
    assert shop.plan()["changes"] == []
    found = asked(shop, "o-vip")
    assert (found["menu"], found["account"]["parting"]) == ("vip", None)
    shop.want(tags=DECLARED, conditional_menus=MENUS)
    found = asked(shop, "o-none")
    assert (found["menu"], found["button"][0]["name"], found["account"]["parting"]) == (None, "全部", None)


def test_an_openid_that_the_account_does_not_have_is_explained(shop: Shop) -> None:
    shop.live(**AS_WANTED)
    ended = shop.run("match", "--openid", "o-nobody")
    assert (ended.exit, ended.out) == (1, "")
    assert "40003" in ended.err
    assert "Use an openid of this very appid" in ended.err


def test_an_account_without_a_default_menu_says_so(shop: Shop) -> None:
    shop.live(tags=TAGS, followers={"o-none": {}})
    ended = shop.run("match", "--openid", "o-none")
    assert ended.exit == 1
    assert "65303" in ended.err
