"""Whether an account that fails stops others, which one goes first, and what a run that is stopped leaves."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from workflow.drill import CREATE, LOST, MENU_GET, TOKEN, Fault, Message, Receive, Send, menu
from workflow.fleet import Fleet

from wxdeploy.client.stop import Stop
from wxdeploy.config.schemas import check_value
from wxdeploy.model import planjson, reportjson
from wxdeploy.model.errors import UsageError
from wxdeploy.model.operation import Outcome
from wxdeploy.model.report import ApplyReport
from wxdeploy.model.source import SourceMap
from wxdeploy.workflow.plan import plan
from wxdeploy.workflow.rollout import Rollout

NAMES = ("one", "two", "three", "four")
REFUSED = {"errcode": 40018, "errmsg": "invalid button name size"}
UNAUTHORIZED = {"errcode": 48001, "errmsg": "api unauthorized"}


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    made = Fleet(tmp_path, NAMES, concurrency=1)
    made.live(menu=menu("旧"))
    return made


def endings(report: ApplyReport) -> dict[str, str]:
    return {each.account: each.ending.value for each in report.accounts}


def test_an_account_that_fails_stops_no_other_by_default(fleet: Fleet) -> None:
    fleet.line.faults += [Fault(MENU_GET, UNAUTHORIZED), Fault(CREATE, REFUSED)]
    assert endings(fleet.apply()) == {"one": "failed", "two": "failed", "three": "applied", "four": "applied"}


def test_the_first_accounts_are_asked_before_the_files_of_the_last_are_looked_at(fleet: Fleet) -> None:
    configuration = fleet.load()
    looked: list[list[str]] = []

    async def way(scope: Message, receive: Receive, send: Send) -> None:
        looked.append([each.name for each in configuration.accounts if "checked" in vars(each)])
        await fleet.line(scope, receive, send)

    asyncio.run(plan(configuration, replace(fleet.world(), sandbox=lambda _: way)))
    assert looked[0] == ["one"]
    assert looked[-1] == list(NAMES)


def test_after_so_many_failures_no_further_account_is_begun(fleet: Fleet) -> None:
    fleet.line.faults.append(Fault(CREATE, REFUSED, times=2))
    report = fleet.apply(rollout=Rollout(max_failures=2))
    assert endings(report) == {"one": "failed", "two": "failed", "three": "not-tried", "four": "not-tried"}
    assert fleet.calls("three").count(CREATE) == 0
    left = report.accounts[2].failure
    assert left is not None
    assert left.message == "not begun: 2 accounts have failed"


def test_where_too_many_cannot_be_read_nothing_is_written_and_nobody_is_asked(fleet: Fleet) -> None:
    fleet.line.faults.append(Fault(MENU_GET, UNAUTHORIZED))
    report = fleet.apply(rollout=Rollout(max_failures=1), confirm=lambda _: pytest.fail("asked"))
    assert endings(report) == {"one": "failed", "two": "not-tried", "three": "not-tried", "four": "not-tried"}
    assert CREATE not in [path for path, _, _ in fleet.line.seen]


def test_what_could_not_be_read_counts_with_what_could_not_be_written(fleet: Fleet) -> None:
    fleet.line.faults += [Fault(MENU_GET, UNAUTHORIZED), Fault(CREATE, REFUSED)]
    report = fleet.apply(rollout=Rollout(max_failures=2))
    assert endings(report) == {"one": "failed", "two": "failed", "three": "not-tried", "four": "not-tried"}


def test_once_too_many_could_not_be_read_no_further_account_is_read(fleet: Fleet) -> None:
    fleet.line.faults.append(Fault(MENU_GET, UNAUTHORIZED, times=9))
    report = fleet.apply(rollout=Rollout(max_failures=2), confirm=lambda _: pytest.fail("asked"))
    assert endings(report) == {"one": "failed", "two": "failed", "three": "not-tried", "four": "not-tried"}
    assert [each.failure.message for each in report.accounts[2:] if each.failure] == [
        "not begun: 2 accounts have failed"
    ] * 2
    assert (fleet.calls("three"), fleet.calls("four")) == ([], [])


def test_those_that_were_read_and_those_that_were_not_are_told_the_same_reason(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path, tuple(f"shop-{number}" for number in range(12)), concurrency=4)
    fleet.live(menu=menu("旧"))
    fleet.line.faults.append(Fault(MENU_GET, UNAUTHORIZED, times=3))
    report = fleet.apply(rollout=Rollout(max_failures=3))
    left = [each for each in report.accounts if each.ending.value == "not-tried"]
    assert len(left) == 9
    assert len({each.failure for each in left}) == 1
    assert any(fleet.calls(each.account) for each in left)
    assert any(not fleet.calls(each.account) for each in left)
    document = reportjson.to_json(report, version="")
    assert not check_value(document, SourceMap(), "apply")


def test_a_canary_that_cannot_be_read_stops_the_reading(fleet: Fleet) -> None:
    fleet.line.faults.append(Fault(MENU_GET, UNAUTHORIZED))
    fleet.apply(rollout=Rollout(canary="one"))
    assert [fleet.calls(name) for name in ("two", "three", "four")] == [[], [], []]


def test_the_canary_is_applied_and_verified_before_any_other_is_written_to(fleet: Fleet) -> None:
    fleet.concurrency = 4
    report = fleet.apply(rollout=Rollout(canary="three"))
    assert endings(report) == dict.fromkeys(NAMES, "applied")
    assert [each.account for each in report.accounts] == list(NAMES)
    calls = [(call.appid, call.path) for call in fleet.store.calls()]
    first = calls.index((fleet.appid("three"), CREATE))
    verified = calls.index((fleet.appid("three"), MENU_GET), first)
    others = [index for index, (appid, path) in enumerate(calls) if path == CREATE and appid != fleet.appid("three")]
    assert min(others) > verified
    assert all(calls.index((fleet.appid(name), MENU_GET), verified) < others[-1] for name in ("one", "two", "four"))


@pytest.mark.parametrize(
    ("fault", "ending"), [(Fault(CREATE, REFUSED), "failed"), (Fault(CREATE, {"errcode": 0}), "partial")]
)
def test_a_canary_that_fails_or_does_not_verify_stops_all(fleet: Fleet, fault: Fault, ending: str) -> None:
    fleet.line.faults.append(fault)
    report = fleet.apply(rollout=Rollout(canary="three"))
    assert endings(report) == {"one": "not-tried", "two": "not-tried", "three": ending, "four": "not-tried"}
    assert [path for path, _, _ in fleet.line.seen].count(CREATE) == 1


def minutes_pass_before_the_second_writing(fleet: Fleet, minutes: float) -> None:
    """While the first account is written to, somebody gives the second another menu, ``minutes`` later."""

    def meddle(path: str) -> None:
        if path == CREATE and fleet.line.meddle is not None:
            fleet.line.meddle = None
            fleet.now += timedelta(minutes=minutes)
            fleet.live("two", menu=menu("外"))

    fleet.line.meddle = meddle


def test_an_account_that_was_read_long_before_its_turn_is_read_again_before_it_is_written_to(fleet: Fleet) -> None:
    minutes_pass_before_the_second_writing(fleet, 1)
    report = fleet.apply()
    assert endings(report) == {"one": "applied", "two": "refused", "three": "applied", "four": "applied"}
    assert [str(each.address) for each in report.accounts[1].moved] == ["menu.default"]
    assert CREATE not in fleet.calls("two")


def test_an_account_that_was_read_a_moment_ago_is_not_read_again(fleet: Fleet) -> None:
    minutes_pass_before_the_second_writing(fleet, 0.25)
    fleet.apply()
    calls = [call for call in fleet.calls("three") if call in (MENU_GET, CREATE)]
    assert calls == [MENU_GET, CREATE, MENU_GET]


def test_a_canary_that_cannot_be_read_stops_all(fleet: Fleet) -> None:
    fleet.line.faults.append(Fault(MENU_GET, UNAUTHORIZED))
    assert endings(fleet.apply(rollout=Rollout(canary="one")))["four"] == "not-tried"


def test_a_canary_that_is_not_there_is_told_before_any_call(fleet: Fleet) -> None:
    with pytest.raises(UsageError, match="thre'") as caught:
        fleet.apply(rollout=Rollout(canary="thre"))
    assert caught.value.fix == "did you mean 'three'?"
    assert fleet.line.seen == []


def stop_at(fleet: Fleet, path: str, stop: Stop, when: Callable[[], bool] = lambda: True) -> None:
    def meddle(seen: str) -> None:
        if seen == path and when():
            stop.ask()

    fleet.line.meddle = meddle


def test_a_run_that_is_stopped_finishes_its_call_and_says_what_is_left(fleet: Fleet) -> None:
    stop = Stop()
    stop_at(fleet, CREATE, stop)
    report = fleet.apply(stop=stop)
    assert endings(report) == {"one": "partial", "two": "not-tried", "three": "not-tried", "four": "not-tried"}
    assert [each.outcome for each in report.accounts[0].results] == [Outcome.APPLIED]
    assert fleet.calls("one")[-1] == CREATE  # it is not read again
    fleet.line.meddle = None
    assert endings(fleet.apply()) == {"one": "unchanged", "two": "applied", "three": "applied", "four": "applied"}
    assert [path for path, _, _ in fleet.line.seen].count(CREATE) == 4


@pytest.mark.parametrize("after", [True, False], ids=["with its effect", "without it"])
def test_a_call_whose_answer_is_lost_while_it_stops_is_settled_by_one_reading_and_not_sent_again(
    fleet: Fleet, after: bool
) -> None:
    stop = Stop()
    stop_at(fleet, CREATE, stop)
    fleet.line.faults.append(Fault(CREATE, LOST, after=after))
    report = fleet.apply(stop=stop)
    (result,) = report.accounts[0].results
    assert result.outcome is (Outcome.APPLIED if after else Outcome.UNKNOWN)
    assert [path for path, _, _ in fleet.line.seen].count(CREATE) == 1
    fleet.line.meddle = None
    assert not any(each.failed for each in fleet.apply().accounts)


def test_a_run_that_is_stopped_waits_for_no_rate_limit(fleet: Fleet) -> None:
    stop = Stop()
    stop_at(fleet, CREATE, stop)
    fleet.line.faults.append(Fault(CREATE, {"errcode": 45011, "errmsg": "api minute-quota reach limit"}, times=9))
    report = fleet.apply(stop=stop)
    assert endings(report)["one"] == "failed"
    assert [path for path, _, _ in fleet.line.seen].count(CREATE) == 1


def told(fleet: Fleet, seed: int | None) -> tuple[Any, Any]:
    """What a plan and an apply say, whatever order the host answers in."""
    fleet.shuffle = None if seed is None else random.Random(seed)
    plan = planjson.to_json(fleet.plan(), version="")
    report = reportjson.to_json(fleet.apply(rollout=Rollout(canary="shop-3")), version="")
    for each in report["accounts"]:  # type: ignore[union-attr]
        each["snapshot"] = None  # type: ignore[index,call-overload]
    return plan, report


def test_what_is_told_does_not_depend_on_the_order_of_the_answers(tmp_path: Path) -> None:
    names = tuple(f"shop-{number}" for number in range(12))
    found = []
    for seed in (None, 1, 2, 3):
        fleet = Fleet(tmp_path / str(seed), names, concurrency=1 if seed is None else 8)
        fleet.live(menu=menu("旧"))
        fleet.live("shop-4", menu=menu("新"))
        fleet.live("shop-7", console_menu=menu("手"))
        found.append(told(fleet, seed))
    assert all(each == found[0] for each in found)


def test_a_plan_makes_each_call_once_and_an_apply_reads_again_only_what_it_wrote_to(tmp_path: Path) -> None:
    reads = [MENU_GET, "/cgi-bin/get_current_selfmenu_info"]
    fleet = Fleet(tmp_path, ("one", "two"))
    fleet.live("one", menu=menu("旧"))
    fleet.live("two", menu=menu("新"))
    fleet.plan()
    assert sorted(fleet.calls("one")) == sorted([TOKEN, *reads])
    before = len(fleet.calls("one")), len(fleet.calls("two"))
    fleet.apply()
    assert sorted(fleet.calls("one")[before[0] :]) == sorted([TOKEN, *reads, CREATE, *reads])
    assert sorted(fleet.calls("two")[before[1] :]) == sorted([TOKEN, *reads])


def test_all_four_kinds_are_read_with_four_calls(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path, ("one",))
    sections = {"menu": menu("新"), "tags": [], "conditional_menus": [], "templates": {}}
    (tmp_path / "menu.yaml").write_text(json.dumps(sections), "utf-8")
    assert fleet.plan().accounts[0].kinds == ("tag", "menu", "conditional_menu", "template")
    reads = ["menu/get", "get_current_selfmenu_info", "tags/get", "template/get_all_private_template"]
    assert sorted(fleet.calls("one")) == sorted([TOKEN, *(f"/cgi-bin/{each}" for each in reads)])
