"""Template mappings: a logical name for what every account has under an id and placeholders of its own.

No call changes a template, and none tells its number in the library: a plan adds what is missing and can be added, and
says of everything else what a person has to do.
"""

from __future__ import annotations

from wxdeploy.kinds.base import Kind
from wxdeploy.kinds.template.naming import section_of
from wxdeploy.kinds.template.reconcile import reconcile
from wxdeploy.kinds.template.rules import RULES
from wxdeploy.kinds.template.spec import KIND, SECTION, Template, document, parse
from wxdeploy.kinds.template.wire import read

TEMPLATE: Kind[Template] = Kind(
    name=KIND,
    section=SECTION,
    schema="templates.schema.json",
    requires=(),
    reads=("template.list",),
    parse=parse,
    document=document,
    read=read,
    reconcile=reconcile,
    section_of=section_of,
    rules=RULES,
)
