"""All the rules of a run, built once from the groups that define them, and the severities a project gives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from wxdeploy.model.diagnostic import Severity

if TYPE_CHECKING:
    from wxdeploy.kinds.base import Rule

OFF = "off"
"""The severity, in a project's ``rules``, that turns a rule off."""

_WILDCARD = "x"


@dataclass(frozen=True, slots=True)
class Registry:
    """Rules by code; iterates in the order of the codes."""

    rules: Mapping[str, Rule]

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules.values())

    def __len__(self) -> int:
        return len(self.rules)

    def find(self, word: str) -> Rule | None:
        """The rule of this code or this name, however it is capitalised."""
        if found := self.rules.get(word.upper()):
            return found
        return next((rule for rule in self if rule.name == word.lower()), None)

    def near(self, word: str) -> Rule | None:
        """The rule whose code or name looks most like ``word``, where one does."""
        from difflib import get_close_matches

        wanted = word.upper()
        if close := get_close_matches(wanted, self.rules, n=8, cutoff=0.75):
            return self.rules[max(close, key=lambda code: _common_length(code, wanted))]
        names = {rule.name: rule for rule in self}
        close = get_close_matches(word.lower(), names, n=1)
        return names[close[0]] if close else None


def _common_length(one: str, other: str) -> int:
    """How many letters two codes begin with alike."""
    return next((index for index, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))


def build(*groups: Iterable[Rule]) -> Registry:
    """A registry of the rules of all groups; two rules with one code or one name are a defect."""
    rules: dict[str, Rule] = {}
    names: dict[str, str] = {}
    for rule in (rule for group in groups for rule in group):
        if rule.code in rules:
            raise ValueError(f"two rules have the code {rule.code}: {rules[rule.code].name} and {rule.name}")
        if rule.name in names:
            raise ValueError(f"two rules have the name {rule.name}: {names[rule.name]} and {rule.code}")
        rules[rule.code] = rule
        names[rule.name] = rule.code
    return Registry(MappingProxyType(dict(sorted(rules.items()))))


def severity_of(rule: Rule, overrides: Mapping[str, str]) -> Severity | None:
    """The severity of a rule under a project's ``rules``; None where it is turned off.

    A pattern is a code whose last digits may be ``x`` (``WX2xx``, ``WX21x``); the one that says most wins.
    """
    patterns = [pattern for pattern in overrides if matches(pattern, rule.code)]
    if not patterns:
        return rule.severity
    level = overrides[min(patterns, key=lambda pattern: pattern.count(_WILDCARD))]
    return None if level == OFF else Severity(level)


def matches(pattern: str, code: str) -> bool:
    """Whether a pattern stands for this code: the same, or with ``x`` in place of its last digits."""
    stem = pattern.rstrip(_WILDCARD)
    rest = code[len(stem) :]
    return len(pattern) == len(code) and code.startswith(stem) and (not rest or rest.isdigit())


def unknown_overrides(overrides: Mapping[str, str], registry: Registry) -> tuple[str, ...]:
    """The patterns of a project's ``rules`` that stand for no rule at all, in the order in which they are written."""
    return tuple(pattern for pattern in overrides if not any(matches(pattern, rule.code) for rule in registry))
