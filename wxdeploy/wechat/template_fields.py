"""The typed placeholders of template messages: what a value may hold, and whether one does.

``{{thing2.DATA}}`` asks for a ``thing``. A value that breaks its type is answered with 47003. Two official tables say
what the types take. The one of category templates (doc/service/guide/product/template_message, read as a copy,
csdn YHLSunshine 133775086) has seven of them. Live category templates use others as well, for which staff refer to the
table of subscription notifications (copies: bitefu 660, csdn wwwwrrrrwr 128147589). Both were read in 2026-10; no
account was available to measure against.

Where the tables leave it open: characters are code points; a value of blanks is an empty one; of an ``amount`` and of a
``number`` the digits count, decimals included, and a sign is no part of them; the currency sign of an ``amount`` may be
missing; a blank is a symbol, an emoji is none; a clock time has two digits for the hour, and a blank before it where a
date leads.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple


class Basis(StrEnum):
    """How sure a type's row is."""

    CATEGORY = "documented for category templates"
    SUBSCRIPTION = "documented for subscription notifications, to which staff refer for category templates"
    OBSERVED = "seen in live templates, in no table"


class Sort(StrEnum):
    """What a character is to the tables."""

    DIGIT = "digits"
    LETTER = "letters"
    SYMBOL = "symbols"
    CHINESE = "Chinese characters"
    OTHER = "other characters"


class FieldType(NamedTuple):
    """One row of the tables.

    ``most`` is the largest number of characters (of digits alone, where ``counts_digits``) that is accepted;
    ``most_with_chinese`` takes its place where the value holds a Chinese character; more than ``doubtful`` the other
    table refuses. ``sorts`` are the characters it may hold, ``form`` is the pattern of the whole value; ``words`` says
    all of it, with the figures left open. ``listed``: only values that belong to the template are taken, which this
    table can't know.
    """

    name: str
    words: str
    basis: Basis
    source: str
    most: int | None = None
    most_with_chinese: int | None = None
    doubtful: int | None = None
    counts_digits: bool = False
    may_be_empty: bool = False
    listed: bool = False
    sorts: frozenset[Sort] | None = None
    form: str | None = None

    @property
    def wants(self) -> str:
        """What a value has to be, in words."""
        return self.words.format(most=self.most, most_with_chinese=self.most_with_chinese)


_CATEGORY = "doc/service/guide/product/template_message (csdn YHLSunshine 133775086)"
_SUBSCRIPTION = "subscription notifications, limits of parameter values (bitefu 660, csdn wwwwrrrrwr 128147589)"

_IDEOGRAPHS = "〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_IDEOGRAPH = f"[{_IDEOGRAPHS}]"
# Currency signs of one character: those of the first plane, the yen sign of full width, and its Chinese look-alike.
_CURRENCY = "[$¢£¤¥֏؋฿₠-⃀﷼﹩＄￠￡￥￦]"
_ALONE = "A-Za-z0-9"

_YEAR, _MONTH, _DAY = "[0-9]{4}", "(?:0?[1-9]|1[0-2])", "(?:0?[1-9]|[12][0-9]|3[01])"
_DATE = "|".join(
    (
        f"{_YEAR}年{_MONTH}月(?:{_DAY}日)?",
        f"{_MONTH}月{_DAY}日",
        *(f"(?:{_YEAR}{joint}{_MONTH}(?:{joint}{_DAY})?|{_MONTH}{joint}{_DAY})" for joint in ("-", "/", r"\.")),
    )
)
_DATE = f"(?:{_DATE})"
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"
_TIME = f"(?:{_DATE} )?{_CLOCK}"
# The end of a range may leave the date out: 2025-11-29 10:00:00~12:00:00 was sent (observed).
_TIME_OR_RANGE = f"{_TIME}(?:~{_TIME})?"
_DATE_OR_RANGE = f"{_DATE}(?: {_CLOCK})?(?:~(?:{_DATE}(?: {_CLOCK})?|{_CLOCK}))?"

_ALL = (
    FieldType(
        name="thing",
        words="at most {most} characters of any kind",
        basis=Basis.CATEGORY,
        source=_CATEGORY,
        most=20,
    ),
    FieldType(
        name="character_string",
        words="at most {most} digits, letters and symbols, no Chinese characters",
        basis=Basis.CATEGORY,
        source=_CATEGORY + "; community thread 000248ab548310582150be66f6bc00",
        most=32,
        sorts=frozenset({Sort.DIGIT, Sort.LETTER, Sort.SYMBOL}),
    ),
    FieldType(
        name="time",
        words="a time as 15:01 or 15:01:30, a date before it allowed, or two of them joined by ~",
        basis=Basis.CATEGORY,
        source=_CATEGORY + "; forms: " + _SUBSCRIPTION,
        form=_TIME_OR_RANGE,
    ),
    FieldType(
        name="amount",
        words="a currency sign and at most {most} digits, decimals allowed, 元 behind them allowed",
        basis=Basis.CATEGORY,
        source=_CATEGORY + "; 10 digits: " + _SUBSCRIPTION,
        most=12,
        doubtful=10,
        counts_digits=True,
        form=rf"{_CURRENCY}?[0-9]+(?:\.[0-9]+)?元?",
    ),
    FieldType(
        name="phone_number",
        words="at most {most} digits and symbols",
        basis=Basis.CATEGORY,
        source=_CATEGORY,
        most=17,
        sorts=frozenset({Sort.DIGIT, Sort.SYMBOL}),
    ),
    FieldType(
        name="car_number",
        words="at most {most} letters and digits, of which the first and the last may be Chinese characters",
        basis=Basis.CATEGORY,
        source=_CATEGORY,
        most=8,
        form=f"[{_ALONE}{_IDEOGRAPHS}](?:[{_ALONE}]*[{_ALONE}{_IDEOGRAPHS}])?",
    ),
    FieldType(
        name="const",
        words="a text that was approved with the template, at most {most} characters, or nothing",
        basis=Basis.CATEGORY,
        source=_CATEGORY,
        most=20,
        may_be_empty=True,
        listed=True,
    ),
    FieldType(
        name="number",
        words="at most {most} digits, decimals allowed",
        basis=Basis.SUBSCRIPTION,
        source=_SUBSCRIPTION,
        most=32,
        counts_digits=True,
        form=r"[0-9]+(?:\.[0-9]+)?",
    ),
    FieldType(
        name="letter",
        words="at most {most} letters",
        basis=Basis.SUBSCRIPTION,
        source=_SUBSCRIPTION,
        most=32,
        sorts=frozenset({Sort.LETTER}),
    ),
    FieldType(
        name="symbol",
        words="at most {most} symbols",
        basis=Basis.SUBSCRIPTION,
        source=_SUBSCRIPTION,
        most=5,
        sorts=frozenset({Sort.SYMBOL}),
    ),
    FieldType(
        name="date",
        words="a date as 2019年10月1日 or 2019-10-01, a time behind it allowed, or two of them joined by ~",
        basis=Basis.SUBSCRIPTION,
        source=_SUBSCRIPTION,
        form=_DATE_OR_RANGE,
    ),
    FieldType(
        name="name",
        words="at most {most} letters and symbols, or {most_with_chinese} characters if one is Chinese, no digits",
        basis=Basis.SUBSCRIPTION,
        source=_SUBSCRIPTION,
        most=20,
        most_with_chinese=10,
        sorts=frozenset({Sort.LETTER, Sort.SYMBOL, Sort.CHINESE}),
    ),
    FieldType(
        name="phrase",
        words="at most {most} Chinese characters",
        basis=Basis.SUBSCRIPTION,
        source=_SUBSCRIPTION + "; community thread 00080200ca44108c2a00850b666800",
        most=5,
        sorts=frozenset({Sort.CHINESE}),
    ),
    FieldType(
        name="enum",
        words="one of the values that the template lists",
        basis=Basis.SUBSCRIPTION,
        source=_SUBSCRIPTION,
        listed=True,
    ),
    FieldType(
        name="enum_string",
        words="one of the values that the template lists",
        basis=Basis.OBSERVED,
        source="community thread 0004cc031ac7684b1740084756bc00",
        listed=True,
    ),
    # Values of about five to eight characters were seen; no figure is known, so none is enforced.
    FieldType(
        name="short_thing",
        words="a short text (no figure is published)",
        basis=Basis.OBSERVED,
        source="community personal oCJUsw6xya4zRZv3fkZqPoR01KKc",
    ),
)

TYPES: Mapping[str, FieldType] = MappingProxyType({row.name: row for row in _ALL})
"""Type -> row."""

_KEY = re.compile(r"([a-z_]*[a-z])[0-9]+")
_SYMBOL_CATEGORIES = ("P", "S")
# Pictures stand in the planes above the first; "common symbols" are asked for.
_LAST_OF_FIRST_PLANE = "\uffff"
_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})


def type_of(key: str) -> str | None:
    """The type that a placeholder's name begins with (``thing2`` -> ``thing``); None for a name that has none.

    ``first``, ``keyword1`` and ``remark`` of the historical templates have none, nor has a prefix that no table lists.
    """
    match = _KEY.fullmatch(key)
    return match[1] if match and match[1] in TYPES else None


@lru_cache(maxsize=4096)  # accounts have their samples in common
def check(field_type: str, value: str) -> str | None:
    """Why a value breaks its type, as the end of a sentence about it; None where it does not.

    A type that the table does not have takes anything: whether there are more of them is not known. Values that only
    the template knows (``listed``) are not looked up.
    """
    row = TYPES.get(field_type)
    if row is None:
        return None
    if not value.strip():
        return None if row.may_be_empty and not value else "is empty"
    if any(unicodedata.category(character) in _UNSEEN for character in value):
        return "holds a line break or another control character"
    return _of_wrong_form(row, value) or _too_long(row, value)


@lru_cache(maxsize=4096)
def doubt(field_type: str, value: str) -> str | None:
    """Why a value that passes ``check`` may still be refused; None where nothing speaks against it."""
    row = TYPES.get(field_type)
    if row is None or row.doubtful is None or _size(row, value) <= row.doubtful:
        return None
    return f"has {_size(row, value)} digits; one of the two official tables allows {row.doubtful}, the other {row.most}"


def sort_of(character: str) -> Sort:
    """What one character is to the tables."""
    if character in "0123456789":
        return Sort.DIGIT
    if character.isascii() and character.isalpha():
        return Sort.LETTER
    if re.match(_IDEOGRAPH, character):
        return Sort.CHINESE
    if character == " ":
        return Sort.SYMBOL
    symbol = unicodedata.category(character).startswith(_SYMBOL_CATEGORIES) and character <= _LAST_OF_FIRST_PLANE
    return Sort.SYMBOL if symbol else Sort.OTHER


def _of_wrong_form(row: FieldType, value: str) -> str | None:
    if row.sorts is not None:
        found = {sort_of(character) for character in value}
        for sort in Sort:
            if sort in found and sort not in row.sorts:
                return f"holds {sort}; wanted: {row.wants}"
    if row.form is not None and not re.fullmatch(row.form, value):
        return f"has another form than {row.wants}"
    return None


def _size(row: FieldType, value: str) -> int:
    return sum(character in "0123456789" for character in value) if row.counts_digits else len(value)


def _too_long(row: FieldType, value: str) -> str | None:
    most = row.most
    if row.most_with_chinese is not None and re.search(_IDEOGRAPH, value):
        most = row.most_with_chinese
    size = _size(row, value)
    if most is None or size <= most:
        return None
    return f"has {size} {'digits' if row.counts_digits else 'characters'}; wanted: {row.wants}"
