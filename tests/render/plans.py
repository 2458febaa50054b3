"""Plans to render: each made by planning, so that their JSON is what the program prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wxdeploy.kinds import KINDS
from wxdeploy.kinds.menu import MENU
from wxdeploy.model.address import Address
from wxdeploy.model.plan import AccountPlan, Failure, Plan
from wxdeploy.model.planjson import to_json
from wxdeploy.model.resource import DesiredState, LiveState, Resource
from wxdeploy.model.source import SourceMap
from wxdeploy.planning.planner import plan_account


def account(
    wanted: Any, published: Any, shown: Any = None, *, name: str = "shop", protect: frozenset[str] = frozenset()
) -> AccountPlan:
    """The plan of one account that is to hold ``wanted``, and whose two reads answer the other two."""
    assert MENU in KINDS
    answers: Mapping[str, Any] = {
        "menu.get": {"menu": published} if published else {"errcode": 46003},
        "selfmenu.get": {"is_menu_open": 1, "selfmenu_info": shown or published}
        if shown or published
        else {"is_menu_open": 0},
    }
    live = LiveState({"menu": MENU.read(answers, {})}, answers)
    resources = tuple(Resource(Address("menu", each.name), each.spec, SourceMap()) for each in MENU.parse(wanted))
    desired = DesiredState(account=name, resources={"menu": resources}, prune=frozenset(), protect=protect)
    return plan_account(desired, live, (MENU,), appid="wx0000000000000001")


def failed(name: str, message: str, fix: str = "") -> AccountPlan:
    failure = Failure(message=message, fix=fix, errcode=40013, rid="617682e0-09059ac5-34a8e2ea")
    return AccountPlan(account=name, appid=None, live_digest=None, desired_digest=None, error=failure)


def document(*accounts: AccountPlan) -> dict[str, Any]:
    return to_json(Plan(accounts), version="0.0.0")


def view(name: str, url: str = "https://www.example.com/") -> dict[str, Any]:
    return {"type": "view", "name": name, "url": url}


def click(name: str, key: str = "K") -> dict[str, Any]:
    return {"type": "click", "name": name, "key": key}


def parent(name: str, *children: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "sub_button": list(children)}


def menu(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"button": list(buttons)}


WIDE = menu(
    click("今日歌曲", "SONG"),
    parent("Menu", view("搜索 search"), view("é", "https://www.example.com/é"), click("🎉👨‍👩‍👧", "PARTY")),
)
EDITED = menu(
    parent("Menu", click("🎉👨‍👩‍👧", "PARTY"), view("查找"), view("é", "https://www.example.com/é")),
    click("今日歌曲", "SONG2"),
    view("新"),
)
HOSTILE = menu(
    click("\x1b[31m红\x1b[0m", "\x07"),
    parent(
        "a\nb\r\n  ✓ shop: applied",
        view("\u202egnp.exe", "https://x.example/\u2066\u200b"),
        click("<b>|*_`@everyone", "\x9b2J"),
    ),
    {
        "type": "miniprogram",
        "name": "\ufeff\u00ad",
        "url": "https://a",
        "appid": "\x00",
        "pagepath": "\ue000\U000e0041",
    },
)
PLANS = {
    "create": document(account(WIDE, None)),
    "nothing": document(account(WIDE, WIDE)),
    "nothing-in-two": document(account(WIDE, WIDE), account("absent", None, name="other")),
    "edits": document(account(EDITED, WIDE)),
    "delete": document(account("absent", WIDE)),
    "delete-protected": document(account("absent", WIDE, protect=frozenset({"menu"}))),
    "console": document(account(WIDE, None, menu({"type": "text", "name": "你好", "value": "早"}))),
    "not-creatable": document(account(menu({"type": "text", "name": "你好", "value": "早"}, click("新")), WIDE)),
    "hostile-create": document(account(HOSTILE, None)),
    "hostile-edits": document(account(WIDE, HOSTILE), account(HOSTILE, WIDE, name="other\x1b[2J")),
    "errors": document(
        account(WIDE, None), failed("bad\n✓ good", "POST /x answered 40013 (\x1b[1mno)", "do\u202e this")
    ),
}
