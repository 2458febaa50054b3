"""Which menu became which."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from wxdeploy.kinds.conditional_menu.pairing import Pairing, likeness, pair
from wxdeploy.kinds.conditional_menu.sequence import Item, longest_end
from wxdeploy.kinds.targeting.menus import Personalised, personalised_of


def menu(tag: str, *buttons: str, **rule: str) -> Personalised:
    shown: Any = [{"type": "click", "name": each, "key": each} for each in buttons]
    return personalised_of({"matchrule": {"tag": tag, **rule}, "button": shown}, {})


def paired(live: list[Personalised], desired: list[Personalised]) -> Pairing:
    kept = longest_end([Item(each.written) for each in live], [Item(each.written) for each in desired])
    return pair(live, desired, kept)


def test_equal_menus_then_one_rule_then_likeness() -> None:
    live = [menu("a", "1"), menu("b", "2", "3"), menu("c", "4")]
    desired = [menu("c", "4"), menu("a", "x"), menu("d", "2", "3")]
    found = paired(live, desired)
    assert found.origin == {0: 2, 1: 0, 2: 1}
    assert found.same == {0}
    assert found.moved == frozenset()


def test_menus_without_a_button_in_common_are_two() -> None:
    assert paired([menu("a", "1")], [menu("b", "2")]).origin == {}


def test_of_several_alike_the_most_alike_is_taken() -> None:
    live = [menu("a", "1", "2"), menu("b", "1", "2", "3")]
    assert paired(live, [menu("c", "1", "2", "3")]).origin == {0: 1}


def test_a_field_of_the_rule_in_common_decides() -> None:
    live = [menu("a", "1"), menu("b", "1")]
    assert paired(live, [menu("b", "1", client_platform_type="ios")]).origin == {0: 1}
    assert likeness(live[1], live[1]) > likeness(live[0], live[1])


def test_dead_rules_become_nothing() -> None:
    assert paired([menu("a", "1", sex="1")], [menu("a", "1")]).origin == {}


def test_as_few_as_possible_have_moved() -> None:
    menus = [menu(tag, tag) for tag in "abcd"]
    assert paired(menus, [*menus[1:], menus[0]]).moved == {3}
    assert paired(menus, [menus[3], *menus[:3]]).moved == {0}
    assert paired(menus, menus).moved == frozenset()


MENUS = st.lists(st.builds(menu, st.sampled_from("abcd"), st.sampled_from("12"), st.sampled_from("34")), max_size=6)


@given(MENUS, MENUS)
def test_what_is_published_again_unchanged_is_so_because_of_something_below_it(
    live: list[Personalised], desired: list[Personalised]
) -> None:
    kept = longest_end([Item(each.written) for each in live], [Item(each.written) for each in desired])
    found = pair(live, desired, kept)
    assert len(set(found.origin.values())) == len(found.origin)
    assert kept.items() <= found.origin.items()
    genuine = [index for index in range(len(desired)) if index not in found.same - found.moved]
    for index in range(len(desired)):
        if index not in genuine and index not in kept:
            assert max(genuine) > index
