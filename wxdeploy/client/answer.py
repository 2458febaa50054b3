"""Bytes on the wire: a body as WeChat takes it, and what came back as a value.

What came back is one of two values and never an exception, because the exceptions of an HTTP library hold the request
and with it the token: an ``Answer`` is a JSON object, a ``Silence`` is everything else.

Source for the form of answers: oplatform developers/dev/guide (errors come with HTTP 200; a failure has both
``errcode`` and ``errmsg``, a success may lack them). The content type can't be relied on, and control characters occur
in texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn, TypeGuard

from wxdeploy.model.errors import TransportError
from wxdeploy.model.jsonvalue import JsonValue, Path, format_path
from wxdeploy.wechat.errcodes import Code

LARGEST_ANSWER = 8 * 1024 * 1024
"""Bytes of the longest answer that is read; the longest documented one (10,000 openids) is under 400,000."""

DEEPEST_ANSWER = 64
"""Levels of nesting in the deepest answer that is read; the deepest documented one has 7."""

_UNESCAPED = re.compile(r"[!#-.0-[\]-~]*")  # visible ASCII that nobody writes with a backslash in JSON

_AGAIN = frozenset({408, 429})  # "request timeout" and "too many requests": RFC 9110 section 15.5.9, RFC 6585 section 4


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON object, and the return code in it (0 where it has none). A token can be in it: not shown by ``repr``.

    ``text`` is what it was read from, where that has no ``\\uXXXX``: then letters and digits stand in it as they are.
    """

    value: Mapping[str, JsonValue] = field(repr=False)
    errcode: int
    text: str | None = field(default=None, repr=False, compare=False)

    def may_hold(self, words: Iterable[str]) -> bool:
        """Whether one of the words can be in a key or a text of the answer; where not, it is in none.

        Told without a walk through the answer: what stands there is written as it is, but for what JSON escapes.
        """
        text = self.text
        return text is None or any(word in text or not _UNESCAPED.fullmatch(word) for word in words)


class Silence(NamedTuple):
    """No answer that can be used.

    ``reached``: the request may have reached the account. ``passing``: the same request can fare better later.
    ``reason`` is written here and never taken from an exception or an answer, so it holds neither token nor secret.
    """

    reached: bool
    passing: bool
    reason: str


def encode(body: JsonValue) -> bytes:
    """The body as UTF-8 JSON without escapes: WeChat refuses ``\\uXXXX`` (40033, 47002) or shows it as it stands.

    Raises ``TransportError`` for what UTF-8 or JSON can't carry: a lone surrogate, an infinite number.
    """
    try:
        text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain)
        return text.encode("utf-8")
    except (ValueError, TypeError, RecursionError):
        place = _unsendable(body, ())
    raise TransportError(
        f"the request holds something{f' at {format_path(place)}' if place else ''} that JSON in UTF-8 can't carry, "
        "so it was not sent",
        fix="Write the text anew: half of an emoji, or a character that a tool could not read, is left in it.",
    )


def decode(status: int, content: bytes) -> Answer | Silence:
    """What an answer of HTTP ``status`` with ``content`` says.

    A JSON object with a return code is taken at its word whatever the status; without one it is a success only
    with a status of 2xx.
    """
    text = content.decode("utf-8-sig", "replace")
    value = _parse(text)
    if value is not None:
        errcode = errcode_of(value)
        if errcode is not None and (errcode != Code.OK or 200 <= status < 300):
            return Answer(value, errcode, None if "\\u" in text else text)
    return Silence(reached=True, passing=_can_pass(status), reason=_unreadable(status, content))


def errcode_of(value: Mapping[str, JsonValue]) -> int | None:
    """The return code of an answer; 0 where it has none, None where what stands there is no code."""
    code = value.get("errcode")
    if code is None:
        return Code.OK
    if isinstance(code, str) and len(code) <= 12:
        try:
            return int(code)
        except ValueError:
            return None
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def _can_pass(status: int) -> bool:
    """Redirects and refusals are the same at the next attempt; errors of a server and broken answers need not be."""
    return 200 <= status < 300 or status >= 500 or status in _AGAIN


def _unreadable(status: int, content: bytes) -> str:
    if 300 <= status < 400:
        return f"HTTP {status}, a redirect, which is not followed because it would carry the access token elsewhere"
    if not 200 <= status < 300:
        return f"HTTP {status} instead of an answer of the API"
    if not content:
        return "an empty answer"
    if content.lstrip()[:1] == b"<":
        return "a web page instead of an answer of the API (a proxy or a login page may stand in between)"
    return "an answer that is not the JSON object of the API"


def _parse(text: str) -> Mapping[str, JsonValue] | None:
    try:
        value = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None
    if not _is_object(value):
        return None
    if text.count("[") + text.count("{") > DEEPEST_ANSWER and _depth_exceeds(value, DEEPEST_ANSWER):
        return None
    if "\\ud" in text or "\\uD" in text:
        return _without_surrogates(value)
    return value


def _is_object(value: object) -> TypeGuard[dict[str, JsonValue]]:
    return isinstance(value, dict)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


_DECODER = json.JSONDecoder(strict=False, parse_constant=_refuse_constant)  # control characters occur in texts


def _depth_exceeds(value: JsonValue, bound: int) -> bool:
    """Whether lists and objects are nested more than ``bound`` levels deep; level by level, so never recursing."""
    level: list[JsonValue] = [value]
    for _ in range(bound + 1):
        inner: list[JsonValue] = []
        for item in level:
            if isinstance(item, dict):
                inner.extend(item.values())
            elif isinstance(item, list):
                inner.extend(item)
        if not inner:
            return False
        level = inner
    return True


def _without_surrogates(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """The same with U+FFFD for every lone surrogate, which JSON can write and nothing after it can print or send."""

    def mend(text: str) -> str:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def walk(item: JsonValue) -> JsonValue:
        if isinstance(item, str):
            return mend(item)
        if isinstance(item, dict):
            return {mend(key): walk(inner) for key, inner in item.items()}
        if isinstance(item, list):
            return [walk(inner) for inner in item]
        return item

    return {mend(key): walk(inner) for key, inner in value.items()}


def _plain(value: object) -> JsonValue:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError


def _unsendable(value: JsonValue, path: Path) -> Path | None:
    """Where the first text stands that is not Unicode, or the first number that is not finite."""
    if isinstance(value, str):
        return path if any("\ud800" <= character <= "\udfff" for character in value) else None
    if isinstance(value, float):
        return None if value - value == 0 else path
    if len(path) > DEEPEST_ANSWER:
        return path
    steps: Sequence[tuple[str | int, JsonValue]] = ()
    if isinstance(value, Mapping):
        if any(_unsendable(key, ()) is not None for key in value):
            return path
        steps = tuple(value.items())
    elif isinstance(value, Sequence):
        steps = tuple(enumerate(value))
    return next((found for step, inner in steps if (found := _unsendable(inner, (*path, step))) is not None), None)
