"""Tags: what followers are sorted by. Owned one by one; who has a tag is not configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wxdeploy.kinds.base import Declared, Kind, Rule
from wxdeploy.kinds.names import TAG as KIND
from wxdeploy.kinds.names import TAGS as SECTION
from wxdeploy.model.jsonvalue import JsonValue

if TYPE_CHECKING:
    from wxdeploy.kinds.reconciliation import Reconciliation, Setting
    from wxdeploy.kinds.targeting.tags import Tag
    from wxdeploy.model.resource import LiveObject, Reading


def _parse(section: JsonValue) -> tuple[Declared[Tag], ...]:
    from wxdeploy.kinds.targeting.tags import Tag

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


def _document(spec: Tag) -> JsonValue:
    from wxdeploy.kinds.targeting.tags import document

    return document(spec)


def _section_of(objects: tuple[LiveObject[Tag], ...]) -> JsonValue:
    from wxdeploy.kinds.targeting.tags import document

    return [document(each.spec) for each in objects]


def _restored(then: tuple[LiveObject[Tag], ...], now: tuple[LiveObject[Tag], ...]) -> JsonValue:
    """The tags as they were; one that has another name by now is renamed, and keeps its followers."""
    from wxdeploy.kinds.targeting.tags import document, tag_id

    names = {tag_id(each): each.spec.name for each in now}
    entries = []
    for each in then:
        name = names.get(tag_id(each), each.spec.name)
        entries.append(document(each.spec) | ({"was": name} if name != each.spec.name else {}))
    return entries


def _read(answers: Mapping[str, JsonValue], known: Mapping[str, Reading[Any]]) -> Reading[Tag]:
    from wxdeploy.kinds.tag.wire import read

    return read(answers, known)


def _reconcile(setting: Setting) -> Reconciliation[Tag]:
    from wxdeploy.kinds.tag.reconcile import reconcile

    return reconcile(setting)


def _rules() -> tuple[Rule, ...]:
    from wxdeploy.kinds.tag.rules import RULES

    return RULES


TAG: Kind[Tag] = Kind(
    name=KIND,
    section=SECTION,
    linted=(SECTION,),
    schema="tags.schema.json",
    requires=(),
    reads=("tag.get", "menu.get"),
    parse=_parse,
    document=_document,
    read=_read,
    reconcile=_reconcile,
    section_of=_section_of,
    restored=_restored,
    load_rules=_rules,
)
