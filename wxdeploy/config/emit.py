"""Data as the YAML that a person would write.

Every scalar stands on one line, so that a comment can be put at its end. A text is quoted wherever any reader, of YAML
1.1 or 1.2, would take it for something else. ``${`` in a value is escaped, because it would begin a variable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from wxdeploy.model.cells import fits
from wxdeploy.model.jsonvalue import JsonValue

WIDTH = 120
_LONGEST_KEY = 100  # a YAML reader looks for the colon within 1,024 characters

# Words that YAML 1.1 takes for true, false, nothing, a merge or a default value.
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "<<", "="})
_NUMBER = re.compile(r"[-+]?[0-9.][-+0-9a-fA-FxobXOB_.,:eETtZz /]*|[-+]?\.(?:inf|nan)", re.IGNORECASE)
_INDICATORS = "-?:,[]{}#&*!|>'\"%@`"
_UNSAFE = re.compile(r": |:$| #|^---|^\.\.\.|\t")
_UNSAFE_IN_FLOW = re.compile(r"[,\[\]{}?]|:(?=[\s,\[\]{}]|$)")
_SHORT_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0", '"': '\\"', "\\": "\\\\"}
# Not printable to Python and yet part of ordinary text: the ideographic space and what joins emoji.
_VISIBLE = frozenset("\u3000\u200d\u200c")


def dump(value: JsonValue, *, schema: str | None = None) -> str:
    """The value as a YAML document; ``schema`` is the address that editors find its schema at."""
    head = f"# yaml-language-server: $schema={schema}\n" if schema else ""
    return head + "\n".join(_block(value, 0)) + "\n"


def scalar(value: JsonValue, *, flow: bool = False, key: bool = False) -> str:
    """A scalar on one line; ``flow`` within braces or brackets, ``key`` where no variable can stand."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _float(value)
        case str():
            return _text(value if key else value.replace("${", "$${"), flow=flow)
        case _:
            return "{}" if isinstance(value, Mapping) else "[]"


def _float(value: float) -> str:
    if value != value:
        return ".nan"
    if value in (float("inf"), float("-inf")):
        return repr(value).replace("inf", ".inf")
    digits, e, exponent = repr(value).partition("e")
    # Without a dot a reader of YAML 1.1 takes `5e-324` for a text.
    return f"{digits}.0e{exponent}" if e and "." not in digits else repr(value)


def _text(text: str, *, flow: bool) -> str:
    if any(not sign.isprintable() and sign not in _VISIBLE for sign in text):
        return '"' + "".join(map(_escaped, text)) + '"'
    if _is_plain(text, flow=flow):
        return text
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _is_plain(text: str, *, flow: bool) -> bool:
    if not text or text != text.strip() or text.lower() in _WORDS or _NUMBER.fullmatch(text):
        return False
    if text[0] in _INDICATORS or _UNSAFE.search(text):
        return False
    return not (flow and _UNSAFE_IN_FLOW.search(text))


def _escaped(sign: str) -> str:
    if sign in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[sign]
    if sign.isprintable() or sign in _VISIBLE:
        return sign
    code = ord(sign)
    if 0xD800 <= code <= 0xDFFF:  # half a character, which UTF-8 can't hold
        return "\ufffd"
    if code < 0x100:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _block(value: JsonValue, indent: int) -> Iterator[str]:
    """The lines of a value whose first line begins at ``indent``."""
    if isinstance(value, Mapping) and value:
        for key, part in value.items():
            yield from _entry(key, part, indent)
    elif _is_list(value) and value:
        for item in cast("list[JsonValue]", value):
            yield from _item(item, indent)
    else:
        yield " " * indent + scalar(value)


def _entry(key: str, value: JsonValue, indent: int) -> Iterator[str]:
    pad = " " * indent
    name = scalar(key, key=True)
    if len(name) > _LONGEST_KEY:
        yield f"{pad}? {name}"
        name = ""
    if (line := _on_one_line(value, indent + len(name) + 2)) is not None:
        yield f"{pad}{name}: {line}"
    else:
        yield f"{pad}{name}:"
        yield from _block(value, indent + 2)


def _item(value: JsonValue, indent: int) -> Iterator[str]:
    pad = " " * indent
    # A mapping of one key reads best without braces: `- name: VIP`.
    alone = isinstance(value, Mapping) and len(value) == 1
    line = None if alone else _on_one_line(value, indent + 2)
    if line is not None:
        yield f"{pad}- {line}"
        return
    lines = _block(value, indent + 2)
    yield f"{pad}- {next(lines)[indent + 2 :]}"
    yield from lines


def _on_one_line(value: JsonValue, column: int) -> str | None:
    """A scalar, or a small list or mapping of scalars that fits the line; None for what takes lines of its own."""
    if not isinstance(value, Mapping) and not _is_list(value):
        return scalar(value)
    parts: list[Any] = list(value.values()) if isinstance(value, Mapping) else list(cast("list[Any]", value))
    if any((isinstance(part, Mapping) or _is_list(part)) and part for part in parts):
        return None
    if isinstance(value, Mapping):
        keys = [scalar(key, flow=True, key=True) for key in value]
        if any(len(key) > _LONGEST_KEY for key in keys):
            return None
        inner = ", ".join(f"{key}: {scalar(part, flow=True)}" for key, part in zip(keys, parts, strict=True))
        line = f"{{{inner}}}"
    else:
        line = "[" + ", ".join(scalar(part, flow=True) for part in parts) + "]"
    return line if not parts or fits(line, WIDTH - column) else None


def _is_list(value: JsonValue) -> bool:
    return isinstance(value, (list, tuple))
