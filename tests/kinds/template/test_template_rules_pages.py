"""Every Bad of a rule's page trips the rule, at the place stated here; no Good trips any."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wxdeploy.config.documents import load
from wxdeploy.config.yaml_rules import idle_silence
from wxdeploy.kinds.base import Rule
from wxdeploy.kinds.template.rules import RULES
from wxdeploy.kinds.template.states import RULES as STATES
from wxdeploy.lint.engine import silence
from wxdeploy.lint.pages import examples
from wxdeploy.model.diagnostic import Diagnostic

Find = Callable[[str], tuple[Diagnostic, ...]]

PLACES = {
    "WX501": (7, 12),
    "WX502": (7, 12),
    "WX503": (5, 24),
    "WX510": (5, 7),
    "WX511": (6, 7),
    "WX512": (6, 23),
    "WX513": (5, 36),
    "WX514": (5, 16),
    "WX520": (5, 56),
    "WX521": (5, 58),
    "WX530": (5, 7),
    "WX531": (5, 66),
    "WX540": (4, 10),
    "WX541": (4, 10),
    "WX542": (4, 10),
    "WX543": (4, 5),
    "WX544": (4, 10),
    "WX550": (4, 24),
    "WX551": (4, 24),
    "WX552": (5, 24),
    "WX553": (5, 24),
    "WX554": (4, 24),
    "WX555": (4, 18),
}
CHECKED = [rule for rule in RULES if rule.check]


def by_code(rule: Rule) -> str:
    return rule.code


def test_every_rule_has_its_place_here() -> None:
    assert sorted(PLACES) == [rule.code for rule in CHECKED]
    assert {rule.code for rule in RULES} - set(PLACES) == {rule.code for rule in STATES}


@pytest.mark.parametrize("rule", CHECKED, ids=by_code)
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
    for good in examples(rule, "Good"):
        assert find(good) == ()
    assert examples(rule, "Good") or rule in STATES


@pytest.mark.parametrize("rule", CHECKED, ids=by_code)
def test_a_comment_silences_the_bad_example(rule: Rule, find: Find) -> None:
    (bad,) = examples(rule, "Bad")
    line, _ = PLACES[rule.code]
    lines = bad.splitlines()
    indent = " " * (len(lines[line - 1]) - len(lines[line - 1].lstrip()))
    lines.insert(line - 1, f"{indent}# wxdeploy: ignore[{rule.code}] as it is in use since 2019")
    text = "\n".join(lines)
    comments = load(text.encode("utf-8"), "menu.yaml").silences
    assert silence(find(text), comments, idle_silence) == ()
