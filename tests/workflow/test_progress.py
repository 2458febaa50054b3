"""Whoever watches a run is told of each account once a stage, in the order in which they finish."""

from __future__ import annotations

from pathlib import Path

from workflow.drill import CREATE, MENU_GET, Fault, menu
from workflow.fleet import Fleet

from wxdeploy.model.progress import Progress, Stage


def test_a_plan_is_one_stage_over_all_accounts(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path, ("one", "two", "three"), concurrency=2)
    fleet.plan()
    assert sorted(each.account for each in fleet.progress) == ["one", "three", "two"]
    assert [(each.stage, each.done, each.total) for each in fleet.progress] == [(Stage.READ, n, 3) for n in (1, 2, 3)]
    assert not any(each.failed for each in fleet.progress)


def test_an_apply_reads_all_before_it_writes(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path, ("one", "two"))
    fleet.live("two", menu=menu("新"))
    fleet.apply()
    assert [each.stage for each in fleet.progress] == [Stage.READ, Stage.READ, Stage.WRITE, Stage.WRITE]


def test_what_went_wrong_is_told_with_the_account(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path, ("one", "two"), concurrency=1)
    fleet.line.faults += [Fault(MENU_GET, {"errcode": 48001, "errmsg": "api unauthorized"}), Fault(CREATE, {"errcode": 40018, "errmsg": "no"})]  # fmt: skip
    fleet.apply()
    assert fleet.progress == [
        Progress(stage=Stage.READ, account="one", done=1, total=2, failed=True),
        Progress(stage=Stage.READ, account="two", done=2, total=2, failed=False),
        Progress(stage=Stage.WRITE, account="one", done=1, total=2, failed=True),
        Progress(stage=Stage.WRITE, account="two", done=2, total=2, failed=True),
    ]
