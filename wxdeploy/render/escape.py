"""Text from outside, made harmless for the medium it is shown in."""

from __future__ import annotations

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = frozenset("\u200d\ufe0f")  # emoji are made of these


def terminal(text: str) -> str:
    """``text`` with every character that a terminal would obey, hide or reorder by written as ``\\u{1b}``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if unicodedata.category(character) in _HIDDEN and character not in _JOINERS:
        return f"\\u{{{ord(character):x}}}"
    return character
