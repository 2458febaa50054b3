"""The desired and the live personalised menus side by side, and the course from the one to the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from wxdeploy.kinds.buttons.links import domains
from wxdeploy.kinds.conditional_menu.pairing import Pairing, pair
from wxdeploy.kinds.conditional_menu.sequence import Course, Item, Spot, course, states
from wxdeploy.kinds.reconciliation import Setting
from wxdeploy.kinds.targeting.audience import Group, groups, matches
from wxdeploy.kinds.targeting.menus import KIND, Personalised, distinct, retagged
from wxdeploy.kinds.targeting.tags import Tags, settle
from wxdeploy.model.address import Address
from wxdeploy.model.resource import LiveObject, Resource
from wxdeploy.wechat import limits


class Draft(NamedTuple):
    """All that is known before anything is worded.

    ``names`` are those of the desired menus, ``live_names`` what the live ones are called beside them: the same where
    they are paired. ``groups`` are the followers that a rule tells apart.
    """

    tags: Tags
    live: tuple[LiveObject[Personalised], ...]
    desired: tuple[Personalised, ...]
    names: tuple[str, ...]
    live_names: tuple[str, ...]
    items: tuple[tuple[Item, ...], tuple[Item, ...]]
    groups: tuple[Group, ...]
    course: Course
    pairing: Pairing

    @property
    def states(self) -> tuple[tuple[Spot, ...], ...]:
        """What is live before the first call and after each."""
        return tuple(states(self.items[0], self.course.calls))

    def menu(self, spot: Spot) -> Personalised:
        """The menu of a spot."""
        return self.desired[spot.index] if spot.published else self.live[spot.index].spec

    def name(self, spot: Spot) -> str:
        """What the menu of a spot is called."""
        return self.names[spot.index] if spot.published else self.live_names[spot.index]

    def replacement(self, index: int) -> int | None:
        """The desired menu that a live one becomes, by index."""
        return next((new for new, old in self.pairing.origin.items() if old == index), None)

    def twin(self, index: int) -> int | None:
        """The desired menu that has the rule of a live one, by index."""
        rule = self.live[index].spec.rule
        return next((new for new, menu in enumerate(self.desired) if menu.rule == rule), None)


def is_settled(setting: Setting) -> bool:
    """Whether the live menus, as they read once the tags are renamed, are the desired ones, one by one."""
    tags = settle(setting)
    live = renamed(setting.live[KIND].objects, tags)
    return [each.spec.written for each in live] == [
        with_name(each.spec, tags).written for each in setting.desired[KIND]
    ]


def draft(setting: Setting) -> Draft:
    """Compare the desired with the live menus, as these read once the tags are renamed."""
    tags = settle(setting)
    live = renamed(setting.live[KIND].objects, tags)
    resources: tuple[Resource[Personalised], ...] = setting.desired[KIND]
    desired = tuple(with_name(each.spec, tags) for each in resources)
    names = tuple(each.address.name for each in resources)
    found = groups(menu.rule for menu in (*(each.spec for each in live), *desired))
    items = _items((each.spec for each in live), found), _items(desired, found)
    way = course(*items, domains=limits.CONDITIONAL_DOMAINS.value)
    pairing = pair([each.spec for each in live], desired, way.kept)
    return Draft(
        tags=tags,
        live=live,
        desired=desired,
        names=names,
        live_names=_live_names(live, names, pairing),
        items=items,
        groups=found,
        course=way,
        pairing=pairing,
    )


def renamed(menus: tuple[LiveObject[Personalised], ...], tags: Tags) -> tuple[LiveObject[Personalised], ...]:
    """Live menus as they read once the tags have their names."""
    for name, tag in tags.renamed.items():
        menus = retagged(menus, tag.spec.name, name)
    return menus


def with_name(menu: Personalised, tags: Tags) -> Personalised:
    """The menu with its tag by name, where the rule gives an id."""
    name = tags.name_of(menu.rule.tag_id) if menu.rule.tag_id is not None else None
    return menu if name is None else replace(menu, rule=menu.rule._replace(tag=name, tag_id=None))


def as_live(menu: Personalised) -> LiveObject[Any]:
    """A menu as it is once published, but for its name."""
    return LiveObject(address=Address(KIND, ""), spec=menu)


def _items(menus: Iterable[Personalised], found: Iterable[Group]) -> tuple[Item, ...]:
    groups = tuple(found)
    return tuple(
        Item(
            content=menu.written,
            domains=domains(menu.menu.button),
            audience=frozenset(group for group in groups if matches(menu.rule, group)),
        )
        for menu in menus
    )


def _live_names(
    live: tuple[LiveObject[Personalised], ...], names: tuple[str, ...], pairing: Pairing
) -> tuple[str, ...]:
    paired = {old: names[new] for new, old in pairing.origin.items()}
    others = [index for index in range(len(live)) if index not in paired]
    free = distinct((live[index].address.name for index in others), names)
    return tuple(name for _, name in sorted({**paired, **dict(zip(others, free, strict=True))}.items()))
