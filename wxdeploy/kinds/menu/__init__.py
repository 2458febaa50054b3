"""The default menu: what every follower sees whom no personalised menu matches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wxdeploy.kinds.base import Declared, Kind, Rule
from wxdeploy.model.jsonvalue import JsonValue

if TYPE_CHECKING:
    from wxdeploy.kinds.buttons.spec import Menu
    from wxdeploy.kinds.reconciliation import Reconciliation, Setting
    from wxdeploy.model.resource import LiveObject, Reading

NAME = "default"
"""What the only object of the kind is called."""


def _parse(section: JsonValue) -> tuple[Declared[Menu], ...]:
    from wxdeploy.kinds.buttons.spec import ABSENT, menu_of

    if section == ABSENT or not isinstance(section, Mapping):
        return ()
    return (Declared(NAME, menu_of(section), ()),)


def _document(spec: Menu) -> JsonValue:
    from wxdeploy.kinds.buttons.spec import document

    return document(spec)


def _written(spec: Menu) -> str:
    from wxdeploy.kinds.buttons.spec import written
    from wxdeploy.model.jsonvalue import canonical_object

    return canonical_object(written(spec))


def _section_of(objects: tuple[LiveObject[Menu], ...]) -> JsonValue:
    from wxdeploy.kinds.buttons.spec import ABSENT, document

    return document(objects[0].spec) if objects else ABSENT


def _read(answers: Mapping[str, JsonValue], known: Mapping[str, Reading[Any]]) -> Reading[Menu]:
    from wxdeploy.kinds.menu.wire import read

    return read(answers, known)


def _reconcile(setting: Setting) -> Reconciliation[Menu]:
    from wxdeploy.kinds.menu.reconcile import reconcile

    return reconcile(setting)


def _rules() -> tuple[Rule, ...]:
    from wxdeploy.kinds.menu import hazards, rules

    return (*rules.RULES, *hazards.RULES)


MENU: Kind[Menu] = Kind(
    name="menu",
    section="menu",
    linted=("menu", "conditional_menus"),
    schema="menu.schema.json",
    requires=(),
    reads=("menu.get", "selfmenu.get"),
    parse=_parse,
    document=_document,
    written=_written,
    read=_read,
    reconcile=_reconcile,
    section_of=_section_of,
    load_rules=_rules,
)
