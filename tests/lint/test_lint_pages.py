from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from wxdeploy.kinds.base import Rule, stated
from wxdeploy.lint.pages import HEADINGS, examples, file_name, index, page, parts
from wxdeploy.workflow.load import rulebook

DOCS = Path(__file__).parents[2] / "docs" / "rules"
RULES = tuple(rulebook())

Golden = Callable[[Path, str], None]


@stated("WX999")
def sample_rule() -> None:
    """A sample is given.

    What: one thing
    and another.
    Why: it says so.
    Bad:
        ```yaml
        a:
          - b
        ```

        ```yaml
        c: 1
        ```
    Good:
        ```yaml
        d: 2
        ```
    Source: nobody.
    """


def by_code(rule: Rule) -> str:
    return rule.code


def test_a_page_has_the_parts_of_the_docstring() -> None:
    assert parts(sample_rule)["What"] == "One thing\nand another."
    assert parts(sample_rule)["Source"] == "nobody."


def test_examples_are_the_blocks_at_the_margin() -> None:
    assert examples(sample_rule, "Bad") == ("a:\n  - b\n", "c: 1\n")
    assert examples(sample_rule, "Good") == ("d: 2\n",)
    assert examples(sample_rule, "Source") == ()


def test_a_page_in_markdown() -> None:
    text = page(sample_rule)
    assert text.startswith(
        "# WX999: A sample is given\n\n`sample-rule` · error · since 0.1.0\n\n## What\n\nOne thing\n"
    )
    assert text.endswith("## Source\n\nnobody.\n")


def test_the_index_lists_rules_by_group_and_code() -> None:
    text = index(reversed(RULES))
    codes = re.findall(r"^\| \[(WX\d{3})\]\(\1\.md\) \|", text, re.MULTILINE)
    assert codes == sorted(rule.code for rule in RULES)
    assert "## Menu\n" in text


@pytest.mark.parametrize("rule", RULES, ids=by_code)
def test_every_page_has_all_its_parts_in_order(rule: Rule) -> None:
    assert tuple(parts(rule)) == HEADINGS
    assert all(parts(rule).values())
    assert not rule.summary.endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=by_code)
def test_the_committed_page_is_the_program_s(rule: Rule, golden: Golden) -> None:
    golden(DOCS / file_name(rule), page(rule))


def test_the_committed_index_is_the_program_s(golden: Golden) -> None:
    golden(DOCS / "README.md", index(RULES))


def test_no_page_is_left_of_a_rule_that_is_gone() -> None:
    expected = {file_name(rule) for rule in RULES} | {"README.md"}
    assert {path.name for path in DOCS.iterdir()} <= expected
