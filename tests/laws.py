"""How long a law is searched for an example that breaks it."""

from __future__ import annotations

from typing import Any

from hypothesis import settings

ORDINARY = 100
"""What Hypothesis calls its default, and the numbers in the tests refer to."""

LONG = 10
"""How many times as many examples a run under ``--hypothesis-profile=long`` looks at."""


def searched(number: int, **more: Any) -> settings:
    """So many examples in an ordinary run, whose seed is another each time; ``more`` are further settings."""
    return settings(max_examples=number * settings.default.max_examples // ORDINARY, **more)
