"""The frame of the page, and what is in it for each account."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from wxdeploy.render.page.markup import said, tell, text
from wxdeploy.render.taps import Words

_CAVEAT = Words(
    "手机画面按微信的规则模拟，实际显示以手机为准。",
    "The phone is drawn by what is known of WeChat; a real one may differ.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One menu of an account: its name, who sees it, a sign for what happens to it, and its part of the page."""

    name: Words
    seen_by: Words
    badge: str = ""
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPart:
    """One account: its menus, and what stands above and below them, as HTML.

    ``sign`` marks one that something is to be said of where accounts are chosen: the first such is shown at first.
    """

    name: str
    sign: str = ""
    appid: str | None = None
    above: str = ""
    menus: Sequence[Shown] = ()
    below: str = ""


def ident(account: int, menu: int) -> str:
    """What the parts of a menu on the page are named by."""
    return f"{account}-{menu}"


def page(title: Words, summary: Words, accounts: Sequence[AccountPart], *, above: str = "") -> str:
    """The whole page."""
    style, script = _asset("frame.css"), _asset("frame.js")
    parts = "".join(_account(index, each) for index, each in enumerate(accounts))
    return (
        '<!doctype html>\n<html lang="zh-CN" data-lang="zh">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{text(title.zh)} · {text(title.en)} · wxdeploy</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f'<header><div><h1>{said(title)}</h1><p class="soft">{said(summary)}</p></div>{_tools(accounts)}</header>\n'
        f"<main>{above}{parts}</main>\n"
        f"<footer>{said(_CAVEAT)}</footer>\n"
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def alert(lines: Iterable[str], *, stop: bool = False) -> str:
    """Something that is to be known before going on; ``lines`` are HTML."""
    return f'<div class="alert{" stop" if stop else ""}">{"".join(f"<p>{line}</p>" for line in lines)}</div>'


def _account(index: int, account: AccountPart) -> str:
    appid = f" <code>{text(account.appid)}</code>" if account.appid else ""
    return (
        f'<section class="account" data-account="{index}"><h2><span>{text(account.name)}</span>{appid}</h2>'
        f"{account.above}{_layout(index, account.menus)}{account.below}</section>"
    )


def _layout(account: int, menus: Sequence[Shown]) -> str:
    if not menus:
        return ""
    buttons = "".join(
        f'<button type="button" data-menu="m-{ident(account, index)}" aria-pressed="false">'
        f'<b>{said(menu.name)} {menu.badge}</b><span class="soft">{said(menu.seen_by)}</span></button>'
        for index, menu in enumerate(menus)
    )
    shows = "".join(
        f'<div class="show" id="m-{ident(account, index)}">{menu.html}</div>' for index, menu in enumerate(menus)
    )
    return (
        f'<div class="layout"><div class="menus js-only" role="group" aria-labelledby="who-{account}">'
        f'<h3 id="who-{account}">{tell("按关注者查看", "By follower")}</h3>{buttons}</div><div>{shows}</div></div>'
    )


def _tools(accounts: Sequence[AccountPart]) -> str:
    chooser = ""
    if len(accounts) > 1:
        first = next((index for index, each in enumerate(accounts) if each.sign), 0)
        options = "".join(
            f'<option value="{index}"{" selected" if index == first else ""}>{each.sign} {text(each.name)}</option>'
            for index, each in enumerate(accounts)
        )
        chooser = f'<label>{tell("账号", "Account")} <select id="account">{options}</select></label>'
    return (
        f'<div class="tools js-only">{chooser}'
        '<button type="button" id="lang"><span class="zh" lang="en">English</span>'
        '<span class="en" lang="zh-CN">中文</span></button>'
        f'<button type="button" id="theme">{tell("深色／浅色", "Dark / light")}</button></div>'
    )


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none';"
        " form-action 'none'"
    )


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode("utf-8")).digest()).decode("ascii")


@cache
def _asset(name: str) -> str:
    return files("wxdeploy.render.page").joinpath(name).read_text("utf-8").replace("\r\n", "\n")
