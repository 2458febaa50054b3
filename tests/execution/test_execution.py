"""The executor over plans of several calls: where it begins, where it stops, what it says of each."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from wxdeploy.execution.apply import Execution
from wxdeploy.execution.journal import Journal
from wxdeploy.execution.snapshot import Snapshot, save
from wxdeploy.model.address import Address
from wxdeploy.model.errors import ApiError, LostAnswerError, RefusedError, TransportError, WxdeployError
from wxdeploy.model.operation import ApiCall, Capture, Deferred, Operation, Outcome
from wxdeploy.model.plan import AccountPlan

TAG = Deferred(Address("tag", "VIP"), "id")
APPLIED, SKIPPED, FAILED, NOT_TRIED, UNKNOWN = (
    Outcome.APPLIED,
    Outcome.SKIPPED,
    Outcome.FAILED,
    Outcome.NOT_TRIED,
    Outcome.UNKNOWN,
)


def operation(number: int, call: ApiCall) -> Operation:
    return Operation(call=call, change=0, live_before=f"state-{number}", live_after=f"state-{number + 1}")


CALLS = (
    ApiCall("POST /cgi-bin/tags/create", {"tag": {"name": "VIP"}}, (Capture(TAG, ("tag", "id")),)),
    ApiCall("POST /cgi-bin/menu/create", {"button": []}),
    ApiCall("POST /cgi-bin/menu/addconditional", {"matchrule": {"tag_id": TAG.to_json()}}),
)
PLAN = AccountPlan(
    account="shop",
    appid="wx0000000000000001",
    live_digest="state-0",
    desired_digest="wanted",
    operations=tuple(operation(number, call) for number, call in enumerate(CALLS)),
)
REFUSED = ApiError(call="x", errcode=45009, errmsg="", rid=None, message="no", fix="wait")
LOST = LostAnswerError("lost", fix="look")


@dataclass
class Remote:
    """An account of which only its fingerprint is known; ``troubles`` befall the calls in turn, None being none."""

    state: int = 0
    troubles: list[tuple[WxdeployError, bool] | None] = field(default_factory=list)
    """Each with whether the call took effect all the same."""
    unreadable: bool = False
    foreign: bool = False
    bodies: list[Any] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    async def call(self, _endpoint: str, body: Any) -> Mapping[str, Any]:
        self.bodies.append(body)
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble is None or trouble[1]:
            self.state += 1
        if trouble:
            raise trouble[0]
        return {"tag": {"id": 101}}

    async def reread(self) -> str:
        if self.unreadable:
            raise TransportError("gone", fix="")
        return "foreign" if self.foreign else f"state-{self.state}"

    async def pause(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.fixture
def outcomes(tmp_path: Path) -> Callable[..., list[Outcome]]:
    def run(remote: Remote, live: str = "state-0", find: Callable[[Deferred], Any] = lambda _: None) -> list[Outcome]:
        execution = Execution(
            call=remote.call,
            reread=remote.reread,
            find=find,
            journal=Journal(tmp_path / "journal" / "shop.jsonl", lambda: "now"),
            pause=remote.pause,
        )
        results = asyncio.run(execution.run(PLAN, live))
        assert [result.operation for result in results] == list(PLAN.operations)
        return [result.outcome for result in results]

    return run


Run = Callable[..., list[Outcome]]


def test_every_call_is_sent_in_order_with_what_the_ones_before_it_brought(outcomes: Run) -> None:
    remote = Remote()
    assert outcomes(remote) == [APPLIED] * 3
    assert remote.bodies[2] == {"matchrule": {"tag_id": "101"}}


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_refusal_stops_at_once_and_says_what_was_not_tried(outcomes: Run, at: int) -> None:
    remote = Remote(troubles=[None] * at + [(REFUSED, False)])
    assert outcomes(remote) == [APPLIED] * at + [FAILED] + [NOT_TRIED] * (2 - at)
    assert len(remote.bodies) == at + 1


@pytest.mark.parametrize("at", [0, 1, 2])
@pytest.mark.parametrize("done", [True, False])
def test_a_lost_answer_is_settled_by_reading_and_nothing_is_done_twice(outcomes: Run, at: int, done: bool) -> None:
    remote = Remote(troubles=[None] * at + [(LOST, done)])
    found = outcomes(remote, find=lambda _: 101)
    assert found == [APPLIED] * 3
    assert remote.state == 3
    assert len(remote.bodies) == (3 if done else 4)


def test_a_call_that_is_lost_again_is_given_up_where_the_account_stayed_as_it_was(outcomes: Run) -> None:
    remote = Remote(troubles=[(LOST, False), (LOST, False)])
    assert outcomes(remote) == [FAILED, NOT_TRIED, NOT_TRIED]
    assert len(remote.bodies) == 2


@pytest.mark.parametrize("trouble", ["unreadable", "foreign"])
def test_a_lost_answer_that_no_reading_settles_is_unknown_and_stops(outcomes: Run, trouble: str) -> None:
    remote = Remote(troubles=[(LOST, True)], **{trouble: True})
    assert outcomes(remote) == [UNKNOWN, NOT_TRIED, NOT_TRIED]
    assert len(remote.bodies) == 1


@pytest.mark.parametrize("state", [1, 2, 3])
def test_an_interrupted_plan_goes_on_where_it_stopped(outcomes: Run, state: int) -> None:
    remote = Remote(state=state)
    assert outcomes(remote, f"state-{state}", lambda _: 101) == [SKIPPED] * state + [APPLIED] * (3 - state)
    assert len(remote.bodies) == 3 - state


def test_a_state_that_the_plan_does_not_know_is_refused_before_any_call(outcomes: Run) -> None:
    remote = Remote()
    with pytest.raises(RefusedError):
        outcomes(remote, "elsewhere")
    assert remote.bodies == []


def test_a_value_that_is_nowhere_stops_the_plan_and_keeps_what_was_done(outcomes: Run) -> None:
    """The second call needs nothing, the third an id that nobody knows: what was done before is still told."""
    remote = Remote(state=1)
    assert outcomes(remote, "state-1") == [SKIPPED, APPLIED, FAILED]
    assert len(remote.bodies) == 1


def test_the_journal_is_written_before_and_after_each_call(outcomes: Run, tmp_path: Path) -> None:
    outcomes(Remote(troubles=[None, (REFUSED, False)]))
    lines = [json.loads(line) for line in (tmp_path / "journal" / "shop.jsonl").read_text("utf-8").splitlines()]
    assert [(each.get("intend"), each.get("settle"), each.get("outcome")) for each in lines] == [
        (0, None, None), (None, 0, "applied"), (1, None, None), (None, 1, "failed"),
    ]  # fmt: skip
    assert {each["at"] for each in lines} == {"now"}


def test_no_call_is_sent_that_could_not_be_written_down(outcomes: Run, tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("in the way")
    remote = Remote()
    assert outcomes(remote) == [FAILED, NOT_TRIED, NOT_TRIED]
    assert remote.bodies == []


def test_a_snapshot_that_cannot_be_kept_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "snapshots").write_text("in the way")
    taken = Snapshot(account="shop", appid=None, taken="now", command="apply", fingerprint="x", kinds=(), answers={})
    with pytest.raises(WxdeployError, match="snapshots"):
        save(tmp_path / "snapshots", taken)
