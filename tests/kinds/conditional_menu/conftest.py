from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from kinds.conditional_menu.simulated_account import Simulated


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def open_account(runner: asyncio.Runner) -> Iterator[Callable[[], Simulated]]:
    opened: list[Simulated] = []

    def make() -> Simulated:
        opened.append(Simulated(runner))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


@pytest.fixture
def account(open_account: Callable[[], Simulated]) -> Simulated:
    made = open_account()
    made.seed()
    return made
