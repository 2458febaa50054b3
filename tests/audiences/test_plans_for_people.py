"""What ``wxdeploy plan`` tells people of audiences, as a whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from audiences.shop import (
    ANDROID,
    BEIJING,
    DECLARED,
    IOS,
    TAGS,
    VIP,
    VIP_IOS,
    Document,
    Shop,
    live,
    menu,
    personal,
)

PLANS = Path(__file__).parent / "plans"
LADDER = [personal("vip-ios", VIP_IOS), personal("vip", VIP), personal("ios", IOS), personal("android", ANDROID)]
THREE = [personal("vip", VIP, host="a"), personal("ios", IOS, host="b"), personal("android", ANDROID, host="c")]

Case = tuple[list[Document], list[Document]]
CASES: dict[str, Case] = {
    "a-new-menu-on-top": (LADDER[1:], LADDER),
    "two-menus-change-places": (LADDER[1:3], [LADDER[2], LADDER[1]]),
    "deleted-first-because-of-domains": (THREE, [personal("vip", VIP, host="d"), *THREE[1:]]),
    "duplicates-dead-rules-and-undeclared-ones": (
        [
            personal("vip", VIP, "会员"),
            personal("dead", {"sex": "1", **IOS}),
            personal("vip", VIP, "会员", "旧"),
            personal("lost", {"tag_id": "999"}),
            LADDER[3],
        ],
        [personal("vip-ios", VIP_IOS, "会员"), personal("vip", VIP, "会员")],
    ),
    "another-rule-for-a-menu": ([personal("会员", VIP, "礼遇")], [personal("会员", BEIJING, "礼遇")]),
    "all-removed": (LADDER[:2], []),
}


@pytest.mark.parametrize("name", CASES)
def test_a_plan_reads_as_reviewed(shop: Shop, name: str, golden: Callable[[Path, str], None]) -> None:
    before, after = CASES[name]
    shop.live(menu=menu(), tags=TAGS, conditional_menus=live(*before))
    shop.want(tags=DECLARED, menu=menu(), conditional_menus=after)
    ended = shop.done("plan")
    golden(PLANS / f"{name}.txt", ended.out)
    shop.done("apply", "--yes", "--allow-delete")
    assert shop.done("plan").out.splitlines()[-1] == "No changes. The account matches its configuration."


def edited_below_others(shop: Shop) -> None:
    shop.live(menu=menu(), tags=TAGS, conditional_menus=live(*LADDER))
    shop.want(tags=DECLARED, menu=menu(), conditional_menus=[*LADDER[:2], personal("ios", IOS, "新"), LADDER[3]])


def test_an_edit_says_what_it_costs_and_what_is_republished_for_it(shop: Shop) -> None:
    edited_below_others(shop)
    assert shop.done("plan").out.splitlines()[1:8] == [
        "  ~ conditional_menu ios: its buttons differ; 6 calls, 4 of them to republish vip-ios, vip, unchanged, above it  shop.yaml:47",
        "      + 新  click 新  shop.yaml:58",
        "      · vip republished unchanged, to stay above ios",
        "      · vip-ios republished unchanged, to stay above ios",
        "      · the old ios is deleted once the new one is published",
        "      · the old copy of vip is deleted once the new one is published",
        "      · the old copy of vip-ios is deleted once the new one is published",
    ]


def test_who_sees_a_third_menu_between_two_calls_is_said(shop: Shop) -> None:
    edited_below_others(shop)
    (vip, others) = shop.plan()["audiences"]
    assert (vip["before"], vip["after"], vip["buttons_change"], vip["between"]) == (
        "vip-ios",
        "vip-ios",
        False,
        ["ios", "vip"],
    )
    assert (others["before"], others["after"], others["buttons_change"], others["between"]) == ("ios", "ios", True, [])
    assert "between two calls: ios, vip" in shop.done("plan").out


def test_a_menu_that_only_gives_way_for_a_moment_is_not_called_changed(shop: Shop) -> None:
    edited_below_others(shop)
    (line,) = [each for each in shop.done("plan").out.splitlines() if "between two calls" in each]
    assert "changed" not in line


def test_every_committed_plan_is_one_of_these() -> None:
    assert {path.stem for path in PLANS.iterdir()} == set(CASES)


def test_the_calls_are_in_the_order_of_the_plan_and_no_more(shop: Shop) -> None:
    before, after = CASES["deleted-first-because-of-domains"]
    shop.live(menu=menu(), tags=TAGS, conditional_menus=live(*before))
    shop.want(tags=DECLARED, menu=menu(), conditional_menus=after)
    shop.done("apply", "--yes")
    assert shop.writes() == ["menu/delconditional", "menu/addconditional"]
    assert shop.menus() == ["vip", "ios", "android"]


def test_a_menu_whose_file_did_not_change_is_listed_where_another_wins(shop: Shop) -> None:
    """The file of ``ios`` is as it was; its followers who are VIP see another menu all the same."""
    shop.live(menu=menu(), tags=TAGS, conditional_menus=live(LADDER[2]))
    shop.want(tags=DECLARED, menu=menu(), conditional_menus=[LADDER[1], LADDER[2]])
    plan = shop.plan()
    assert [each["name"] for each in plan["changes"]] == ["vip"]
    assert [(each["tag"], each["platform"], each["before"], each["after"]) for each in plan["audiences"]] == [
        ("VIP", "ios", "ios", "vip"),
        ("VIP", None, None, "vip"),
    ]
