"""The scalars of the YAML 1.2 core schema: what an unquoted word stands for."""

from __future__ import annotations

import re
from functools import lru_cache

MERGE = "<<"
"""The key that takes the keys of another mapping."""

MAX_DIGITS = 4000
"""A longer number is refused: the language itself refuses to read one of more than 4,300 digits."""

Scalar = bool | int | float | str | None

_CONSTANTS: dict[str, Scalar] = {
    "": None,
    **dict.fromkeys(("~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **{sign + word: float(sign + "inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")},
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
FIRST = frozenset("0123456789+-.~nNtTfF")
"""What a scalar begins with that may be more than a text."""

_DIGITS = frozenset("0123456789+-.")
"""What a number begins with."""

_INT = r"[-+]?[0-9]+"
_FLOAT = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
_BASED = r"0o[0-7]+|0x[0-9a-fA-F]+"


def resolve(text: str) -> Scalar:
    """The value of an unquoted scalar; a number of more than ``MAX_DIGITS`` digits stays text."""
    if text and text[0] not in FIRST:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _DIGITS or len(text) > MAX_DIGITS:
        return text
    if re.fullmatch(_INT, text):
        return int(text)
    if re.fullmatch(_FLOAT, text):
        return float(text)
    if re.fullmatch(_BASED, text):
        return int(text, 0)
    return text


@lru_cache(1024)
def word_of(text: str) -> str | None:
    """An unquoted key, the same one text for all that are alike; None for what is no plain word."""
    return text if text != MERGE and resolve(text).__class__ is str else None


def too_long(text: str) -> bool:
    """Whether an unquoted scalar is a number of more digits than can be held."""
    return len(text) > MAX_DIGITS and any(re.fullmatch(pattern, text) for pattern in (_INT, _FLOAT, _BASED))
