from __future__ import annotations

from collections.abc import Callable

import pytest
from lint.conftest import sections_of

from wxdeploy.kinds.replies.rules import RULES
from wxdeploy.lint.engine import lint
from wxdeploy.lint.registry import build
from wxdeploy.model.diagnostic import Diagnostic

REPLY_RULES = build(RULES)

Find = Callable[[str], tuple[Diagnostic, ...]]


@pytest.fixture
def find() -> Find:
    """What the rules about replies find in the text of a resource file."""
    return lambda text: lint(sections_of(text), REPLY_RULES, {}, "prod")
