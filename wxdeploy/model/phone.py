"""What a menu is on a phone's screen, and how wide a text is there."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_JOINERS = frozenset("\u200b\u200c\u200d\ufe0e\ufe0f")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the account's callback replies to a tap: the type of the reply (``text``, ``news`` …), fields and values."""

    type: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One button as a finger meets it.

    ``shown`` is what the phone shows of ``name``; ``path`` is where the button stands in the menu's document. ``type``
    says what a tap does (None: nothing, or it opens ``keys``), ``facts`` the fields and values it does it with.
    ``keys`` are those of the list that a tap opens, from top to bottom. ``place`` is where the button is written,
    ``answer`` what the files say is replied.
    """

    name: str
    shown: str
    path: str
    type: str | None
    facts: tuple[tuple[str, str], ...] = ()
    keys: tuple[Key, ...] = ()
    place: str | None = None
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Phone:
    """The menu at the bottom of a conversation: its keys side by side, from the left."""

    columns: tuple[Key, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """Every key: each of the bar, and behind it those of its list."""
        return tuple(key for column in self.columns for key in (column, *column.keys))


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
