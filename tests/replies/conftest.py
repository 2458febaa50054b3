from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from wxdeploy.config.documents import load
from wxdeploy.config.places import below
from wxdeploy.kinds.replies.rules import RULES
from wxdeploy.lint.engine import lint
from wxdeploy.lint.registry import build
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.section import Section

REPLY_RULES = build(RULES)

Find = Callable[[str], tuple[Diagnostic, ...]]


@pytest.fixture
def find() -> Find:
    """What the rules about replies find in the text of a resource file."""

    def found(text: str) -> tuple[Diagnostic, ...]:
        document = load(text.encode("utf-8"), "replies.yaml")
        assert not document.diagnostics, document.diagnostics
        assert isinstance(document.value, Mapping)
        sections = {
            name: Section(name, value, below(document.sources, (name,))) for name, value in document.value.items()
        }
        return lint(sections, REPLY_RULES, {}, "prod")

    return found
