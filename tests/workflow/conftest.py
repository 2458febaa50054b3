from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from workflow.drill import Drill


@pytest.fixture
def make_drill(tmp_path: Path) -> Iterator[Callable[..., Drill]]:
    """Makes drills, each in a folder of its own."""
    made: list[Drill] = []

    def make(**options: Any) -> Drill:
        made.append(Drill(tmp_path / f"project-{len(made)}", **options))
        return made[-1]

    yield make
    for each in made:
        each.store.close()


@pytest.fixture
def drill(make_drill: Callable[..., Drill]) -> Drill:
    return make_drill()
