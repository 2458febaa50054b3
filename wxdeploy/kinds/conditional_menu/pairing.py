"""Which live personalised menu became which desired one, as a person would say it; pure.

Menus with equal rule and buttons are one menu, at another place perhaps; then those with one rule; then those whose
buttons are alike. What is left was created or deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from wxdeploy.kinds.buttons.spec import Button, leaves
from wxdeploy.kinds.targeting.menus import Personalised
from wxdeploy.wechat.buttons import ALL_FIELDS

_ALIKE = 0.5  # from half of the buttons on, two menus are told as one that was edited
_SHARED_FIELD = 0.25  # what a tag or a platform in common counts besides


class Pairing(NamedTuple):
    """``origin``: index in the desired list -> index in the live list.

    ``same`` are the desired ones that are equal to their origin, ``moved`` those of them that changed places.
    """

    origin: Mapping[int, int]
    same: frozenset[int]
    moved: frozenset[int] = frozenset()


def pair(live: Sequence[Personalised], desired: Sequence[Personalised], kept: Mapping[int, int]) -> Pairing:
    """The pairing, given the menus that stay live as they are. Rules that match nobody any more are left alone."""
    origin = dict(kept)
    free = [index for index in range(len(live)) if index not in kept.values() and not live[index].rule.removed]
    before, after = [menu.written for menu in live], [menu.written for menu in desired]
    rules = [menu.rule for menu in live], [menu.rule for menu in desired]
    _take_equal(before, after, free, origin)
    _take_equal(*rules, free, origin)
    # What is left with a rule that another menu has is a duplicate, and told as one.
    free = [index for index in free if rules[0][index] not in rules[1]]
    for _, new, old in sorted(_likely(live, desired, free, origin), key=lambda each: (-each[0], each[1:])):
        if new not in origin and old in free:
            origin[new] = old
            free.remove(old)
    same = frozenset(new for new, old in origin.items() if after[new] == before[old])
    return Pairing(dict(sorted(origin.items())), same, same - _rising({new: origin[new] for new in same}, kept))


def _take_equal(live: Sequence[object], desired: Sequence[object], free: list[int], origin: dict[int, int]) -> None:
    for new in (new for new in range(len(desired)) if new not in origin):
        old = next((old for old in free if live[old] == desired[new]), None)
        if old is not None:
            origin[new] = old
            free.remove(old)


def _likely(
    live: Sequence[Personalised], desired: Sequence[Personalised], free: Sequence[int], origin: Mapping[int, int]
) -> Iterator[tuple[float, int, int]]:
    for new in range(len(desired)):
        for old in free:
            score = likeness(live[old], desired[new]) if new not in origin else 0
            if score >= _ALIKE:
                yield score, new, old


def likeness(one: Personalised, other: Personalised) -> float:
    """How much two menus with different rules look like one: from 0, 1 where their buttons are the same."""
    names = _share(_names(one), _names(other))
    targets = _share(_targets(one), _targets(other))
    fields = [(one.rule.tag, other.rule.tag), (one.rule.platform, other.rule.platform)]
    return max(names, targets) + _SHARED_FIELD * any(a == b is not None for a, b in fields)


def _names(menu: Personalised) -> frozenset[object]:
    return frozenset(leaf.name for leaf in leaves(menu.menu.button))


def _targets(menu: Personalised) -> frozenset[object]:
    return frozenset(_target(leaf) for leaf in leaves(menu.menu.button))


def _target(leaf: Button) -> tuple[str, ...]:
    return tuple(str(leaf.fields.get(name)) for name in ("type", *ALL_FIELDS))


def _share(one: frozenset[object], other: frozenset[object]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def _rising(origin: Mapping[int, int], kept: Mapping[int, int]) -> frozenset[int]:
    """The most of these that stand in one order in both lists, and of equally many those that stay live."""
    best: list[tuple[int, int, tuple[int, ...]]] = []
    for new in sorted(origin):
        before = (each for each in best if origin[each[2][-1]] < origin[new])
        length, stay, chain = max(before, default=(0, 0, ()), key=lambda each: each[:2])
        best.append((length + 1, stay + (new in kept), (*chain, new)))
    return frozenset(max(best, key=lambda each: each[:2])[2]) if best else frozenset()
