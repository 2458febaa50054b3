"""One account of the sandbox whose templates are managed, with faults on the way to it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from kinds.template.planned import resources
from workflow.drill import APPID, Line

from wxdeploy.execution.hosts import Hosts, Remote
from wxdeploy.kinds.template import TEMPLATE
from wxdeploy.kinds.template.spec import Template
from wxdeploy.model.plan import AccountPlan
from wxdeploy.model.report import AccountReport
from wxdeploy.model.resource import DesiredState, LiveObject
from wxdeploy.model.secret import Secret
from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.seeding import seed
from wxdeploy.sandbox.store import Store
from wxdeploy.workflow.apply import applied
from wxdeploy.workflow.plan import Run, replan
from wxdeploy.workflow.world import World, fetch_live

T = TypeVar("T")
KINDS = (TEMPLATE,)
ADD = "/cgi-bin/template/api_add_template"
DELETE = "/cgi-bin/template/del_private_template"
LIST = "/cgi-bin/template/get_all_private_template"


@dataclass
class Shop:
    """One account, the mappings that are wanted of it, and what the next apply meets on the way."""

    root: Path
    text: str = "templates: {}\n"
    prune: frozenset[str] = frozenset()
    store: Store = field(default_factory=Store)

    def __post_init__(self) -> None:
        self.line = Line(create_app(self.store))

    def hold(self, **account: Any) -> None:
        """Put the account into a state by hand."""
        seed(self.store, {APPID: account})

    def plan(self) -> AccountPlan:
        return asyncio.run(self._with_run(lambda run: _plan(run)))

    def apply(self, *allow: str) -> AccountReport:
        async def go(run: Run) -> AccountReport:
            return await applied(run, self.root, self._world(), allow=frozenset(allow), again=True)

        return asyncio.run(self._with_run(go))

    def live(self) -> tuple[LiveObject[Template], ...]:
        async def go(run: Run) -> tuple[LiveObject[Template], ...]:
            assert run.live is not None
            return run.live.readings["template"].objects

        return asyncio.run(self._with_run(go))

    def writes(self) -> list[str]:
        """The writing calls that the sandbox took."""
        return [call.path for call in self.store.calls() if call.mode not in ("read", "token")]

    def _world(self) -> World:
        async def pause(_: float) -> None:
            await asyncio.sleep(0)

        return World(environ={}, sandbox=lambda _: self.line, pause=pause)

    async def _with_run(self, work: Any) -> Any:
        world = self._world()
        desired = DesiredState(account="shop", resources={"template": resources(self.text)}, prune=self.prune)
        hosts = Hosts(read_only=False, concurrency=1, cache_folder=None, sandbox=lambda: self.line, pause=world.pause)
        async with hosts:
            client = await hosts.client(Remote(None, APPID, Secret("0123456789abcdef")))
            live = await fetch_live(client, KINDS, world)
            return await work(
                Run(replan(desired, live, KINDS, APPID), desired, client, KINDS, live, lock=self.root / "lock")
            )


async def _plan(run: Run) -> AccountPlan:
    return run.plan
