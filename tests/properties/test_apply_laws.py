"""Laws of the whole way: whatever is live and whatever is wanted, one apply is enough and pulling loses nothing."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from laws import searched
from planning.strategies import changed_menus, distinct_menus, menus
from workflow.drill import ALLOW, CREATE, DELETE, Drill

from wxdeploy.model.operation import Outcome
from wxdeploy.model.plan import Status
from wxdeploy.model.report import Ending
from wxdeploy.planning.rebuild import rebuild

MENUS = st.one_of(distinct_menus(), menus("甲乙", "xy").filter(bool))


def fits(menu: Any) -> bool:
    """Whether there are no more buttons than the API takes; random changes can make more, or leave none."""
    return 1 <= len(menu) <= 3 and all(len(each.get("sub_button", ())) <= 5 for each in menu)


PAIRS = st.one_of(st.tuples(MENUS, MENUS), changed_menus(distinct_menus()).filter(lambda pair: fits(pair[1])))


def with_addresses(menu: Any) -> Any:
    """The menu with an address wherever a random change has put a bare word."""
    for each in menu:
        with_addresses(each.get("sub_button", ()))
        if not each.get("url", "https://").startswith("https://"):
            each["url"] = f"https://www.example.com/{each['url']}"
    return menu


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.one_of(NAMES, st.integers(-9, 9), st.booleans(), st.none(), st.lists(NAMES, max_size=2))
EXTRAS = st.dictionaries(
    st.sampled_from(["key", "url", "media_id", "appid", "new", "value", "news_info"]), VALUES, max_size=2
)


@st.composite
def live_leaves(draw: st.DrawFn) -> dict[str, Any]:
    """Buttons as an account may hold them, made when other rules were in force, or by hand."""
    kind = draw(
        st.sampled_from(["click", "view", "view_limited", "text", "img", "photo", "voice", "video", "news", "new"])
    )
    return {"type": kind, "name": draw(NAMES), **draw(EXTRAS)}


@st.composite
def live_menus(draw: st.DrawFn) -> dict[str, Any]:
    buttons = []
    for _ in range(draw(st.integers(1, 4))):
        children = draw(st.lists(live_leaves(), max_size=3))
        buttons.append({**draw(live_leaves()), "sub_button": children} if children else draw(live_leaves()))
    return {"button": buttons}


@contextmanager
def drills() -> Iterator[Drill]:
    with tempfile.TemporaryDirectory() as folder:
        drill = Drill(Path(folder))
        with closing(drill.store):
            yield drill


@searched(20)
@given(PAIRS)
def test_from_any_menu_to_any_other_it_takes_one_apply(pair: tuple[Any, Any]) -> None:
    before, after = ({"button": with_addresses(copy.deepcopy(each))} for each in pair)
    with drills() as drill:
        drill.want(before)
        assert drill.apply().ending is Ending.APPLIED
        drill.want(after)
        plan = drill.plan()
        for change in plan.changes:
            assert rebuild(change.before, change.edits) == change.after
            assert change.edits
        report = drill.apply()
        assert report.ending is (Ending.APPLIED if plan.changes else Ending.UNCHANGED)
        assert drill.writes() == [CREATE] * (2 if plan.changes else 1)
        assert drill.plan().status is Status.UNCHANGED
        text = drill.keep()
        assert drill.findings() == [], text
        assert drill.plan().changes == ()


@searched(20)
@given(live=live_menus(), by_hand=st.booleans(), stale=st.none() | live_menus(), wanted=MENUS)
def test_whatever_is_live_is_kept_by_a_pull_and_replaced_by_an_apply(
    live: Any, by_hand: bool, stale: Any, wanted: Any
) -> None:
    with drills() as drill:
        accounts = {"console_menu": live} if by_hand else {"menu": live}
        drill.live(**({"menu": stale} if stale else {}), **accounts) if by_hand else drill.live(**accounts)
        text = drill.keep()
        assert drill.findings() == [], text
        plan = drill.plan()
        assert (plan.error, plan.changes) == (None, ()), text
        assert drill.keep() == text
        drill.want({"button": wanted})
        for change in drill.plan().changes:
            assert rebuild(change.before, change.edits) == change.after
        assert drill.writes() == []
        report = drill.apply(allow=ALLOW)
        assert report.ending in (Ending.APPLIED, Ending.UNCHANGED)
        assert drill.plan().changes == ()


@searched(10)
@given(live=live_menus(), by_hand=st.booleans())
def test_whatever_is_live_can_be_removed(live: Any, by_hand: bool) -> None:
    with drills() as drill:
        drill.live(**{"console_menu" if by_hand else "menu": live})
        drill.want("menu: absent\n")
        assert drill.apply().ending is Ending.REFUSED
        report = drill.apply(allow=ALLOW)
        assert [result.outcome for result in report.results] == [Outcome.APPLIED]
        assert drill.writes() == [DELETE]
        assert drill.plan().changes == ()


@searched(12)
@given(PAIRS)
def test_a_plan_is_the_same_each_time_and_reading_it_changes_nothing(pair: tuple[Any, Any]) -> None:
    before, after = ({"button": with_addresses(copy.deepcopy(each))} for each in pair)
    with drills() as drill:
        drill.live(menu=before)
        drill.want(after)
        first = drill.plan()
        assert drill.plan() == first
        assert drill.writes() == []
