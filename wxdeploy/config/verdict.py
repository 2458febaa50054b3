"""Whether a value is as a schema wants it: yes or no, in some hundredths of a millisecond, by jsonschema-rs.

``jsonschema`` has the last word, and all the words: it is asked (in ``refusals``) about whatever is not valid here. So
that nothing is valid here alone, the patterns of the schemas, which mean to both of them what they mean to Python's
``re``, are put into the dialect that jsonschema-rs reads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from wxdeploy.config import schemas
from wxdeploy.model.jsonvalue import JsonValue

if TYPE_CHECKING:
    from jsonschema_rs import Draft7Validator

_BLANK = "\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""What ``\\s`` is to Python, as the inside of a character class."""

_ANYTHING = r"[\s\S]"
_PART = re.compile(r"\[\^?(?:\\.|[^\]\\])+\]|\\.|\$", re.DOTALL)


def is_valid(value: JsonValue, name: str) -> bool:
    """Whether the schema ``name`` takes the value; what can't be decided here (half a surrogate pair) counts as not."""
    try:
        if not _compiled(name).is_valid(value):
            return False
    except ValueError:
        return False
    held = value if isinstance(value, dict) else {}
    return all(is_valid(held[key], other) for key, other in _elsewhere(name).items() if key in held)


def in_ecma(pattern: str) -> str:
    """The pattern, as ECMA 262 has to write it, so that it finds what Python's ``re`` finds: its ``\\s`` and its ``$``.

    ``$`` is to be the last thing of an alternative, and of the other classes none is known but ``[\\s\\S]``.
    """
    return _PART.sub(_part_in_ecma, pattern)


def _part_in_ecma(found: re.Match[str]) -> str:
    part = found[0]
    match part:
        case "$":
            return r"\n?$"  # Python's is before the last line break too
        case r"\s":
            return f"[{_BLANK}]"
        case r"\S":
            return f"[^{_BLANK}]"
        case _:
            return part if part == _ANYTHING else part.replace(r"\s", _BLANK)


@cache
def _compiled(name: str) -> Draft7Validator:
    """A schema without what it leaves to others, which are compiled once a file has such a section."""
    from jsonschema_rs import Draft7Validator

    contents = _contents(name + schemas.SUFFIX)
    properties = {**contents.get("properties", {}), **dict.fromkeys(_elsewhere(name), True)}
    return Draft7Validator({**contents, "properties": properties}, retriever=_retrieved, validate_formats=False)


@cache
def _elsewhere(name: str) -> Mapping[str, str]:
    """The keys whose values a schema leaves to others as a whole -> the names of those."""
    properties = _contents(name + schemas.SUFFIX).get("properties", {})
    references = {key: below.get("$ref", "") for key, below in properties.items()}
    return {key: file.removesuffix(schemas.SUFFIX) for key, file in references.items() if file.endswith(schemas.SUFFIX)}


def _retrieved(address: str) -> dict[str, Any]:
    """The schema that another refers to: the addresses of all are one folder."""
    return _contents(address.rpartition("/")[2])


@cache
def _contents(file: str) -> dict[str, Any]:
    contents: dict[str, Any] = json.loads(schemas.text(file), object_hook=_translated)
    return contents


def _translated(schema: dict[str, Any]) -> dict[str, Any]:
    if isinstance(pattern := schema.get("pattern"), str):
        schema["pattern"] = in_ecma(pattern)
    if isinstance(named := schema.get("patternProperties"), dict):
        schema["patternProperties"] = {in_ecma(pattern): below for pattern, below in named.items()}
    return schema
