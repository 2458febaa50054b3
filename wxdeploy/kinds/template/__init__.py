"""Template mappings: a logical name for what every account has under an id and placeholders of its own.

No call changes a template, and none tells its number in the library: a plan adds what is missing and can be added, and
says of everything else what a person has to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wxdeploy.kinds.base import Declared, Kind, Rule
from wxdeploy.kinds.names import TEMPLATE as KIND
from wxdeploy.kinds.names import TEMPLATES as SECTION
from wxdeploy.model.jsonvalue import JsonValue

if TYPE_CHECKING:
    from wxdeploy.kinds.reconciliation import Reconciliation, Setting
    from wxdeploy.kinds.template.spec import Template
    from wxdeploy.model.resource import LiveObject, Reading


def _parse(section: JsonValue) -> tuple[Declared[Template], ...]:
    from wxdeploy.kinds.template.spec import parse

    return parse(section)


def _document(spec: Template) -> JsonValue:
    from wxdeploy.kinds.template.spec import document

    return document(spec)


def _section_of(objects: tuple[LiveObject[Template], ...]) -> JsonValue:
    from wxdeploy.kinds.template.naming import section_of

    return section_of(objects)


def _read(answers: Mapping[str, JsonValue], known: Mapping[str, Reading[Any]]) -> Reading[Template]:
    from wxdeploy.kinds.template.wire import read

    return read(answers, known)


def _reconcile(setting: Setting) -> Reconciliation[Template]:
    from wxdeploy.kinds.template.reconcile import reconcile

    return reconcile(setting)


def _rules() -> tuple[Rule, ...]:
    from wxdeploy.kinds.template.rules import RULES

    return RULES


TEMPLATE: Kind[Template] = Kind(
    name=KIND,
    section=SECTION,
    linted=(SECTION,),
    schema="templates.schema.json",
    requires=(),
    reads=("template.list",),
    parse=_parse,
    document=_document,
    read=_read,
    reconcile=_reconcile,
    section_of=_section_of,
    load_rules=_rules,
)
