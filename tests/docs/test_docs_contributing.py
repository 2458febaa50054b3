"""The rule that CONTRIBUTING.md shows is one: it compiles, its page is whole, its examples hold."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wxdeploy.config.documents import load
from wxdeploy.kinds import KINDS
from wxdeploy.kinds.base import Account, Rule, Violation
from wxdeploy.kinds.buttons.rule import button_rule
from wxdeploy.kinds.buttons.walk import Button
from wxdeploy.lint.pages import HEADINGS, examples, parts
from wxdeploy.model.diagnostic import Severity

PAGE = Path(__file__).parents[2] / "CONTRIBUTING.md"


def test_the_rule_shown_is_one() -> None:
    ((code, text),) = re.findall(
        r"<!-- rule: (\w+) -->\n   ```python\n(.*?)\n   ```\n", PAGE.read_text("utf-8"), re.DOTALL
    )
    names: dict[str, Any] = {
        "Button": Button,
        "Iterator": Iterator,
        "Severity": Severity,
        "Violation": Violation,
        "button_rule": button_rule,
    }
    exec(textwrap.dedent(text), names)
    (rule,) = [value for value in names.values() if isinstance(value, Rule)]
    assert rule.code == code
    assert code not in {each.code for kind in KINDS for each in kind.rules}
    assert set(parts(rule)) == set(HEADINGS)
    check = rule.check
    assert check is not None

    def findings(example: str) -> list[Violation]:
        return list(check(Account(load(example.encode(), "example.yaml").value)))

    (bad,), (good,) = examples(rule, "Bad"), examples(rule, "Good")
    assert len(findings(bad)) == 1
    assert findings(good) == []
