"""How wide a text is on a screen, in cells."""

from __future__ import annotations

import unicodedata

_JOINERS = frozenset("\u200b\u200c\u200d\ufe0e\ufe0f")


def cells(text: str) -> int:
    """The width of ``text`` in terminal cells: a Chinese character or an emoji is two, a combining mark none."""
    return sum(_width(character) for character in text)


def fits(text: str, width: int) -> bool:
    """Whether ``text`` is no wider than ``width`` cells."""
    return 2 * len(text) <= width or cells(text) <= width


def cut(text: str, width: int) -> str:
    """``text`` as the phone shows it in ``width`` cells: whole, or its beginning and an ellipsis."""
    if fits(text, width):
        return text
    shown, room = [], width
    for character in text:
        room -= _width(character)
        if room < 0:
            break
        shown.append(character)
    return "".join(shown) + "…"


def _width(character: str) -> int:
    if character in _JOINERS or unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
