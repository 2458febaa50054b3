"""JSON as a type, one canonical form of it and the digest of that form."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring
from typing import TypeAlias

_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)

JsonValue: TypeAlias = "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands in a document: the keys and indexes that lead to it."""


def digest(value: JsonValue) -> str:
    """``sha256:`` and the hexadecimal digest of the value in its canonical form."""
    return digest_of(canonical(value))


def canonical(value: JsonValue) -> str:
    """The value as JSON in one form; the order of keys does not count, that of lists does."""
    return encode_basestring(value) if type(value) is str else _CANONICAL.encode(value)


def canonical_object(written: Mapping[str, str]) -> str:
    """The canonical form of an object whose values are in that form already."""
    return "{" + ",".join([f"{encode_basestring(key)}:{written[key]}" for key in sorted(written)]) + "}"


def digest_of(text: str) -> str:
    """``sha256:`` and the hexadecimal digest of a text in UTF-8."""
    import hashlib

    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def kind_of(value: object) -> str:
    """What a value is, in words."""
    match value:
        case None:
            return "nothing (null)"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case Mapping():
            return "a mapping"
        case _:
            return "a list"


def format_path(path: Path) -> str:
    """``("button", 1, "sub_button", 0)`` as ``button[1].sub_button[0]``."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        else:
            parts.append(f".{step}" if parts else step)
    return "".join(parts)


def parse_path(text: str) -> Path:
    """The inverse of ``format_path`` for keys that hold neither a dot nor a bracket."""
    steps: list[str | int] = []
    for part in text.split(".") if text else ():
        key, *indexes = part.split("[")
        if key:
            steps.append(key)
        steps.extend(int(index.rstrip("]")) for index in indexes)
    return tuple(steps)
