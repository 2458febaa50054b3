from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from wxdeploy.config.documents import load
from wxdeploy.kinds.menu import rules
from wxdeploy.lint.engine import lint
from wxdeploy.lint.registry import build
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.section import Section

MENU_RULES = build(rules.RULES)

Find = Callable[[str], tuple[Diagnostic, ...]]


def sections_of(text: str, file: str = "menu.yaml") -> dict[str, Section]:
    document = load(text.encode("utf-8"), file)
    assert not document.diagnostics, document.diagnostics
    assert isinstance(document.value, Mapping)
    return {name: Section(name, value, document.sources.below((name,))) for name, value in document.value.items()}


@pytest.fixture
def find() -> Find:
    """What the rules about the menu find in the text of a resource file."""
    return lambda text: lint(sections_of(text), MENU_RULES, {}, "prod")
