"""Personalised menus: an ordered list, of which a follower sees the first whose rule matches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wxdeploy.kinds.base import Declared, Kind, Rule
from wxdeploy.kinds.names import CONDITIONAL_MENU as KIND
from wxdeploy.kinds.names import CONDITIONAL_MENUS as SECTION
from wxdeploy.model.jsonvalue import JsonValue

if TYPE_CHECKING:
    from wxdeploy.kinds.reconciliation import Reconciliation, Setting
    from wxdeploy.kinds.targeting.menus import Personalised
    from wxdeploy.model.resource import LiveObject, Reading


def _parse(section: JsonValue) -> tuple[Declared[Personalised], ...]:
    """The menus in order; one without a name is called after its rule."""
    from wxdeploy.kinds.targeting.menus import distinct, personalised_of

    if isinstance(section, str) or not isinstance(section, Sequence):
        return ()
    entries = [(index, entry) for index, entry in enumerate(section) if isinstance(entry, Mapping)]
    menus = {index: personalised_of(entry, {}) for index, entry in entries}
    names = {index: str(entry["name"]) for index, entry in entries if entry.get("name")}
    nameless = [index for index in menus if index not in names]
    found = distinct((menus[index].rule.label for index in nameless), names.values())
    names.update(zip(nameless, found, strict=True))
    return tuple(Declared(names[index], menu, (index,)) for index, menu in menus.items())


def _document(spec: Personalised) -> JsonValue:
    from wxdeploy.kinds.targeting.menus import document

    return document(spec)


def _written(spec: Personalised) -> str:
    return spec.written


def _section_of(objects: tuple[LiveObject[Personalised], ...]) -> JsonValue:
    from wxdeploy.kinds.targeting.menus import document

    return [{"name": each.address.name, **document(each.spec)} for each in objects if not each.spec.rule.removed]


def _read(answers: Mapping[str, JsonValue], known: Mapping[str, Reading[Any]]) -> Reading[Personalised]:
    from wxdeploy.kinds.conditional_menu.wire import read

    return read(answers, known)


def _reconcile(setting: Setting) -> Reconciliation[Personalised]:
    from wxdeploy.kinds.conditional_menu.reconcile import reconcile

    return reconcile(setting)


def _rules() -> tuple[Rule, ...]:
    from wxdeploy.kinds.conditional_menu import rules, rules_order, rules_plan

    return (*rules.RULES, *rules_order.RULES, *rules_plan.RULES)


CONDITIONAL_MENU: Kind[Personalised] = Kind(
    name=KIND,
    section=SECTION,
    linted=(SECTION,),
    schema="conditional_menus.schema.json",
    requires=("tag", "menu"),
    reads=("menu.get",),
    parse=_parse,
    document=_document,
    written=_written,
    read=_read,
    reconcile=_reconcile,
    section_of=_section_of,
    load_rules=_rules,
    ordered=True,
)
