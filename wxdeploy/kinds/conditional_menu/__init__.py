"""Personalised menus: an ordered list, of which a follower sees the first whose rule matches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wxdeploy.kinds.base import Declared, Kind
from wxdeploy.kinds.conditional_menu import rules, rules_order, rules_plan
from wxdeploy.kinds.conditional_menu.reconcile import reconcile
from wxdeploy.kinds.conditional_menu.wire import read
from wxdeploy.kinds.targeting.menus import KIND, Personalised, distinct, document, personalised_of
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.resource import LiveObject


def _parse(section: JsonValue) -> tuple[Declared[Personalised], ...]:
    """The menus in order; one without a name is called after its rule."""
    if isinstance(section, str) or not isinstance(section, Sequence):
        return ()
    entries = [(index, entry) for index, entry in enumerate(section) if isinstance(entry, Mapping)]
    menus = {index: personalised_of(entry, {}) for index, entry in entries}
    names = {index: str(entry["name"]) for index, entry in entries if entry.get("name")}
    nameless = [index for index in menus if index not in names]
    found = distinct((menus[index].rule.label for index in nameless), names.values())
    names.update(zip(nameless, found, strict=True))
    return tuple(Declared(names[index], menu, (index,)) for index, menu in menus.items())


def _section_of(objects: tuple[LiveObject[Personalised], ...]) -> JsonValue:
    return [{"name": each.address.name, **document(each.spec)} for each in objects if not each.spec.rule.removed]


CONDITIONAL_MENU: Kind[Personalised] = Kind(
    name=KIND,
    section="conditional_menus",
    schema="conditional_menus.schema.json",
    requires=("tag", "menu"),
    reads=("menu.get",),
    parse=_parse,
    document=document,
    read=read,
    reconcile=reconcile,
    section_of=_section_of,
    rules=(*rules.RULES, *rules_order.RULES, *rules_plan.RULES),
    ordered=True,
)
