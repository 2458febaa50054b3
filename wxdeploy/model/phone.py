"""What a menu is on a phone's screen."""

from __future__ import annotations

from dataclasses import dataclass


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
