"""Who sees another menu by what the files say now than by what they said at a revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wxdeploy.kinds.buttons.spec import Menu
from wxdeploy.kinds.targeting.audience import Group, groups, matches
from wxdeploy.kinds.targeting.menus import KIND, Personalised
from wxdeploy.model.plan import Audience
from wxdeploy.model.resource import DesiredState

_Named = Sequence[tuple[str, Personalised]]


def audiences(was: DesiredState, now: DesiredState) -> tuple[Audience, ...]:
    """The followers for whom something changes; none where either side does not manage personalised menus."""
    if KIND not in was.resources or KIND not in now.resources:
        return ()
    old, new = _renamed(_menus(was), now), _menus(now)
    found = []
    for group in groups(menu.rule for _, menu in (*old, *new)):
        before, after = _seen(old, group), _seen(new, group)
        label = _label(before, new)
        name = after[0] if after else None
        shown = before[1].menu if before else _default(was), after[1].menu if after else _default(now)
        changes = (before is not None or after is not None) and shown[0] != shown[1]
        if label != name or changes:
            found.append(
                Audience(tag=group.tag, platform=group.platform, before=label, after=name, buttons_change=changes)
            )
    return tuple(found)


def _menus(state: DesiredState) -> _Named:
    return [(each.address.name, each.spec) for each in state.resources[KIND]]


def _renamed(menus: _Named, now: DesiredState) -> _Named:
    """The menus of before as they read once the tags have the names of now."""
    declared = {each.spec.name: each.spec.was for each in now.resources.get("tag", ())}
    names = {old: name for name, olds in declared.items() for old in olds if old not in declared}
    return [
        (name, replace(menu, rule=menu.rule._replace(tag=names.get(menu.rule.tag or "", menu.rule.tag))))
        for name, menu in menus
    ]


def _seen(menus: _Named, group: Group) -> tuple[str, Personalised] | None:
    return next(((name, menu) for name, menu in menus if matches(menu.rule, group)), None)


def _label(found: tuple[str, Personalised] | None, new: _Named) -> str | None:
    """What the menu is called: as the same menu is now, where there is one."""
    if found is None:
        return None
    name, menu = found
    names = dict(new)
    return name if name in names else next((each for each, other in new if other == menu), name)


def _default(state: DesiredState) -> Menu | None:
    return next((each.spec for each in state.resources.get("menu", ())), None)
