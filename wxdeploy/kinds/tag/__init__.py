"""Tags: what followers are sorted by. Owned one by one; who has a tag is not configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wxdeploy.kinds.base import Declared, Kind
from wxdeploy.kinds.tag.reconcile import reconcile
from wxdeploy.kinds.tag.rules import RULES
from wxdeploy.kinds.tag.wire import read
from wxdeploy.kinds.targeting.tags import KIND, Tag, document, tag_id
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.resource import LiveObject


def _parse(section: JsonValue) -> tuple[Declared[Tag], ...]:
    if isinstance(section, str) or not isinstance(section, Sequence):
        return ()
    return tuple(
        Declared(tag.name, tag, (index,))
        for index, entry in enumerate(section)
        if isinstance(entry, Mapping)
        for tag in (Tag(str(entry.get("name")), _was(entry.get("was"))),)
    )


def _was(value: JsonValue) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(map(str, value)) if isinstance(value, Sequence) else ()


def _section_of(objects: tuple[LiveObject[Tag], ...]) -> JsonValue:
    return [document(each.spec) for each in objects]


def _restored(then: tuple[LiveObject[Tag], ...], now: tuple[LiveObject[Tag], ...]) -> JsonValue:
    """The tags as they were; one that has another name by now is renamed, and keeps its followers."""
    names = {tag_id(each): each.spec.name for each in now}
    entries = []
    for each in then:
        name = names.get(tag_id(each), each.spec.name)
        entries.append(document(each.spec) | ({"was": name} if name != each.spec.name else {}))
    return entries


TAG: Kind[Tag] = Kind(
    name=KIND,
    section="tags",
    schema="tags.schema.json",
    requires=(),
    reads=("tag.get", "menu.get"),
    parse=_parse,
    document=document,
    read=read,
    reconcile=reconcile,
    section_of=_section_of,
    restored=_restored,
    rules=RULES,
)
