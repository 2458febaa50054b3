"""From any live state to any desired one: nothing is left to do, nothing is there twice, nobody is left out."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from kinds.conditional_menu.simulated_account import DEFAULT, Simulated, desired
from laws import searched

from wxdeploy.kinds.conditional_menu import CONDITIONAL_MENU
from wxdeploy.kinds.targeting.audience import decide
from wxdeploy.model.plan import AccountPlan

TAGS = ("VIP", "北京", "new")
RULES: list[dict[str, Any]] = [
    {**tag, **platform}
    for tag in ({}, *({"tag": tag} for tag in TAGS))
    for platform in ({}, {"client_platform_type": "ios"}, {"client_platform_type": "android"})
    if tag or platform
]
HOSTS = ("", "", "a", "b", "c", "d")


def menu(rule: dict[str, Any], button: str, host: str) -> dict[str, Any]:
    fields = {"type": "view", "url": f"https://{host}.example.com/"} if host else {"type": "click", "key": button}
    return {"matchrule": rule, "button": [{"name": button, **fields}]}


def hosts(menus: Sequence[Mapping[str, Any]]) -> set[str]:
    return {button["url"] for each in menus for button in each["button"] if "url" in button}


def live_menus() -> st.SearchStrategy[list[dict[str, Any]]]:
    alive = st.builds(menu, st.sampled_from([rule for rule in RULES if rule.get("tag") != "new"]), BUTTONS, HOST)
    dead = st.builds(menu, st.sampled_from([{"sex": "1"}, {"tag": "VIP", "city": "广州"}]), BUTTONS, HOST)
    lost = st.builds(menu, st.just({"tag_id": "999"}), BUTTONS, HOST)
    return st.lists(alive | alive | alive | dead | lost, max_size=5).filter(lambda menus: len(hosts(menus)) <= 3)


BUTTONS = st.sampled_from(["x", "y", "z"])
HOST = st.sampled_from(HOSTS)
LIVE = live_menus()
WANTED = st.lists(
    st.builds(menu, st.sampled_from(RULES), BUTTONS, HOST), max_size=5, unique_by=lambda each: str(each["matchrule"])
).filter(lambda menus: len(hosts(menus)) <= 3)
TAG_LISTS = st.sampled_from(
    [
        [{"name": name} for name in TAGS],
        [{"name": "VIP"}, {"name": "new", "was": "北京"}],
        [{"name": "new", "was": ["old", "VIP"]}],
        [{"name": "new"}],
    ]
)
FEW = searched(20, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulated]:
    """One account for many examples: seeding it puts it into a state whatever it held before."""
    with asyncio.Runner() as runner:
        account = Simulated(runner)
        yield account
        account.close()


def put(account: Simulated, live: list[dict[str, Any]], **others: object) -> None:
    account.seed(tags=[{"name": "VIP", "id": 101}, {"name": "北京", "id": 102}], conditional_menus=live, **others)


def fitting(tags: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The menus whose tags are declared."""
    names = {tag["name"] for tag in tags}
    return [each for each in wanted if each["matchrule"].get("tag") in (None, *names)]


@FEW
@given(LIVE, WANTED, TAG_LISTS, st.booleans())
def test_apply_then_plan_is_empty(
    shared: Simulated, live: list[dict[str, Any]], wanted: list[dict[str, Any]], tags: list[dict[str, Any]], prune: bool
) -> None:
    put(shared, live)
    state = desired(
        {"tags": tags, "conditional_menus": fitting(tags, wanted)}, prune=frozenset({"tag"} if prune else ())
    )
    plan = shared.converge(state)
    assert all(0 <= each.change < len(plan.changes) for each in plan.operations)
    assert all(hazard.permit for hazard in plan.hazards)


@FEW
@given(LIVE, WANTED, TAG_LISTS, st.data())
def test_stopped_after_any_call_the_next_run_ends_the_same(
    shared: Simulated,
    live: list[dict[str, Any]],
    wanted: list[dict[str, Any]],
    tags: list[dict[str, Any]],
    data: st.DataObject,
) -> None:
    put(shared, live)
    state = desired(
        {"tags": tags, "menu": DEFAULT, "conditional_menus": fitting(tags, wanted)}, prune=frozenset({"tag"})
    )
    plan = shared.plan(state)
    shared.apply(plan, stop_after=data.draw(st.integers(0, len(plan.operations))))
    shared.converge(state)
    assert listed(shared) == [each["button"][0]["name"] for each in fitting(tags, wanted)]


def listed(account: Simulated) -> list[str]:
    menus = account.call("menu.get").get("conditionalmenu", [])
    return [each["button"][0]["name"] for each in menus]


@FEW
@given(LIVE, WANTED)
def test_audiences_are_those_of_the_account(
    shared: Simulated, live: list[dict[str, Any]], wanted: list[dict[str, Any]]
) -> None:
    """Every follower sees, before and after and between the calls, what the plan says."""
    followers = {
        f"{tag}-{platform}": {"tags": [tag] if tag else [], "platform": platform}
        for tag in ("", "VIP", "北京")
        for platform in ("", "ios", "android")
    }
    for fields in followers.values():
        if not fields["platform"]:
            del fields["platform"]
    put(shared, live, followers=followers)
    wanted = [each for each in wanted if each["matchrule"].get("tag") != "new"]
    state = desired({"conditional_menus": wanted})
    plan = shared.plan(state)
    seen = {openid: [shared.seen_by(openid)] for openid in followers}
    for count in range(len(plan.operations)):
        shared.apply(_only(plan, count))
        for openid, shown in seen.items():
            shown.append(shared.seen_by(openid))
    said = {(each.tag, each.platform): each for each in plan.audiences}
    gaps = any(None in each.between for each in plan.audiences)
    assert gaps == any("the default menu is seen by" in each.note for each in plan.operations)
    rules = [each["matchrule"] for each in (*live, *wanted) if not {"sex", "city"} & each["matchrule"].keys()]
    named = {value for rule in rules for value in rule.values()}
    for openid, shown in seen.items():
        tag, _, platform = openid.partition("-")
        audience = said.get((tag if tag in named else None, platform if platform in named else None))
        passing = [each for each in shown if each not in (shown[0], shown[-1])]
        if audience is None:
            assert shown[0] == shown[-1]
            assert not passing
        else:
            assert (None in audience.between) == any(each == _default() for each in passing)
            assert audience.buttons_change == (shown[0] != shown[-1])


def _default() -> list[dict[str, Any]]:
    return [{**button, "sub_button": []} for button in DEFAULT["button"]]


def _only(plan: AccountPlan, index: int) -> AccountPlan:
    """The plan's operation at ``index`` as a plan of its own."""
    (operation,) = plan.operations[index : index + 1]
    return AccountPlan(
        account=plan.account,
        appid=plan.appid,
        live_digest=operation.live_before,
        desired_digest=plan.desired_digest,
        operations=(operation,),
    )


@FEW
@given(WANTED)
def test_match_agrees_with_the_account_for_every_tag_platform_and_order(
    shared: Simulated, wanted: list[dict[str, Any]]
) -> None:
    orders = [order for size in range(len(TAGS) + 1) for order in itertools.permutations(TAGS, size)]
    platforms = ("ios", "android", "other", None)
    followers = {
        f"{number}-{platform}": {"tags": list(order), **({"platform": platform} if platform else {})}
        for number, order in enumerate(orders)
        for platform in platforms
    }
    shared.seed(tags=list(TAGS), followers=followers)
    declared = CONDITIONAL_MENU.parse(wanted)
    shared.apply(shared.plan(desired({"conditional_menus": wanted})))
    shown = {each.name: each.spec.menu.button[0].name for each in declared}
    for number, order in enumerate(orders):
        for platform in platforms:
            decision = decide([(each.name, each.spec.rule) for each in declared], order, platform)
            assert len(decision.considered) == len(declared)
            name = shared.seen_by(f"{number}-{platform}")[0]["name"]
            assert name == (shown[decision.winner] if decision.winner else "default")


def test_a_lost_answer_to_a_publication_leaves_no_duplicate(shared: Simulated) -> None:
    """The call took effect and the answer was lost: reading back shows the state after it."""
    put(shared, [])
    state = desired({"conditional_menus": [menu(RULES[0], "x", ""), menu(RULES[1], "y", "")]})
    plan = shared.plan(state)
    shared.apply(plan, stop_after=1)
    assert shared.plan(state).live_digest == plan.operations[0].live_after
    with contextlib.suppress(AssertionError):
        shared.apply(plan)
    shared.converge(state)
    assert listed(shared) == ["x", "y"]
