"""Laws of the comparison of button trees."""

from __future__ import annotations

import copy
import itertools
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from laws import searched
from strategies import (
    Menu,
    added,
    changed_menus,
    count,
    distinct_menus,
    menus,
    moved,
    removed,
    renamed,
    retargeted,
)

from wxdeploy.model.operation import Edit, Op
from wxdeploy.planning.assignment import LIMIT, correspond
from wxdeploy.planning.buttons import ROOT, Tree, alike, changes, read_tree
from wxdeploy.planning.rebuild import edits, rebuild

ANY_PAIR = st.one_of(
    st.tuples(menus(), menus()),
    st.tuples(menus("ABCD", "wxyz"), menus("ABCD", "wxyz")),
    st.tuples(menus(first=5, second=7, at_most=40), menus(first=5, second=7, at_most=40)),
    changed_menus(menus("ABC", "xyz")),
    changed_menus(distinct_menus(), most=8),
)
ANY_MENU = st.one_of(menus(), menus("ABCD", "wxyz"), distinct_menus())


def between(before: Menu, after: Menu) -> tuple[Edit, ...]:
    return edits({"button": before}, {"button": after})


@given(ANY_PAIR)
@searched(100)
def test_edits_rebuild_the_menu_after_in_any_order(pair: tuple[Menu, Menu]) -> None:
    before, after = pair
    told = between(before, after)
    untouched = copy.deepcopy(before)
    assert rebuild({"button": before}, told) == {"button": after}
    assert rebuild({"button": before}, reversed(told)) == {"button": after}
    assert before == untouched


@given(ANY_PAIR)
@searched(60)
def test_edits_are_empty_if_and_only_if_nothing_changed(pair: tuple[Menu, Menu]) -> None:
    before, after = pair
    assert (between(before, after) == ()) == (before == after)
    assert between(before, copy.deepcopy(before)) == ()


@given(ANY_MENU, st.data())
@searched(100)
def test_one_operation_is_at_most_one_edit(menu: Menu, data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from((moved, renamed, retargeted, removed, added)))
    after = operation(data.draw, menu)
    assert len(between(menu, after)) == (after != menu)


@given(distinct_menus(), st.data())
@searched(80)
def test_one_operation_on_distinct_buttons_is_told_as_what_it_was(menu: Menu, data: st.DataObject) -> None:
    operation, op = data.draw(
        st.sampled_from(
            ((moved, Op.MOVE), (renamed, Op.CHANGE), (retargeted, Op.CHANGE), (removed, Op.REMOVE), (added, Op.ADD))
        )
    )
    after = operation(data.draw, menu)
    if after != menu:
        assert [edit.op for edit in between(menu, after)] == [op]


@given(st.one_of(distinct_menus(), menus("ABCDE", "vwxyz")), st.data())
@searched(30)
def test_every_permutation_of_siblings_is_seen(menu: Menu, data: st.DataObject) -> None:
    lists = [menu, *(button["sub_button"] for button in menu if "sub_button" in button)]
    index = data.draw(st.integers(0, len(lists) - 1))
    for order in itertools.permutations(lists[index]):
        after = copy.deepcopy(menu)
        if index == 0:
            after = list(order)
        else:
            [b for b in after if "sub_button" in b][index - 1]["sub_button"] = list(order)
        assert (between(menu, after) == ()) == (after == menu)
        assert rebuild({"button": menu}, between(menu, after)) == {"button": after}


def test_a_permutation_of_distinct_siblings_is_as_few_moves_as_there_can_be() -> None:
    siblings = [{"type": "click", "name": f"按钮{n}", "key": str(n)} for n in range(5)]
    before = [{"name": "菜单", "sub_button": siblings}]
    for order in itertools.permutations(range(5)):
        after = [{"name": "菜单", "sub_button": [siblings[n] for n in order]}]
        told = between(before, after)
        assert {edit.op for edit in told} <= {Op.MOVE}
        assert len(told) == 5 - _longest_run(order)


@given(ANY_PAIR, st.randoms(use_true_random=False))
@searched(40)
def test_edits_do_not_depend_on_the_order_of_keys(pair: tuple[Menu, Menu], chance: random.Random) -> None:
    before, after = pair
    assert between(_shuffled(before, chance), _shuffled(after, chance)) == between(before, after)


def _shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, list):
        return [_shuffled(part, chance) for part in value]
    if isinstance(value, dict):
        items = list(value.items())
        chance.shuffle(items)
        return {key: _shuffled(part, chance) for key, part in items}
    return value


SMALL = st.one_of(
    st.tuples(menus(first=3, second=3, at_most=6), menus(first=3, second=3, at_most=6)),
    st.tuples(menus("ABCD", "wxyz", second=3, at_most=6), menus("ABCD", "wxyz", second=3, at_most=6)),
    changed_menus(menus("ABC", "xy", first=3, second=3, at_most=5), most=3).filter(lambda pair: count(pair[1]) <= 7),
)


@given(SMALL)
@searched(60)
def test_edits_cost_no_more_than_by_any_correspondence(pair: tuple[Menu, Menu]) -> None:
    before, after = pair
    assert _cost_of_edits(between(before, after)) == _cheapest(read_tree(before), read_tree(after))


def _cost_of_edits(told: tuple[Edit, ...]) -> int:
    """In half edits."""
    cost = 2 * len(told)
    for edit in told:
        if edit.op in {Op.ADD, Op.REMOVE}:
            part = edit.after if edit.op is Op.ADD else edit.before
            assert isinstance(part, dict)
            cost += len(part.get("sub_button", ()))
    return cost


def _cheapest(before: Tree, after: Tree) -> int:
    """The least cost over all correspondences, by trying each."""
    best = 2 * (len(before) + len(after))

    def extend(index: int, origin: dict[int, int]) -> None:
        nonlocal best
        if index == len(after):
            cost = _cost(before, after, origin)
            best = best if cost is None else min(best, cost)
            return
        extend(index + 1, origin)
        new = after[index]
        for old in before:
            if old.number not in origin.values() and (alike(old.fields, new.fields) or (old.children and new.children)):
                extend(index + 1, {**origin, index: old.number})

    extend(0, {})
    return best


def _cost(before: Tree, after: Tree, origin: dict[int, int]) -> int | None:
    """The cost of a correspondence, straight from its definition; None where a pair is not allowed."""
    cost = 0
    lists: dict[int, list[int]] = {}
    for number, old in sorted(origin.items()):
        new = after[number]
        related = any(origin.get(child) in before[old].children for child in new.children)
        if not related and not alike(before[old].fields, new.fields):
            return None
        cost += 2 * changes(before[old].fields, new.fields)
        if before[old].parent == (ROOT if new.parent == ROOT else origin.get(new.parent)):
            lists.setdefault(new.parent, []).append(old)
        else:
            cost += 2
    cost += sum(2 * (len(olds) - _longest_run(olds)) for olds in lists.values())
    for tree, known in ((before, set(origin.values())), (after, set(origin))):
        for button in tree:
            if button.number not in known:
                cost += 2 if button.parent == ROOT or button.parent in known else 1
    return cost


def _longest_run(numbers: Any) -> int:
    lengths: list[int] = []
    for index, number in enumerate(numbers):
        lengths.append(1 + max((lengths[k] for k in range(index) if numbers[k] < number), default=0))
    return max(lengths, default=0)


def test_the_search_is_bounded_for_menus_made_to_defeat_it() -> None:
    for seed in range(20):
        chance = random.Random(seed)
        names, keys = chance.choice(("A", "AB", "ABC")), chance.choice(("x", "xy", "xyz"))
        before, after = (
            [
                {
                    "name": chance.choice(names),
                    "sub_button": [{"name": chance.choice(names), "key": chance.choice(keys)} for _ in range(5)],
                }
                for _ in range(3)
            ]
            for _ in range(2)
        )
        assert correspond(read_tree(before), read_tree(after)).steps <= LIMIT + 2
        assert rebuild({"button": before}, between(before, after)) == {"button": after}


def test_real_edits_take_hardly_any_search() -> None:
    leaf = [{"type": "view", "name": f"按钮{n}", "url": f"https://www.example.com/{n}"} for n in range(15)]
    before = [{"name": f"菜单{n}", "sub_button": leaf[5 * n : 5 * n + 5]} for n in range(3)]
    for seed in range(30):
        chance = random.Random(seed)
        after = copy.deepcopy(before)
        for _ in range(4):
            source, target = chance.choice(after)["sub_button"], chance.choice(after)["sub_button"]
            if len(source) > 1:
                target.insert(chance.randint(0, len(target)), source.pop(chance.randrange(len(source))))
            chance.choice(target)["name"] = f"新{chance.randrange(99)}"
        assert correspond(read_tree(before), read_tree(after)).steps <= 20


def test_menus_far_beyond_the_limits_are_told_exactly() -> None:
    chance = random.Random(7)
    before = [
        {
            "name": f"P{n}",
            "sub_button": [{"name": chance.choice("ABCDE"), "key": chance.choice("vwxyz")} for _ in range(8)],
        }
        for n in range(12)
    ]
    after = copy.deepcopy(before)
    chance.shuffle(after)
    for parent in after:
        chance.shuffle(parent["sub_button"])
    assert rebuild({"button": before}, between(before, after)) == {"button": after}
