"""What the pipeline of either platform promises: what was reviewed is applied, and nothing else without a decision."""

from __future__ import annotations

from cli.shell import SECRET, Host
from pipelines.platforms import TOKEN
from pipelines.repository import SECOND
from pipelines.reviews import Review
from workflow.drill import APPID, Fault, menu

UNREADABLE = {"errcode": 48001, "errmsg": "api unauthorized"}


def test_a_proposal_is_planned_and_told_and_its_merge_applies_exactly_that(review: Review, host: Host) -> None:
    plan = review.propose(menu("新"))
    assert plan.code == 0, plan.log
    (body,) = review.platform.bodies()
    assert "新" in body
    assert host.writes() == []
    applied = review.merge()
    assert applied.code == 0, applied.log
    assert "what was reviewed" in applied.log
    assert host.writes() == ["/cgi-bin/menu/create"]
    assert review.apply().code == 0
    assert host.writes() == ["/cgi-bin/menu/create"]
    for text in (plan.log, plan.summary, body, applied.log, applied.summary):
        assert SECRET not in text
        assert TOKEN not in text


def test_what_no_review_brought_is_not_applied(review: Review, host: Host) -> None:
    review.repository.commit(menu("新"))
    ended = review.apply()
    assert ended.code == 4
    assert "nobody has reviewed it" in ended.log
    assert host.writes() == []


def test_an_account_that_moved_since_the_review_is_left_alone(review: Review, host: Host) -> None:
    review.propose(menu("新"))
    host.live(menu=menu("别人"))
    applied = review.merge()
    assert applied.code == 4
    assert "menu default" in applied.log
    assert host.writes() == []
    by_hand = review.apply_by_hand(allow_delete=False)
    assert by_hand.code == 0, by_hand.log
    assert host.writes() == ["/cgi-bin/menu/create"]


def test_an_account_that_moved_since_the_review_keeps_no_other_from_being_applied_to(
    review: Review, host: Host
) -> None:
    review.repository.second()
    review.propose(menu("新"))
    host.live(SECOND, menu=menu("别人"))
    applied = review.merge()
    assert applied.code == 4, applied.log
    assert "second: menu default" in applied.log
    assert [call.appid for call in host.store.calls() if call.path == "/cgi-bin/menu/create"] == [APPID]


def test_an_account_that_cannot_be_planned_keeps_no_other_from_being_applied_to(review: Review, host: Host) -> None:
    review.repository.second()
    review.propose(menu("新"))
    host.line.faults.append(Fault("/cgi-bin/menu/get", UNREADABLE))
    applied = review.merge()
    assert applied.code == 4, applied.log
    assert "the plan has an error in place of this account" in applied.log
    assert host.writes() == ["/cgi-bin/menu/create"]
    host.line.faults.append(Fault("/cgi-bin/menu/get", UNREADABLE, times=2))
    assert review.apply().code == 1
    assert review.apply().code == 0
    assert host.writes() == ["/cgi-bin/menu/create"] * 2


def test_a_deletion_takes_a_decision(review: Review, host: Host) -> None:
    assert review.propose("menu: absent\n").code == 0
    applied = review.merge()
    assert applied.code == 4
    assert "--allow-delete" in applied.log
    assert host.writes() == []
    by_hand = review.apply_by_hand(allow_delete=True)
    assert by_hand.code == 0, by_hand.log
    assert host.writes() == ["/cgi-bin/menu/delete"]


def test_mistakes_are_told_in_the_comment_in_place_of_the_plan(review: Review, host: Host) -> None:
    review.propose(menu("新"))
    ended = review.propose(menu("一个太长的名字太长了"))
    assert ended.code == 3
    assert ended.artifacts == {}
    (body,) = review.platform.bodies()
    assert "It could not be planned" in body


def test_drift_keeps_one_issue(review: Review, host: Host) -> None:
    issues = review.platform.issues
    assert review.look_for_drift().code == 0
    assert issues == []
    for live in ("别人", "别人", "又"):
        host.live(menu=menu(live))
        assert review.look_for_drift().code == 0
    (issue,) = issues
    assert issue["title"] == "WeChat: what is live is not what is configured"
    host.live(menu=menu("旧"))
    review.look_for_drift()
    assert [each["state"] for each in issues] == ["closed"]
    assert host.writes() == []
