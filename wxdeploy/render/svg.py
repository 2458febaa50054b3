"""Phones as one self-contained SVG picture, each list open above its button."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from wxdeploy.model.cells import cells, cut
from wxdeploy.model.phone import Key, Phone
from wxdeploy.render.audience import menu_name, seen_by
from wxdeploy.render.escape import terminal
from wxdeploy.render.phone import phone_of
from wxdeploy.render.taps import answer_of, tap_of

_WIDTH, _GAP, _MARGIN, _A_ROW = 390, 36, 28, 2
_TOP, _BAR, _LINE, _CHAT = 46, 50, 38, 64
_CAPTION, _HEAD = 54, 34
_NAMED = ' aria-labelledby="title desc"'
_TEXT_CELLS, _HEAD_CELLS = 44, 60
_FONT = "'PingFang SC','Noto Sans CJK SC','Noto Sans SC','Microsoft YaHei',system-ui,sans-serif"
_STYLE = (
    f"text{{font-family:{_FONT};fill:#191919}}"
    ".account{font-size:19px;font-weight:600}.menu{font-size:15px;font-weight:600}.who{font-size:13px;fill:#6b7280}"
    ".title{font-size:15px;font-weight:600;text-anchor:middle}.key{font-size:15px;text-anchor:middle}"
    ".sub{font-size:13px;text-anchor:middle}.does{font-size:11px;fill:#6b7280}"
)

_DARK = {
    "#f6f7f9": "#1a1d21",
    "#ededed": "#111",
    "#f7f7f7": "#1e1e1e",
    "#fff": "#2c2c2c",
    "#191919": "#e9ebee",
    "#d9d9d9": "#34383d",
    "#cfd3d8": "#34383d",
    "#e3e5e8": "#3b4046",
    "#ececec": "#3b4046",
}
"""What each colour of the drawing becomes where the reader likes it dark."""
_STYLE += (
    "@media(prefers-color-scheme:dark){text{fill:#e9ebee}.who,.does{fill:#a2abb6}"
    + "".join(f'[fill="{light}"]{{fill:{dark}}}[stroke="{light}"]{{stroke:{dark}}}' for light, dark in _DARK.items())
    + "}"
)

_SIZES, _ROOM = {"key": 15, "sub": 13}, {"key": 118, "sub": 104}
"""The sizes of the texts that stand in a column, and how wide they may be there."""


def preview_svg(document: Mapping[str, Any]) -> str:
    """Every menu of every account, at most three side by side."""
    parts: list[str] = []
    width, down = 0, _MARGIN
    for account in document["accounts"]:
        name = terminal(account["account"])
        parts.append(_text(_MARGIN, down + 18, "account", cut(name, _HEAD_CELLS)))
        down += _HEAD
        menus = account["menus"]
        if not menus:
            parts.append(_text(_MARGIN, down + 16, "who", "没有声明菜单 · no menu is declared here"))
            width, down = max(width, _WIDTH), down + _HEAD + _GAP
        for start in range(0, len(menus), _A_ROW):
            row = menus[start : start + _A_ROW]
            tall = max(_height(menu) for menu in row)
            for index, menu in enumerate(row):
                screen = phone_of(menu["menu"], replies=account.get("replies"))
                parts.extend(_phone(menu, screen, _MARGIN + index * (_WIDTH + _GAP), down, tall, name))
            width = max(width, len(row) * (_WIDTH + _GAP) - _GAP)
            down += _CAPTION + tall + _GAP
    return _picture(parts, width + 2 * _MARGIN, down - _GAP + _MARGIN, _described(document))


def _picture(parts: Sequence[str], width: int, height: int, described: str) -> str:
    size = f'width="{width}" height="{height}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width} {height}" role="img"{_NAMED}>',
            '<title id="title">公众号菜单 · Menus of the account</title>',
            f'<desc id="desc">{escape(described)}</desc>',
            f"<style>{_STYLE}</style>",
            f'<rect {size} rx="16" fill="#f6f7f9"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _described(document: Mapping[str, Any]) -> str:
    """What the picture shows, for those who do not see it."""
    said = []
    for account in document["accounts"]:
        for menu in account["menus"]:
            columns = phone_of(menu["menu"]).columns
            bar = " | ".join(
                f"{column.name}: {', '.join(key.name for key in column.keys)}" if column.keys else column.name
                for column in columns
            )
            said.append(f"{terminal(account['account'])}, {menu_name(menu['name']).zh}: {bar}.")
    return " ".join(said)


def _height(menu: Mapping[str, Any]) -> int:
    rows = max((len(column.keys) for column in phone_of(menu["menu"]).columns), default=0)
    return _TOP + _CHAT + rows * _LINE + _BAR


def _phone(menu: Mapping[str, Any], screen: Phone, left: int, top: int, tall: int, title: str) -> Iterator[str]:
    name, who = menu_name(menu["name"]), seen_by(menu["rule"])
    both = name.zh if name.zh == name.en else f"{name.zh} · {name.en}"
    said = who.zh if menu["rule"] else f"{who.zh} ({who.en})"
    yield _text(left, top + 16, "menu", cut(both, _TEXT_CELLS))
    yield _text(left, top + 38, "who", cut(f"给：{said}", _TEXT_CELLS + 6))
    top += _CAPTION
    yield f'<rect x="{left}" y="{top}" width="{_WIDTH}" height="{tall}" rx="22" fill="#ededed"/>'
    yield _text(left + _WIDTH / 2, top + 29, "title", cut(title, 24))
    yield f'<path d="M{left + 22} {top + 17}l-6 6 6 6" fill="none" stroke="#191919" stroke-width="2"/>'
    yield f'<path d="M{left} {top + _TOP}h{_WIDTH}" stroke="#d9d9d9"/>'
    bar = top + tall - _BAR
    yield (
        f'<path d="M{left} {bar}h{_WIDTH}v{_BAR - 22}a22 22 0 0 1 -22 22h-{_WIDTH - 44}a22 22 0 0 1 -22 -22z"'
        ' fill="#f7f7f7"/>'
    )
    yield f'<path d="M{left} {bar}h{_WIDTH}" stroke="#d9d9d9"/>'
    columns = screen.columns
    wide = _WIDTH / max(len(columns), 1)
    for index, column in enumerate(columns):
        if index:
            yield f'<path d="M{left + index * wide:g} {bar + 14}v22" stroke="#d9d9d9"/>'
        yield from _column(column, left + index * wide, wide, bar)
    yield f'<rect x="{left}" y="{top}" width="{_WIDTH}" height="{tall}" rx="22" fill="none" stroke="#cfd3d8"/>'


def _column(column: Key, left: float, wide: float, bar: int) -> Iterator[str]:
    middle = left + wide / 2
    label = f"≡ {column.shown}" if column.keys else column.shown
    yield f"<g><title>{escape(_told(column))}</title>{_text(middle, bar + 31, 'key', label)}</g>"
    if not column.keys:
        return
    high, box = len(column.keys) * _LINE, min(wide - 10, 180)
    top, start = bar - 14 - high, middle - box / 2
    yield (
        f'<path d="M{middle - 7:g} {bar - 15}h14l-7 7z" fill="#fff"/>'
        f'<rect x="{start:g}" y="{top}" width="{box:g}" height="{high}" rx="8" fill="#fff" stroke="#e3e5e8"/>'
    )
    for index, key in enumerate(column.keys):
        down = top + index * _LINE
        if index:
            yield f'<path d="M{start + 10:g} {down}h{box - 20:g}" stroke="#ececec"/>'
        yield f"<g><title>{escape(_told(key))}</title>{_text(middle, down + 24, 'sub', key.shown)}</g>"


def _told(key: Key) -> str:
    """What a pointer that rests on the key is told."""
    told = [f"{key.name}:", tap_of(key).does.zh, tap_of(key).does.en, *(value for _, value in key.facts)]
    if key.answer and (words := answer_of(key)):
        told += ["·", words.zh, words.en, *(value for _, value in key.answer.facts)]
    return " ".join(told)


def _text(x: float, y: float, style: str, text: str) -> str:
    size = ""
    if style in _SIZES and _SIZES[style] * sum(map(_em, text)) > _ROOM[style]:
        size = f' textLength="{_ROOM[style]}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="{x:g}" y="{y:g}" class="{style}"{size}>{escape(text)}</text>'


def _em(sign: str) -> float:
    """About how wide a sign is: what is wide in most fonts must not leave its box."""
    if cells(sign) != 1:
        return cells(sign) / 2
    if sign in "WM@%mw—…":
        return 1
    return 0.72 if sign.isupper() else 0.58
