"""Every Bad of a rule's page trips that rule alone, at the place stated here; no Good trips any."""

from __future__ import annotations

import re

import pytest
from lint.conftest import sections_of

from wxdeploy.config import schemas
from wxdeploy.config.documents import load
from wxdeploy.config.yaml_rules import idle_silence
from wxdeploy.kinds.base import Rule
from wxdeploy.lint.engine import lint, silence
from wxdeploy.lint.pages import examples
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.wechat.errtable import table
from wxdeploy.workflow.load import rulebook

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
    "WX301": (2, 1),
    "WX302": (3, 16),
    "WX303": (11, 37),
    "WX304": (6, 5),
    "WX305": (6, 5),
    "WX306": (3, 17),
    "WX307": (5, 22),
    "WX308": (5, 11),
    "WX309": (3, 27),
    "WX402": (2, 11),
    "WX403": (2, 11),
    "WX404": (3, 11),
    "WX405": (3, 10),
    "WX406": (3, 10),
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
    "WX601": (1, 48),
    "WX602": (5, 5),
    "WX603": (5, 23),
    "WX604": (4, 15),
    "WX610": (3, 11),
    "WX611": (5, 9),
    "WX612": (2, 58),
    "WX613": (2, 20),
    "WX614": (2, 19),
    "WX801": (9, 20),
}
"""Rule -> line and column of what its page shows as Bad."""

TOO_LONG_TO_SHOW = {"WX401"}  # a list of more tags than an account has room for

BOOK = rulebook()
CHECKED = [rule for rule in BOOK if rule.check]
SHOWN = [rule for rule in CHECKED if rule.code in PLACES]
FOUND_ELSEWHERE = re.compile(r"WX(?:[01]..|[79]..)")  # in files and projects as a whole, or in a plan
PLANNED = [rule for rule in BOOK if not rule.check and not FOUND_ELSEWHERE.fullmatch(rule.code)]


def find(text: str) -> tuple[Diagnostic, ...]:
    """What all rules together find in the text of a resource file."""
    return lint(sections_of(text), BOOK, {}, "prod")


def by_code(rule: Rule) -> str:
    return rule.code


def test_every_rule_has_its_place_here() -> None:
    assert sorted({*PLACES, *TOO_LONG_TO_SHOW}) == [rule.code for rule in CHECKED]


@pytest.mark.parametrize("rule", SHOWN, ids=by_code)
def test_the_bad_example_trips_its_rule_and_no_other(rule: Rule) -> None:
    (bad,) = examples(rule, "Bad")
    (found,) = find(bad)
    assert found.span is not None
    assert (found.code, found.span.line, found.span.column) == (rule.code, *PLACES[rule.code])
    assert found.detail
    assert found.fix
    assert found.severity is rule.severity
    for code in re.findall(r"(?:answer|expect) (\d{5})\b", found.detail):
        assert int(code) in table()
        assert code in rule.doc


@pytest.mark.parametrize("rule", [*CHECKED, *PLANNED], ids=by_code)
def test_the_good_example_trips_nothing(rule: Rule) -> None:
    goods = examples(rule, "Good")
    assert goods or not rule.check
    for good in goods:
        assert find(good) == ()


@pytest.mark.parametrize("rule", [*CHECKED, *PLANNED], ids=by_code)
def test_the_schema_leaves_every_example_to_the_rules(rule: Rule) -> None:
    for example in (*examples(rule, "Bad"), *examples(rule, "Good")):
        assert schemas.check(load(example.encode("utf-8"), "menu.yaml"), "account") == ()


@pytest.mark.parametrize("rule", SHOWN, ids=by_code)
def test_a_comment_silences_the_bad_example(rule: Rule) -> None:
    (bad,) = examples(rule, "Bad")
    line, _ = PLACES[rule.code]
    lines = bad.splitlines()
    indent = " " * (len(lines[line - 1]) - len(lines[line - 1].lstrip()))
    lines.insert(line - 1, f"{indent}# wxdeploy: ignore[{rule.code}] as it is in use since 2019")
    text = "\n".join(lines)
    comments = load(text.encode("utf-8"), "menu.yaml").silences
    assert silence(find(text), comments, idle_silence) == ()
    assert [each.code for each in silence((), comments, idle_silence)] == [idle_silence.code]
