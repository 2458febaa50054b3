"""The retry policy is data, and reading it is a function without state."""

from __future__ import annotations

import pytest

from wxdeploy.client.retry import POLICY, TROUBLES, Trouble, next_wait
from wxdeploy.wechat.errcodes import Code
from wxdeploy.wechat.errtable import Retry, lookup


@pytest.mark.parametrize(
    ("trouble", "waits"),
    [
        (Trouble.BUSY, [1, 2, 4, 8, None]),
        (Trouble.MENU_CLOSED, [2, 4, 8, 16, None]),
        (Trouble.RATE, [30, 60, 60, None]),
        (Trouble.SILENT, [1, 2, 4, None]),
        (Trouble.FINAL, [None]),
    ],
)
def test_each_sort_of_trouble_has_its_waits(trouble: Trouble, waits: list[float | None]) -> None:
    assert [next_wait(POLICY, [trouble] * count) for count in range(1, len(waits) + 1)] == waits


def test_attempts_are_bounded_over_all_sorts() -> None:
    troubles = [Trouble.BUSY, Trouble.SILENT, Trouble.BUSY, Trouble.SILENT, Trouble.MENU_CLOSED]
    assert next_wait(POLICY, troubles) == 2
    assert next_wait(POLICY, [*troubles, Trouble.MENU_CLOSED]) is None


def test_the_time_waited_is_bounded_over_all_sorts() -> None:
    policy = POLICY._replace(longest=100.0)
    assert next_wait(policy, [Trouble.RATE, Trouble.RATE]) == 60
    assert next_wait(policy, [Trouble.RATE, Trouble.RATE, Trouble.BUSY]) == 1
    assert next_wait(policy, [Trouble.RATE, Trouble.RATE, Trouble.RATE]) is None


def test_jitter_is_what_is_injected_and_changes_no_bound() -> None:
    assert next_wait(POLICY._replace(jitter=lambda wait: wait / 2), [Trouble.BUSY]) == 0.5


def test_the_daily_quota_and_refusals_are_final() -> None:
    assert Code.QUOTA_REACHED not in TROUBLES
    assert {code for code in TROUBLES if (row := lookup(code)) is None or row.retry is Retry.NO} <= {Code.MENU_CLOSED}
