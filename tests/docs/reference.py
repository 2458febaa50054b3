"""The reference of the configuration, written from the schemas: every key with what it holds and what it means."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Schema = Mapping[str, Any]

SCHEMAS = Path(__file__).parents[2] / "schemas" / "v1"
HEAD = """\
# Configuration reference

Every key of the two kinds of file, as the schemas have it and [editors](editors.md) show it. How they work together:
[configuration](configuration.md). What is checked beyond this: [rules](rules/README.md).
"""
FILES = {"wxdeploy.yaml": "project.schema.json", "Resource files": "account.schema.json"}
TYPES = {"string": "text", "integer": "number", "boolean": "true or false", "object": "mapping"}
FREE = "NAME"
_STRUCTURE = {"properties", "items", "additionalProperties", "anyOf"}


def reference() -> str:
    """The page."""
    page = HEAD
    for title, name in FILES.items():
        page += "".join(_Chapter(title, name).text())
    return page


@dataclass
class _Part:
    """A schema with all that it refers to in its place; ``home`` is the file that its own references count from."""

    schema: dict[str, Any]
    home: str

    @classmethod
    def of(cls, schema: Schema, home: str) -> _Part:
        whole = {key: value for key, value in schema.items() if key not in ("$ref", "allOf", "if", "then", "else")}
        within: list[tuple[Schema, str]] = [(each, home) for each in schema.get("allOf", ())]
        within += [(schema["else"], home)] if isinstance(schema.get("else"), Mapping) else []
        if "$ref" in schema:
            file, _, pointer = schema["$ref"].partition("#")
            target: Any = json.loads((SCHEMAS / (file or home)).read_text("utf-8"))
            for step in pointer.split("/")[1:]:
                target = target[step]
            within.append((target, file or home))
        for each, where in within:
            part = cls.of(each, where)
            home = part.home if _STRUCTURE & set(part.schema) else home
            for key, value in part.schema.items():
                whole.setdefault(key, value)
        return cls(whole, home)

    def inner(self, schema: Schema) -> _Part:
        return _Part.of(schema, self.home)

    @property
    def values(self) -> _Part | None:
        """What each entry of a list, or of a mapping with names of the reader's own, is."""
        for key in ("items", "additionalProperties"):
            if isinstance(inner := self.schema.get(key), Mapping):
                return self.inner(inner)
        return None

    @property
    def step(self) -> str:
        return "[]" if "items" in self.schema else f".{FREE}"

    @property
    def forms(self) -> list[_Part]:
        return [self.inner(each) for each in self.schema.get("anyOf", ()) if "if" not in each]


@dataclass
class _Chapter:
    """One kind of file: its parts in the order in which a reader meets them, each told once."""

    title: str
    name: str
    told: dict[str, str] = field(default_factory=dict)

    def text(self) -> Iterator[str]:
        part = _Part.of(json.loads((SCHEMAS / self.name).read_text("utf-8")), self.name)
        yield f"\n## {self.title}\n\n{part.schema['description']}\n"
        yield from self._keys(part, "")

    def _section(self, part: _Part, path: str) -> Iterator[str]:
        """The part under a heading of its own, with all that is in it; a list or a mapping of such parts is passed through."""
        inner = part.values
        if inner is not None and _has_keys(inner):
            yield from self._section(inner, path + part.step)
            return
        if not _has_keys(part):
            return
        title = part.schema["title"]
        yield f"\n### `{path}`: {title}\n\n"
        mark = json.dumps([part.schema.get("properties"), part.schema.get("additionalProperties")], sort_keys=True)
        if before := self.told.get(mark):
            yield f"The same keys as [`{before.partition(': ')[0]}`](#{_anchor(before)}).\n"
            return
        self.told[mark] = f"{path}: {title}"
        yield f"{part.schema.get('description', title)}\n"
        yield from self._keys(part, path)

    def _keys(self, part: _Part, path: str) -> Iterator[str]:
        keys = {key: part.inner(each) for key, each in part.schema.get("properties", {}).items()}
        keys = {key: each for key, each in keys.items() if not each.schema.get("doNotSuggest")}
        if keys:
            yield "\n| key | holds | means |\n| --- | --- | --- |\n"
        for key, each in keys.items():
            must = " (required)" if key in part.schema.get("required", ()) else ""
            yield f"| `{key}`{must} | {_holds(each)} | {_means(each)} |\n"
        for key, each in keys.items():
            yield from self._words(f"`{key}` is one of", each)
        if part.values is not None:
            yield from self._each_value(part, part.values)
        for each in part.schema.get("patternProperties", {}).values():
            yield f"\nAny other key: {_means(part.inner(each))}\n"
        for key, each in sorted(keys.items(), key=lambda item: item[0] == "defaults"):
            for form in each.forms or [each]:
                yield from self._section(form, f"{path}.{key}".lstrip("."))

    def _each_value(self, part: _Part, values: _Part) -> Iterator[str]:
        names = part.schema.get("propertyNames", {}).get("patternErrorMessage", "")
        yield f"\n{' '.join(filter(None, [f'Each value: {_holds(values)}.', _means(values), names]))}\n"
        yield from self._words("The words", values)

    def _words(self, head: str, part: _Part) -> Iterator[str]:
        """What each word means that stands here, where the schema tells and the page did not."""
        entries = [part.values] if part.values and "items" in part.schema else []
        for each in (part, *entries, *part.forms):
            words, told = each.schema.get("enum", ()), each.schema.get("markdownEnumDescriptions")
            if told and self.told.setdefault(str(words), head) is head:
                yield f"\n{head}:\n\n| word | means |\n| --- | --- |\n"
                yield from (f"| `{word}` | {means} |\n" for word, means in zip(words, told, strict=True))


def _anchor(heading: str) -> str:
    """What a heading is reached by, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _has_keys(part: _Part) -> bool:
    return bool(part.schema.get("properties")) or (part.values is not None and "items" not in part.schema)


def _holds(part: _Part) -> str:
    schema = part.schema
    if part.forms and not any("enum" in each.schema for each in part.forms):
        return " or ".join(dict.fromkeys(each.schema.get("title", _holds(each)).lower() for each in part.forms))
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if words := _enum(part):
        return "one of " + ", ".join(f"`{each}`" for each in words) if len(words) < 5 else "one of these words"
    kind = schema.get("type", "text")
    if kind == "array":
        values = part.values
        return f"list of {_plural(_holds(values))}" if values else "list"
    return TYPES.get(kind, str(kind)) if isinstance(kind, str) else " or ".join(TYPES[each] for each in kind)


def _plural(holds: str) -> str:
    return f"{holds}s" if holds in TYPES.values() else holds


def _enum(part: _Part) -> list[Any]:
    return part.schema.get("enum") or next((each.schema["enum"] for each in part.forms if "enum" in each.schema), [])


def _means(part: _Part) -> str:
    schema = part.schema
    said = str(schema.get("description", schema.get("title", "")))
    if "default" in schema and "const" not in schema:
        said += f" Default: `{schema['default']}`."
    if shown := [each for each in schema.get("examples", ()) if isinstance(each, str)]:
        said += f" Example: `{shown[0]}`."
    return said.strip().replace("|", "\\|")
