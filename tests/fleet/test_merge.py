"""Reports of shards put together: the union is the report of one run; what is missing, twice or foreign is refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fleet.test_fleet_text import same, shop
from hypothesis import given
from hypothesis import strategies as st
from laws import searched
from render.plans import failed

from wxdeploy.cli.exits import Exit
from wxdeploy.cli.push import code_of
from wxdeploy.model.errors import RefusedError
from wxdeploy.model.operation import Outcome
from wxdeploy.model.plan import Failure, Plan
from wxdeploy.model.planjson import to_json
from wxdeploy.model.report import AccountReport, ApplyReport, Ending, Result
from wxdeploy.model.reportjson import to_json as report_json
from wxdeploy.model.shard import Shard
from wxdeploy.workflow.merge import merge

PLANS = [shop(0), same(1), shop(2), failed("gone", "nobody there"), same(4), shop(5)]
NAMES = tuple(plan.account for plan in PLANS)
WHOLE = to_json(Plan(tuple(PLANS)), version="0")

Reports = list[tuple[str, dict[str, Any]]]


def part(index: int, count: int, plans: list[Any]) -> dict[str, Any]:
    return to_json(Plan(tuple(plans), shard=Shard(index, count, NAMES)), version="0")


def parts() -> Reports:
    shares = (PLANS[::2], PLANS[1:4:2], PLANS[5:])
    return [(f"{index}.json", part(index, 3, share)) for index, share in enumerate(shares, 1)]


@given(st.lists(st.integers(0, 3), min_size=len(PLANS), max_size=len(PLANS)), st.permutations(range(4)))
@searched(15)
def test_however_it_is_shared_out_the_union_is_the_report_of_one_run(of: list[int], order: list[int]) -> None:
    shares = [[plan for plan, owner in zip(PLANS, of, strict=True) if owner == number] for number in range(4)]
    reports = [(f"{number}.json", part(number + 1, 4, shares[number])) for number in order]
    assert json.dumps(merge(reports)) == json.dumps(WHOLE)


def test_reports_of_apply_are_added_up_too() -> None:
    endings = [Ending.APPLIED, Ending.UNCHANGED, Ending.REFUSED, Ending.FAILED, Ending.UNCHANGED, Ending.PARTIAL]
    reports = [AccountReport(plan=plan, ending=ending) for plan, ending in zip(PLANS, endings, strict=True)]
    shares = [
        (str(index), report_json(ApplyReport(tuple(reports[index - 1 :: 2]), Shard(index, 2, NAMES)), version="0"))
        for index in (2, 1)
    ]
    assert merge(shares) == report_json(ApplyReport(tuple(reports)), version="0")


def test_what_one_shard_left_is_counted_with_what_another_wrote() -> None:
    """As one run would: nothing was changed in some accounts, and others were written to."""
    operation = Result(operation=shop(0).operations[0], outcome=Outcome.APPLIED)
    done = AccountReport(plan=shop(0), ending=Ending.APPLIED, results=(operation,))
    left = [AccountReport(plan=plan, ending=Ending.NOT_TRIED) for plan in PLANS[1:]]
    shares = [("1", [done]), ("2", left)]
    merged = merge(
        [
            (name, report_json(ApplyReport(tuple(reports), Shard(int(name), 2, NAMES)), version="0"))
            for name, reports in shares
        ]
    )
    assert code_of(merged) is Exit.PARTIAL
    assert code_of(report_json(ApplyReport(tuple(left)), version="0")) is Exit.FAILED


def changed(at: int, **values: Any) -> Callable[[Reports], Reports]:
    def change(reports: Reports) -> Reports:
        reports[at][1].update(values)
        return reports

    return change


def taken(reports: Reports) -> Reports:
    reports[0][1]["accounts"].pop()
    return reports


def given_twice(reports: Reports) -> Reports:
    reports[1][1]["accounts"].append(reports[0][1]["accounts"][0])
    return reports


def foreign(reports: Reports) -> Reports:
    reports[1][1]["accounts"].append({**reports[0][1]["accounts"][0], "account": "other"})
    return reports


def other_fleet(reports: Reports) -> Reports:
    reports[2][1]["shard"]["accounts"] = [*NAMES, "new"]
    return reports


def no_shard(reports: Reports) -> Reports:
    del reports[2][1]["shard"]
    return reports


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda reports: reports[:2], "shard 3 of 3 is missing"),
        (lambda reports: reports[1:2], "shard 1, 3 of 3 is missing"),
        (lambda reports: [*reports, reports[0]], "1.json and 1.json both are shard 1/3"),
        (lambda reports: [*reports[:2], ("4.json", part(4, 4, []))], "1.json is shard 1/3 and 4.json is shard 4/4"),
        (changed(1, wxdeploy="1"), "1.json and 2.json are of different runs: `wxdeploy` differs"),
        (changed(1, format="wxdeploy.apply/1"), "1.json and 2.json are of different runs: `format` differs"),
        (changed(1, base="abc"), "1.json and 2.json are of different runs: `base` differs"),
        (taken, "no report tells of the account same-04"),
        (given_twice, "1.json and 2.json both tell of the account shop-00"),
        (foreign, "2.json tells of the account other, which is in no shard"),
        (other_fleet, "1.json and 3.json share out different accounts"),
        (no_shard, "3.json is no shard's report"),
        (changed(0, shard={"index": 4, "count": 3, "accounts": []}), "1.json is no shard's report"),
    ],
)
def test_what_is_not_each_shard_of_one_run_once_is_refused(spoil: Callable[[Reports], Reports], why: str) -> None:
    with pytest.raises(RefusedError) as caught:
        merge(spoil(copy.deepcopy(parts())))
    assert why in caught.value.message
    assert "--shard 1/N" in caught.value.fix


def test_a_comparison_is_told_to_need_no_shards() -> None:
    compared = {**to_json(Plan(tuple(PLANS[:2])), version="0"), "against": {"revision": "a" * 40, "name": "main"}}
    with pytest.raises(RefusedError, match="compares with a git revision") as caught:
        merge([("diff.json", compared)])
    assert caught.value.fix == "it asks no account and needs no shards: run wxdeploy diff without --shard"


def test_a_shard_that_failed_as_a_whole_leaves_its_error() -> None:
    why = Failure(message="stopped", fix="again")
    lost = to_json(Plan((), shard=Shard(2, 3)), version="0", failure=why)
    first, _, third = parts()
    merged: Any = merge([first, ("2.json", lost), third])
    assert merged["error"]["message"] == "shard 2/3: stopped"
    assert [each["account"] for each in merged["accounts"]] == ["shop-00", "shop-02", "same-04", "shop-05"]
    assert merged["summary"]["accounts"] == 4


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = []
    for name, report in parts():
        paths.append(tmp_path / name)
        paths[-1].write_text(json.dumps(report), "utf-8")
    return paths


def test_the_code_of_the_union_is_the_worst(program: Callable[..., Any], files: list[Path]) -> None:
    merged = program("report", "merge", *files, "--format", "json")
    assert (merged.exit, json.loads(merged.out)) == (1, WHOLE)
    assert program("report", "merge", *files[:2]).exit == 4
    for form, begin in {"text": "shop-00", "markdown": "<!-- wxdeploy", "junit": "<?xml"}.items():
        ran = program("report", "merge", *files, "--format", form)
        assert (ran.exit, ran.out.startswith(begin)) == (1, True)


@pytest.mark.parametrize(
    ("content", "code", "why"),
    [
        (b"", 4, "cut off, or is no JSON"),
        (b"[1]", 4, "is no report"),
        (b'{"format": ["wxdeploy.plan/1"]}', 4, "is no report"),
        (b'{"format": "wxdeploy.plan/1"}', 4, "is no whole report"),
        (b'{"format": "wxdeploy.plan/2"}', 4, "is no report"),
        (b"[" * 100_000, 4, "cut off, or is no JSON"),
        (b"\xff\xfe\x00", 4, "cut off, or is no JSON"),
        (None, 64, "there is no file"),
    ],
)
def test_what_is_no_report_is_refused(
    program: Callable[..., Any], tmp_path: Path, content: bytes | None, code: int, why: str
) -> None:
    path = tmp_path / "x.json"
    if content is not None:
        path.write_bytes(content)
    ran = program("report", "merge", path)
    assert (ran.exit, ran.out) == (code, "")
    assert why in ran.err
