"""Tags in the account: what a rename keeps, and what goes when."""

from __future__ import annotations

from typing import Any

from kinds.conditional_menu.simulated_account import Simulated, desired

from wxdeploy.kinds.tag import TAG

BUTTON = [{"type": "click", "name": "a", "key": "a"}]
VIP = {"name": "vip", "matchrule": {"tag": "VIP"}, "button": BUTTON}
LIVE = [{"matchrule": {"tag": "VIP"}, "button": BUTTON}]


def steps(plan: Any) -> list[str]:
    return [each.call.call.removeprefix("POST /cgi-bin/") for each in plan.operations]


def test_a_rename_keeps_the_id_and_the_followers(account: Simulated) -> None:
    account.seed(
        tags=[{"name": "VIP", "id": 101}], conditional_menus=LIVE, followers={"o1": {"tags": ["VIP"]}, "o2": {}}
    )
    menus = account.call("menu.get")["conditionalmenu"]
    renamed = {**VIP, "matchrule": {"tag": "大客户"}}
    plan = account.converge(desired({"tags": [{"name": "大客户", "was": "VIP"}], "conditional_menus": [renamed]}))
    assert steps(plan) == ["tags/update"]
    assert {"id": 101, "name": "大客户", "count": 1} in account.call("tag.get")["tags"]
    assert account.call("tag.of_follower", {"openid": "o1"}) == {"tagid_list": [101]}
    assert account.call("menu.get")["conditionalmenu"] == menus
    assert account.seen_by("o1")[0]["name"] == "a"


def test_a_rename_is_foretold_where_menus_are_not_managed(account: Simulated) -> None:
    account.seed(tags=[{"name": "VIP", "id": 101}], conditional_menus=LIVE)
    assert steps(account.converge(desired({"tags": [{"name": "大客户", "was": "VIP"}]}))) == ["tags/update"]


def test_a_tag_goes_after_the_menu_that_used_it(account: Simulated) -> None:
    account.seed(tags=["VIP"], conditional_menus=LIVE)
    wanted = desired({"tags": [], "conditional_menus": []}, prune=frozenset({"tag"}))
    assert steps(account.converge(wanted)) == ["menu/delconditional", "tags/delete"]


def test_a_tag_goes_after_all_menus(account: Simulated) -> None:
    account.seed(tags=["VIP"], conditional_menus=LIVE)
    wanted = desired({"tags": [], "menu": "absent"}, prune=frozenset({"tag"}))
    assert steps(account.converge(wanted)) == ["GET /cgi-bin/menu/delete", "tags/delete"]


def test_a_tag_that_a_declared_menu_needs_stays(account: Simulated) -> None:
    account.seed(tags=["VIP", "x"], conditional_menus=LIVE)
    plan = account.converge(desired({"tags": [], "conditional_menus": [VIP]}, prune=frozenset({"tag"})))
    assert steps(plan) == ["tags/delete"]
    assert [each.detail for each in plan.unmanaged] == [
        "0 followers; prune leaves it, since the personalised menu vip uses it"
    ]


def test_a_tag_that_a_live_menu_uses_stays_where_menus_are_not_managed(account: Simulated) -> None:
    account.seed(tags=["VIP"], conditional_menus=LIVE)
    plan = account.converge(desired({"tags": []}, prune=frozenset({"tag"})))
    assert plan.operations == ()
    assert [each.name for each in plan.unmanaged] == ["VIP"]


def test_a_full_account_makes_room_first(account: Simulated) -> None:
    names = [f"t{number:03}" for number in range(100)]
    account.seed(tags=names)
    wanted = [{"name": name} for name in [*names[1:], "new"]]
    assert steps(account.converge(desired({"tags": wanted}, prune=frozenset({"tag"})))) == [
        "tags/delete",
        "tags/create",
    ]


def test_the_section_of_an_account_is_its_configuration(account: Simulated) -> None:
    account.seed(tags=["VIP", "北京"])
    section = TAG.section_of(account.live().readings["tag"].objects)
    assert section == [{"name": "VIP"}, {"name": "北京"}]
    assert account.plan(desired({"tags": section}, prune=frozenset({"tag"}))).changes == ()
