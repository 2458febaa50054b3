from __future__ import annotations

import pytest

from wxdeploy.kinds.base import Account, Rule, Violation, rule
from wxdeploy.lint.registry import build, matches, severity_of, unknown_overrides
from wxdeploy.model.diagnostic import Severity


def made(code: str, name: str, severity: Severity = Severity.ERROR) -> Rule:
    def check(account: Account) -> tuple[Violation, ...]:
        return ()

    check.__name__ = name
    check.__doc__ = f"Finds {name}.\n\nWhat: {name}."
    return rule(code, section="menu", severity=severity)(check)


A, B, C = made("WX203", "alpha_one"), made("WX210", "beta_two", Severity.WARNING), made("WX301", "gamma_three")


def test_iterates_in_the_order_of_codes_whatever_the_groups() -> None:
    assert [each.code for each in build([C], [B, A])] == ["WX203", "WX210", "WX301"]
    assert len(build()) == 0


def test_a_code_twice_is_refused_and_both_are_named() -> None:
    with pytest.raises(ValueError, match=r"WX203: alpha-one and other-name"):
        build([A], [made("WX203", "other_name")])


def test_a_name_twice_is_refused_and_both_are_named() -> None:
    with pytest.raises(ValueError, match=r"alpha-one: WX203 and WX999"):
        build([A, made("WX999", "alpha_one")])


def test_the_very_same_rule_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="WX203"):
        build([A], [A])


@pytest.mark.parametrize("word", ["WX203", "wx203", "alpha-one", "Alpha-One"])
def test_finds_by_code_and_by_name(word: str) -> None:
    assert build([A, B]).find(word) is A


def test_what_is_not_there_is_not_found() -> None:
    assert build([A, B]).find("WX999") is None
    assert build().near("WX203") is None


@pytest.mark.parametrize(
    ("word", "expected"), [("WX204", A), ("WX302", C), ("wx21", B), ("alfa-one", A), ("qqqq", None)]
)
def test_suggests_what_looks_most_like_it(word: str, expected: Rule | None) -> None:
    assert build([A, B, C]).near(word) is expected


@pytest.mark.parametrize(
    ("pattern", "code", "expected"),
    [
        ("WX203", "WX203", True),
        ("WX20x", "WX203", True),
        ("WX2xx", "WX203", True),
        ("WXxxx", "WX203", True),
        ("WX21x", "WX203", False),
        ("WX2x3", "WX203", False),
        ("WX2x", "WX203", False),
        ("xxxxx", "WX203", False),
        ("WX2xxx", "WX203", False),
        ("", "WX203", False),
    ],
)
def test_a_pattern_replaces_last_digits(pattern: str, code: str, expected: bool) -> None:
    assert matches(pattern, code) is expected


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ({}, Severity.ERROR),
        ({"WX2xx": "warning"}, Severity.WARNING),
        ({"WX2xx": "warning", "WX203": "off"}, None),
        ({"WX203": "off", "WX2xx": "warning"}, None),
        ({"WX2xx": "off", "WX20x": "warning"}, Severity.WARNING),
        ({"WXxxx": "off", "WX2xx": "error"}, Severity.ERROR),
        ({"WX21x": "off"}, Severity.ERROR),
    ],
)
def test_the_pattern_that_says_most_wins(overrides: dict[str, str], expected: Severity | None) -> None:
    assert severity_of(A, overrides) is expected


def test_patterns_that_stand_for_no_rule_are_named_in_their_order() -> None:
    overrides = {"WX9xx": "off", "WX203": "off", "WX21x": "error", "menu": "off", "WX204": "off"}
    assert unknown_overrides(overrides, build([A, B])) == ("WX9xx", "menu", "WX204")
