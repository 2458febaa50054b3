"""Every state of a mapping, each with its plan: a resource file and the account's answer in, text and JSON out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from kinds.template.planned import plan

from wxdeploy.model.operation import Action
from wxdeploy.model.plan import Plan
from wxdeploy.model.planjson import to_json
from wxdeploy.render.text import plan_text

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())
PRUNED = "pruned"
"""What the names of those cases begin with in which the account says ``prune: [templates]``."""

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def planned(case: Path, *, prune: bool) -> Plan:
    rows = json.loads((case / "answer.json").read_text("utf-8"))["template_list"]
    text = (case / "templates.yaml").read_text("utf-8")
    return Plan((plan(text, rows, prune=["template"] if prune else []),))


@every_case
def test_a_state_s_plan_is_as_committed(case: Path, golden: Callable[[Path, str], None]) -> None:
    document = to_json(planned(case, prune=case.name.startswith(PRUNED)), version="0")
    golden(case / "expected.txt", plan_text(document))
    golden(case / "expected.json", json.dumps(document, ensure_ascii=False, indent=2) + "\n")


@every_case
def test_nothing_is_deleted_that_was_not_asked_for(case: Path) -> None:
    assert planned(case, prune=False).count(Action.DELETE) == 0
