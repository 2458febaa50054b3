"""What is known of template messages, but for the typed placeholders.

Source: doc/service/api/notify/template and doc/service/guide/product/template_message, read 2026-10.
"""

from __future__ import annotations

import re

RETIRED = frozenset({"first", "remark"})
"""Placeholders whose values WeChat takes and no longer shows (notices in force since 2023-03-30 and 2023-05-04)."""

ONE_TIME_TITLE = "订阅模板消息"
ONE_TIME_CONTENT = "{{content.DATA}}"
"""What an account lists once it has used one-time subscriptions (seen in live lists): no template of its own."""

_HISTORICAL = re.compile(r"(?:OPEN)?TM[0-9]+")
_LIBRARY = re.compile(r"[0-9]+")


def is_historical(number: str) -> bool:
    """Whether a number is of the historical library, to which nothing is added any more."""
    return bool(_HISTORICAL.fullmatch(number))


def is_library_number(number: str) -> bool:
    """Whether a number is of the library of category templates."""
    return bool(_LIBRARY.fullmatch(number))
