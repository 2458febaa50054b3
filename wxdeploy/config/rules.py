"""Every rule that reading the files can break; the pages stand in one module per group."""

from __future__ import annotations

from wxdeploy.config import file_rules, project_rules, schema_rules, yaml_rules
from wxdeploy.kinds.base import Rule

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (*file_rules.RULES, *yaml_rules.RULES, *project_rules.RULES, *schema_rules.RULES), key=lambda rule: rule.code
    )
)
