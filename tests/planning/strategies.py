"""Menus and other documents for the laws of the comparison."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Menu = list[dict[str, Any]]


def leaves(names: str, keys: str) -> st.SearchStrategy[dict[str, Any]]:
    """Buttons from alphabets so small that duplicates and near-duplicates are common."""
    return st.fixed_dictionaries(
        {
            "name": st.sampled_from(names),
            "type": st.sampled_from(("click", "scancode_push")),
            "key": st.sampled_from(keys),
        }
    )


def menus(
    names: str = "AB", keys: str = "xy", *, first: int = 3, second: int = 5, at_most: int = 18
) -> st.SearchStrategy[Menu]:
    """Lists of first-level buttons, of a bounded number of buttons altogether."""
    leaf = leaves(names, keys)
    parent = st.fixed_dictionaries(
        {"name": st.sampled_from(names), "sub_button": st.lists(leaf, min_size=1, max_size=second)}
    )
    return st.lists(st.one_of(leaf, parent), max_size=first).filter(lambda menu: count(menu) <= at_most)


@st.composite
def distinct_menus(draw: st.DrawFn) -> Menu:
    """Menus as people write them: every button with a name and a target of its own."""
    numbers = iter(range(100))

    def leaf() -> dict[str, Any]:
        number = next(numbers)
        kind = draw(st.integers(0, 2))
        if kind == 0:
            return {"type": "click", "name": f"按钮{number}", "key": f"KEY_{number}"}
        page = f"https://www.example.com/{number}"
        if kind == 1:
            return {"type": "view", "name": f"按钮{number}", "url": page}
        app = {"appid": "wx286b93c14bbf93aa", "pagepath": f"pages/{number}"}
        return {"type": "miniprogram", "name": f"按钮{number}", "url": page, **app}

    menu: Menu = []
    for index in range(draw(st.integers(1, 3))):
        size = draw(st.integers(0, 5))
        menu.append({"name": f"菜单{index}", "sub_button": [leaf() for _ in range(size)]} if size else leaf())
    return menu


def changed_menus(menus: st.SearchStrategy[Menu], most: int = 4) -> st.SearchStrategy[tuple[Menu, Menu]]:
    """A menu, and what a few random operations make of it."""

    @st.composite
    def pairs(draw: st.DrawFn) -> tuple[Menu, Menu]:
        before = draw(menus)
        after = before
        for _ in range(draw(st.integers(0, most))):
            after = draw(st.sampled_from((moved, renamed, retargeted, removed, added)))(draw, after)
        return before, after

    return pairs()


def count(menu: Menu) -> int:
    """How many buttons there are."""
    return sum(1 + len(button.get("sub_button", ())) for button in menu)


Draw = Callable[[st.SearchStrategy[Any]], Any]


def _lists(menu: Menu) -> list[Menu]:
    return [menu, *(button["sub_button"] for button in menu if "sub_button" in button)]


def _pick(draw: Draw, menu: Menu, among: Callable[[dict[str, Any]], bool] = lambda _: True) -> tuple[Menu, int] | None:
    places = [(where, index) for where in _lists(menu) for index, button in enumerate(where) if among(button)]
    return draw(st.sampled_from(places)) if places else None


def _without_empty(menu: Menu) -> Menu:
    return [button for button in menu if button.get("sub_button") != []]


def moved(draw: Draw, menu: Menu) -> Menu:
    """One button somewhere else: in its list, under another parent, a level up or a level down."""
    after = copy.deepcopy(menu)
    # A parent that lost its only child would have to go as well, and that would be a second operation.
    only = [where[0] for where in _lists(after)[1:] if len(where) == 1]
    picked = _pick(draw, after, lambda button: not any(button is lone for lone in only))
    if picked is None:
        return menu
    where, index = picked
    button = where.pop(index)
    target = after if "sub_button" in button else draw(st.sampled_from(_lists(after)))
    target.insert(draw(st.integers(0, len(target))), button)
    return after


def renamed(draw: Draw, menu: Menu) -> Menu:
    """One button with another name."""
    after = copy.deepcopy(menu)
    if picked := _pick(draw, after):
        picked[0][picked[1]]["name"] = draw(st.sampled_from(("A", "B", "新")))
    return after


def retargeted(draw: Draw, menu: Menu) -> Menu:
    """One button that leads elsewhere."""
    after = copy.deepcopy(menu)
    if picked := _pick(draw, after, lambda button: "sub_button" not in button):
        button = picked[0][picked[1]]
        button["key" if "key" in button else "url"] = draw(st.sampled_from(("x", "y", "new")))
    return after


def removed(draw: Draw, menu: Menu) -> Menu:
    """One button less, or one parent with all its children."""
    after = copy.deepcopy(menu)
    only = [where[0] for where in _lists(after)[1:] if len(where) == 1]
    if picked := _pick(draw, after, lambda button: not any(button is lone for lone in only)):
        del picked[0][picked[1]]
    return _without_empty(after)


def added(draw: Draw, menu: Menu) -> Menu:
    """One button more, or one parent with all its children."""
    after = copy.deepcopy(menu)
    target = draw(st.sampled_from(_lists(after)))
    new: dict[str, Any] = draw(leaves("ABC", "xyz"))
    if target is after and draw(st.booleans()):
        new = {"name": new["name"], "sub_button": draw(st.lists(leaves("ABC", "xyz"), min_size=1, max_size=5))}
    target.insert(draw(st.integers(0, len(target))), new)
    return after


def documents() -> st.SearchStrategy[Any]:
    """Any JSON, with the keys of menus common in it."""
    keys = st.one_of(st.sampled_from(("button", "sub_button", "name", "__x", "a.b", "0")), st.text(max_size=2))
    atoms = st.one_of(
        st.none(), st.booleans(), st.integers(-2, 2), st.floats(allow_nan=False), st.sampled_from(("", "A", "B"))
    )
    return st.recursive(
        atoms,
        lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(keys, below, max_size=3)),
        max_leaves=12,
    )
