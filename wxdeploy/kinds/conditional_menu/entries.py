"""The personalised menus of the plain data, whatever its shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from wxdeploy.kinds.base import Account, walked
from wxdeploy.kinds.buttons.walk import CONDITIONAL, listed, shown
from wxdeploy.kinds.targeting.menus import MatchRule, given, rule_of

if TYPE_CHECKING:
    from wxdeploy.model.jsonvalue import JsonValue, Path


@dataclass(frozen=True)
class Entry:
    """One menu of the section, by its place there."""

    index: int
    fields: Mapping[str, JsonValue]

    @cached_property
    def raw_rule(self) -> Mapping[str, JsonValue]:
        """The fields of the rule that say something, as they are written."""
        raw = self.fields.get("matchrule")
        return {name: value for name, value in raw.items() if given(value)} if isinstance(raw, Mapping) else {}

    @cached_property
    def rule(self) -> MatchRule:
        """The rule as a value."""
        return rule_of(self.raw_rule, {})

    @property
    def who(self) -> str:
        """What a person calls the menu."""
        name = self.fields.get("name")
        return f'"{shown(name.strip())}"' if isinstance(name, str) and name.strip() else f"menu {self.index + 1}"

    def at(self, *path: str | int) -> Path:
        """The path of a part."""
        return (self.index, *path)

    def at_rule(self, field: str = "") -> Path:
        """The path of the rule or of a field of it; of the menu where it has no rule."""
        if "matchrule" not in self.fields:
            return (self.index,)
        return (self.index, "matchrule", field) if field else (self.index, "matchrule")


@walked
def entries(account: Account) -> Iterator[Entry]:
    """The entries of ``conditional_menus`` that are mappings."""
    for index, fields in enumerate(listed(account.sections.get(CONDITIONAL))):
        if isinstance(fields, Mapping):
            yield Entry(index, fields)
