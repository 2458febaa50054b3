"""Every rule about replies, in groups of ten codes; what a plan says of keys is in ``planning.keys``."""

from __future__ import annotations

from wxdeploy.kinds.base import Rule
from wxdeploy.kinds.replies import console, rules_contents, rules_ids, rules_keys

RULES: tuple[Rule, ...] = (
    *rules_keys.RULES,  # WX60x
    *rules_contents.RULES,  # WX61x
    *rules_ids.RULES,  # WX62x
    *console.RULES,  # WX93x
)
