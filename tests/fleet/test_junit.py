"""JUnit XML: read back by a parser that nobody here wrote, and by the names that CI systems look for."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from fleet.test_fleet_text import report
from junitparser import Error, Failure, JUnitXml, TestCase
from render.plans import PLANS, account, document, failed, menu, view

from wxdeploy.model.plan import Failure as Why
from wxdeploy.model.plan import Plan
from wxdeploy.model.planjson import to_json
from wxdeploy.render.escape import terminal
from wxdeploy.render.junit import junit

NAMES = {"testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out"}


def cases(text: str) -> list[TestCase]:
    (suite,) = JUnitXml.fromstring(text.encode())
    return list(suite)


@pytest.mark.parametrize("name", PLANS)
def test_every_plan_is_a_test_report(name: str) -> None:
    text = junit(PLANS[name], "plan")
    root = ElementTree.fromstring(text)
    assert {element.tag for element in root.iter()} <= NAMES
    suites = JUnitXml.fromstring(text.encode())
    (suite,) = suites
    accounts = PLANS[name]["accounts"]
    assert [case.name for case in suite] == [terminal(each["account"]) for each in accounts]
    assert (suites.tests, suite.tests) == (len(accounts), len(accounts))
    assert suite.errors == sum(each["status"] == "error" for each in accounts)
    assert (suites.errors, suites.failures) == (suite.errors, suite.failures)


def test_a_change_is_a_success_that_says_what_it_is() -> None:
    old, new = menu(view("搜索")), menu(view("查找"))
    (changed, same) = cases(junit(document(account(new, old), account(old, old, name="same")), "plan"))
    assert changed.is_passed
    assert "搜索 → 查找" in changed.system_out
    assert (same.is_passed, same.system_out) == (True, None)


def test_what_can_not_be_planned_is_an_error() -> None:
    (case,) = cases(junit(document(failed("gone", 'nobody <there> & "here"', "look")), "plan"))
    (result,) = case.result
    assert isinstance(result, Error)
    assert result.message == 'nobody <there> & "here"'
    assert "look" in result.text


def test_a_command_that_failed_as_a_whole_is_an_error() -> None:
    why = Why(message="no project", fix="run wxdeploy init")
    (case,) = cases(junit(to_json(Plan(()), version="0", failure=why), "plan"))
    assert case.name == "wxdeploy plan"
    assert isinstance(case.result[0], Error)


def test_the_endings_of_an_apply() -> None:
    found = {case.name: [type(each) for each in case.result] for case in cases(junit(report(), "apply"))}
    assert list(found.values())[:6] == [[], [Error], [Error], [Failure], [], []]


def test_what_xml_can_not_hold_is_shown_as_an_escape() -> None:
    made: Any = document(failed("a\x00\x1b]]>\ufffe<", "\x08\ud800\x7f"))
    (case,) = cases(junit(made, "plan"))
    assert case.name == "a\\u{0}\\u{1b}]]>\\u{fffe}<"
    assert case.result[0].message == "\\u{8}\\u{d800}\\u{7f}"
