"""Phones drawn with box characters, and below each what its buttons do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wxdeploy.model.cells import cells
from wxdeploy.model.phone import Key, Phone
from wxdeploy.render.audience import menu_name, seen_by
from wxdeploy.render.escape import terminal
from wxdeploy.render.layout import columns
from wxdeploy.render.phone import phone_of
from wxdeploy.render.taps import answer_of, tap_of

_NARROWEST = 8
_LIST = "≡ "


def preview_text(document: Mapping[str, Any], width: int | None = None) -> str:
    """Every menu of every account; what the buttons do is folded to ``width`` cells, and whole without."""
    parts: list[str] = []
    for account in document["accounts"]:
        parts.append(terminal(account["account"]))
        if not account["menus"]:
            parts.append("  no menu is declared here")
        for menu in account["menus"]:
            phone = phone_of(menu["menu"], menu["places"], account.get("replies"))
            parts += ["", f"  {menu_name(menu['name']).en}: {seen_by(menu['rule']).en}"]
            parts += [f"  {line}" for line in drawn(phone)]
            parts += columns(list(_taps(phone)), width, "  ")
        parts.append("")
    return "\n".join(parts[:-1]) + "\n"


def drawn(phone: Phone) -> Iterator[str]:
    """The lower end of the screen, each list open above its button."""
    bar = phone.columns
    if not bar:
        yield "(a menu without buttons)"
        return
    room = max([_NARROWEST, *(cells(_label(key)) for key in bar), *(cells(key.shown) for key in _listed(bar))])
    boxes = [_box(column.keys, room) for column in bar]
    width, height = room + 6, max(map(len, boxes))
    yield f"╭{'─' * ((width + 1) * len(bar) - 1)}╮"
    for row in range(height):
        yield f"│{' '.join(_from_below(box, row, height, width) for box in boxes)}│"
    yield f"├{'┬'.join('─' * width for _ in bar)}┤"
    yield f"│{'│'.join(_centred(_label(key), width) for key in bar)}│"
    yield f"╰{'┴'.join('─' * width for _ in bar)}╯"


def _label(key: Key) -> str:
    return f"{_LIST}{key.shown}" if key.keys else key.shown


def _listed(columns: Sequence[Key]) -> Iterator[Key]:
    for column in columns:
        yield from column.keys


def _box(keys: Sequence[Key], room: int) -> list[str]:
    """A list of buttons with its frame."""
    if not keys:
        return []
    rows = [f" │{_centred(key.shown, room + 2)}│ " for key in keys]
    return [f" ╭{'─' * (room + 2)}╮ ", *rows, f" ╰{'─' * (room + 2)}╯ "]


def _from_below(box: Sequence[str], row: int, height: int, width: int) -> str:
    index = row - (height - len(box))
    return box[index] if index >= 0 else " " * width


def _centred(text: str, width: int) -> str:
    room = width - cells(text)
    return " " * (room // 2) + text + " " * (room - room // 2)


def _taps(phone: Phone) -> Iterator[tuple[str, str, str]]:
    for column in phone.columns:
        yield f"{tap_of(column).sign} {column.name}", _does(column), column.place or ""
        for key in column.keys:
            yield f"    {tap_of(key).sign} {key.name}", _does(key), key.place or ""


def _does(key: Key) -> str:
    tap = tap_of(key)
    if key.keys:
        return f"{tap.does.en} of {len(key.keys)}"
    told = " ".join([tap.does.en, *(value for _, value in key.facts)])
    if key.answer is None or (words := answer_of(key)) is None:
        return told
    return f"{told}, {words.en}: {' '.join(value for _, value in key.answer.facts)}"
