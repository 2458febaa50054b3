"""Templates by the whole program, from files to the account: added once whatever gets lost, deleted only when told to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kinds.template.shop import ADD, DELETE
from workflow.drill import APPID

from wxdeploy.model.operation import Action
from wxdeploy.model.plan import AccountPlan
from wxdeploy.model.report import AccountReport, ApplyReport, Ending
from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.faults import parse, with_faults
from wxdeploy.sandbox.seeding import seed
from wxdeploy.sandbox.store import Store
from wxdeploy.workflow.apply import apply
from wxdeploy.workflow.load import load
from wxdeploy.workflow.plan import plan
from wxdeploy.workflow.world import World

TEMPLATES = {
    "order_paid": {
        "title": "订单支付成功通知",
        "template_id_short": "43216",
        "keyword_name_list": ["订单编号", "支付金额"],
        "data": {
            "character_string1": {"label": "订单编号", "from": "order.no", "sample": "1"},
            "amount3": {"label": "支付金额", "from": "order.amount", "sample": "1"},
        },
    },
    "order_shipped": {
        "title": "订单发货通知",
        "template_id_short": "42984",
        "keyword_name_list": ["订单编号", "商品名称"],
        "data": {
            "character_string2": {"label": "订单编号", "from": "order.no", "sample": "1"},
            "thing4": {"label": "商品名称", "from": "order.goods", "sample": "1"},
        },
    },
}
OTHERS = [
    {"title": "领取奖金提醒", "placeholders": {"amount1": "领奖金额"}, "primary_industry": "IT科技"},
    {"title": "订单支付成功通知", "placeholders": {"thing1": "别的"}, "primary_industry": "IT科技"},
    {"title": "旧通知", "content": "{{first.DATA}}\n{{remark.DATA}}", "historical": True, "primary_industry": "IT科技"},
    {"one_time_subscription": True},
]
UNCLEAR = ("reset", "html502", "truncated", "empty", "errcode=-1")


class Program:
    """One project of one account, whose sandbox fails by rules."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.store = Store()
        self.settings("")
        self.want(TEMPLATES)

    def settings(self, text: str) -> None:
        account = f"appid: {APPID}, api: sandbox, files: [templates.yaml]{text}"
        (self.root / "wxdeploy.yaml").write_text(f"version: 1\naccounts:\n  shop: {{{account}}}\n", "utf-8")

    def want(self, templates: Any) -> None:
        text = json.dumps({"templates": templates}, ensure_ascii=False)
        (self.root / "templates.yaml").write_text(text, "utf-8")

    def _world(self, *rules: str) -> World:
        async def pause(_: float) -> None:
            await asyncio.sleep(0)

        app = with_faults(create_app(self.store), [parse(rule) for rule in rules])
        return World(environ={}, sandbox=lambda _: app, pause=pause)

    def plan(self, *targets: str) -> AccountPlan:
        (account,) = asyncio.run(plan(load(self.root, {}, targets=targets), self._world())).accounts
        return account

    def apply(self, *rules: str, allow: bool = False) -> AccountReport:
        permits = frozenset({"--allow-delete"} if allow else ())
        work = apply(load(self.root, {}), self._world(*rules), confirm=lambda _: True, asks=False, allow=permits)
        report = asyncio.run(work)
        assert isinstance(report, ApplyReport)
        (account,) = report.accounts
        return account

    def titles(self) -> list[str]:
        with self.store.transaction() as state:
            return sorted(each.title for each in state.templates.all(APPID))

    def writes(self) -> list[str]:
        return [call.path for call in self.store.calls() if call.mode == "write"]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Program]:
    made = Program(tmp_path)
    yield made
    made.store.close()


@pytest.mark.parametrize("skip", [0, 1], ids=["the first add", "the second add"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("what", UNCLEAR)
def test_a_lost_answer_leaves_one_template_of_each(shop: Program, what: str, when: str, skip: int) -> None:
    shop.apply(f"template/api_add_template:{when}:{what}+{skip}")
    shop.apply()
    assert shop.titles() == ["订单发货通知", "订单支付成功通知"]
    assert not shop.plan().changes
    assert shop.apply().ending is Ending.UNCHANGED


@pytest.mark.parametrize("what", UNCLEAR)
def test_answers_that_are_always_lost_leave_one_template_of_each(shop: Program, what: str) -> None:
    for _ in range(4):
        shop.apply(f"template/api_add_template:after:{what}*always")
    assert shop.titles() == ["订单发货通知", "订单支付成功通知"]


@pytest.mark.parametrize("what", UNCLEAR)
def test_an_add_that_never_takes_effect_is_never_said_to(shop: Program, what: str) -> None:
    report = shop.apply(f"template/api_add_template:before:{what}*always")
    assert report.ending in (Ending.PARTIAL, Ending.FAILED)
    assert shop.titles() == []


@pytest.mark.parametrize(
    "settings", ["", ", prune: [tags]", ", prune: []", ", prune: [templates], protect: [template]"]
)
def test_what_nobody_said_to_delete_stays(shop: Program, settings: str) -> None:
    shop.settings(settings)
    seed(shop.store, {APPID: {"templates": OTHERS}})
    shop.apply(allow=True)
    shop.want({})
    shop.apply(allow=True)
    assert set(shop.titles()) >= {each.get("title", "订阅模板消息") for each in OTHERS}
    assert DELETE not in shop.writes()


def test_without_the_section_templates_are_not_looked_at(shop: Program) -> None:
    shop.settings(", prune: [templates]")
    seed(shop.store, {APPID: {"templates": OTHERS}})
    (shop.root / "templates.yaml").write_text("{}\n", "utf-8")
    shop.apply(allow=True)
    assert shop.store.calls() == []


def test_a_target_never_makes_the_rest_undeclared(shop: Program) -> None:
    shop.apply()
    shop.settings(", prune: [templates]")
    found = shop.plan("template.order_paid")
    assert [each.action for each in found.changes if each.action is Action.DELETE] == []


def test_pruning_deletes_what_it_was_told_to_and_with_permission_only(shop: Program) -> None:
    shop.settings(", prune: [templates]")
    seed(shop.store, {APPID: {"templates": OTHERS}})
    assert shop.apply().ending is Ending.REFUSED
    assert shop.writes() == []
    shop.apply(allow=True)
    assert shop.titles() == ["订单发货通知", "订单支付成功通知", "订阅模板消息"]
    # The one that is called as order_paid is, and has other fields, may be meant by it: neither deleted nor doubled.
    assert shop.writes().count(ADD) == 1
    assert shop.writes().count(DELETE) == 2


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("what", UNCLEAR)
def test_a_lost_answer_of_a_deletion_deletes_nothing_else(shop: Program, what: str, when: str) -> None:
    shop.settings(", prune: [templates]")
    seed(shop.store, {APPID: {"templates": OTHERS}})
    shop.apply(f"template/del_private_template:{when}:{what}", allow=True)
    shop.apply(allow=True)
    assert shop.titles() == ["订单发货通知", "订单支付成功通知", "订阅模板消息"]
