"""Who sees which menu, decided as WeChat does; pure.

The menus are looked at in order of priority, and the first whose rule matches wins. Of a follower's tags only the one
that was given last counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from wxdeploy.kinds.targeting.menus import MatchRule, Personalised
from wxdeploy.model.plan import Audience

if TYPE_CHECKING:
    from wxdeploy.model.resource import LiveObject

Candidate = tuple[str, MatchRule]
"""The name of a personalised menu and its rule."""


class Considered(NamedTuple):
    """One menu, whether its rule matches the follower, and why (not)."""

    menu: str
    matched: bool
    why: str


class Decision(NamedTuple):
    """The menu that a follower sees (None: the default menu), and what was considered, in order of priority."""

    winner: str | None
    considered: tuple[Considered, ...]


class Group(NamedTuple):
    """Followers by the tag that counts and their platform; None is none, or any that no rule names."""

    tag: str | None
    platform: str | None


def decide(menus: Iterable[Candidate], tags: Sequence[str], platform: str | None) -> Decision:
    """Which of ``menus``, given in order of priority, a follower sees.

    ``tags`` are the follower's in the order in which they were given, by name (by id where a rule names an id);
    ``platform`` is ``ios``, ``android``, ``other``, or None where it is not known.
    """
    winner: str | None = None
    considered: list[Considered] = []
    for name, rule in menus:
        unmet = _unmet(rule, tags, platform)
        if unmet:
            considered.append(Considered(name, False, "; ".join(unmet)))
        elif winner is None:
            winner = name
            considered.append(Considered(name, True, _met(rule, tags)))
        else:
            considered.append(Considered(name, True, f"its rule matches too, but {winner} comes first"))
    return Decision(winner, tuple(considered))


def matches(rule: MatchRule, group: Group) -> bool:
    """Whether a rule matches the followers of a group."""
    return not _unmet(rule, (group.tag,) if group.tag is not None else (), group.platform)


def groups(rules: Iterable[MatchRule]) -> tuple[Group, ...]:
    """Every combination of a tag and a platform that the rules name, and of none and any other."""
    named = [rule for rule in rules if not rule.removed]
    tags = sorted({rule.tag for rule in named if rule.tag is not None})
    platforms = sorted({rule.platform for rule in named if rule.platform is not None})
    return tuple(Group(tag, platform) for tag in (*tags, None) for platform in (*platforms, None))


def bereft(menus: Iterable[LiveObject[Personalised]]) -> tuple[Audience, ...]:
    """Those who see one of the live menus, given in order of priority, and none once they all go at once."""
    live = [(each.address.name, each.spec.rule) for each in menus]
    seen = ((group, _first(live, group)) for group in groups(rule for _, rule in live))
    return tuple(
        Audience(tag=group.tag, platform=group.platform, before=name, after=None, buttons_change=True)
        for group, name in seen
        if name is not None
    )


def _first(menus: Iterable[Candidate], group: Group) -> str | None:
    return next((name for name, rule in menus if matches(rule, group)), None)


def _unmet(rule: MatchRule, tags: Sequence[str], platform: str | None) -> list[str]:
    """What speaks against a match."""
    if rule.removed:
        return [f"its rule uses {' and '.join(rule.removed)}, which WeChat removed: it matches nobody"]
    if rule.is_empty:
        return ["its rule names neither a tag nor a platform"]
    found = []
    wanted = rule.tag if rule.tag is not None else rule.tag_id
    if wanted is not None and (not tags or tags[-1] != wanted):
        found.append(_other_tag(wanted, tags))
    if rule.platform is not None and rule.platform != platform:
        found.append(f"it asks for the platform {rule.platform}, not {platform or 'an unknown one'}")
    return found


def _other_tag(wanted: str, tags: Sequence[str]) -> str:
    if not tags:
        return f"it asks for the tag {wanted}, and the follower has none"
    if wanted in tags:
        return f"it asks for the tag {wanted}, but {tags[-1]} was given later, and only the last tag counts"
    if len(tags) == 1:
        return f"it asks for the tag {wanted}, not {tags[-1]}"
    return f"it asks for the tag {wanted}; the last tag given, {tags[-1]}, is the one that counts"


def _met(rule: MatchRule, tags: Sequence[str]) -> str:
    parts = []
    if rule.tag is not None or rule.tag_id is not None:
        last = " is the last one given" if len(tags) > 1 else " is the follower's"
        parts.append(f"the tag {tags[-1]}{last}")
    if rule.platform is not None:
        parts.append(f"the platform is {rule.platform}")
    return " and ".join(parts)
