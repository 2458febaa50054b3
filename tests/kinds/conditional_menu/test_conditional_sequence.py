"""The order of calls, held against brute force: as few as possible, no more domains than allowed, no gap."""

from __future__ import annotations

import itertools
import random
from collections import deque
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws import searched

from wxdeploy.kinds.conditional_menu.sequence import Course, Item, Spot, Verb, course, states, winner

MENUS = "abcd"
MOST = 3


def lists(size: int) -> Iterator[str]:
    for length in range(size + 1):
        for letters in itertools.product(MENUS, repeat=length):
            yield "".join(letters)


def distances(start: str, longest: int) -> dict[str, int]:
    """The fewest calls from ``start`` to every list up to a length, by trying every call in every state."""
    found = {start: 0}
    waiting = deque([start])
    while waiting:
        now = waiting.popleft()
        ways = [now[:index] + now[index + 1 :] for index in range(len(now))]
        if len(now) < longest:
            ways += [letter + now for letter in MENUS]
        for way in ways:
            if way not in found:
                found[way] = found[now] + 1
                waiting.append(way)
    return found


def is_first_of_its_kind(letters: str) -> bool:
    """Whether the letters come in the order of the alphabet: any other list is one of these with other names."""
    seen = list(dict.fromkeys(letters))
    return seen == sorted(seen) == list(MENUS[: len(seen)])


def items(letters: Sequence[str], domains: dict[str, str] | None = None) -> list[Item]:
    return [Item(letter, frozenset(domains[letter] if domains else "")) for letter in letters]


def end_of(live: Sequence[Item], desired: Sequence[Item], way: Course) -> list[object]:
    *_, last = states(live, way.calls)
    return [(desired if spot.published else live)[spot.index].content for spot in last]


def test_no_way_takes_fewer_calls() -> None:
    """All pairs of lists of up to 5 menus over 4 distinct ones; of pairs that differ in names alone, one."""
    size, pairs = 5, 0
    for start in filter(is_first_of_its_kind, lists(size)):
        fewest = distances(start, size + 1)
        live = items(start)
        for goal in lists(size):
            if is_first_of_its_kind(start + goal):
                way = course(live, desired := items(goal), domains=MOST)
                assert len(way.calls) == fewest[goal], (start, goal)
                assert end_of(live, desired, way) == list(goal)
                pairs += 1
    assert pairs == 78_639


@given(st.text(MENUS + "efgh", max_size=20), st.text(MENUS + "efgh", max_size=20))
def test_longer_lists_take_no_more_than_the_bound(start: str, goal: str) -> None:
    """What stays is an end of the goal; whichever end is taken, the rest is published and all else deleted."""

    def holds(rest: str) -> bool:
        letters = iter(start)
        return all(letter in letters for letter in rest)

    longest = max(length for length in range(len(goal) + 1) if holds(goal[len(goal) - length :]))
    live, desired = items(start), items(goal)
    way = course(live, desired, domains=MOST)
    assert len(way.calls) == len(start) + len(goal) - 2 * longest
    assert end_of(live, desired, way) == list(goal)


DOMAINS = {letter: letter for letter in MENUS + "efgh"} | {"g": "ab", "h": ""}
AUDIENCES = [frozenset(each) for each in ("abcdefgh", "aceg", "bd", "ab", "cdh", "ef")]


def linked(letters: Sequence[str]) -> set[str]:
    return set("".join(DOMAINS[letter] for letter in letters))


def menus(letters: str) -> list[Item]:
    return [
        Item(letter, frozenset(DOMAINS[letter]), frozenset(n for n, who in enumerate(AUDIENCES) if letter in who))
        for letter in letters
    ]


LISTS = st.lists(st.sampled_from(MENUS + "efgh"), max_size=6).map("".join)
ALLOWED = LISTS.filter(lambda letters: len(linked(letters)) <= MOST)


def letters_of(state: Sequence[Spot], start: str, goal: str) -> str:
    return "".join((goal if spot.published else start)[spot.index] for spot in state)


def fewest_forced(start: str, goal: str, kept: dict[int, int]) -> int:
    """The fewest of the old menus that have to go so that the rest leaves room for all that is desired."""
    old = [index for index in range(len(start)) if index not in kept.values()]
    for count in range(len(old) + 1):
        for gone in itertools.combinations(old, count):
            rest = [start[index] for index in old if index not in gone]
            if len(linked([*goal, *rest])) <= MOST:
                return count
    raise AssertionError("the goal alone has room")


@searched(200)
@given(ALLOWED, ALLOWED)
def test_the_limit_of_domains_is_kept_with_as_few_forced_deletions_as_possible(start: str, goal: str) -> None:
    live, desired = menus(start), menus(goal)
    way = course(live, desired, domains=MOST)
    assert end_of(live, desired, way) == list(goal)
    assert len(way.calls) == len(start) + len(goal) - 2 * len(way.kept)
    for state in states(live, way.calls):
        assert len(linked(letters_of(state, start, goal))) <= MOST
    forced = [call for call in way.calls if call.forced]
    adds = any(call.verb is Verb.ADD for call in way.calls)
    assert len(forced) == (fewest_forced(start, goal, way.kept) if adds else 0)
    last_add = max((place for place, call in enumerate(way.calls) if call.verb is Verb.ADD), default=-1)
    assert all(call.forced == (place < last_add) for place, call in enumerate(way.calls) if call.verb is Verb.DELETE)


@searched(200)
@given(ALLOWED, ALLOWED)
def test_nobody_falls_back_to_the_default_menu_but_by_a_forced_deletion(start: str, goal: str) -> None:
    live, desired = menus(start), menus(goal)
    way = course(live, desired, domains=MOST)
    every = list(states(live, way.calls))
    for who in range(len(AUDIENCES)):
        seen = [winner(who, state, live, desired) for state in every]
        if seen[0] is None or seen[-1] is None:
            continue
        first = next((place for place, spot in enumerate(seen) if spot is None), None)
        assert first is None or way.calls[first - 1].forced


@searched(200)
@given(ALLOWED, ALLOWED)
def test_deletions_at_the_end_show_nobody_a_menu_in_between(start: str, goal: str) -> None:
    live, desired = menus(start), menus(goal)
    way = course(live, desired, domains=MOST)
    if any(call.forced for call in way.calls):
        return
    every = list(states(live, way.calls))
    adds = sum(call.verb is Verb.ADD for call in way.calls)
    for who in range(len(AUDIENCES)):
        seen = [winner(who, state, live, desired) for state in every]
        ends = {content(seen[adds], start, goal), content(seen[-1], start, goal)}
        assert {content(spot, start, goal) for spot in seen[adds:]} == ends


def content(spot: Spot | None, start: str, goal: str) -> str | None:
    return spot and letters_of((spot,), start, goal)


def test_of_equally_many_deletions_those_are_forced_that_nobody_notices() -> None:
    """Each of x, y and z takes a domain; y is hidden behind x, so that it is y that goes first."""
    live = [Item("x", frozenset("x"), frozenset({1})), Item("y", frozenset("y"), frozenset({1}))]
    live.append(Item("z", frozenset("z"), frozenset({2})))
    desired = [Item("n", frozenset("n"), frozenset({1, 2}))]
    way = course(live, desired, domains=MOST)
    assert [(call.verb, call.spot.index, call.forced) for call in way.calls] == [
        (Verb.DELETE, 1, True),
        (Verb.ADD, 0, False),
        (Verb.DELETE, 2, False),
        (Verb.DELETE, 0, False),
    ]


def test_a_list_that_can_not_be_published_forces_nothing() -> None:
    live, desired = menus("a"), menus("bcde")
    way = course(live, desired, domains=MOST)
    assert [call.verb for call in way.calls] == [Verb.ADD] * 4 + [Verb.DELETE]


@pytest.mark.parametrize("seed", range(20))
def test_the_course_is_the_same_every_time(seed: int) -> None:
    chance = random.Random(seed)
    start, goal = ("".join(chance.choices(MENUS + "efgh", k=6)) for _ in range(2))
    ways = [course(menus(start), menus(goal), domains=MOST) for _ in range(2)]
    assert ways[0] == ways[1]
