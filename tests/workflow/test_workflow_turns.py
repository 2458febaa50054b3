"""Accounts take turns at the processor, and what comes over the network is served in between."""

from __future__ import annotations

import asyncio

from wxdeploy.workflow.turns import Turns


def test_what_an_answer_lets_go_is_sent_before_more_than_a_few_further_pieces_of_work() -> None:
    log: list[str] = []
    names = [f"shop-{number}" for number in range(20)]

    async def main() -> None:
        turns, loop = Turns(), asyncio.get_running_loop()

        async def call(name: str, answer: asyncio.Future[None], room: asyncio.Future[None]) -> None:
            await answer
            room.set_result(None)
            log.append(f"answer to {name}")

        async def waiting(name: str, room: asyncio.Future[None]) -> None:
            await room
            log.append(f"request of {name}")

        async def account(name: str) -> None:
            answer, room = loop.create_future(), loop.create_future()
            calls = asyncio.gather(call(name, answer, room), waiting(name, room))
            await turns.mine()
            log.append(f"work on {name}")
            loop.call_soon(answer.set_result, None)  # as the selector does for what came while there was work
            await calls

        await asyncio.gather(*map(account, names))

    asyncio.run(main())
    work = [line for line in log if line.startswith("work on")]
    assert work == [f"work on {name}" for name in names]
    for name in names:
        meanwhile = log[log.index(f"work on {name}") : log.index(f"request of {name}")]
        assert sum(line.startswith("work on") for line in meanwhile) <= 4


def test_a_run_that_ended_early_holds_up_no_later_one() -> None:
    turns = Turns()

    async def stopped() -> None:
        waiting = [asyncio.create_task(turns.mine()) for _ in range(3)]
        await asyncio.sleep(0)
        for each in waiting:
            each.cancel()

    asyncio.run(stopped())
    asyncio.run(asyncio.wait_for(turns.mine(), 5))


def test_one_that_gives_up_its_turn_holds_up_nobody() -> None:
    log: list[str] = []

    async def main() -> None:
        turns = Turns()

        async def account(name: str) -> None:
            await turns.mine()
            log.append(name)

        first, second, third = (asyncio.create_task(account(name)) for name in "abc")
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.wait((first, second, third), timeout=5)
        await account("d")

    asyncio.run(main())
    assert log == ["a", "c", "d"]
