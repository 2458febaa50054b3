"""The page of ``wxdeploy preview``: the menus that the files declare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wxdeploy.render.audience import menu_name, seen_by
from wxdeploy.render.page.frame import AccountPart, Shown, ident, page
from wxdeploy.render.page.markup import tell
from wxdeploy.render.page.phones import phone, table
from wxdeploy.render.phone import phone_of
from wxdeploy.render.taps import Words


def preview_page(document: Mapping[str, Any]) -> str:
    """Every menu of every account, each on a phone."""
    accounts = document["accounts"]
    count = sum(len(each["menus"]) for each in accounts)
    summary = Words(
        f"{len(accounts)} 个账号，{count} 个菜单，全部来自配置文件",
        f"{len(accounts)} account{_s(len(accounts))}, {count} menu{_s(count)}, all from the configuration",
    )
    return page(
        Words("菜单预览", "Menu preview"), summary, [_account(index, each) for index, each in enumerate(accounts)]
    )


def _account(index: int, account: Mapping[str, Any]) -> AccountPart:
    nothing = f'<p class="soft">{tell("配置里没有声明菜单。", "No menu is declared here.")}</p>'
    return AccountPart(
        name=account["account"],
        above="" if account["menus"] else nothing,
        menus=[_menu(menu, ident(index, number), account) for number, menu in enumerate(account["menus"])],
    )


def _menu(menu: Mapping[str, Any], name: str, account: Mapping[str, Any]) -> Shown:
    screen = phone_of(menu["menu"], menu["places"], account.get("replies"))
    figure = f"<figure>{phone(screen, {}, name, account['account'])}</figure>"
    keys = (
        f'<details class="block" open><summary>{tell("全部按钮", "All buttons")}</summary>'
        f"{table(screen, {}, name)}</details>"
    )
    return Shown(
        name=menu_name(menu["name"]),
        seen_by=seen_by(menu["rule"]),
        html=f'<div class="split"><div class="phones">{figure}</div>{keys}</div>',
    )


def _s(count: int) -> str:
    return "" if count == 1 else "s"
