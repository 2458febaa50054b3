"""``wxdeploy user``: one follower, and what nobody can know of them."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from audiences.shop import APPID, DECLARED, TAGS, VIP, Document, Shop, live, menu, personal
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from wxdeploy.callback.followers import FILE_NAME, FollowerRecord, Sighting
from wxdeploy.config.schemas import text
from wxdeploy.render.user import user_text

ROOT = Path(__file__).parents[2]
HOUR = 3600
STATE: Document = {
    "menu": menu(),
    "tags": TAGS,
    "conditional_menus": live(personal("vip", VIP)),
    "followers": {"o-none": {}, "o-vip": {"tags": ["VIP"]}},
}


@pytest.fixture(autouse=True)
def _account(shop: Shop) -> None:
    shop.want(tags=DECLARED, menu=menu(), conditional_menus=[personal("vip", VIP)])
    shop.live(**STATE)


def shown(shop: Shop, openid: str = "o-vip") -> Any:
    found = json.loads(shop.done("user", openid, "--format", "json").out)
    schemas = [json.loads(text(f"{name}.schema.json")) for name in ("user", "match", "plan")]
    registry = Registry().with_resources([(each["$id"], Resource.from_contents(each)) for each in schemas])
    Draft7Validator(schemas[0], registry=registry).validate(found)
    assert shop.writes() == []
    return found


def saw(shop: Shop, openid: str, *, hours_ago: float, is_event: bool = False) -> None:
    record = FollowerRecord(shop.root / ".wxdeploy" / FILE_NAME)
    at = int(time.time() - hours_ago * HOUR)
    record.saw(Sighting(appid=APPID, openid=openid, at=at, is_event=is_event))
    record.close()


def test_who_they_are(shop: Shop) -> None:
    found = shown(shop)
    assert (found["follows"], found["tags"]) == (True, [{"id": 101, "name": "VIP"}])
    assert found["subscribed"]["means"] == "扫描二维码"
    assert found["subscribed"]["at"].startswith("2023-11-14T")


def test_the_menu_they_see_and_why(shop: Shop) -> None:
    assert shown(shop)["menu"]["menu"] == "vip"
    other = shown(shop, "o-none")["menu"]
    assert (other["menu"], other["considered"][0]["matched"]) == (None, False)
    assert "They see the menu vip." in shop.done("user", "o-vip").out


def test_a_menu_that_the_files_would_change_is_noted(shop: Shop) -> None:
    shop.want(tags=DECLARED, menu=menu(), conditional_menus=[personal("gold", VIP)])
    notes = shown(shop)["notes"]
    assert any("once they are applied: wxdeploy plan" in note for note in notes)


def test_an_account_without_a_menu_shows_none(shop: Shop) -> None:
    shop.live(tags=TAGS, followers={"o-vip": {"tags": ["VIP"]}})
    assert shown(shop)["menu"] is None
    assert "menu          none" in shop.done("user", "o-vip").out


@pytest.mark.parametrize(("hours", "is_open"), [(1, True), (47, True), (49, False)])
def test_the_callback_s_record_decides_the_window(shop: Shop, hours: int, is_open: bool) -> None:
    saw(shop, "o-vip", hours_ago=hours)
    saw(shop, "o-vip", hours_ago=0.5, is_event=True)
    found = shown(shop)
    assert (found["last_message"]["source"], found["window"]["open"]) == ("callback", is_open)
    assert found["last_event"] is not None
    with shop.store() as store:
        assert "/customservice/msgrecord/getmsglist" not in {call.path for call in store.calls(APPID)}


@pytest.mark.parametrize(
    ("hours", "opercode", "source", "is_open"),
    [
        (1, 2003, "customer_service", True),
        (30, 2003, "customer_service", True),
        (1, 2002, None, None),
        (60, 2003, None, None),
    ],
)
def test_without_a_record_customer_service_is_asked(
    shop: Shop, hours: int, opercode: int, source: str | None, is_open: bool | None
) -> None:
    at = int(time.time() - hours * HOUR)
    talk = {"openid": "o-vip", "text": "在吗", "time": at, "worker": "w@shop", "opercode": opercode}
    shop.live(**STATE, chats=[talk, {**talk, "openid": "o-none", "opercode": 2003, "time": int(time.time())}])
    found = shown(shop)
    assert (found["last_message"] or {}).get("source") == source
    assert found["window"]["open"] is is_open
    assert any("only messages that its staff handled" in note for note in found["notes"])


def test_one_who_left_is_told_from_one_who_never_was(shop: Shop) -> None:
    with shop.store() as store, store.transaction() as state:
        state.remove_follower(APPID, "o-vip")
    found = shown(shop)
    assert (found["follows"], found["menu"], found["window"]["open"]) == (False, None, False)
    ended = shop.run("user", "o-nobody")
    assert ended.exit == 1
    assert "40003" in ended.err
    document = json.loads(shop.run("user", "o-nobody", "--format", "json").out)
    assert "40003" in document["error"]["message"]


def test_a_record_that_is_none_is_said_and_stops_nothing(shop: Shop) -> None:
    (shop.root / ".wxdeploy" / FILE_NAME).write_text("no database", "utf-8")
    assert any("can't be read" in note for note in shown(shop)["notes"])


def test_a_record_with_a_time_that_no_calendar_has(shop: Shop) -> None:
    record = FollowerRecord(shop.root / ".wxdeploy" / FILE_NAME)
    record.saw(Sighting(appid=APPID, openid="o-vip", at=999_999_999_999, is_event=False))
    record.close()
    found = shown(shop)
    assert (found["last_message"], found["window"]["open"]) == (None, None)
    assert any("still to come" in note for note in found["notes"])


def test_several_accounts_have_to_be_chosen_from(shop: Shop) -> None:
    project = shop.root / "wxdeploy.yaml"
    second = "  other:\n    appid: wx0000000000000002\n    api: sandbox\n    files: [shop.yaml]\n"
    project.write_text(project.read_text("utf-8") + second, "utf-8")
    ended = shop.run("user", "o-vip")
    assert ended.exit == 64
    assert "--account" in ended.err


@pytest.mark.parametrize("target", ["menu", "tag"])
def test_the_menu_they_see_is_one_of_all_menus(shop: Shop, target: str) -> None:
    ended = shop.run("user", "o-vip", "--target", target)
    assert ended.exit == 64
    assert "leave --target out" in ended.err


def test_the_page_shows_what_is_printed() -> None:
    considered = [
        {"menu": "vip", "matched": False, "why": "it asks for the tag VIP, but 北京门店 was given later, and only the last tag counts"},
        {"menu": "北京门店", "matched": True, "why": "the tag 北京门店 is the last one given"},
    ]  # fmt: skip
    button = {"type": "view", "name": "门店地址", "url": "https://shop.example.com/stores/beijing"}
    told = user_text(
        {
            "openid": "oWangFang-member-and-beijing",
            "account": "shop",
            "subscribed": {"at": "2026-11-14T22:13:21Z", "scene": "", "means": "扫描二维码", "qr_scene": None},
            "remark": "",
            "unionid": None,
            "tags": [{"id": 101, "name": "VIP"}, {"id": 102, "name": "北京门店"}],
            "last_message": {"at": "2026-11-28T08:01:12Z", "source": "callback"},
            "last_event": None,
            "window": {
                "open": True,
                "until": "2026-11-30T08:01:12Z",
                "why": "the follower's last message was less than 48 hours ago",
            },
            "menu": {"menu": "北京门店", "button": [button], "considered": considered},
            "notes": [],
        }
    )
    assert f"```text\n{told}```\n" in (ROOT / "docs" / "followers.md").read_text("utf-8")
