from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from contract.conftest import open_api
from export.shops import example
from send.counter import Post

__all__ = ["open_api"]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return example(tmp_path / "shop")


@pytest.fixture
def post(shop: Path) -> Iterator[Post]:
    made = Post(shop)
    yield made
    made.store.close()
