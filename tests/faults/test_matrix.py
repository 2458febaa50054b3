"""Every call by every fault: the first run tells the truth in bounded time, the second converges, nothing twice or lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from faults.bench import CALLS, FAULTS, REFUSALS, SILENT, Bench, calls_of, judge
from faults.scenes import SCENES
from hypothesis import given
from hypothesis import strategies as st
from laws import searched
from workflow.drill import APPID

from wxdeploy.kinds import KINDS
from wxdeploy.sandbox.buttons import Button
from wxdeploy.sandbox.faults import What, parse
from wxdeploy.wechat.endpoints import ENDPOINTS, Mode

TIMES = {"once": "", "always": "*always"}


@cache
def counted(name: str) -> Counter[str]:
    with TemporaryDirectory() as folder:
        return calls_of(SCENES[name], Path(folder))


def scenes_with(call: str) -> list[str]:
    """The scenes whose apply makes the call, the ones with the fewest calls in front."""
    return sorted((name for name in SCENES if counted(name)[CALLS[call]]), key=lambda name: counted(name).total())


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[], Path]:
    made = iter(range(1_000_000))
    return lambda: tmp_path / f"case-{next(made)}"


def test_the_scenes_make_every_call_that_a_kind_reads_or_writes() -> None:
    made = {call for name in SCENES for call in counted(name)}
    assert made == set(CALLS.values())
    assert {read for kind in KINDS for read in kind.reads} <= set(CALLS)
    served = ("menu/", "tags/create", "tags/update", "tags/delete", "template/api_add", "template/del_")
    writes = {each.path.removeprefix("/cgi-bin/") for each in ENDPOINTS.values() if each.mode is Mode.WRITE}
    assert {each for each in writes if each.startswith(served)} <= made


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_fails_is_told_as_it_is_and_the_next_run_converges(
    call: str, fault: str, folder: Callable[[], Path]
) -> None:
    name = scenes_with(call)[0]
    # The first such call once, and the last for good: of the reads, the one that plans and the one that verifies.
    for rest in ("", f"*always+{counted(name)[CALLS[call]] - 1}"):
        verdict = judge(SCENES[name], folder(), f"{CALLS[call]}:{fault}{rest}")
        assert verdict.good, f"{name}, {rest}: {verdict}"


@pytest.mark.parametrize("times", TIMES.values(), ids=TIMES)
@pytest.mark.parametrize("name", SCENES)
def test_an_account_that_answers_nothing_clear_from_some_call_on_is_survived(
    name: str, times: str, folder: Callable[[], Path]
) -> None:
    for skip in range(counted(name).total()):
        verdict = judge(SCENES[name], folder(), f"*:{FAULTS[skip % len(FAULTS)]}{times}+{skip}")
        assert verdict.good, f"{name}, from call {skip}: {verdict}"


@pytest.mark.parametrize("after", [1, 2, 3])
@pytest.mark.parametrize("times", TIMES.values(), ids=TIMES)
def test_menus_that_stay_closed_after_a_deletion_are_waited_for_or_told(
    times: str, after: int, folder: Callable[[], Path]
) -> None:
    """40028 is what WeChat answers for a while once the menu was deleted."""
    verdict = judge(SCENES["all menus removed"], folder(), f"menu/*:before:errcode=40028{times}+{after}")
    assert verdict.good, verdict


RULES = st.builds(
    "{}:{}{}+{}".format,
    st.sampled_from([*CALLS.values(), "*", "menu/*", "template/*", "tags/*"]),
    st.sampled_from(FAULTS),
    st.sampled_from(["", "*2", "*3", "*always"]),
    st.integers(0, 3),
)


@pytest.mark.fuzz
@searched(20)
@given(name=st.sampled_from(sorted(SCENES)), rules=st.lists(RULES, min_size=2, max_size=4))
def test_any_faults_together_are_survived(name: str, rules: list[str]) -> None:
    with TemporaryDirectory() as folder:
        verdict = judge(SCENES[name], Path(folder), *rules)
        assert verdict.good, verdict


# What finds nothing wrong must be able to.


def broken(folder: Path, hand: Callable[[Bench], None]) -> Bench:
    bench = Bench(SCENES["everything made from nothing"], folder)
    bench.apply()
    hand(bench)
    return bench


def meddled(bench: Bench, what: str) -> None:
    some: list[Button] = [{"type": "click", "name": "果", "key": "K"}]
    with bench.drill.store.transaction() as state:
        if what == "twice":
            state.add_conditional_menu(APPID, some, {"client_platform_type": "1"})
        elif what == "gone":
            state.remove_tag(APPID, 101)
        else:
            state.put_menu(APPID, some)


@pytest.mark.parametrize(("what", "found"), [("twice", (1, 0)), ("gone", (0, 3)), ("other", (0, 1))])
def test_what_is_there_twice_or_lost_is_counted(what: str, found: tuple[int, int], tmp_path: Path) -> None:
    bench = broken(tmp_path, lambda each: meddled(each, what))
    account = bench.account()
    assert (account.duplicates(), account.lost(bench.scene)) == found
    assert not account.is_as_wanted(bench.scene)
    bench.drill.store.close()


@pytest.mark.parametrize("refusal", REFUSALS[:1])
def test_a_report_that_is_not_true_is_found_out(refusal: str, tmp_path: Path) -> None:
    """An account that refuses what it does, which no account is known to do, makes one."""
    bench = Bench(SCENES["templates added and deleted"], tmp_path)
    assert bench.untruths(bench.apply(parse(f"template/del_private_template:after:{refusal}")))
    bench.drill.store.close()


def test_the_faults_are_those_of_the_sandbox() -> None:
    named = {parse(f"*:{fault}").what for fault in FAULTS}
    assert named == set(What)
    assert len(FAULTS) == 2 * len(SILENT) + len(REFUSALS)
