from __future__ import annotations

from collections.abc import Callable

import pytest
from lint.conftest import sections_of

from wxdeploy.kinds.template.rules import RULES
from wxdeploy.lint.engine import lint
from wxdeploy.lint.registry import build
from wxdeploy.model.diagnostic import Diagnostic

TEMPLATE_RULES = build(RULES)

Find = Callable[[str], tuple[Diagnostic, ...]]


@pytest.fixture
def find() -> Find:
    """What the rules about templates find in the text of a resource file."""
    return lambda text: lint(sections_of(text), TEMPLATE_RULES, {}, "prod")
