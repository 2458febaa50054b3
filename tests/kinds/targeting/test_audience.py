"""Who sees what, and why, in words."""

from __future__ import annotations

import pytest

from wxdeploy.kinds.targeting.audience import Considered, Group, decide, groups, matches
from wxdeploy.kinds.targeting.menus import MatchRule

VIP_IOS = MatchRule(tag="VIP", platform="ios")
VIP = MatchRule(tag="VIP")
ANDROID = MatchRule(platform="android")
DEAD = MatchRule(platform="ios", others={"sex": "1"})


@pytest.mark.parametrize(
    ("rule", "tags", "platform", "matched", "why"),
    [
        (VIP_IOS, ("VIP",), "ios", True, "the tag VIP is the follower's and the platform is ios"),
        (VIP, ("北京", "VIP"), None, True, "the tag VIP is the last one given"),
        (ANDROID, (), "android", True, "the platform is android"),
        (VIP, (), None, False, "it asks for the tag VIP, and the follower has none"),
        (VIP, ("北京",), None, False, "it asks for the tag VIP, not 北京"),
        (
            VIP,
            ("VIP", "北京"),
            None,
            False,
            "it asks for the tag VIP, but 北京 was given later, and only the last tag counts",
        ),
        (
            VIP,
            ("上海", "北京"),
            None,
            False,
            "it asks for the tag VIP; the last tag given, 北京, is the one that counts",
        ),
        (ANDROID, (), "ios", False, "it asks for the platform android, not ios"),
        (ANDROID, (), None, False, "it asks for the platform android, not an unknown one"),
        (
            VIP_IOS,
            (),
            "android",
            False,
            "it asks for the tag VIP, and the follower has none; it asks for the platform ios, not android",
        ),
        (DEAD, (), "ios", False, "its rule uses sex, which WeChat removed: it matches nobody"),
        (MatchRule(), (), "ios", False, "its rule names neither a tag nor a platform"),
        (MatchRule(tag_id="7"), ("7",), None, True, "the tag 7 is the follower's"),
    ],
)
def test_why(rule: MatchRule, tags: tuple[str, ...], platform: str | None, matched: bool, why: str) -> None:
    decision = decide([("m", rule)], tags, platform)
    assert decision.considered == (Considered("m", matched, why),)
    assert decision.winner == ("m" if matched else None)


def test_the_first_match_wins_and_the_rest_is_told_too() -> None:
    decision = decide([("a", ANDROID), ("b", VIP), ("c", VIP_IOS)], ["VIP"], "ios")
    assert decision.winner == "b"
    assert [(each.menu, each.matched) for each in decision.considered] == [("a", False), ("b", True), ("c", True)]
    assert decision.considered[2].why == "its rule matches too, but b comes first"


def test_groups_are_all_combinations_and_none() -> None:
    assert groups([VIP_IOS, DEAD, MatchRule(tag_id="9")]) == (
        Group("VIP", "ios"),
        Group("VIP", None),
        Group(None, "ios"),
        Group(None, None),
    )
    assert groups([]) == (Group(None, None),)


def test_a_group_without_a_tag_matches_no_rule_that_asks_for_one() -> None:
    assert not matches(VIP, Group(None, "ios"))
    assert matches(VIP, Group("VIP", "ios"))
