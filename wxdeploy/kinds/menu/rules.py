"""Every rule about the default menu, in groups of ten codes."""

from __future__ import annotations

from wxdeploy.kinds.base import Rule
from wxdeploy.kinds.menu import (
    rules_advice,
    rules_fields,
    rules_paste,
    rules_sizes,
    rules_structure,
    rules_text,
    rules_url,
)

RULES: tuple[Rule, ...] = (
    *rules_structure.RULES,  # WX20x
    *rules_fields.RULES,  # WX21x
    *rules_sizes.RULES,  # WX22x
    *rules_url.RULES,  # WX23x
    *rules_paste.RULES,  # WX24x
    *rules_text.RULES,  # WX25x
    *rules_advice.RULES,  # WX26x
)
