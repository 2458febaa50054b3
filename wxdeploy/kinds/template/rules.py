"""Every rule about templates, in groups of ten codes."""

from __future__ import annotations

from wxdeploy.kinds.base import Rule
from wxdeploy.kinds.template import rules_adding, rules_links, rules_mapping, rules_values, states

RULES: tuple[Rule, ...] = (
    *rules_mapping.RULES,  # WX50x, WX51x
    *rules_values.RULES,  # WX52x, WX53x
    *rules_links.RULES,  # WX54x
    *rules_adding.RULES,  # WX55x
    *states.RULES,  # WX56x
)
