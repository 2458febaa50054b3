"""Every Bad of a rule's page trips the rule, at the place stated here; no Good trips any."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wxdeploy.config import schemas
from wxdeploy.config.documents import load
from wxdeploy.config.yaml_rules import idle_silence
from wxdeploy.kinds.base import Rule
from wxdeploy.kinds.menu.rules import RULES
from wxdeploy.lint.engine import silence
from wxdeploy.lint.pages import examples
from wxdeploy.model.diagnostic import Diagnostic

Find = Callable[[str], tuple[Diagnostic, ...]]

PLACES = {
    "WX201": (2, 11),
    "WX202": (6, 7),
    "WX203": (10, 11),
    "WX204": (6, 11),
    "WX205": (3, 7),
    "WX206": (3, 27),
    "WX210": (3, 14),
    "WX211": (3, 30),
    "WX212": (3, 44),
    "WX213": (6, 14),
    "WX214": (7, 17),
    "WX220": (3, 27),
    "WX221": (5, 31),
    "WX222": (5, 12),
    "WX223": (5, 12),
    "WX230": (3, 35),
    "WX231": (3, 37),
    "WX232": (3, 35),
    "WX233": (3, 35),
    "WX234": (3, 35),
    "WX235": (3, 35),
    "WX240": (3, 14),
    "WX241": (3, 14),
    "WX242": (2, 3),
    "WX243": (3, 5),
    "WX244": (5, 9),
    "WX245": (2, 3),
    "WX246": (4, 3),
    "WX247": (4, 3),
    "WX250": (3, 27),
    "WX251": (3, 27),
    "WX260": (3, 7),
    "WX261": (3, 27),
    "WX262": (3, 35),
    "WX263": (4, 38),
    "WX264": (3, 27),
    "WX265": (4, 26),
    "WX266": (7, 17),
}


def by_code(rule: Rule) -> str:
    return rule.code


def test_every_rule_has_its_place_here() -> None:
    assert sorted(PLACES) == [rule.code for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=by_code)
def test_the_bad_example_trips_its_rule_and_no_other(rule: Rule, find: Find) -> None:
    (bad,) = examples(rule, "Bad")
    (found,) = find(bad)
    assert found.span is not None
    assert (found.code, found.span.line, found.span.column) == (rule.code, *PLACES[rule.code])
    assert found.detail
    assert found.fix
    assert found.severity is rule.severity


@pytest.mark.parametrize("rule", RULES, ids=by_code)
def test_the_good_example_trips_nothing(rule: Rule, find: Find) -> None:
    goods = examples(rule, "Good")
    assert goods
    for good in goods:
        assert find(good) == ()


@pytest.mark.parametrize("rule", RULES, ids=by_code)
def test_the_schema_leaves_every_example_to_the_rules(rule: Rule) -> None:
    for example in (*examples(rule, "Bad"), *examples(rule, "Good")):
        assert schemas.check(load(example.encode("utf-8"), "menu.yaml"), "account") == ()


@pytest.mark.parametrize("rule", RULES, ids=by_code)
def test_a_comment_silences_the_bad_example(rule: Rule, find: Find) -> None:
    (bad,) = examples(rule, "Bad")
    line, _ = PLACES[rule.code]
    lines = bad.splitlines()
    indent = " " * (len(lines[line - 1]) - len(lines[line - 1].lstrip()))
    lines.insert(line - 1, f"{indent}# wxdeploy: ignore[{rule.code}] as it is in use since 2019")
    text = "\n".join(lines)
    comments = load(text.encode("utf-8"), "menu.yaml").silences
    assert silence(find(text), comments, idle_silence) == ()
    assert [each.code for each in silence((), comments, idle_silence)] == [idle_silence.code]
