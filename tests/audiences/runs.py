"""Runs of the whole program on one account, fast enough for many examples: only the command line is left out."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from audiences.shop import APPID, Document

from wxdeploy.model.plan import AccountPlan
from wxdeploy.model.report import AccountReport, ApplyReport
from wxdeploy.sandbox.account import Account
from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.seeding import seed
from wxdeploy.sandbox.store import Store
from wxdeploy.wechat import limits
from wxdeploy.workflow.apply import apply
from wxdeploy.workflow.load import Configuration, load
from wxdeploy.workflow.match import Answer, Match, ask, offline
from wxdeploy.workflow.plan import plan
from wxdeploy.workflow.pull import Pulled, pull, yaml_of
from wxdeploy.workflow.world import World

PLATFORMS = ("ios", "android", "other", None)
Follower = tuple[str, tuple[str, ...], str | None]


def crowd(tags: Sequence[str]) -> dict[str, Document]:
    """A follower for every tag, platform and order of tagging."""
    orders = [order for size in range(len(tags) + 1) for order in itertools.permutations(tags, size)]
    return {
        f"o-{number}-{platform}": {"tags": list(order), **({"platform": platform} if platform else {})}
        for number, order in enumerate(orders)
        for platform in PLATFORMS
    }


async def _no_wait(_: float) -> None:
    await asyncio.sleep(0)


@dataclass(slots=True)
class Runs:
    """One project on the disk, and its account in a sandbox; ``app`` is the way there."""

    root: Path
    store: Store
    app: Any = None
    settings: Sequence[str] = field(default=())

    def __post_init__(self) -> None:
        self.app = create_app(self.store)
        lines = [f"appid: {APPID}", "api: sandbox", "files: [shop.yaml]", *self.settings]
        text = "version: 1\naccounts:\n  shop:\n" + "".join(f"    {line}\n" for line in lines)
        (self.root / "wxdeploy.yaml").write_text(text, "utf-8")

    def want(self, sections: Mapping[str, Any] | str) -> None:
        text = sections if isinstance(sections, str) else json.dumps(sections, ensure_ascii=False)
        (self.root / "shop.yaml").write_text(text, "utf-8")

    def live(self, **account: Any) -> None:
        seed(self.store, {APPID: account})

    def world(self) -> World:
        return World(environ={}, sandbox=lambda _: self.app, pause=_no_wait)

    def load(self) -> Configuration:
        found = load(self.root, {})
        assert found.is_valid, [str(each) for each in found.findings]
        return found

    def plan(self) -> AccountPlan:
        (found,) = asyncio.run(plan(self.load(), self.world())).accounts
        assert found.error is None
        return found

    def apply(self) -> AccountReport:
        allow = frozenset({"--allow-delete"})
        report = asyncio.run(apply(self.load(), self.world(), confirm=lambda _: True, asks=False, allow=allow))
        assert isinstance(report, ApplyReport)
        (found,) = report.accounts
        return found

    def pull(self) -> tuple[str, Pulled]:
        """What a pull writes, as one file."""
        (found,) = asyncio.run(pull(self.load(), self.world()))
        assert found.error is None
        return yaml_of(found.sections, schema=None), found

    def ask(self, openid: str, platform: str | None) -> Answer:
        configuration = self.load()
        return asyncio.run(
            ask(configuration, configuration.accounts[0], self.world(), openid=openid, platform=platform)
        )

    def offline(self, followers: Sequence[Follower]) -> list[Match]:
        """What the files give each of them, in one reading."""
        (configured,) = self.load().accounts
        return [offline(configured, tags, platform) for _, tags, platform in followers]

    def followers(self, openids: Mapping[str, Document]) -> list[Follower]:
        """The followers as they are now: their tags by the names that these have by now, in the order given."""
        with self.store.transaction() as state:
            names = {limits.STARRED_TAG_ID: limits.STARRED_TAG_NAME}
            names.update({each.id: each.name for each in state.tags(APPID)})
            found = []
            for openid, fields in openids.items():
                follower = state.follower(APPID, openid)
                assert follower is not None
                found.append((openid, tuple(names[each] for each in follower.tags), fields.get("platform")))
            return found

    def shown(self, openids: Sequence[str]) -> list[Any]:
        """What ``menu/trymatch`` answers for each."""
        with self.store.transaction() as state:
            return [Account(state, APPID).menu_of(openid)["button"] for openid in openids]

    def menus(self) -> list[tuple[Any, Any]]:
        """The live personalised menus in order of priority: rule and the name of the first button."""
        with self.store.transaction() as state:
            return [(each.matchrule, each.buttons[0]["name"]) for each in state.conditional_menus(APPID)]

    def tags(self) -> dict[str, tuple[int, int]]:
        with self.store.transaction() as state:
            return {each.name: (each.id, each.count) for each in state.tags(APPID)}

    def writes(self) -> list[str]:
        """The calls so far that changed something."""
        calls = (each for each in self.store.calls() if each.mode not in ("token", "read") and not each.errcode)
        return [each.path.removeprefix("/cgi-bin/") for each in calls]


@contextmanager
def runs(*settings: str) -> Iterator[Runs]:
    with TemporaryDirectory() as folder, closing(Store()) as store:
        yield Runs(Path(folder), store, settings=settings)
