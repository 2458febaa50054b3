"""What a schema refuses, in words: which thing, why, and what to write instead."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, cast

from wxdeploy.config import schema_rules
from wxdeploy.config.places import literal
from wxdeploy.config.syntax import shorten
from wxdeploy.kinds.base import Rule
from wxdeploy.model.jsonvalue import Path, kind_of
from wxdeploy.model.source import SourceMap

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

Schemas = Sequence[Mapping[str, Any]]

_TYPES = {
    "string": "a text",
    "array": "a list",
    "object": "a mapping",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}
_SHOWN = 60
_MANY = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that a schema refuses; ``missing`` is a key that is not there, ``meant`` what a wrong one is like."""

    rule: Rule
    path: Path
    detail: str
    fix: str
    on_key: bool = False
    missing: str | None = None
    meant: str | None = None


def word(error: ValidationError, schemas: Schemas, sources: SourceMap) -> Iterator[Fault]:
    """The faults behind one error; ``schemas`` are the subschemas from the top to the one that refuses."""
    path: Path = tuple(error.absolute_path)
    if "propertyNames" in error.schema_path and isinstance(error.instance, str):
        yield _key_name(error, (*path, error.instance), schemas)
    elif error.validator == "additionalProperties":
        yield from _unknown_keys(error, path, sources)
    elif error.validator == "maxProperties" and _ended_by_commas(error, path, sources):
        return  # what is too many are parts of a text, and told as such
    elif error.validator == "required":
        yield from _missing_keys(error, path)
    elif error.validator in ("anyOf", "oneOf") and error.context:
        yield _alternatives(error, path, schemas, sources)
    elif error.validator == "type":
        wanted = cast("Any", error.validator_value)
        yield _type(error.instance, [wanted] if isinstance(wanted, str) else list(wanted), path, schemas, sources)
    elif error.validator in ("enum", "const"):
        value = cast("Any", error.validator_value)
        yield _choice(error.instance, value if error.validator == "enum" else [value], path, schemas, sources)
    else:
        yield _shape(error, path, schemas)


def name_of(path: Path) -> str:
    """The value at a path in words: ```key```, or ``entry 2 of `files```."""
    if not path:
        return "the file"
    if isinstance(path[-1], str):
        return f"`{path[-1]}`"
    owner = next((step for step in reversed(path) if isinstance(step, str)), None)
    return f"entry {path[-1] + 1} of `{owner}`" if owner else f"entry {path[-1] + 1}"


def one_of(words: Sequence[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _say(schemas: Schemas, keyword: str) -> Any:
    """What the subschema, or the nearest around it that is about it, says under a keyword of editors."""
    return next((schema[keyword] for schema in reversed(schemas[-4:]) if keyword in schema), None)


def _shown(value: object, schemas: Schemas) -> str:
    if any(schema.get("writeOnly") for schema in schemas[-4:]) or isinstance(value, (list, dict)):
        return ""
    return shorten(value if isinstance(value, str) else json.dumps(value), _SHOWN)


def _example(schemas: Schemas) -> str:
    examples = _say(schemas, "examples")
    shown = json.dumps(examples[0], ensure_ascii=False) if examples else ""
    return f", as in {shown}" if 0 < len(shown) <= _SHOWN else ""


def _unknown_keys(error: ValidationError, path: Path, sources: SourceMap) -> Iterator[Fault]:
    schema = cast("Mapping[str, Any]", error.schema)
    known = [key for key, below in schema.get("properties", {}).items() if not _discouraged(below)]
    ended = _ended_by_commas(error, path, sources)
    instance = cast("Mapping[str, Any]", error.instance)
    for owner, rest in ended.items():
        whole = json.dumps(",".join([instance[owner], *rest]), ensure_ascii=False)
        yield Fault(
            rule=schema_rules.text_without_quotes,
            path=(*path, rest[0]),
            detail=f"`{owner}` ends at the comma, and `{shorten(rest[0], _SHOWN)}` is read as a key",
            fix=f"put the text in quotes: `{owner}: {shorten(whole, _SHOWN)}`",
            on_key=True,
        )
    parts = {part for rest in ended.values() for part in rest}
    for key in instance:
        if key in schema.get("properties", {}) or key in parts:
            continue
        close = get_close_matches(key, known, n=1) or [name for name in known if name.lower() == key.lower()]
        head, colon, _ = key.partition(":")
        if colon and (head in known or not close):
            fix = f"put a space after the colon: `{key.replace(':', ': ', 1)}`"
        elif close:
            fix = f"write `{close[0]}`"
        elif known:
            fix = f"remove it; the keys known here are {shorten(', '.join(known), 200)}"
        else:
            fix = "remove it; there are no keys here"
        yield Fault(
            rule=schema_rules.unknown_key,
            path=(*path, key),
            detail=f"{name_of(path)} has no key `{shorten(key, _SHOWN)}`",
            fix=fix,
            on_key=True,
            meant=close[0] if close else None,
        )


def _ended_by_commas(error: ValidationError, path: Path, sources: SourceMap) -> dict[str, list[str]]:
    """The keys within braces whose texts a comma ends, each with the parts behind it: ``{text: 你好,欢迎}``.

    Such a part is a key without a value in the same line.
    """
    known: Mapping[str, Any] = cast("Mapping[str, Any]", error.schema).get("properties", {})
    found: dict[str, list[str]] = {}
    owner: tuple[str, int] | None = None
    for key, value in cast("Mapping[str, Any]", error.instance).items():
        place = sources.find_key((*path, key))
        line = place.line if place else 0
        if key in known:
            owner = (key, line) if isinstance(value, str) and not _is_secret(known[key]) else None
        elif owner and owner[1] == line and value is None and ":" not in key and not literal(sources, (*path, key)):
            found.setdefault(owner[0], []).append(key)
        else:
            owner = None
    return found


def _is_secret(schema: object) -> bool:
    """Whether what the schema is about is never shown."""
    return isinstance(schema, dict) and (bool(schema.get("writeOnly")) or any(map(_is_secret, schema.get("allOf", ()))))


def _discouraged(schema: object) -> bool:
    return isinstance(schema, dict) and ("not" in schema or bool(schema.get("doNotSuggest")))


def _missing_keys(error: ValidationError, path: Path) -> Iterator[Fault]:
    schema = cast("Mapping[str, Any]", error.schema)
    instance = cast("Mapping[str, Any]", error.instance)
    for key in cast("list[str]", error.validator_value):
        if key in instance:
            continue
        example = schema.get("properties", {}).get(key, {})
        shown = example.get("examples") if isinstance(example, dict) else None
        value = json.dumps(shown[0], ensure_ascii=False) if shown else "..."
        yield Fault(
            rule=schema_rules.missing_key,
            path=path,
            detail=f"{name_of(path)} needs a key `{key}`",
            fix=f"add `{key}: {value}`",
            missing=key,
        )


def _key_name(error: ValidationError, path: Path, schemas: Schemas) -> Fault:
    says = _say(schemas, "patternErrorMessage") or "the key has not the shape that is wanted"
    return Fault(
        rule=schema_rules.other_shape,
        path=path,
        detail=f"`{shorten(str(error.instance), _SHOWN)}` is no such name; {_inside(says)}",
        fix=f"choose another name{_example(schemas)}",
        on_key=True,
    )


def _alternatives(error: ValidationError, path: Path, schemas: Schemas, sources: SourceMap) -> Fault:
    """The value fits no alternative by its type: say all that are allowed."""
    types: list[str] = []
    values: list[object] = []
    for inner in error.context or ():
        expected: Any = inner.validator_value
        if inner.path:
            continue
        if inner.validator == "type":
            types.extend([expected] if isinstance(expected, str) else expected)
        elif inner.validator in ("const", "enum"):
            values.extend([expected] if inner.validator == "const" else expected)
    if values and isinstance(error.instance, str):
        return _choice(error.instance, values, path, schemas, sources, or_else=types)
    return _type(error.instance, list(dict.fromkeys(types)), path, schemas, sources, or_else=values)


def _type(
    value: object,
    wanted: list[str],
    path: Path,
    schemas: Schemas,
    sources: SourceMap,
    *,
    or_else: Sequence[object] = (),
) -> Fault:
    written = literal(sources, path)
    if "string" in wanted and not isinstance(value, (list, dict)):
        if value is None and not written:
            detail, fix = (
                f"{name_of(path)} has to be a text, and nothing stands here",
                'write a text; an empty one is ""',
            )
        else:
            secret = any(schema.get("writeOnly") for schema in schemas[-4:])
            shown = "what is written" if secret else shorten(written or json.dumps(value), _SHOWN)
            detail = f"{name_of(path)} has to be a text, and {shown} is read as {kind_of(value)}"
            fix = "put it in quotes" + ("" if secret else f': "{shown}"')
        return Fault(rule=schema_rules.text_without_quotes, path=path, detail=detail, fix=fix)
    expected = one_of([_TYPES.get(kind, kind) for kind in wanted] + [f"`{value}`" for value in or_else])
    return Fault(
        rule=schema_rules.wrong_type,
        path=path,
        detail=f"{name_of(path)} has to be {expected}, and this is {kind_of(value)}",
        fix=_how(wanted, value, path) + _example(schemas),
    )


def _how(wanted: list[str], value: object, path: Path) -> str:
    if wanted == ["array"]:
        key = path[-1] if path and isinstance(path[-1], str) else "key"
        shown = shorten(value, 20) if isinstance(value, str) else "..."
        return f"begin each entry with `- `, or write `{key}: [{shown}]`"
    if wanted == ["object"]:
        return "write `key: value` on lines of their own, indented below"
    return f"write {one_of([_TYPES.get(kind, kind) for kind in wanted])}" if wanted else "write another value"


def _choice(
    value: object,
    allowed: Sequence[object],
    path: Path,
    schemas: Schemas,
    sources: SourceMap,
    *,
    or_else: Sequence[str] = (),
) -> Fault:
    if all(isinstance(choice, str) for choice in allowed) and not isinstance(value, (str, list, dict)):
        return _type(value, ["string"], path, schemas, sources)
    # What is allowed as a text and as a number too is one choice for who reads of it; an empty text is none to write.
    texts = list(
        dict.fromkeys(choice if isinstance(choice, str) else json.dumps(choice) for choice in allowed if choice != "")
    )
    if isinstance(value, str) and value in texts and value not in allowed:
        return Fault(
            rule=schema_rules.wrong_type,
            path=path,
            detail=f"{name_of(path)} has to be {kind_of(json.loads(value))}, and this is a text",
            fix=f"write {value} without quotes",
        )
    close = get_close_matches(str(value), texts, n=1) or [word for word in texts if word.lower() == str(value).lower()]
    listed = [f"`{choice}`" for choice in texts[:_MANY]] + [_TYPES[kind] for kind in dict.fromkeys(or_else)]
    more = f" (and {len(texts) - _MANY} more)" if len(texts) > _MANY else ""
    shown = _shown(value, schemas)
    is_not = f"`{shown}` is not allowed for {name_of(path)}" if shown else f"{kind_of(value)} is not allowed here"
    return Fault(
        rule=schema_rules.value_not_allowed,
        path=path,
        detail=f"{is_not}; it has to be {one_of(listed)}{more}",
        fix=f"write `{(close or texts)[0]}`"
        if close or len(texts) == 1
        else f"write one of {', '.join(texts[:_MANY])}",
    )


def _shape(error: ValidationError, path: Path, schemas: Schemas) -> Fault:
    says = error.schema.get("patternErrorMessage") if isinstance(error.schema, dict) else None
    describe = _BOUNDS.get(str(error.validator))
    limit = cast("Any", error.validator_value)
    if not says:
        says = describe(limit) if describe else _say(schemas, "description") or "this is not allowed here"
    shown = _shown(error.instance, schemas)
    subject = f"`{shown}`" if shown else name_of(path)
    return Fault(
        rule=schema_rules.other_shape,
        path=path,
        detail=f"{subject} does not fit {name_of(path)}; {_inside(says)}" if shown else f"{subject}: {_inside(says)}",
        fix=f"write {name_of(path)} in the shape that is wanted{_example(schemas)}",
    )


def _inside(sentence: str) -> str:
    """A sentence of a schema as the end of one of ours."""
    sentence = sentence.rstrip(".")
    return sentence[:1].lower() + sentence[1:] if sentence[1:2].islower() or sentence[1:2] == " " else sentence


def _entries(number: int) -> str:
    return "1 entry" if number == 1 else f"{number} entries"


_BOUNDS: Mapping[str, Callable[[Any], str]] = {
    "minLength": lambda limit: "it must not be empty" if limit == 1 else f"at least {limit} characters are wanted",
    "maxLength": lambda limit: f"at most {limit} characters are allowed",
    "minItems": lambda limit: (
        f"at least {_entries(limit)} is wanted" if limit == 1 else f"at least {_entries(limit)} are wanted"
    ),
    "maxItems": lambda limit: f"at most {_entries(limit)} are allowed",
    "minimum": lambda limit: f"at least {limit} is wanted",
    "maximum": lambda limit: f"at most {limit} is allowed",
    "uniqueItems": lambda _: "the same entry is given twice",
    "minProperties": lambda limit: f"at least {limit} of its keys has to be given",
    "maxProperties": lambda limit: f"at most {limit} of its keys may be given",
    "pattern": lambda _: "the text is not of the shape that is wanted",
}
