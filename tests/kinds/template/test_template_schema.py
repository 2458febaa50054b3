"""The schema of the section: its keys are what is read, its figures are the table's."""

from __future__ import annotations

import re
from typing import Any

from lint.section_schemas import schema

from wxdeploy.kinds.template.rules import RULES
from wxdeploy.kinds.template.spec import Field, MiniProgram, Template
from wxdeploy.wechat.template_fields import TYPES

SCHEMA = schema("templates")
MAPPING, FIELD = SCHEMA["definitions"]["mapping"], SCHEMA["definitions"]["field"]


def test_keys_are_the_fields_that_are_read() -> None:
    def names(kind: Any) -> set[str]:
        return set(kind._fields)

    assert set(MAPPING["properties"]) == names(Template) - {"fields"} | {"data"}
    assert set(FIELD["properties"]) == names(Field) - {"placeholder", "source"} | {"from", "color"}
    assert set(MAPPING["properties"]["miniprogram"]["properties"]) == names(MiniProgram)


def test_the_page_of_typed_fields_names_every_type() -> None:
    (page,) = [rule.doc for rule in RULES if rule.code == "WX520"]
    missing = {name for name in TYPES if not re.search(rf"`{name}`", page)}
    assert missing == {"enum", "enum_string", "short_thing"}  # no figure, and values that the template alone knows
    for name, row in TYPES.items():
        if row.most and name not in missing:
            assert re.search(rf"\b{row.most}\b", page), name
