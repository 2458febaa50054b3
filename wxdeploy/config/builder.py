"""One pass over the events of a YAML parser: plain data, its places, and what is wrong with either.

The events are taken one by one and the nesting is kept on a list: no depth of nesting can exhaust the stack, neither
ours nor that of a composer written in C, and a file that passes a bound is left at that very event.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

import yaml

from wxdeploy.config import file_rules, yaml_rules
from wxdeploy.config.bound import MOST_FINDINGS, too_many
from wxdeploy.config.places import Place
from wxdeploy.config.scalars import MAX_DIGITS, MERGE, resolve, too_long, word_of
from wxdeploy.kinds.base import Rule
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.jsonvalue import JsonValue, kind_of
from wxdeploy.model.source import Span

MAX_DEPTH = 64
TOO_DEEP = (
    f"this value lies within {MAX_DEPTH} others",
    "look for brackets that are never closed; a menu is nested four deep",
)
"""What is said of a value that lies deeper, and what to do."""

MAX_EXPANSION = 100_000
MAX_VALUES = 100_000

_STRING_TAG = "tag:yaml.org,2002:str"


class EventSource(Protocol):
    """What a parser of PyYAML is to us."""

    def get_event(self) -> Any:
        """The next event."""


class _Frame:
    """A list or mapping that is being filled."""

    __slots__ = (
        "anchor", "children", "column", "height", "is_mapping", "key", "key_column", "key_line", "key_use",
        "line", "merged", "nodes", "value",
    )  # fmt: skip

    def __init__(self, value: Any, children: Any, event: Any, nodes: int) -> None:
        mark = event.start_mark
        self.value = value
        self.children = children
        self.line: int = mark.line + 1
        self.column: int = mark.column + 1
        self.anchor: str | None = event.anchor
        self.nodes = nodes
        self.height = 0
        self.is_mapping = children.__class__ is dict
        # The key whose value comes next, and what is done with that value.
        self.key: str | None = None
        self.key_line = 0
        self.key_column = 0
        self.key_use = _KEEP
        self.merged: list[tuple[dict[str, Any], dict[str, Any]]] | None = None

    def name(self, key: str, mark: Any, use: str) -> None:
        """Take a key; its value comes next."""
        self.key = key
        self.key_line = mark.line + 1
        self.key_column = mark.column + 1
        self.key_use = use


_KEEP = "keep"
_DROP = "drop"
_MERGE_INTO = "merge"
_AS_KEY = "key"


class Builder:
    """Fills ``value`` and ``place`` from events; ``diagnostics`` holds all that is wrong."""

    def __init__(self, file: str, restore: Callable[[str, str | None], str] | None, *, ranges: bool) -> None:
        self.file = file
        self.diagnostics: list[Diagnostic] = []
        self.ranges: list[tuple[int, int]] = []
        self.value: JsonValue = {}
        self.place: Place = (1, 1, {})
        self._restore = restore
        self._stack: list[_Frame] = []
        self._top: _Frame | None = None
        self._anchors: dict[str, tuple[Any, Place, int, int] | None] = {}
        self._nodes = 0
        self._expanded = 0
        self._documents = 0
        self._done = False
        slow = restore is not None or ranges
        self._handlers: dict[type[Any], Callable[[Any], None]] = {
            yaml.ScalarEvent: self._noted_scalar if slow else self._scalar,
            yaml.MappingStartEvent: self._open_mapping,
            yaml.SequenceStartEvent: self._open_sequence,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
            yaml.StreamEndEvent: self._end,
        }

    def run(self, events: EventSource) -> None:
        """Take every event, or stop at the first that passes a bound."""
        get = events.get_event
        handlers = self._handlers
        while not self._done:
            event = get()
            handler = handlers.get(event.__class__)
            if handler is not None:
                handler(event)
            if self._nodes - self._expanded > MAX_VALUES:
                self._stop(
                    file_rules.file_too_large,
                    event,
                    f"it holds more than {MAX_VALUES:,} values",
                    "leave it out of `files`; the configuration of an account is some hundreds",
                )

    def _report(self, rule: Rule, event: Any, detail: str, fix: str) -> None:
        mark = event.start_mark
        span = Span(self.file, mark.line + 1, mark.column + 1)
        if len(self.diagnostics) < MOST_FINDINGS - 1:
            self.diagnostics.append(rule.found(detail, fix, span=span))
        elif not self._done:
            self.diagnostics.append(too_many(span, "there are more from here on, and the rest is not read"))
            self.value, self.place = {}, (1, 1, {})
            self._done = True

    def _stop(self, rule: Rule, event: Any, detail: str, fix: str) -> None:
        self._report(rule, event, detail, fix)
        self.value, self.place = {}, (1, 1, {})
        self._done = True

    def _end(self, event: Any) -> None:  # noqa: ARG002
        self._done = True

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self._stop(
                yaml_rules.several_documents,
                event,
                "a second document begins here, and only one would be read",
                "remove this `---` and keep one document, or move what follows into a file of its own",
            )

    # Scalars

    def _noted_scalar(self, event: Any) -> None:
        """A scalar of a file that has comments for us, or text that was changed to be parsed."""
        self.ranges.append((event.start_mark.index, event.end_mark.index))
        if self._restore is not None:
            event.value = self._restore(event.value, event.style)
        self._scalar(event)

    def _scalar(self, event: Any) -> None:
        text: str = event.value
        mark = event.start_mark
        top = self._top
        plain = event.implicit[0]
        if top is not None and top.key is None and top.is_mapping:
            word = word_of(text) if plain else None
            if word is not None and word not in top.children and event.anchor is None:
                top.name(word, mark, _KEEP)
            else:
                self._name(top, event, text)
            return
        self._nodes += 1
        value = resolve(text) if plain else text
        if value.__class__ is str:
            place: Place = (mark.line + 1, mark.column + 1, None)
            if event.tag is not None or len(text) > MAX_DIGITS:
                self._check(event, text)
        else:
            place = (mark.line + 1, mark.column + 1, text)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, place, 1, 0)
        self._add(value, place)

    def _check(self, event: Any, text: str) -> None:
        """What is rare: a tag, and a number of thousands of digits."""
        if event.tag is not None:
            self._tag(event)
        elif event.implicit[0] and too_long(text):
            self._report(
                yaml_rules.number_out_of_range,
                event,
                f"these {len(text)} characters would be one number",
                'put it in quotes, "like this", if it is an identifier',
            )

    def _tag(self, event: Any) -> None:
        if event.tag not in (None, "!") and not (event.tag == _STRING_TAG and event.__class__ is yaml.ScalarEvent):
            self._report(
                yaml_rules.yaml_tag,
                event,
                "a word that begins with `!` is taken for a type, and no types are known here",
                "put the text in quotes if it begins with an exclamation mark; else remove the word",
            )

    # Keys

    def _name(self, top: _Frame, event: Any, text: str) -> None:
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if event.implicit[0] and event.tag is None:
            if text == MERGE:
                top.name(text, mark, _MERGE_INTO)
                return
            if resolve(text).__class__ is not str:
                shown = text or "nothing"
                self._report(
                    yaml_rules.key_not_a_string,
                    event,
                    f"`{shown}` is read as {kind_of(resolve(text))}",
                    f'write the key in quotes: "{text}"' if text else "write a key before the colon",
                )
        elif event.tag is not None:
            self._tag(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = (text, (line, column, None), 1, 0)
        self._key(top, event, text)

    def _key(self, top: _Frame, event: Any, text: str) -> None:
        first = top.children.get(text)
        if first is None:
            top.name(text, event.start_mark, _KEEP)
            return
        top.name(text, event.start_mark, _DROP)
        self._report(
            yaml_rules.duplicate_key,
            event,
            f"`{text}` is given already at {Span(self.file, first[3], first[4])}, and only one of the two can count",
            "remove one of the two, or give it another name",
        )

    # Lists and mappings

    def _open_mapping(self, event: Any) -> None:
        self._open(event, {}, {})

    def _open_sequence(self, event: Any) -> None:
        self._open(event, [], [])

    def _open(self, event: Any, value: Any, children: Any) -> None:
        top = self._top
        if top is not None and top.key is None and top.is_mapping:
            self._no_name(top, event)
        if event.tag is not None:
            self._tag(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        if len(self._stack) >= MAX_DEPTH:
            self._too_deep(event)
            return
        frame = _Frame(value, children, event, self._nodes)
        self._nodes += 1
        self._stack.append(frame)
        self._top = frame

    def _too_deep(self, event: Any) -> None:
        self._stop(yaml_rules.too_deep, event, *TOO_DEEP)

    def _no_name(self, top: _Frame, event: Any) -> None:
        what = "a list" if event.__class__ is yaml.SequenceStartEvent else "a mapping"
        self._report(
            yaml_rules.key_not_a_string,
            event,
            f"{what} stands where a key is expected",
            "put the text in quotes if it begins with a bracket or a brace; else give the value a key of its own",
        )
        # The collection itself is consumed as the value of a key that is dropped, its own value as another's.
        top.name("", event.start_mark, _AS_KEY)

    def _close(self, event: Any) -> None:  # noqa: ARG002
        frame = self._stack.pop()
        self._top = self._stack[-1] if self._stack else None
        for mapping, children in frame.merged or ():
            for key, entry in children.items():
                if key not in frame.children:
                    frame.value[key] = mapping[key]
                    frame.children[key] = entry
        place: Place = (frame.line, frame.column, frame.children)
        if frame.anchor is not None:
            self._anchors[frame.anchor] = (frame.value, place, self._nodes - frame.nodes, frame.height + 1)
        if self._top is not None and self._top.height <= frame.height:
            self._top.height = frame.height + 1
        self._add(frame.value, place)

    def _alias(self, event: Any) -> None:
        known = self._anchors.get(event.anchor, ())
        if not known:
            self._no_anchor(event, recursive=known is None)
            known = ("", (0, 0, None), 1, 0)
        value, place, nodes, height = known
        self._nodes += nodes
        self._expanded += nodes
        if self._expanded > MAX_EXPANSION:
            self._stop(
                yaml_rules.expansion_bound,
                event,
                f"with this alias the aliases of the file stand for more than {MAX_EXPANSION:,} values",
                "write the values out, or use fewer aliases of aliases",
            )
            return
        top = self._top
        if len(self._stack) + height > MAX_DEPTH:
            self._too_deep(event)
            return
        if top is not None and top.height < height:
            top.height = height
        if top is not None and top.key is None and top.is_mapping:
            if isinstance(value, str):
                self._key(top, event, value)
            else:
                self._report(
                    yaml_rules.key_not_a_string,
                    event,
                    f"this alias stands for {kind_of(value)}",
                    "write the key itself, in quotes",
                )
                top.name("", event.start_mark, _DROP)
            return
        mark = event.start_mark
        self._add(value, (mark.line + 1, mark.column + 1, place[2]))

    def _no_anchor(self, event: Any, *, recursive: bool) -> None:
        if recursive:
            rule, detail = yaml_rules.recursive_alias, f"`*{event.anchor}` stands within the value that it names"
        else:
            rule, detail = yaml_rules.unknown_alias, f"no `&{event.anchor}` stands further up in this file"
        self._report(rule, event, detail, f'put the text in quotes: "*{event.anchor}", or write the value itself')

    def _add(self, value: Any, place: Place) -> None:
        top = self._top
        if top is None:
            if place[2] != "":  # an empty document is an empty mapping, not a null
                self.value, self.place = value, place
            return
        key = top.key
        if key is None:
            top.value.append(value)
            top.children.append(place)
            return
        top.key = None
        if top.key_use is _KEEP:
            top.value[key] = value
            top.children[key] = (place[0], place[1], place[2], top.key_line, top.key_column)
        elif top.key_use is _MERGE_INTO:
            self._merge(top, value, place)
        elif top.key_use is _AS_KEY:
            top.key, top.key_use = "", _DROP

    def _merge(self, top: _Frame, value: Any, place: Place) -> None:
        parts = value if isinstance(value, list) else [value]
        places = cast("list[Place]", place[2]) if isinstance(value, list) else [place]
        top.merged = top.merged or []
        for part, where in zip(parts, places, strict=True):
            if isinstance(part, dict) and isinstance(where[2], dict):
                top.merged.append((part, where[2]))
            else:
                span = Span(self.file, where[0] or top.key_line, where[1] or top.key_column)
                self.diagnostics.append(
                    yaml_rules.merge_of_no_mapping.found(
                        f"`<<` takes the keys of a mapping, and this is {kind_of(part)}",
                        'name a mapping with `*`, or write the key as "<<" if it is really called so',
                        span=span,
                    )
                )
