"""Every call of an apply can fail, before its effect or after it: the end is told as it is, and the next run converges."""

from __future__ import annotations

import asyncio
import itertools
import json
from typing import Any

import pytest
from workflow.drill import (
    ALLOW,
    CREATE,
    DELETE,
    LOST,
    MENU_GET,
    SELFMENU,
    TOKEN,
    Drill,
    Fault,
    Reply,
    menu,
)

from wxdeploy.model.operation import Outcome
from wxdeploy.model.plan import Status
from wxdeploy.model.report import AccountReport, Ending
from wxdeploy.workflow.apply import apply

FOREVER = 99
REPLIES: dict[str, Reply] = {
    "lost": LOST,
    "a web page": (502, b"<html><h1>502 Bad Gateway</h1></html>"),
    "a login page": b"<html>sign in</html>",
    "nothing": b"",
    "half": b'{"errcode": 0, "err',
    "no object": b"[]",
    "busy": {"errcode": -1, "errmsg": "system error"},
    "no code": {"errcode": "what", "errmsg": "?"},
    "token refused": {"errcode": 40001, "errmsg": "invalid credential"},
    "token expired": {"errcode": 42001, "errmsg": "access_token expired"},
    "quota": {"errcode": 45009, "errmsg": "reach max api daily quota limit"},
    "minute": {"errcode": 45011, "errmsg": "api minute-quota reach limit"},
    "closed": {"errcode": 40028, "errmsg": "invalid menu api user"},
    "address": {"errcode": 40164, "errmsg": "invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist"},
    "unknown code": {"errcode": 987654, "errmsg": "?"},
    "no menu": {"errcode": 46003, "errmsg": "menu no exist"},
    "too deep": b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}",
    "huge number": b'{"errcode": 1e999}',
}
CALLS = (TOKEN, MENU_GET, SELFMENU, CREATE)
UNCLEAR = (
    "lost",
    "a web page",
    "a login page",
    "nothing",
    "half",
    "no object",
    "busy",
    "no code",
    "too deep",
    "huge number",
)
"""The replies that leave open whether the call took effect; a return code other than -1 says that it did not."""
MOMENTS = [(name, False) for name in REPLIES] + [(name, True) for name in UNCLEAR]


def truth(drill: Drill) -> dict[str, Any] | None:
    """The menu that the account holds, looked up behind the program's back."""
    from workflow.drill import APPID

    with drill.store.transaction() as state:
        held = state.menu(APPID)
    return None if held is None else {"button": held.buttons}


def check_told(drill: Drill, report: AccountReport, wanted: Any) -> None:
    """What the report says is so."""
    done = truth(drill) == wanted
    outcomes = [result.outcome for result in report.results]
    if report.ending in (Ending.APPLIED, Ending.UNCHANGED):
        assert done
        assert report.converged
    elif report.ending in (Ending.FAILED, Ending.REFUSED):
        assert not done, f"{report.failure}: said to have changed nothing"
        assert Outcome.APPLIED not in outcomes
    else:
        assert Outcome.UNKNOWN in outcomes or done
    if Outcome.APPLIED in outcomes:
        assert done
    reasons = [report.failure, *(result.failure for result in report.results)]
    if report.ending in (Ending.FAILED, Ending.REFUSED, Ending.PARTIAL):
        assert any(reason and reason.message and reason.fix for reason in reasons)


@pytest.mark.parametrize("times", [1, FOREVER], ids=["once", "for ever"])
@pytest.mark.parametrize(
    ("name", "after"), MOMENTS, ids=[f"{name}{' after the effect' * after}" for name, after in MOMENTS]
)
@pytest.mark.parametrize("path", CALLS)
def test_a_call_that_fails_is_told_as_it_is_and_the_next_run_converges(
    drill: Drill, path: str, name: str, times: int, after: bool
) -> None:
    before, wanted = menu("旧"), menu("新", "再")
    drill.live(menu=before)
    drill.want(wanted)
    drill.line.faults.append(Fault(path, REPLIES[name], times=times, after=after))
    check_told(drill, drill.apply(allow=ALLOW), wanted)
    assert sum(drill.waits) <= 400
    assert len(drill.line.seen) <= 60
    drill.line.faults.clear()
    report = drill.apply(allow=ALLOW)
    assert report.ending in (Ending.APPLIED, Ending.UNCHANGED)
    assert drill.plan().status is Status.UNCHANGED
    assert truth(drill) == wanted


@pytest.mark.parametrize("times", [1, FOREVER], ids=["once", "for ever"])
@pytest.mark.parametrize(
    ("name", "after"), MOMENTS, ids=[f"{name}{' after the effect' * after}" for name, after in MOMENTS]
)
def test_a_deletion_that_fails_is_told_as_it_is_and_the_next_run_converges(
    drill: Drill, name: str, times: int, after: bool
) -> None:
    drill.live(menu=menu("旧"))
    drill.want("menu: absent\n")
    drill.line.faults.append(Fault(DELETE, REPLIES[name], times=times, after=after))
    check_told(drill, drill.apply(allow=ALLOW), None)
    drill.line.faults.clear()
    assert drill.apply(allow=ALLOW).ending in (Ending.APPLIED, Ending.UNCHANGED)
    assert truth(drill) is None


@pytest.mark.parametrize("name", ["lost", "a web page", "busy", "half"])
@pytest.mark.parametrize("after", [False, True], ids=["before the effect", "after it"])
def test_a_write_without_an_answer_is_read_back_and_comes_to_pass(drill: Drill, name: str, after: bool) -> None:
    drill.live(menu=menu("旧"))
    drill.want(menu("新"))
    drill.line.faults.append(Fault(CREATE, REPLIES[name], after=after))
    report = drill.apply()
    assert (report.ending, report.converged) == (Ending.APPLIED, True)


@pytest.mark.parametrize("path", CALLS)
def test_a_daily_quota_that_is_used_up_ends_the_account_at_once(drill: Drill, path: str) -> None:
    drill.live(menu=menu("旧"))
    drill.want(menu("新"))
    drill.line.faults.append(Fault(path, REPLIES["quota"], times=FOREVER))
    report = drill.apply()
    assert report.ending is Ending.FAILED
    # Within the process an answer comes before the other of the two reads has begun to wait for the same token.
    assert [seen[0] for seen in drill.line.seen].count(path) == (2 if path == TOKEN else 1)
    assert drill.waits == []


@pytest.mark.parametrize("path", [MENU_GET, SELFMENU, CREATE])
def test_a_refused_token_is_renewed_once_and_no_more(drill: Drill, path: str) -> None:
    drill.live(menu=menu("旧"))
    drill.want(menu("新"))
    drill.line.faults.append(Fault(path, REPLIES["token refused"]))
    assert drill.apply().ending is Ending.APPLIED
    drill.want(menu("后"))
    drill.line.seen.clear()
    drill.line.faults.append(Fault(path, REPLIES["token refused"], times=FOREVER))
    assert drill.apply().ending is Ending.FAILED
    paths = [seen[0] for seen in drill.line.seen]
    assert paths.count(path) == 2
    assert paths.count(TOKEN) == 2


@pytest.mark.parametrize(
    "faults",
    [each for size in (2, 3) for each in itertools.combinations(((TOKEN, "lost"), (MENU_GET, "busy"), (SELFMENU, "half"), (CREATE, "lost")), size)],
    ids=lambda faults: "+".join(path.rpartition("/")[2] for path, _ in faults),
)  # fmt: skip
def test_several_faults_at_once_are_survived(drill: Drill, faults: Any) -> None:
    drill.want(menu("新"))
    drill.line.faults.extend(Fault(path, REPLIES[name], after=True) for path, name in faults)
    report = drill.apply()
    check_told(drill, report, menu("新"))
    assert report.ending is Ending.APPLIED


def test_a_host_that_accepts_and_does_nothing_is_found_out(drill: Drill) -> None:
    """menu/create says ok, and the account does not change: only reading it again can tell."""
    drill.live(menu=menu("旧"))
    drill.want(menu("新"))
    drill.line.faults.append(Fault(CREATE, {"errcode": 0, "errmsg": "ok"}, times=FOREVER))
    report = drill.apply()
    assert (report.ending, report.converged) == (Ending.PARTIAL, False)
    assert report.failure is not None
    assert "menu.default" in report.failure.message
    assert 0 < sum(drill.waits) < 10


def test_a_host_that_stores_something_else_is_found_out(drill: Drill) -> None:
    drill.want(menu("新"))

    def cut(answer: Any) -> Any:
        for each in answer.get("menu", answer.get("selfmenu_info", {})).get("button", ()):
            each["name"] = each["name"][:-1]
        return answer

    drill.line.faults.extend(Fault(path, cut, times=FOREVER) for path in (MENU_GET, SELFMENU))
    report = drill.apply()
    assert (report.ending, report.converged) == (Ending.PARTIAL, False)


def test_an_account_that_shows_a_write_late_is_waited_for(drill: Drill) -> None:
    drill.live(menu=menu("旧"))
    drill.want(menu("新"))
    drill.plan()
    old = {"menu": menu("旧")}
    shown = {"is_menu_open": 1, "selfmenu_info": menu("旧")}
    for path, answer in ((MENU_GET, old), (SELFMENU, shown)):
        drill.line.faults.append(Fault(path, answer, times=3))
    report = drill.apply()
    assert (report.ending, report.converged) == (Ending.APPLIED, True)
    assert drill.waits == [0.5, 1.0]


@pytest.mark.parametrize("path", [MENU_GET, SELFMENU, TOKEN])
@pytest.mark.parametrize("name", ["lost", "busy", "quota", "no object"])
def test_a_verification_that_cannot_read_says_that_it_was_applied_and_not_verified(
    drill: Drill, path: str, name: str
) -> None:
    drill.live(menu=menu("旧"))
    drill.want(menu("新"))

    def breaks(seen: str) -> None:
        if seen == CREATE:
            drill.line.faults.append(Fault(path, REPLIES[name], times=FOREVER))
            if path == TOKEN:
                drill.line.faults.append(Fault(MENU_GET, REPLIES["token expired"], times=FOREVER))

    drill.line.meddle = breaks
    report = drill.apply()
    assert (report.ending, report.converged) == (Ending.PARTIAL, None)
    assert [result.outcome for result in report.results] == [Outcome.APPLIED]
    assert report.failure is not None
    assert report.failure.message.startswith("applied, and could not be read again")


def test_an_account_that_changes_while_somebody_reads_the_plan_is_not_overwritten(drill: Drill) -> None:
    drill.live(menu=menu("旧"))
    drill.want(menu("新"))

    def confirm(_: Any) -> bool:
        drill.live(menu=menu("别人"))
        return True

    report = asyncio.run(apply(drill.load(), drill.world(), confirm=confirm, asks=True))
    assert report is not None
    assert report.accounts[0].ending is Ending.REFUSED
    assert drill.writes() == []


def test_what_somebody_else_has_made_of_the_account_as_wanted_is_skipped(drill: Drill) -> None:
    drill.live(menu=menu("旧"))
    drill.want(menu("新"))

    def confirm(_: Any) -> bool:
        drill.live(menu=menu("新"))
        return True

    report = asyncio.run(apply(drill.load(), drill.world(), confirm=confirm, asks=True))
    assert report is not None
    assert [result.outcome for result in report.accounts[0].results] == [Outcome.SKIPPED]
    assert report.accounts[0].ending is Ending.APPLIED
    assert drill.writes() == []


def test_nothing_is_asked_and_nothing_is_written_where_the_answer_is_no(drill: Drill) -> None:
    drill.live(menu=menu("旧"))
    drill.want(menu("新"))
    assert asyncio.run(apply(drill.load(), drill.world(), confirm=lambda _: False, asks=True)) is None
    assert drill.writes() == []
    assert not (drill.root / ".wxdeploy").exists()


def test_a_snapshot_holds_the_answers_before_the_first_write(drill: Drill) -> None:
    drill.live(menu=menu("旧"))
    drill.want(menu("新"))
    report = drill.apply()
    assert report.snapshot is not None
    kept = json.loads((drill.root / report.snapshot).read_text("utf-8"))
    assert kept["format"] == "wxdeploy.snapshot/1"
    assert kept["account"] == "shop"
    assert kept["answers"]["menu.get"]["menu"]["button"][0]["name"] == "旧"
    assert kept["fingerprint"] == report.plan.live_digest


def test_the_journal_names_the_call_before_it_is_sent(drill: Drill) -> None:
    drill.live(menu=menu("旧"))
    drill.want(menu("新"))
    journal = drill.root / ".wxdeploy" / "journal" / "shop.jsonl"
    lines: list[list[dict[str, Any]]] = []

    def note(path: str) -> None:
        if path == CREATE:
            lines.append([json.loads(line) for line in journal.read_text("utf-8").splitlines()])

    drill.line.meddle = note
    drill.apply()
    ((intent,),) = lines
    assert intent["call"] == "POST /cgi-bin/menu/create"
    told = [json.loads(line) for line in journal.read_text("utf-8").splitlines()]
    assert [each.get("outcome") for each in told] == [None, "applied"]
