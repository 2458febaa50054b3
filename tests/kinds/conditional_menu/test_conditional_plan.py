"""What a reviewer is told of changes to tags and personalised menus, and what is called for them."""

from __future__ import annotations

from typing import Any

import pytest
from kinds.conditional_menu.simulated_account import DEFAULT, KINDS, Simulated, desired

from wxdeploy.kinds.conditional_menu import CONDITIONAL_MENU
from wxdeploy.model.operation import Action
from wxdeploy.model.plan import AccountPlan, Audience


def menu(name: str, rule: dict[str, Any], *buttons: str, url: str = "") -> dict[str, Any]:
    shown = [{"type": "click", "name": each, "key": each} for each in buttons or (name,)]
    if url:
        shown.append({"type": "view", "name": "web", "url": url})
    return {"name": name, "matchrule": rule, "button": shown}


VIP, IOS, ANDROID = {"tag": "VIP"}, {"client_platform_type": "ios"}, {"client_platform_type": "android"}
VIP_IOS = {**VIP, **IOS}
TAGS = [{"name": "VIP", "id": 101}, {"name": "北京", "id": 102}]


def live(*menus: dict[str, Any]) -> list[dict[str, Any]]:
    return [{key: value for key, value in each.items() if key != "name"} for each in menus]


def told(plan: AccountPlan) -> list[tuple[str, str, str]]:
    return [(change.address.name, change.action.value, change.reason) for change in plan.changes]


def done(plan: AccountPlan) -> list[tuple[str, int, str]]:
    return [(each.call.call.rpartition("/")[2], each.change, each.note) for each in plan.operations]


def test_a_first_menu_is_published(account: Simulated) -> None:
    account.seed(tags=TAGS)
    plan = account.converge(desired({"conditional_menus": [menu("vip", VIP_IOS)]}))
    assert told(plan) == [("vip", "create", "no live menu is like it; 1 call")]
    (operation,) = plan.operations
    assert operation.call.body == {
        "button": [{"type": "click", "name": "vip", "key": "vip"}],
        "matchrule": {"tag_id": "101", "client_platform_type": "1"},
    }
    assert plan.audiences == (
        Audience(tag="VIP", platform="ios", before=None, after="vip", buttons_change=True, between=()),
    )


def test_a_tag_of_the_same_apply_is_used(account: Simulated) -> None:
    wanted = desired({"tags": [{"name": "VIP"}], "conditional_menus": [menu("vip", VIP)]})
    plan = account.converge(wanted)
    assert [each.call.call.rpartition("/")[2] for each in plan.operations] == ["create", "addconditional"]
    body: Any = plan.operations[1].call.body
    assert body["matchrule"] == {"tag_id": {"$deferred": {"kind": "tag", "name": "VIP", "attribute": "id"}}}


def test_an_edited_menu_reads_as_one_change_with_edits(account: Simulated) -> None:
    account.seed(tags=TAGS, conditional_menus=live(menu("vip", VIP, "a", "b"), menu("ios", IOS)))
    plan = account.converge(desired({"conditional_menus": [menu("vip", VIP, "a", "c"), menu("ios", IOS)]}))
    assert told(plan) == [("vip", "update", "its buttons differ; 2 calls")]
    assert sorted(edit.op.value for edit in plan.changes[0].edits) == ["add", "remove"]
    assert done(plan) == [
        ("addconditional", 0, ""),
        ("delconditional", 0, "the old vip is deleted once the new one is published"),
    ]
    assert isinstance(plan.changes[0].before, dict)
    assert plan.changes[0].before["name"] == "vip"


def test_what_is_republished_for_another_s_change_is_said_there(account: Simulated) -> None:
    before = [menu("vip-ios", VIP_IOS), menu("vip", VIP), menu("ios", IOS), menu("android", ANDROID)]
    account.seed(tags=TAGS, conditional_menus=live(*before))
    after = [*before[:2], menu("ios", IOS, "new"), before[3]]
    plan = account.converge(desired({"conditional_menus": after}))
    assert told(plan) == [
        ("ios", "update", "its buttons differ; 6 calls, 4 of them to republish vip-ios, vip, unchanged, above it")
    ]
    assert done(plan) == [
        ("addconditional", 0, ""),
        ("addconditional", 0, "vip republished unchanged, to stay above ios"),
        ("addconditional", 0, "vip-ios republished unchanged, to stay above ios"),
        ("delconditional", 0, "the old ios is deleted once the new one is published"),
        ("delconditional", 0, "the old copy of vip is deleted once the new one is published"),
        ("delconditional", 0, "the old copy of vip-ios is deleted once the new one is published"),
    ]
    assert plan.audiences == (
        Audience(
            tag="VIP", platform="ios", before="vip-ios", after="vip-ios", buttons_change=False, between=("ios", "vip")
        ),
        Audience(tag=None, platform="ios", before="ios", after="ios", buttons_change=True),
    )


def test_a_pure_reorder_is_a_change(account: Simulated) -> None:
    before = [menu("vip", VIP), menu("ios", IOS)]
    account.seed(tags=TAGS, conditional_menus=live(*before))
    plan = account.converge(desired({"conditional_menus": before[::-1]}))
    assert told(plan) == [("ios", "update", "it has another place in the order, number 1 of 2; 2 calls")]
    assert plan.audiences == (Audience(tag="VIP", platform="ios", before="vip", after="ios", buttons_change=True),)


def test_one_that_moves_to_the_end_stays_and_the_others_go_above_it(account: Simulated) -> None:
    before = [menu("vip-ios", VIP_IOS), menu("vip", VIP), menu("ios", IOS)]
    account.seed(tags=TAGS, conditional_menus=live(*before))
    plan = account.converge(desired({"conditional_menus": [*before[1:], before[0]]}))
    assert told(plan) == [
        (
            "vip-ios",
            "update",
            "it has another place in the order, number 3 of 3; 4 calls, 4 of them to republish vip, ios, unchanged, above it",
        )
    ]
    assert {each.change for each in plan.operations} == {0}


def test_another_rule_for_the_same_buttons_is_an_update(account: Simulated) -> None:
    account.seed(tags=TAGS, conditional_menus=live(menu("x", IOS, "a", "b")))
    plan = account.converge(desired({"conditional_menus": [menu("phone", ANDROID, "a", "b")]}))
    assert told(plan) == [("phone", "update", "its rule differs; 2 calls")]
    assert [edit.field for edit in plan.changes[0].edits] == ["client_platform_type"]


def test_duplicates_dead_rules_and_undeclared_menus_are_named_and_cleared(account: Simulated) -> None:
    account.seed(
        tags=TAGS,
        conditional_menus=live(
            menu("x", {"sex": "1", **IOS}), menu("vip", VIP), menu("vip", VIP, "older"), menu("y", ANDROID, "y")
        ),
    )
    plan = account.converge(desired({"conditional_menus": [menu("vip", VIP)]}))
    assert told(plan) == [
        ("ios-sex-1", "delete", "its rule uses sex, which WeChat removed: it matches nobody; 1 call"),
        ("vip-2", "delete", "a duplicate: its rule is that of vip; 1 call"),
        ("android", "delete", "no menu of the configuration has its rule; 1 call"),
    ]
    assert all(change.harmless and not change.hazards for change in plan.changes)
    assert [call for call, *_ in done(plan)] == ["delconditional"] * 3
    assert [each.code for each in plan.warnings] == ["WX310", "WX909"]


def test_dead_rules_are_no_configuration(account: Simulated) -> None:
    account.seed(tags=TAGS, conditional_menus=live(menu("x", {"city": "广州"}), menu("vip", VIP)))
    reading = account.live().readings["conditional_menu"]
    assert [each.state for each in reading.objects] == [{"dead": True}, {}]
    assert CONDITIONAL_MENU.section_of(reading.objects) == [menu("vip", VIP)]


def test_an_empty_list_asks_for_removal_and_is_guarded(account: Simulated) -> None:
    account.seed(tags=TAGS, conditional_menus=live(menu("vip", VIP), menu("ios", IOS)))
    plan = account.converge(desired({"conditional_menus": []}))
    assert {hazard.permit for change in plan.changes for hazard in change.hazards} == {"--allow-delete"}
    assert [call for call, *_ in done(plan)] == ["delconditional"] * 2


def test_with_the_default_menu_all_go_in_one_call(account: Simulated) -> None:
    account.seed(tags=TAGS, conditional_menus=live(menu("vip", VIP), menu("ios", IOS)))
    plan = account.converge(desired({"menu": "absent", "conditional_menus": []}))
    assert [call for call, *_ in done(plan)] == ["delete"]
    assert [change.address.kind for change in plan.changes] == ["menu", "conditional_menu", "conditional_menu"]
    assert plan.changes[1].reason.endswith("; menu/delete takes it along")


def test_an_absent_menu_that_is_not_there_takes_nothing_along(account: Simulated) -> None:
    plan = account.plan(desired({"conditional_menus": []}))
    assert plan.changes == ()


@pytest.mark.parametrize("rule", [{"tag_id": "101"}, {"tag_id": 101}, {"group_id": "101"}, {"tag": "VIP"}])
@pytest.mark.parametrize("platform", ["ios", "1", 1])
def test_ids_and_numbers_are_the_same_as_names(account: Simulated, rule: dict[str, Any], platform: Any) -> None:
    account.seed(tags=TAGS, conditional_menus=live(menu("vip", VIP_IOS)))
    wanted = menu("vip", {**rule, "client_platform_type": platform})
    assert account.plan(desired({"conditional_menus": [wanted]})).changes == ()


def test_the_starred_group_can_be_asked_for(account: Simulated) -> None:
    wanted = desired({"tags": [], "conditional_menus": [menu("star", {"tag": "星标组"})]})
    plan = account.converge(wanted)
    body: Any = plan.operations[0].call.body
    assert body["matchrule"] == {"tag_id": "2"}


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"tag": "SVIP"}, "vip can't be published: the account has no tag SVIP; the account would answer 45159"),
        ({"tag_id": "999"}, "vip can't be published: no live tag has the id 999; the account would answer 45159"),
    ],
)
def test_a_tag_that_there_is_not_is_a_hazard(account: Simulated, rule: dict[str, Any], message: str) -> None:
    plan = account.plan(desired({"conditional_menus": [menu("vip", rule)]}))
    assert [(each.code, each.message, each.permit) for each in plan.hazards] == [("WX307", message, None)]


def test_a_default_menu_of_the_console_is_not_enough(account: Simulated) -> None:
    account.seed(menu=None, console_menu=DEFAULT)
    wanted = {"conditional_menus": [menu("ios", IOS)]}
    plan = account.plan(desired(wanted))
    assert [(each.code, each.permit) for each in plan.hazards] == [("WX301", None)]
    with_default = account.plan(desired({"menu": DEFAULT, **wanted}))
    assert "WX301" not in [each.code for each in with_default.hazards]


def test_deleting_first_is_said_with_whom_it_costs_their_menu(account: Simulated) -> None:
    before = [
        menu("vip", VIP, url="https://a.example.com/"),
        menu("ios", IOS, url="https://b.example.com/"),
        menu("android", ANDROID, url="https://c.example.com/"),
    ]
    account.seed(tags=TAGS, conditional_menus=live(*before))
    after = [menu("vip", VIP, url="https://d.example.com/"), *before[1:]]
    plan = account.converge(desired({"conditional_menus": after}))
    assert done(plan) == [
        (
            "delconditional",
            0,
            (
                "vip is deleted first: all menus together may link to 3 domains only (65316); "
                "until theirs is published, the default menu is seen by those tagged VIP"
            ),
        ),
        ("addconditional", 0, ""),
    ]
    assert plan.audiences == (
        Audience(tag="VIP", platform="android", before="vip", after="vip", buttons_change=True, between=("android",)),
        Audience(tag="VIP", platform="ios", before="vip", after="vip", buttons_change=True, between=("ios",)),
        Audience(tag="VIP", platform=None, before="vip", after="vip", buttons_change=True, between=(None,)),
    )


def test_menu_create_never_receives_a_rule(account: Simulated) -> None:
    wanted = desired(
        {"menu": {"button": [{"type": "click", "name": "n", "key": "n"}]}, "conditional_menus": [menu("ios", IOS)]}
    )
    plan = account.converge(wanted)
    create = next(each.call for each in plan.operations if each.call.call.endswith("menu/create"))
    assert isinstance(create.body, dict)
    assert set(create.body) == {"button"}


def test_menus_without_names_are_called_after_their_rules() -> None:
    sections = [menu("", VIP_IOS), menu("vip-ios", IOS), menu("", {"tag_id": "7"}), menu("", VIP_IOS)]
    names = [each.name for each in CONDITIONAL_MENU.parse([{**each} for each in sections])]
    assert names == ["vip-ios-2", "vip-ios", "tag-7", "vip-ios-3"]


def test_what_is_pulled_is_what_is_live(account: Simulated) -> None:
    account.seed(
        tags=TAGS,
        conditional_menus=live(
            menu("x", VIP_IOS), menu("y", VIP_IOS), menu("z", {"tag_id": "999"}), menu("w", ANDROID)
        ),
    )
    readings = account.live().readings
    pulled: dict[str, Any] = {kind.section: kind.section_of(readings[kind.name].objects) for kind in KINDS}
    assert [each["name"] for each in pulled["conditional_menus"]] == ["vip-ios", "vip-ios-2", "tag-999", "android"]
    assert pulled["tags"] == [{"name": "VIP"}, {"name": "北京"}]
    plan = account.plan(desired(pulled))
    assert (plan.changes, plan.hazards, plan.unmanaged) == ((), (), ())


def test_every_action_is_one_of_the_contract(account: Simulated) -> None:
    account.seed(tags=TAGS, conditional_menus=live(menu("vip", VIP)))
    plan = account.plan(desired({"tags": [{"name": "大客户", "was": "VIP"}], "conditional_menus": [menu("ios", IOS)]}))
    assert {change.action for change in plan.changes} == {Action.RENAME, Action.CREATE, Action.DELETE}
