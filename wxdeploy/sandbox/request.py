"""One request as the endpoints see it, and how its body is read."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from wxdeploy.wechat.errcodes import Code

Json = dict[str, Any]
"""A JSON object; what is in it is for the endpoint to check."""

OK: Mapping[str, Any] = {"errcode": Code.OK, "errmsg": "ok"}
"""What a call answers that has nothing to tell."""

_BOM = b"\xef\xbb\xbf"
# An odd number of backslashes before the u: "\\u4f60" is a backslash and text, not an escape.
_UNICODE_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}")
# Levels of nesting that are read; where the host stops is not known, ours must before Python's own recursion does.
_DEEPEST = 100
# Digits of a number that no id has, and that the database could not hold.
_TOO_LONG = 18
_FORM = re.compile(rb"\s*[^\s={\[\"]+=")


class Refusal(Exception):  # noqa: N818 - an answer of the API, not a fault of the sandbox
    """The call is refused with this return code, and has changed nothing.

    ``text`` is the ``errmsg`` where it names what is wrong; without one it is the text of the code.
    """

    def __init__(self, code: int, text: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What came in: the method, the query, the raw body, and when."""

    method: str
    query: Mapping[str, str]
    body: bytes
    now: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyCodes:
    """The codes of an unreadable body, where a call has its own."""

    bom: int = Code.INVALID_JSON
    form: int = Code.INVALID_JSON
    not_utf8: int = Code.INVALID_CHARSET
    escapes: int = Code.INVALID_CHARSET


PLAIN = BodyCodes()


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        # It could not be written back as JSON.
        raise ValueError(text)
    return value


def json_object(body: bytes, codes: BodyCodes = PLAIN) -> Json:
    """The body as a JSON object, or the code that the API answers instead.

    Sources: 44002, 47001 and 40033 in the table of return codes; a body marshalled twice, hence a JSON string, is 47001
    (silenceper/wechat #434); a byte order mark counts as a wrong number of buttons (node-webot/webot-cli #7); a form
    where JSON is expected answers as if the field were missing (easywechat #280).
    """
    if not body.strip():
        raise Refusal(Code.EMPTY_POST)
    if body.startswith(_BOM):
        raise Refusal(codes.bom)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal(codes.not_utf8) from None
    if b"\\u" in body and _UNICODE_ESCAPE.search(body):
        raise Refusal(codes.escapes)
    try:
        value = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except (ValueError, RecursionError):
        raise Refusal(codes.form if _FORM.match(body) else Code.INVALID_JSON) from None
    if not isinstance(value, dict) or _too_deep(value, text):
        raise Refusal(Code.INVALID_JSON)
    return value


def _too_deep(value: object, text: str) -> bool:
    if text.count("[") + text.count("{") <= _DEEPEST:
        return False
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
    return bool(level)


def form_fields(body: bytes) -> Mapping[str, str]:
    """The fields of a form-encoded body; none if it is anything else."""
    try:
        return dict(parse_qsl(body.decode("utf-8")))
    except UnicodeDecodeError:
        return {}


def number(value: object) -> int | None:
    """An id written as a number or as its digits: clients send both, and the documentation shows both."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < _TOO_LONG:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if abs(value) < 10**_TOO_LONG else None
