"""Which calls turn the live list of personalised menus into the desired one, and in which order; pure.

WeChat matches the newest menu first. A call can add a menu, which becomes the newest, or delete one; nothing can be
edited, inserted or moved. So what stays of the live list has to be the end of the desired one, the menus above it have
to be published from the lowest up, and everything else has to be deleted. With the longest such end, no other way takes
fewer calls.

Adding comes before deleting: while an old menu is below the new ones, nobody falls back to the default menu. Deleting
the oldest first then shows nobody a menu in between, since below a menu that goes are only those that stay. Where old
and new menus together link to more domains than WeChat allows, some old ones have to go beforehand: as few as possible,
as late as possible, and of equally many those without which the fewest followers see the default menu, or any that is
neither their old one nor their new one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations
from typing import NamedTuple


class Item(NamedTuple):
    """A menu as far as the order of calls goes.

    ``content`` is equal where two menus have the same rule and buttons; ``domains`` are those that it links to;
    ``audience`` names, in whatever way, the followers that its rule matches.
    """

    content: Hashable
    domains: frozenset[str] = frozenset()
    audience: frozenset[Hashable] = frozenset()


@dataclass(frozen=True, slots=True)
class Spot:
    """A menu by its place in the desired list, where it is published, or in the live list before any call."""

    published: bool
    index: int


class Verb(Enum):
    """The two things that a call can do."""

    ADD = "add"
    DELETE = "delete"


class Call(NamedTuple):
    """One call. ``forced`` is said of a deletion that has to come before an addition, to make room for its domains."""

    verb: Verb
    spot: Spot
    forced: bool = False


class Course(NamedTuple):
    """The calls in order, and the live menus that stay: index in the desired list -> index in the live list."""

    calls: tuple[Call, ...]
    kept: dict[int, int]


def course(live: Sequence[Item], desired: Sequence[Item], *, domains: int) -> Course:
    """The fewest calls from ``live`` to ``desired`` (both in order of priority), with ``domains`` allowed at a time.

    ``domains`` is kept at every addition where the desired list itself keeps it.
    """
    kept = longest_end(live, desired)
    added = [index for index in reversed(range(len(desired))) if index not in kept]
    stays = frozenset(kept.values())
    old = [index for index in reversed(range(len(live))) if index not in stays]
    room = _Room(live, desired, kept, tuple(added), domains)
    return Course(room.calls(old) if room.is_short(old) else _calls(added, old, {}), kept)


def longest_end(live: Sequence[Item], desired: Sequence[Item]) -> dict[int, int]:
    """The longest end of ``desired`` that ``live`` holds in this order, with or without others between."""
    found: dict[int, int] = {}
    place = len(live)
    for index in reversed(range(len(desired))):
        place = next((at for at in reversed(range(place)) if live[at].content == desired[index].content), -1)
        if place < 0:
            break
        found[index] = place
    return found


def states(live: Sequence[Item], calls: Iterable[Call]) -> Iterator[tuple[Spot, ...]]:
    """What is live before the first call and after each, in order of priority."""
    now = tuple(Spot(published=False, index=index) for index in range(len(live)))
    yield now
    for call in calls:
        now = (call.spot, *now) if call.verb is Verb.ADD else tuple(spot for spot in now if spot != call.spot)
        yield now


def winner(audience: Hashable, state: Iterable[Spot], live: Sequence[Item], desired: Sequence[Item]) -> Spot | None:
    """The menu that an audience sees in a state, None for the default menu."""
    return next((spot for spot in state if audience in _item(spot, live, desired).audience), None)


def _item(spot: Spot, live: Sequence[Item], desired: Sequence[Item]) -> Item:
    return desired[spot.index] if spot.published else live[spot.index]


def _calls(added: Sequence[int], old: Sequence[int], before: dict[int, tuple[int, ...]]) -> tuple[Call, ...]:
    """Additions, each behind the deletions that it needs ``before`` it, and then the other deletions."""
    found: list[Call] = []
    for index in added:
        found.extend(Call(Verb.DELETE, Spot(False, gone), forced=True) for gone in before.get(index, ()))
        found.append(Call(Verb.ADD, Spot(True, index)))
    done = {gone for group in before.values() for gone in group}
    found.extend(Call(Verb.DELETE, Spot(False, index)) for index in old if index not in done)
    return tuple(found)


class _Room(NamedTuple):
    """Which old menus have to go before which additions, so that no state links to too many domains."""

    live: Sequence[Item]
    desired: Sequence[Item]
    kept: dict[int, int]
    added: tuple[int, ...]
    limit: int

    @property
    def audiences(self) -> frozenset[Hashable]:
        """All followers that a rule of either list matches."""
        return frozenset(who for item in (*self.live, *self.desired) for who in item.audience)

    def is_short(self, old: Sequence[int]) -> bool:
        """Whether the overlap links to too many domains, though the desired list does not."""
        final = _linked(self.desired)
        overlap = final | _linked(self.live[index] for index in old)
        return bool(self.added) and len(final) <= self.limit < len(overlap)

    def calls(self, old: Sequence[int]) -> tuple[Call, ...]:
        """The calls in the best order."""
        courses = [_calls(self.added, old, self._schedule(old, doomed)) for doomed in self._doomed(old)]
        return min(courses, key=self._harm)

    def _doomed(self, old: Sequence[int]) -> list[frozenset[int]]:
        """The smallest sets of old menus without which all additions have room."""
        return _smallest(self._without(old, _linked(self.desired)))

    def _without(self, old: Sequence[int], linked: frozenset[str]) -> list[frozenset[int]]:
        """Sets of old menus that make room for ``linked``: one for each choice of other domains that may stay."""
        others = sorted(_linked(self.live[index] for index in old) - linked)
        room = min(self.limit - len(linked), len(others))
        return [
            frozenset(index for index in old if not self.live[index].domains <= linked.union(chosen))
            for chosen in combinations(others, room)
        ]

    def _schedule(self, old: Sequence[int], doomed: frozenset[int]) -> dict[int, tuple[int, ...]]:
        """When each of ``doomed`` has to go: before which addition."""
        before: dict[int, tuple[int, ...]] = {}
        linked = _linked(self.desired[index] for index in self.kept)
        left = list(old)
        for index in self.added:
            linked |= self.desired[index].domains
            ways = _smallest(gone for gone in self._without(left, linked) if gone <= doomed)
            best = min(ways, key=lambda gone: self._harm(_calls(self.added, old, {**before, index: tuple(gone)})))
            if best:
                before[index] = tuple(each for each in left if each in best)
                left = [each for each in left if each not in best]
        return before

    def _harm(self, calls: Sequence[Call]) -> tuple[int, int]:
        """How often an audience that has a menu of its own before and after sees the default menu between two calls,
        and how often one sees any menu that it sees neither before nor after."""
        every = list(states(self.live, calls))
        gaps = strange = 0
        for who in self.audiences:
            seen = [self._content(winner(who, state, self.live, self.desired)) for state in every]
            passing = [content for content in seen if content not in (seen[0], seen[-1])]
            gaps += passing.count(None)
            strange += len(passing)
        return gaps, strange

    def _content(self, spot: Spot | None) -> Hashable:
        return None if spot is None else _item(spot, self.live, self.desired).content


def _linked(items: Iterable[Item]) -> frozenset[str]:
    return frozenset(domain for item in items for domain in item.domains)


def _smallest(sets: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    """The sets with the fewest members, each once, in a fixed order."""
    found = sorted(set(sets), key=lambda each: (len(each), sorted(each)))
    return [each for each in found if len(each) == len(found[0])]
