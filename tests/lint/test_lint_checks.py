"""Rules that have nothing to look at are not even loaded; what is found does not depend on it."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st
from laws import searched

from wxdeploy.config.documents import Document, load
from wxdeploy.config.places import below
from wxdeploy.kinds import KINDS
from wxdeploy.lint.checks import checks
from wxdeploy.lint.engine import Looked, lint
from wxdeploy.lint.pages import examples
from wxdeploy.model.section import Section
from wxdeploy.workflow.load import rulebook

SECTIONS = ("tags", "menu", "conditional_menus", "templates", "replies", "expectations")
PAGES = [
    load(page.encode(), "a.yaml")
    for rule in rulebook()
    if rule.check
    for heading in ("Bad", "Good")
    for page in examples(rule, heading)
]


Sections = dict[str, Section]


def sections_of(document: Document, kept: set[str]) -> Sections:
    assert isinstance(document.value, dict)
    return {
        name: Section(name, value, below(document.sources, (name,)))
        for name, value in document.value.items()
        if name in kept
    }


@searched(30)
@given(st.sampled_from(PAGES), st.sets(st.sampled_from(SECTIONS)))
def test_the_rules_that_are_left_out_would_find_nothing(document: Document, kept: set[str]) -> None:
    sections = sections_of(document, kept)
    assert lint(sections, checks(frozenset(sections)), {}, "a") == lint(sections, rulebook(), {}, "a")


@searched(20)
@given(st.lists(st.tuples(st.sampled_from(PAGES), st.sets(st.sampled_from(SECTIONS))), max_size=12))
def test_what_is_looked_at_once_is_found_in_every_account(accounts: list[tuple[Document, set[str]]]) -> None:
    looked = Looked()
    for number, (document, kept) in enumerate(accounts):
        sections, name = sections_of(document, kept), str(number)
        rules = checks(frozenset(sections))
        assert lint(sections, rules, {}, name, looked) == lint(sections, rules, {}, name)


def test_with_every_section_every_rule_with_a_check_is_asked() -> None:
    asked = {rule.code for rule in checks(frozenset(SECTIONS))}
    assert asked == {rule.code for rule in rulebook() if rule.check}
    assert set(SECTIONS) >= {section for kind in KINDS for section in kind.linted}


def test_sections_together_are_asked_what_each_is_asked() -> None:
    for one, other in combinations(SECTIONS, 2):
        both = {rule.code for rule in checks(frozenset({one, other}))}
        assert both == {rule.code for name in (one, other) for rule in checks(frozenset({name}))}
