"""For whom another menu wins, or the menu that wins looks different; and what they see between two calls."""

from __future__ import annotations

from collections.abc import Iterable

from wxdeploy.kinds.buttons.spec import Menu
from wxdeploy.kinds.conditional_menu.draft import Draft
from wxdeploy.kinds.conditional_menu.sequence import Spot, winner
from wxdeploy.kinds.reconciliation import Setting
from wxdeploy.kinds.targeting.audience import Group
from wxdeploy.model.plan import Audience


def audiences(plan: Draft, setting: Setting, *, with_default: bool) -> tuple[Audience, ...]:
    """The followers for whom something changes, at the end or between two calls.

    ``with_default`` says that menu/delete takes all menus away at once.
    """
    every = (plan.states[0], ()) if with_default else plan.states
    found = []
    for group in plan.groups:
        seen = [winner(group, state, *plan.items) for state in every]
        names = [_name(plan, spot) for spot in seen]
        ends = [_menu(plan, setting, seen[0], 0), _menu(plan, setting, seen[-1], 1)]
        changes = (seen[0] is not None or seen[-1] is not None) and ends[0] != ends[1]
        between = tuple(name for name in dict.fromkeys(names[1:-1]) if name not in (names[0], names[-1]))
        if names[0] != names[-1] or changes or between:
            found.append(
                Audience(
                    tag=group.tag,
                    platform=group.platform,
                    before=names[0],
                    after=names[-1],
                    buttons_change=changes,
                    between=between,
                )
            )
    return tuple(found)


def said(groups: Iterable[Group]) -> str:
    """Groups of followers in words."""
    return ", ".join(
        f"{f'those tagged {group.tag}' if group.tag else 'those with no other tag'}"
        f"{f' on {group.platform}' if group.platform else ''}"
        for group in groups
    )


def _name(plan: Draft, spot: Spot | None) -> str | None:
    """What the menu is called; a live copy of a desired menu is called as that is, whichever of the copies it is."""
    if spot is None:
        return None
    if spot.published:
        return plan.name(spot)
    same = plan.items[0][spot.index].content
    twin = next((index for index, item in enumerate(plan.items[1]) if item.content == same), None)
    return plan.name(spot) if twin is None else plan.names[twin]


def _menu(plan: Draft, setting: Setting, spot: Spot | None, end: int) -> Menu | None:
    """What is seen before (``end`` 0) or after: a personalised menu's buttons or the default menu's."""
    if spot is not None:
        return plan.menu(spot).menu
    live = next((each.spec for each in setting.live["menu"].objects), None)
    if end == 0 or "menu" not in setting.desired:
        return live
    return next((each.spec for each in setting.desired["menu"]), None)
