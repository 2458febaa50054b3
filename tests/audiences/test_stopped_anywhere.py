"""An apply that ends after any of its calls, in any way: the next run goes on from there, and nothing is there twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from audiences.runs import Runs, runs
from audiences.shop import ANDROID, IOS, TAGS, VIP, Document, live, menu, personal

from wxdeploy.model.plan import Status
from wxdeploy.model.report import Ending
from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.faults import parse, with_faults

FOLLOWERS: dict[str, Document] = {
    "o-1": {"tags": ["VIP"], "platform": "ios"},
    "o-2": {"tags": ["VIP", "北京"]},
    "o-3": {"tags": ["老客"]},
}
BEFORE: Document = {
    "menu": menu("旧"),
    "tags": [*TAGS, {"name": "老客", "id": 103}],
    "followers": FOLLOWERS,
    "conditional_menus": live(
        personal("vip", VIP, "一", host="a"),
        personal("vip", VIP, host="b"),
        personal("ios", IOS, host="c"),
        personal("dead", {"city": "广州"}),
        personal("last", {"tag": "老客"}),
    ),
}
WANTED: Document = {
    "tags": [{"name": "大客户", "was": "VIP"}, {"name": "北京"}, {"name": "新客"}],
    "menu": menu("新"),
    "conditional_menus": [
        personal("vip-ios", {"tag": "大客户", **IOS}, host="d"),
        personal("vip", {"tag": "大客户"}, "二", host="a"),
        personal("new", {"tag": "新客"}),
        personal("ios", IOS, host="c"),
        personal("android", ANDROID),
    ],
}
CALLS = [
    "tags/update",
    "tags/create",
    "menu/create",
    *["menu/addconditional"] * 2,
    "menu/delconditional",
    *["menu/addconditional"] * 3,
    *["menu/delconditional"] * 4,
    "tags/delete",
]
"""All the calls of an undisturbed apply; one old menu goes first, so that the domains are never four."""
STOPS = [(path, CALLS[:index].count(path)) for index, path in enumerate(CALLS)]
ENDS = {
    "refused before it took effect": "before:errcode=45009*always",
    "told a failure after it took effect": "after:errcode=45009",
    "an answer that was lost": "after:reset",
    "a call that was lost": "before:reset",
    "half an answer": "after:truncated",
    "a page of a gateway": "after:html502",
    "busy, and done": "after:errcode=-1",
}


@pytest.fixture
def shop() -> Iterator[Runs]:
    with runs("prune: [tags]") as made:
        made.live(**BEFORE)
        made.want(WANTED)
        yield made


def once_of(calls: Sequence[str]) -> list[str]:
    """The calls that must not be made twice; a rename and the default menu may be sent again."""
    return sorted(each for each in calls if each not in ("tags/update", "menu/create"))


def once(shop: Runs) -> list[str]:
    return once_of(shop.writes())


def assert_as_wanted(shop: Runs) -> None:
    assert shop.plan().status is Status.UNCHANGED
    assert [name for _, name in shop.menus()] == ["vip-ios", "vip", "new", "ios", "android"]
    tags = shop.tags()
    assert {name: tags[name] for name in ("大客户", "北京")} == {"大客户": (101, 2), "北京": (102, 1)}
    assert set(tags) == {"大客户", "北京", "新客"}
    assert [tags for _, tags, _ in shop.followers(FOLLOWERS)] == [("大客户",), ("大客户", "北京"), ()]
    assert [each[0]["name"] for each in shop.shown(["o-1", "o-2", "o-3"])] == ["vip-ios", "新", "新"]


def test_undisturbed_it_takes_these_calls(shop: Runs) -> None:
    assert shop.apply().ending is Ending.APPLIED
    assert sorted(shop.writes()) == sorted(CALLS)
    assert shop.writes()[:3] == CALLS[:3]
    assert shop.writes()[-1] == "tags/delete"
    assert_as_wanted(shop)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize(("path", "skip"), STOPS, ids=[f"{path}-{skip + 1}" for path, skip in STOPS])
def test_the_next_run_goes_on_from_there(shop: Runs, path: str, skip: int, end: str) -> None:
    rule = f"{path}:{ENDS[end]}+{skip}"
    shop.app = with_faults(shop.app, [parse(rule)])
    first = shop.apply()
    if end not in ("refused before it took effect", "told a failure after it took effect"):
        # Also where the answer to tags/create is lost, with the id that a rule needs: it is read back.
        assert (first.ending, first.converged) == (Ending.APPLIED, True)
    else:
        assert first.ending in (Ending.PARTIAL, Ending.FAILED)
        assert any(each.failure for each in first.results)
    shop.app = create_app(shop.store)
    left = shop.plan().operations
    second = shop.apply()
    assert (second.ending, second.converged) == (Ending.APPLIED if left else Ending.UNCHANGED, True)
    assert once(shop) == once_of(CALLS), "nothing is done twice"
    assert_as_wanted(shop)


class KilledError(BaseException):
    """What nothing in the program catches."""


@pytest.mark.parametrize("after", range(1, len(CALLS) + 1))
def test_killed_after_a_call_it_goes_on_from_there(shop: Runs, after: int) -> None:
    whole, count = shop.app, 0

    async def until_then(scope: Any, receive: Any, send: Any) -> None:
        nonlocal count
        await whole(scope, receive, send)
        count += re.search(r"/(create|update|delete|\w+conditional)$", scope["path"]) is not None
        if count == after:
            raise KilledError

    shop.app = until_then
    with pytest.raises(KilledError):
        shop.apply()
    assert len(shop.writes()) == after
    shop.app = whole
    assert shop.apply().converged is True
    assert once(shop) == once_of(CALLS), "nothing is done twice"
    assert_as_wanted(shop)


def test_a_rename_keeps_the_id_and_the_followers_and_the_rules_that_name_it(shop: Runs) -> None:
    shop.want({"tags": [{"name": "大客户", "was": "VIP"}, {"name": "北京"}, {"name": "老客"}]})
    rules = [rule for rule, _ in shop.menus()]
    assert shop.apply().converged is True
    assert shop.writes() == ["tags/update"]
    assert shop.tags() == {"大客户": (101, 2), "北京": (102, 1), "老客": (103, 1)}
    assert [tags for _, tags, _ in shop.followers(FOLLOWERS)] == [("大客户",), ("大客户", "北京"), ("老客",)]
    assert [rule for rule, _ in shop.menus()] == rules
