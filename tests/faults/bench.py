"""One case of the matrix: a scene, a fault on the way to its account, one apply with it and one without.

The program is whole. Only time is not: an event loop of its own lets a wait pass as soon as nothing else is to be done,
so that pauses and timeouts are the real ones, are counted, and take no time.
"""

from __future__ import annotations

import asyncio
import json
import selectors
from collections import Counter
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from faults.scenes import Scene
from workflow.drill import ALLOW, APPID, Drill

from wxdeploy.model.operation import Outcome
from wxdeploy.model.report import AccountReport, ApplyReport, Ending
from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.faults import Fault, parse, with_faults
from wxdeploy.sandbox.state import State
from wxdeploy.wechat.endpoints import BY_CALL, ENDPOINTS, Mode
from wxdeploy.workflow.apply import apply
from wxdeploy.workflow.world import World

T = TypeVar("T")
LONGEST = 1800.0
"""Seconds that an apply may take, were all its waits waited for."""

CALLS: Mapping[str, str] = {
    name: ENDPOINTS[name].path.removeprefix("/cgi-bin/")
    for name in (
        "token.stable", "menu.get", "selfmenu.get", "menu.create", "menu.delete", "conditional.add",
        "conditional.delete", "tag.get", "tag.create", "tag.update", "tag.delete", "template.list", "template.add",
        "template.delete",
    )
}  # fmt: skip
"""Every call that an apply makes, and how a fault names it."""

SILENT = ("html502", "truncated", "empty", "reset", "hang", "errcode=-1")
"""What leaves open whether the call took effect."""

REFUSALS = ("errcode=45009", "errcode=45011", "errcode=40001", "errcode=42001", "errcode=40028")
"""What says that it did not."""

FAULTS = (*(f"before:{each}" for each in (*SILENT, *REFUSALS)), *(f"after:{each}" for each in SILENT))


class _Selector(selectors.DefaultSelector):  # type: ignore[misc, valid-type]
    """Waits for nothing: where nothing is ready, the time that would be waited for has passed."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "it would wait for ever"
            self.now += timeout
        return ready


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose clock is that of its selector."""

    def __init__(self) -> None:
        self.clock = _Selector()
        super().__init__(self.clock)

    def time(self) -> float:
        return self.clock.now


def run(work: Coroutine[Any, Any, T]) -> tuple[T, float]:
    """The result, and the seconds that it would have taken."""
    with asyncio.Runner(loop_factory=Loop) as runner:
        result = runner.run(work)
        return result, runner.get_loop().time()


@dataclass
class Recorder:
    """Round the sandbox, inside of the faults: which calls came, and which writes took effect."""

    app: Any
    came: Counter[str] = field(default_factory=Counter)
    effects: list[tuple[str, bytes]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body, answer = b"", b""

        async def read() -> Any:
            nonlocal body
            message = await receive()
            body += message.get("body", b"")
            return message

        async def keep(message: Any) -> None:
            nonlocal answer
            answer += message.get("body", b"")
            await send(message)

        await self.app(scope, read, keep)
        self.came[scope["path"].removeprefix("/cgi-bin/")] += 1
        endpoint = BY_CALL.get(f"{scope['method']} {scope['path']}")
        if endpoint is None or endpoint.mode is not Mode.WRITE or json.loads(answer).get("errcode"):
            return
        again = bool(self.effects) and self.effects[-1] == (endpoint.call, body)
        if not (again and endpoint.repeatable):  # twice is as good as once
            self.effects.append((endpoint.call, body))


@dataclass(frozen=True)
class Account:
    """What an account holds, looked up behind the program's back."""

    menu: Any
    personalised: list[tuple[str, str, str]]
    tags: Mapping[str, int]
    tag_names: list[str]
    followers: Mapping[str, list[str]]
    templates: list[tuple[str, str]]

    @classmethod
    def of(cls, state: State, scene: Scene, appid: str = APPID) -> Account:
        held = state.menu(appid)
        names = {each.id: each.name for each in state.tags(appid)}
        followers = [state.follower(appid, openid) for openid in scene.end["followers"]]
        return cls(
            menu=[each["name"] for each in held.buttons] if held else None,
            personalised=[
                (
                    names.get(int(each.matchrule.get("group_id") or 0), ""),
                    str(each.matchrule.get("client_platform_type", "")),
                    each.buttons[0]["name"],
                )
                for each in state.conditional_menus(appid)
            ],
            tags={name: number for number, name in names.items()},
            tag_names=sorted(names.values()),
            followers={each.openid: [names[tag] for tag in each.tags] for each in followers if each},
            templates=sorted((each.title, each.template_id) for each in state.templates.all(appid)),
        )

    def duplicates(self) -> int:
        """How many personalised menus, tags and templates are there that are there already."""
        held: Sequence[Sequence[Any]] = (self.personalised, self.tag_names, [title for title, _ in self.templates])
        return sum(len(each) - len(set(each)) for each in held)

    def lost(self, scene: Scene) -> int:
        """How many things that had to stay, or to come, are not there or are there anew."""
        ids = {**self.tags, **dict(self.templates)}
        end = scene.end
        missing = set(end["personalised"]) - set(self.personalised)
        missing |= set(end["tags"]) - set(self.tag_names)
        missing |= set(end["templates"]) - {title for title, _ in self.templates}
        anew = [name for name, number in scene.kept.items() if ids.get(name) != number]
        untagged = [openid for openid, tags in end["followers"].items() if self.followers.get(openid) != tags]
        return len(missing) + len(anew) + len(untagged) + (self.menu != end["menu"])

    def is_as_wanted(self, scene: Scene) -> bool:
        end = scene.end
        return (
            self.lost(scene) == 0
            and self.duplicates() == 0
            and self.personalised == end["personalised"]
            and self.tag_names == sorted(end["tags"])
            and sorted(title for title, _ in self.templates) == sorted(end["templates"])
        )


@dataclass
class Bench:
    """A scene on the disk and in a sandbox."""

    scene: Scene
    root: Path

    def __post_init__(self) -> None:
        self.drill = Drill(self.root, settings=self.scene.settings)
        self.drill.want(self.scene.text)
        self.drill.live(**self.scene.live)
        self.recorder = Recorder(create_app(self.drill.store))
        self.seconds = 0.0

    def apply(self, *rules: Fault) -> AccountReport:
        line = with_faults(self.recorder, rules)
        world = World(environ={}, sandbox=lambda _: line)
        work = apply(self.drill.load(), world, confirm=lambda _: True, asks=False, allow=ALLOW)
        report, self.seconds = run(work)
        assert isinstance(report, ApplyReport)
        (account,) = report.accounts
        return account

    def account(self) -> Account:
        with self.drill.store.transaction() as state:
            return Account.of(state, self.scene)

    def untruths(self, report: AccountReport) -> list[str]:
        """What the report of the first run says and the account does not show."""
        did = [call for call, _ in self.recorder.effects]
        said = [each.operation.call.call for each in report.results if each.outcome is Outcome.APPLIED]
        open_ = [each.operation.call.call for each in report.results if each.outcome is Outcome.UNKNOWN]
        wrong = []
        if did != said and did != said + open_[:1]:
            wrong.append(f"said {said}, unknown {open_}, and did {did}")
        if report.ending in (Ending.FAILED, Ending.REFUSED) and (did or open_):
            wrong.append(f"said that nothing was changed, and did {did}")
        done = report.ending in (Ending.APPLIED, Ending.UNCHANGED)
        if done and not (report.converged and self.account().is_as_wanted(self.scene)):
            wrong.append("said that it is done, and it is not")
        reasons = [report.failure, *(each.failure for each in report.results)]
        if not done and not any(each and each.message and each.fix for each in reasons):
            wrong.append("failed without a reason and a remedy")
        return wrong


@dataclass(frozen=True)
class Verdict:
    """How a case ended; each run told and each thing counted after the second run."""

    first: Ending
    untruths: list[str]
    seconds: float
    second: Ending
    converged: bool
    duplicates: int
    lost: int

    @property
    def good(self) -> bool:
        return self.converged and not self.untruths and not self.duplicates and not self.lost and self.seconds < LONGEST


def judge(scene: Scene, root: Path, *rules: str) -> Verdict:
    """One apply with these faults, and one without."""
    bench = Bench(scene, root)
    with closing(bench.drill.store):
        first = bench.apply(*map(parse, rules))
        seconds, untruths = bench.seconds, bench.untruths(first)
        second = bench.apply()
        account = bench.account()
        done = second.ending in (Ending.APPLIED, Ending.UNCHANGED) and second.converged is True
        return Verdict(
            first=first.ending,
            untruths=untruths,
            seconds=seconds,
            second=second.ending,
            converged=done and account.is_as_wanted(scene),
            duplicates=account.duplicates(),
            lost=account.lost(scene),
        )


def calls_of(scene: Scene, root: Path) -> Counter[str]:
    """How often each call is made by an apply that meets no fault."""
    bench = Bench(scene, root)
    with closing(bench.drill.store):
        report = bench.apply()
        assert report.ending is Ending.APPLIED, report
        assert bench.untruths(report) == []
        assert bench.account().is_as_wanted(scene), bench.account()
        return Counter(bench.recorder.came)
