from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from audiences.server import answering
from audiences.shop import APPID, Document, Shop
from listening import listening

from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.seeding import seed
from wxdeploy.sandbox.store import Store


@pytest.fixture
def shop(tmp_path: Path, program: Callable[..., Any]) -> Shop:
    made = Shop(tmp_path / "shop", program)
    made.root.mkdir()
    made.account()
    return made


@pytest.fixture
def sandbox_with(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """``with sandbox_with(shop, state, shown=[...], sort_tags=True):`` an account on a server that answers otherwise."""

    @contextmanager
    def made(shop: Shop, state: Document, **changes: Any) -> Iterator[None]:
        with closing(Store()) as store:
            seed(store, {APPID: state})
            with listening(answering(create_app(store), **changes)) as url:
                monkeypatch.setenv("WXDEPLOY_API", url)
                yield
                monkeypatch.delenv("WXDEPLOY_API")

    return made
