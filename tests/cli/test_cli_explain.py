"""``explain`` takes every code as it stands, one with a minus before it too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cli.shell import Ran

Run = Callable[..., Ran]


@pytest.mark.parametrize("line", [["-1"], ["-1", "-q"], ["--no-color", "-1"], ["--", "-1"]])
def test_a_negative_code_is_explained(run: Run, line: list[str]) -> None:
    ran = run("explain", *line)
    assert ran.code == 0, ran.err
    assert ran.out.startswith("-1 ")


@pytest.mark.parametrize("line", [["--formt", "-1"], ["--formt", "40018"], ["-x", "-1"], ["-1x"], ["--1"]])
def test_a_mistyped_option_is_no_code(run: Run, line: list[str]) -> None:
    ran = run("explain", *line)
    assert ran.code == 64
    assert "No such option" in ran.err


@pytest.mark.parametrize("code", ["²", "-99999", "9" * 5000])
def test_what_is_no_known_code_is_wrong_usage(run: Run, code: str) -> None:
    assert run("explain", code).code == 64
