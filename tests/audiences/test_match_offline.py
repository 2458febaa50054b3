"""``wxdeploy match`` without an openid: which menu the files give a follower, and why."""

from __future__ import annotations

import pytest
from audiences.shop import ANDROID, APPID, BEIJING, DECLARED, IOS, VIP, VIP_IOS, Shop, live, menu, personal

MENUS = [personal("vip-ios", VIP_IOS), personal("vip", VIP), personal("beijing", BEIJING), personal("phone", ANDROID)]


@pytest.fixture(autouse=True)
def _declared(shop: Shop) -> None:
    shop.want(tags=DECLARED, menu=menu("全部", "门店"), conditional_menus=MENUS)


def test_people_read_the_menu_that_wins_why_rule_by_rule_and_what_it_holds(shop: Shop) -> None:
    assert shop.done("match", "--tag", "VIP", "--platform", "ios").out == (
        "They see the menu vip-ios.\n"
        "  ✓ vip-ios: the tag VIP is the follower's and the platform is ios\n"
        "  · vip: its rule matches too, but vip-ios comes first\n"
        "  · beijing: it asks for the tag 北京, not VIP\n"
        "  · phone: it asks for the platform android, not ios\n"
        "    vip-ios  click vip-ios\n"
    )


def test_programs_read_the_same_by_the_schema(shop: Shop) -> None:
    assert shop.done("match", "--tag", "VIP", "--platform", "ios", "--format", "json").match == {
        "format": "wxdeploy.match/1",
        "menu": "vip-ios",
        "button": [{"type": "click", "name": "vip-ios", "key": "vip-ios"}],
        "considered": [
            {
                "menu": "vip-ios",
                "matched": True,
                "why": "the tag VIP is the follower's and the platform is ios",
            },
            {"menu": "vip", "matched": True, "why": "its rule matches too, but vip-ios comes first"},
            {"menu": "beijing", "matched": False, "why": "it asks for the tag 北京, not VIP"},
            {"menu": "phone", "matched": False, "why": "it asks for the platform android, not ios"},
        ],
    }


@pytest.mark.parametrize(
    ("tags", "platform", "winner"),
    [
        ((), None, None),
        ((), "other", None),
        ((), "android", "phone"),
        (("VIP",), None, "vip"),
        (("VIP",), "ios", "vip-ios"),
        (("VIP",), "android", "vip"),
        (("VIP", "北京"), "ios", "beijing"),
        (("北京", "VIP"), "ios", "vip-ios"),
        (("VIP", "没人问起"), "ios", None),
        (("VIP", "没人问起"), "android", "phone"),
    ],
)
def test_of_several_tags_the_last_one_counts(
    shop: Shop, tags: tuple[str, ...], platform: str | None, winner: str | None
) -> None:
    options = [option for tag in tags for option in ("--tag", tag)]
    options += ["--platform", platform] if platform else []
    found = shop.done("match", "--format", "json", *options).match
    assert found["menu"] == winner
    assert found["button"][0]["name"] == (winner or "全部")
    assert [each["menu"] for each in found["considered"]] == ["vip-ios", "vip", "beijing", "phone"]
    assert shop.done("match", *options).out.startswith(
        f"They see the menu {winner}.\n" if winner else "They see the default menu.\n"
    )


def test_a_tag_that_lost_to_a_later_one_is_told_as_such(shop: Shop) -> None:
    found = shop.done("match", "--format", "json", "--tag", "VIP", "--tag", "北京").match
    assert (
        found["considered"][1]["why"]
        == "it asks for the tag VIP, but 北京 was given later, and only the last tag counts"
    )
    assert found["considered"][2]["why"] == "the tag 北京 is the last one given"


def test_a_default_menu_that_is_not_declared_is_not_invented(shop: Shop) -> None:
    shop.want(tags=DECLARED, conditional_menus=MENUS)
    assert shop.done("match", "--format", "json").match["button"] is None
    assert "(the default menu is not declared here)" in shop.done("match").out


def test_a_rule_with_an_id_is_matched_by_the_id(shop: Shop) -> None:
    shop.want(conditional_menus=[personal("one", {"tag_id": "101"})])
    assert shop.done("match", "--tag", "101", "--format", "json").match["menu"] == "one"


def test_what_could_move_the_cursor_is_shown_as_text(shop: Shop) -> None:
    """A pulled file may hold it, with the comment that silences the rule."""
    shop.live(menu=menu(), conditional_menus=live(personal("a\x1b[2J", IOS)))
    shop.want(shop.done("pull", "--out", "-").out)
    ended = shop.done("match", "--platform", "ios")
    assert "\\u{1b}[2J" in ended.out
    assert "\x1b" not in ended.out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--openid", "o1", "--tag", "VIP"), "--openid and --tag exclude each other"),
        (("--platform", "symbian"), "'symbian'"),
        (("--tag",), "--tag"),
        (("--openid", ""), "--openid"),
        (("--tags", "VIP"), "--tags"),
        (("VIP",), "VIP"),
        (("--account", "nobody"), "nobody"),
        (("--target", "menu"), "--target"),
    ],
)
def test_a_wrong_command_line_is_refused_before_anything_is_called(
    shop: Shop, options: tuple[str, ...], said: str
) -> None:
    ended = shop.run("match", *options)
    assert (ended.exit, ended.out) == (64, "")
    assert said in ended.err
    assert not (shop.root / ".wxdeploy").exists()


def test_a_mistyped_variable_is_refused_before_any_account_is_called(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WXDEPLOY_APY", "http://127.0.0.1:1")
    ended = shop.run("match", "--openid", "o1")
    assert (ended.exit, ended.out) == (64, "")
    assert "did you mean WXDEPLOY_API?" in ended.err
    assert not (shop.root / ".wxdeploy").exists()


def test_one_of_several_accounts_has_to_be_chosen(shop: Shop) -> None:
    path = shop.root / "wxdeploy.yaml"
    text = path.read_text("utf-8")
    path.write_text(f"{text}  other:\n    appid: {APPID[:-1]}2\n    api: sandbox\n    files: [shop.yaml]\n", "utf-8")
    ended = shop.run("match")
    assert ended.exit == 64
    assert "choose one with --account: shop, other" in ended.err
    assert shop.done("match", "--account", "other", "--tag", "VIP").out.startswith("They see the menu vip.")


def test_files_with_a_mistake_give_nobody_a_menu(shop: Shop) -> None:
    shop.want(tags=DECLARED, menu=menu(), conditional_menus=[personal("x", {"city": "广州"})])
    ended = shop.run("match", "--tag", "VIP")
    assert (ended.exit, ended.out) == (3, "")
    assert "shop.yaml:" in ended.err
    assert "65320" in ended.err
