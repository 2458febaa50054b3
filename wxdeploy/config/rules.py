"""Every rule that reading the files can break; the pages stand in one module per group."""

from __future__ import annotations

from wxdeploy.config import accounts_rules, file_rules, project_rules, schema_rules, yaml_rules
from wxdeploy.config.yaml_rules import idle_silence
from wxdeploy.kinds.base import Rule

__all__ = ["RULES", "idle_silence"]

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (*file_rules.RULES, *yaml_rules.RULES, *project_rules.RULES, *accounts_rules.RULES, *schema_rules.RULES),
        key=lambda rule: rule.code,
    )
)
