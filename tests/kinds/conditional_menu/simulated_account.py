"""One account of the sandbox, read, planned and changed as a run does it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from asking import ask

from wxdeploy.execution.fetch import interpret
from wxdeploy.kinds.base import Kind
from wxdeploy.kinds.conditional_menu import CONDITIONAL_MENU
from wxdeploy.kinds.fingerprint import live_fingerprint
from wxdeploy.kinds.menu import MENU
from wxdeploy.kinds.tag import TAG
from wxdeploy.model.address import Address
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.operation import Deferred, settle
from wxdeploy.model.plan import AccountPlan
from wxdeploy.model.resource import DesiredState, LiveState, Resource
from wxdeploy.planning.planner import plan_account
from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.seeding import seed
from wxdeploy.sandbox.store import Store
from wxdeploy.wechat.endpoints import BY_CALL, ENDPOINTS

APPID = "wx0000000000000001"
KINDS: tuple[Kind[Any], ...] = (TAG, MENU, CONDITIONAL_MENU)
DEFAULT: dict[str, Any] = {"button": [{"type": "click", "name": "default", "key": "DEFAULT"}]}


class RefusedError(Exception):
    """The account answered a code that is not success."""


def desired(sections: Mapping[str, JsonValue], *, prune: frozenset[str] = frozenset()) -> DesiredState:
    resources = {
        kind.name: tuple(
            Resource(Address(kind.name, each.name), each.spec) for each in kind.parse(sections[kind.section])
        )
        for kind in KINDS
        if kind.section in sections
    }
    return DesiredState(account="prod", resources=resources, prune=prune)


@dataclass
class Simulated:
    runner: asyncio.Runner
    store: Store = field(default_factory=Store)

    def __post_init__(self) -> None:
        self._app = create_app(self.store)
        body = {"grant_type": "client_credential", "appid": APPID, "secret": "s"}
        self.token = self._send("POST", "/cgi-bin/stable_token", body)["access_token"]
        self.calls: list[str] = []

    def _send(self, method: str, path: str, body: JsonValue, **query: str) -> Any:
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        answer = self.runner.run(ask(self._app, method, path, content, query=query)).json()
        if answer.get("errcode", 0):
            raise RefusedError(answer["errcode"])
        return answer

    def close(self) -> None:
        self.store.close()

    def seed(self, **account: object) -> None:
        seed(self.store, {APPID: {"menu": DEFAULT, **account}})

    def call(self, endpoint: str, body: JsonValue = None) -> Any:
        known = ENDPOINTS[endpoint]
        self.calls.append(endpoint)
        try:
            return self._send(known.method, known.path, body, access_token=self.token)
        except RefusedError as error:
            if error.args[0] in known.nothing_there:
                return {}
            raise

    def live(self) -> LiveState:
        wanted = dict.fromkeys(endpoint for kind in KINDS for endpoint in kind.reads)
        return interpret({endpoint: self.call(endpoint) for endpoint in wanted}, KINDS)

    def plan(self, wanted: DesiredState) -> AccountPlan:
        return plan_account(wanted, self.live(), KINDS, appid=APPID)

    def apply(self, plan: AccountPlan, *, stop_after: int | None = None) -> None:
        """Do the operations, or the first so many of them; every state is one that the plan foretold."""
        captured: dict[Deferred, JsonValue] = {}
        live = self.live()
        known = {each.address: each for each in live.readings["tag"].objects}

        def find(deferred: Deferred) -> JsonValue:
            found = captured.get(deferred)
            return known[deferred.address].remote[deferred.attribute] if found is None else found

        assert live_fingerprint(KINDS, live.readings) == plan.live_digest
        for operation in plan.operations[:stop_after]:
            assert live_fingerprint(KINDS, live.readings) == operation.live_before
            answer = self.call(BY_CALL[operation.call.call].id, settle(operation.call.body, find))
            for capture in operation.call.captures:
                value = answer
                for key in capture.pointer:
                    value = value[key]
                captured[capture.deferred] = value
            live = self.live()
            assert live_fingerprint(KINDS, live.readings) == operation.live_after

    def converge(self, wanted: DesiredState) -> AccountPlan:
        """Plan, apply, and plan again: nothing is left to do."""
        plan = self.plan(wanted)
        self.apply(plan)
        again = self.plan(wanted)
        assert again.changes == ()
        assert again.operations == ()
        return plan

    def seen_by(self, openid: str) -> Any:
        return self.call("conditional.match", {"user_id": openid})["button"]
