"""The published schemas of sections, as an editor uses them: what they refuse, what they propose."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from referencing import Registry, Resource

SCHEMAS = Path(__file__).parents[2] / "schemas" / "v1"
_EVERY = [json.loads(path.read_text("utf-8")) for path in SCHEMAS.glob("*.schema.json")]
_RESOURCES: Registry[Any] = Registry().with_resources([(each["$id"], Resource.from_contents(each)) for each in _EVERY])
_FIELD = re.compile(r"\$\{\d+(?::([^}]*)|\|([^,|]*)[^}]*)\}")


def schema(name: str) -> dict[str, Any]:
    """A schema by what its file is called before ``.schema.json``."""
    (found,) = [each for each in _EVERY if each["$id"].endswith(f"/{name}.schema.json")]
    return dict(found)


def errors(name: str, value: Any, part: Any = None) -> list[Any]:
    """What a schema, or a part of it, refuses in a value: what is left to rules too."""
    validator = Draft7Validator(schema(name), registry=_RESOURCES)
    return list((validator if part is None else validator.evolve(schema=part)).iter_errors(value))


def subschemas(value: Any) -> Iterator[dict[str, Any]]:
    """A schema and all that it holds."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from subschemas(each)


def snippet(value: Any) -> Any:
    """What an editor inserts where every default, or the first choice, is taken, without the quotes around digits."""
    if isinstance(value, dict):
        return {snippet(key): snippet(each) for key, each in value.items()}
    if isinstance(value, list):
        return [snippet(each) for each in value]
    return _FIELD.sub(lambda field: field[1] or field[2] or "", value).strip('"') if isinstance(value, str) else value
