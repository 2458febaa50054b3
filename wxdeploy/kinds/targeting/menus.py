"""A personalised menu as a value, its canonical document, and the live ones as ``menu/get`` lists them.

WeChat stores no name beside a personalised menu, so a live one is called after its rule: ``vip-ios``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from wxdeploy.kinds.buttons.spec import Menu, menu_of
from wxdeploy.kinds.buttons.spec import document as menu_document
from wxdeploy.kinds.buttons.spec import written as menu_written
from wxdeploy.kinds.names import CONDITIONAL_MENU
from wxdeploy.model.address import Address
from wxdeploy.model.jsonvalue import canonical, canonical_object
from wxdeploy.wechat.matchrules import PLATFORM, PLATFORM_NAMES, PLATFORMS, REMOVED, TAG_IDS

if TYPE_CHECKING:
    from wxdeploy.model.jsonvalue import JsonValue
    from wxdeploy.model.resource import LiveObject

KIND = CONDITIONAL_MENU

_NOBODY = "no-rule"
_KNOWN = frozenset({"tag", PLATFORM, *TAG_IDS})


class MatchRule(NamedTuple):
    """Who sees a personalised menu: all fields that are given have to agree.

    ``tag_id`` is there where no name is known. ``others`` holds the fields that WeChat removed, which match nobody any
    more, and those that are not known here.
    """

    tag: str | None = None
    tag_id: str | None = None
    platform: str | None = None
    others: Mapping[str, JsonValue] = MappingProxyType({})

    @property
    def removed(self) -> tuple[str, ...]:
        """The fields that make the rule a dead one."""
        return tuple(name for name in REMOVED if name in self.others)

    @property
    def is_empty(self) -> bool:
        """Whether the rule says nothing that is known."""
        return self.tag is None and self.tag_id is None and self.platform is None

    @property
    def label(self) -> str:
        """A name made of the rule."""
        parts = [self.tag, self.tag_id and f"tag-{self.tag_id}", self.platform]
        parts += [f"{name}-{self.others[name]}" for name in self.removed]
        words = "-".join(part for part in parts if part) or _NOBODY
        shown = "".join(sign if sign.isprintable() else " " for sign in words.lower())
        return "-".join(shown.split()) or _NOBODY


@dataclass(frozen=True)
class Personalised:
    """A personalised menu: its rule and what the default menu's body holds."""

    rule: MatchRule
    menu: Menu

    @cached_property
    def written(self) -> str:
        """Its document as canonical JSON: what is equal where two menus have the same rule and buttons."""
        return canonical_object({"matchrule": canonical(rule_document(self.rule)), **menu_written(self.menu)})


def given(value: JsonValue) -> bool:
    """Whether a field of a rule says anything: clients that always send every field leave it empty."""
    return value is not None and value != ""


def rule_of(raw: JsonValue, names: Mapping[str, str]) -> MatchRule:
    """The rule of a declared or a live menu; ``names`` are those of the tags by id."""
    if not isinstance(raw, Mapping):
        return MatchRule()
    fields = {name: value for name, value in raw.items() if given(value)}
    number = next((str(fields[name]) for name in TAG_IDS if name in fields), None)
    tag = str(fields["tag"]) if "tag" in fields else names.get(number or "")
    platform = str(fields[PLATFORM]) if PLATFORM in fields else None
    others: dict[str, JsonValue] = {}
    if not fields.keys() <= _KNOWN:
        others = {name: str(fields[name]) for name in REMOVED if name in fields}
        others |= {name: fields[name] for name in sorted(fields) if name not in _KNOWN and name not in others}
    return MatchRule(
        tag=tag,
        tag_id=number if tag is None else None,
        platform=PLATFORM_NAMES.get(platform, platform) if platform else None,
        others=others,
    )


def rule_document(rule: MatchRule) -> dict[str, JsonValue]:
    """The canonical document of a rule."""
    known = {"tag": rule.tag, "tag_id": rule.tag_id, PLATFORM: rule.platform}
    return {**{name: value for name, value in known.items() if value is not None}, **rule.others}


def platform_number(rule: MatchRule) -> str | None:
    """The rule's platform as the API writes it."""
    return PLATFORMS.get(rule.platform, rule.platform) if rule.platform else None


def personalised_of(raw: Mapping[str, JsonValue], names: Mapping[str, str]) -> Personalised:
    """One entry of ``conditional_menus``, or of ``conditionalmenu`` in an answer of ``menu/get``."""
    body = {name: value for name, value in raw.items() if name not in ("name", "matchrule")}
    return Personalised(rule_of(raw.get("matchrule"), names), menu_of(body))


def document(menu: Personalised) -> dict[str, JsonValue]:
    """The canonical document."""
    return {"matchrule": rule_document(menu.rule), **menu_document(menu.menu)}


def live_rules(answer: JsonValue, names: Mapping[str, str]) -> Iterator[tuple[str, MatchRule]]:
    """What each of ``live_menus`` is called, and its rule."""
    rules = [rule_of(raw.get("matchrule"), names) for raw in _listed(answer)]
    yield from zip(distinct(rule.label for rule in rules), rules, strict=True)


def live_menus(answer: JsonValue, names: Mapping[str, str]) -> tuple[LiveObject[Personalised], ...]:
    """The live personalised menus, the one that is matched first at the front."""
    from wxdeploy.model.resource import LiveObject

    return labelled(
        LiveObject(
            address=Address(KIND, ""),
            spec=personalised_of(raw, names),
            remote={"menuid": str(raw.get("menuid"))},
            raw=raw,
        )
        for raw in _listed(answer)
    )


def is_of_api(default: LiveObject[Menu]) -> bool:
    """Whether there is a default menu that was made through the API, were it not the one that followers see."""
    answer = default.raw.get("menu.get") if isinstance(default.raw, Mapping) else None
    return default.state.get("origin") == "api" or (isinstance(answer, Mapping) and bool(answer.get("menu")))


def _listed(answer: JsonValue) -> Iterator[Mapping[str, JsonValue]]:
    listed = answer.get("conditionalmenu") if isinstance(answer, Mapping) else None
    if isinstance(listed, Sequence) and not isinstance(listed, str):
        yield from (raw for raw in listed if isinstance(raw, Mapping))


def labelled(menus: Iterable[LiveObject[Personalised]]) -> tuple[LiveObject[Personalised], ...]:
    """Live menus named after their rules, as reading them in this order names them."""
    objects = tuple(menus)
    names = distinct(each.spec.rule.label for each in objects)
    return tuple(
        each._replace(address=Address(KIND, name), state={"dead": True} if each.spec.rule.removed else {})
        for each, name in zip(objects, names, strict=True)
    )


def distinct(names: Iterable[str], taken: Iterable[str] = ()) -> tuple[str, ...]:
    """The names, with a number behind each that is there already."""
    used = set(taken)
    found = []
    for name in names:
        count, free = 1, name
        while free in used:
            count += 1
            free = f"{name}-{count}"
        used.add(free)
        found.append(free)
    return tuple(found)


def retagged(menus: Iterable[LiveObject[Personalised]], old: str, new: str) -> tuple[LiveObject[Personalised], ...]:
    """Live menus as they read once a tag has another name."""
    return labelled(
        each._replace(spec=replace(each.spec, rule=each.spec.rule._replace(tag=new)))
        if each.spec.rule.tag == old
        else each
        for each in menus
    )
