"""``menu: absent`` or no ``menu`` at all, beside personalised menus that are declared, or live, or neither."""

from __future__ import annotations

import pytest
from audiences.shop import ANDROID, IOS, Document, Shop, live, menu, personal

LIVE: Document = {"menu": menu(), "conditional_menus": live(personal("ios", IOS), personal("android", ANDROID))}


def test_an_absent_menu_with_personalised_ones_is_refused_offline(shop: Shop) -> None:
    shop.want(menu="absent", conditional_menus=[personal("ios", IOS)])
    ended = shop.run("validate")
    assert ended.exit == 3
    assert ended.out.startswith("shop.yaml:3:")
    assert "error WX301" in ended.out
    assert "65303" in ended.out
    assert "    fix: give the account a default menu, or write `conditional_menus: []`" in ended.out


def test_all_go_in_one_call_which_is_guarded(shop: Shop) -> None:
    shop.live(**LIVE)
    shop.want(menu="absent", conditional_menus=[])
    assert shop.run("apply", "--yes").exit == 4
    assert shop.writes() == []
    plan = shop.plan()
    assert [(each["kind"], each["name"], each["action"]) for each in plan["changes"]] == [
        ("menu", "default", "delete"),
        ("conditional_menu", "ios", "delete"),
        ("conditional_menu", "android", "delete"),
    ]
    assert all("menu/delete takes it along" in each["reason"] for each in plan["changes"][1:])
    shop.done("apply", "--yes", "--allow-delete")
    assert shop.writes() == ["menu/delete"]
    assert shop.menus() == []
    shop.done("plan", "--detailed-exitcode")


def test_personalised_menus_alone_go_one_by_one_and_the_default_menu_stays(shop: Shop) -> None:
    shop.live(**LIVE)
    shop.want(conditional_menus=[])
    assert shop.run("apply", "--yes").exit == 4
    shop.done("apply", "--yes", "--allow-delete")
    assert shop.writes() == ["menu/delconditional"] * 2
    shop.done("plan", "--detailed-exitcode")


def test_nothing_asked_for_and_nothing_there_is_nothing_to_do(shop: Shop) -> None:
    shop.live()
    shop.want(menu="absent", conditional_menus=[])
    assert shop.done("plan", "--detailed-exitcode").out.splitlines()[-1].startswith("No changes.")


def test_a_default_menu_that_is_not_managed_has_to_be_live(shop: Shop) -> None:
    shop.live()
    shop.want(conditional_menus=[personal("ios", IOS)])
    ended = shop.run("apply", "--yes")
    assert ended.exit == 4
    assert "it would answer 65303" in ended.out + ended.err
    assert "declare `menu` as well" in ended.out + ended.err
    assert shop.writes() == []
    shop.live(menu=menu())
    shop.done("apply", "--yes")
    assert shop.writes() == ["menu/addconditional"]


@pytest.mark.parametrize("managed", [True, False])
def test_one_of_the_web_console_is_not_enough(shop: Shop, managed: bool) -> None:
    shop.live(console_menu=menu())
    shop.want(conditional_menus=[personal("ios", IOS)], **({"menu": menu("新")} if managed else {}))
    found = {each["code"] for change in shop.plan()["changes"] for each in change["hazards"]}
    assert found == ({"WX902"} if managed else {"WX301"})


def test_a_menu_of_the_web_console_is_published_with_the_same_buttons_for_the_personalised_ones(shop: Shop) -> None:
    shop.live(console_menu=menu())
    shop.want(menu=menu())
    shop.done("plan", "--detailed-exitcode")
    shop.want(menu=menu(), conditional_menus=[personal("ios", IOS)])
    (change, _) = shop.plan()["changes"]
    assert (change["before"], change["edits"]) == (change["after"], [])
    assert "through the API" in change["reason"]
    assert [each["code"] for each in change["hazards"]] == ["WX902"]
    assert shop.run("apply", "--yes").exit == 4
    shop.done("apply", "--yes", "--allow-delete")
    assert shop.writes() == ["menu/create", "menu/addconditional"]
    shop.done("plan", "--detailed-exitcode")


def test_an_older_menu_of_the_api_below_that_of_the_web_console_is_enough(shop: Shop) -> None:
    shop.live(menu=menu("旧"), console_menu=menu())
    shop.want(menu=menu(), conditional_menus=[personal("ios", IOS)])
    shop.done("apply", "--yes")
    assert shop.writes() == ["menu/addconditional"]
    shop.done("plan", "--detailed-exitcode")


def test_personalised_menus_that_are_not_managed_stay_with_a_new_default_menu(shop: Shop) -> None:
    shop.live(**LIVE)
    shop.want(menu=menu("新"))
    shop.done("apply", "--yes")
    assert shop.writes() == ["menu/create"]
    assert shop.menus() == ["ios", "android"]


def test_removing_the_menu_says_how_many_personalised_ones_go_that_are_not_managed(shop: Shop) -> None:
    shop.live(**LIVE)
    shop.want(menu="absent")
    (change,) = shop.plan()["changes"]
    messages = [each["message"] for each in change["hazards"]]
    assert any("2 personalised menus" in each for each in messages)


def test_removing_the_menu_takes_those_along_that_are_not_managed_and_is_guarded(shop: Shop) -> None:
    shop.live(**LIVE)
    shop.want(menu="absent")
    assert "menu/delete removes every personalised menu too" in shop.done("plan").out
    assert shop.run("apply", "--yes").exit == 4
    assert shop.menus() == ["ios", "android"]
    shop.done("apply", "--yes", "--allow-delete")
    assert shop.menus() == []
    shop.done("plan", "--detailed-exitcode")
