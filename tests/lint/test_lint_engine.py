from __future__ import annotations

from collections.abc import Iterator

from wxdeploy.kinds.base import Account, Violation, rule, stated
from wxdeploy.lint.engine import lint, merge, silence, weigh
from wxdeploy.lint.registry import build
from wxdeploy.model.diagnostic import Diagnostic, Severity
from wxdeploy.model.section import Section
from wxdeploy.model.silence import Silence
from wxdeploy.model.source import SourceMap, Span


@rule("WX201", section="menu")
def shout(account: Account) -> Iterator[Violation]:
    """A value shouts."""
    menu = account.sections.get("menu")
    if isinstance(menu, dict):
        for key, value in menu.items():
            if value == "LOUD":
                yield Violation(path=(key,), detail=f"{key} does", fix="lower your voice", on_key=key == "by_key")
            elif value == "DEEP":
                yield Violation(path=(key, 3, "name"), detail=f"{key} does", fix="come up")


@rule("WX210", section="menu", severity=Severity.WARNING)
def always(account: Account) -> Iterator[Violation]:
    """There is an account."""
    yield Violation(path=(), detail="", fix="nothing")


@stated("WX050")
def idle_comment() -> None:
    """A comment silences nothing."""


@stated("WX010")
def on_the_way() -> None:
    """A file is odd."""


RULES = build([shout, always, idle_comment, on_the_way])
PLACES = SourceMap(
    values={(): Span("a.yaml", 2, 3), ("x",): Span("a.yaml", 2, 6), ("by_key",): Span("a.yaml", 3, 11)},
    keys={("x",): Span("a.yaml", 2, 3), ("by_key",): Span("a.yaml", 3, 3)},
)


def section(**value: str) -> dict[str, Section]:
    return {"menu": Section("menu", value, PLACES)}


def finding(code: str = "WX201", line: int = 2, account: str | None = "prod", detail: str = "") -> Diagnostic:
    return Diagnostic(
        code=code,
        severity=Severity.ERROR,
        summary="s",
        detail=detail,
        fix="f",
        span=Span("a.yaml", line, 1),
        account=account,
    )


def comment(code: str = "WX201", line: int = 2, file: str = "a.yaml") -> Silence:
    return Silence(code, "a reason", line, Span(file, line, 40))


def test_a_violation_is_placed_at_its_value() -> None:
    (found,) = [each for each in lint(section(x="LOUD"), RULES, {}, "prod") if each.code == "WX201"]
    assert found == Diagnostic(
        code="WX201",
        severity=Severity.ERROR,
        summary="A value shouts",
        detail="x does",
        fix="lower your voice",
        span=Span("a.yaml", 2, 6),
        path=("x",),
        account="prod",
    )


def test_a_violation_may_ask_for_the_place_of_its_key() -> None:
    assert lint(section(by_key="LOUD"), RULES, {"WX210": "off"}, "prod")[0].span == Span("a.yaml", 3, 3)


def test_a_path_without_a_place_takes_the_nearest_around_it() -> None:
    assert lint(section(x="DEEP"), RULES, {"WX210": "off"}, "prod")[0].span == Span("a.yaml", 2, 6)


def test_findings_are_sorted_by_place_and_those_without_one_come_last() -> None:
    found = lint(section(by_key="LOUD", x="LOUD"), RULES, {}, "prod")
    assert [(each.code, each.span) for each in found] == [
        ("WX210", Span("a.yaml", 2, 3)),
        ("WX201", Span("a.yaml", 2, 6)),
        ("WX201", Span("a.yaml", 3, 3)),
    ]
    assert [each.span for each in lint({}, RULES, {}, "prod")] == [None]


def test_severities_are_those_that_the_project_gives() -> None:
    found = lint(section(x="LOUD"), RULES, {"WX2xx": "warning", "WX210": "error"}, "prod")
    assert [(each.code, each.severity.value) for each in found] == [("WX210", "error"), ("WX201", "warning")]
    assert lint(section(x="LOUD"), RULES, {"WX2xx": "off"}, "prod") == ()


def test_findings_made_on_the_way_are_weighed_too_and_foreign_ones_kept() -> None:
    odd = on_the_way.found("d", "f", span=Span("a.yaml", 9, 1))
    foreign = finding("XX001")
    assert weigh([odd, foreign], RULES, {"WX010": "warning"}) == (foreign, odd._replace(severity=Severity.WARNING))
    assert weigh([odd, foreign], RULES, {"WX0xx": "off"}) == (foreign,)


def test_a_finding_of_all_accounts_that_read_the_file_is_given_once_and_names_none() -> None:
    assert merge([finding(account="prod"), finding(account="demo")], lambda _: 2) == (finding(account=None),)


def test_a_finding_of_some_of_the_accounts_that_read_the_file_is_given_once_and_names_them_in_their_order() -> None:
    found = merge([finding(account=name) for name in ("shop-2", "shop-10", "shop-1")], lambda _: 4)
    assert found == (finding(account=None)._replace(accounts=("shop-2", "shop-10", "shop-1")),)


def test_a_finding_of_the_project_and_of_accounts_names_none() -> None:
    assert merge([finding(account=None), finding(account="prod")], lambda _: 9) == (finding(account=None),)


def test_a_finding_of_one_account_keeps_its_name() -> None:
    assert merge([finding(), finding(), finding(account="demo", line=9)], lambda _: 2) == (
        finding(),
        finding(account="demo", line=9),
    )


def test_findings_that_differ_at_all_stay_apart() -> None:
    prod, demo = finding(detail="18 bytes"), finding(account="demo", detail="21 bytes")
    assert merge([prod, demo], lambda _: 2) == (prod, demo)


def test_a_comment_silences_every_finding_of_its_rule_on_its_line() -> None:
    found = [finding(), finding(detail="again"), finding(line=3), finding("WX210")]
    assert silence(found, [comment()], idle_comment) == (finding("WX210"), finding(line=3))


def test_a_comment_in_another_file_silences_nothing_here_and_is_reported() -> None:
    kept = silence([finding()], [comment(file="b.yaml")], idle_comment)
    assert [each.code for each in kept] == ["WX201", "WX050"]
    assert kept[1].span == Span("b.yaml", 2, 40)
    assert kept[1].detail == "WX201 finds nothing on line 2"
    assert kept[1].fix


def test_two_comments_for_one_finding_are_both_of_use() -> None:
    assert silence([finding()], [comment(), comment()], idle_comment) == ()


def test_a_finding_without_a_place_is_not_silenced() -> None:
    nowhere = finding()._replace(span=None)
    assert nowhere in silence([nowhere], [comment()], idle_comment)
