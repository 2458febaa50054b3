"""Templates against the sandbox: adding is exact whatever gets lost, and what no call can settle is never a success."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kinds.template.shop import ADD, DELETE, LIST, Shop
from workflow.drill import LOST, Fault, Reply

from wxdeploy.kinds.template import TEMPLATE
from wxdeploy.kinds.template.wire import id_of
from wxdeploy.model.operation import Action, Outcome
from wxdeploy.model.plan import Status
from wxdeploy.model.report import Ending

ORDER = """\
templates:
  order_paid:
    title: 订单支付成功通知
    template_id_short: "43216"
    keyword_name_list: [订单编号, 支付金额]
    data:
      amount3: {label: 支付金额, from: order.amount, sample: ¥88.00}
      character_string1: {label: 订单编号, from: order.no, sample: "2024112200001"}
"""
SHIPPED = """\
  order_shipped:
    title: 订单发货通知
    template_id_short: "42984"
    keyword_name_list: [订单编号, 商品名称]
    data:
      character_string2: {label: 订单编号, from: order.no, sample: "2024112200001"}
      thing4: {label: 商品名称, from: order.goods, sample: 羊绒围巾}
"""
HELD = {"title": "订单支付成功通知", "placeholders": {"character_string1": "订单编号", "amount3": "支付金额"}}
OTHER = {"title": "领取奖金提醒", "placeholders": {"amount1": "领奖金额"}, "example": "领奖金额：1元"}
UNCLEAR: dict[str, Reply] = {"no answer": LOST, "a gateway's page": (502, b"<html>"), "half": b'{"errcode":0,"te'}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path, ORDER)
    yield made
    made.store.close()


def test_what_is_missing_is_added_once(shop: Shop) -> None:
    report = shop.apply()
    assert (report.ending, report.converged) == (Ending.APPLIED, True)
    assert shop.plan().status is Status.UNCHANGED
    assert shop.plan().warnings == ()
    assert shop.apply().ending is Ending.UNCHANGED
    assert shop.writes() == [ADD]


def test_the_body_is_raw_and_the_id_is_captured(shop: Shop) -> None:
    (operation,) = shop.plan().operations
    assert operation.call.body == {"template_id_short": "43216", "keyword_name_list": ["订单编号", "支付金额"]}
    (capture,) = operation.call.captures
    assert (str(capture.deferred.address), capture.deferred.attribute) == ("template.order_paid", "template_id")
    assert capture.pointer == ("template_id",)
    shop.apply()
    sent = next(body for path, _, body in shop.line.seen if path == ADD)
    assert "订单编号" in sent.decode()
    (live,) = shop.live()
    assert live.remote == {"template_id": id_of(live)}


def test_the_plan_foretells_what_the_account_is_after_each_call(shop: Shop) -> None:
    shop.text = ORDER + SHIPPED
    shop.hold(templates=[OTHER])
    plan = shop.plan()
    assert [each.live_before for each in plan.operations][1:] == [each.live_after for each in plan.operations][:-1]
    shop.apply()
    assert shop.plan().live_digest == plan.operations[-1].live_after


@pytest.mark.parametrize("after", [False, True], ids=["before the effect", "after it"])
@pytest.mark.parametrize("reply", UNCLEAR.values(), ids=UNCLEAR)
def test_a_lost_answer_leaves_one_template(shop: Shop, reply: Reply, after: bool) -> None:
    shop.text = ORDER + SHIPPED
    shop.line.faults.append(Fault(ADD, reply, after=after))
    shop.apply()
    shop.apply()
    assert sorted(each.spec.title for each in shop.live()) == ["订单发货通知", "订单支付成功通知"]
    assert shop.plan().status is Status.UNCHANGED


@pytest.mark.parametrize("after", [False, True], ids=["before the effect", "after it"])
def test_an_add_is_not_repeated_while_the_account_can_t_be_read(shop: Shop, after: bool) -> None:
    shop.line.faults.append(Fault(ADD, LOST, after=after))

    def stop_reading(path: str) -> None:
        if path == ADD:
            shop.line.faults.append(Fault(LIST, {"errcode": 45009, "errmsg": "reach max api daily quota limit"}))

    shop.line.meddle = stop_reading
    report = shop.apply()
    assert report.ending is Ending.PARTIAL
    assert [each.outcome for each in report.results] == [Outcome.UNKNOWN]
    shop.line.meddle = None
    shop.apply()
    assert [each.spec.title for each in shop.live()] == ["订单支付成功通知"]


def test_one_that_came_meanwhile_is_adopted(shop: Shop) -> None:
    def add(path: str) -> None:
        if path == LIST and shop.line.seen.count((path, *shop.line.seen[-1][1:])) > 1:
            shop.line.meddle = None
            shop.hold(templates=[HELD])

    shop.line.meddle = add
    shop.apply()
    assert len(shop.live()) == 1
    assert shop.plan().status is Status.UNCHANGED
    assert shop.writes() == []


def test_content_that_came_back_otherwise_is_no_success_and_not_added_again(shop: Shop) -> None:
    shop.text = _template_that_loses_a_field()
    report = shop.apply()
    assert (report.ending, report.converged) == (Ending.PARTIAL, False)
    assert report.failure is not None
    assert "WX560" in report.failure.message
    again = shop.apply()
    assert again.ending is Ending.FAILED
    assert shop.writes() == [ADD]


def _template_that_loses_a_field() -> str:
    library = json.loads((Path(__file__).parents[3] / "wxdeploy/sandbox/library.json").read_text("utf-8"))
    found = next(each for each in library["templates"] if any(word.get("dropped") for word in each["keywords"]))
    words = sorted(found["keywords"], key=lambda word: not word.get("dropped"))[:2]
    mapping = {
        "title": found["title"],
        "template_id_short": found["id"],
        "keyword_name_list": [word["name"] for word in words],
        "data": {word["key"]: {"label": word["name"], "from": "a", "sample": word["example"]} for word in words},
    }
    return json.dumps({"templates": {"reviewed": mapping}}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('    template_id_short: "43216"\n    keyword_name_list: [订单编号, 支付金额]\n', "", "WX561"),
        ('"43216"', "OPENTM207498902", "WX561"),
        ("    title:", f"    template_id: {'x' * 43}\n    title:", "WX563"),
    ],
)
def test_what_no_call_can_settle_is_a_failure_that_changes_nothing(shop: Shop, old: str, new: str, code: str) -> None:
    shop.text = ORDER.replace(old, new)
    shop.hold(templates=[OTHER])
    plan = shop.plan()
    assert [each.code for each in plan.blockers] == [code]
    assert (plan.status, plan.operations) == (Status.CHANGES, ())
    report = shop.apply()
    assert report.ending is Ending.FAILED
    assert report.failure is not None
    assert code in report.failure.message
    assert shop.writes() == []


def test_what_can_be_done_is_done_beside_what_can_t(shop: Shop) -> None:
    shop.text = ORDER + SHIPPED.replace('"42984"', "TM00015")
    report = shop.apply()
    assert (report.ending, report.converged) == (Ending.PARTIAL, False)
    assert report.failure is not None
    assert "WX561" in report.failure.message
    assert "order_shipped" in report.failure.message
    assert [each.spec.title for each in shop.live()] == ["订单支付成功通知"]


def test_a_test_account_is_told_what_to_type(shop: Shop) -> None:
    other = {**OTHER, "example": ""}
    shop.hold(test_account=True, templates=[other, {"one_time_subscription": True}])
    (blocker,) = shop.plan().blockers
    assert "订单编号:{{character_string1.DATA}}" in blocker.fix
    shop.hold(test_account=True, templates=[other, HELD])
    assert shop.plan().status is Status.UNCHANGED


def test_a_full_account_is_refused_before_the_first_call(shop: Shop) -> None:
    shop.text = ORDER + SHIPPED
    shop.hold(templates=[{**OTHER, "title": f"通知{number}"} for number in range(24)])
    plan = shop.plan()
    assert [[each.permit for each in change.hazards] for change in plan.changes] == [[], [None]]
    assert "24 of 25 templates" in plan.hazards[0].message
    assert shop.apply("--allow-delete").ending is Ending.REFUSED
    assert shop.writes() == []


def test_pruning_takes_its_permit_and_leaves_the_one_time_row(shop: Shop) -> None:
    shop.prune = frozenset({"template"})
    shop.hold(templates=[HELD, OTHER, {"one_time_subscription": True}])
    plan = shop.plan()
    assert [(each.action, each.address.name) for each in plan.changes] == [(Action.DELETE, "领取奖金提醒")]
    assert shop.apply().ending is Ending.REFUSED
    assert shop.apply("--allow-delete").ending is Ending.APPLIED
    assert shop.writes() == [DELETE]
    assert shop.plan().status is Status.UNCHANGED


def test_pruning_makes_room_first_where_room_is_needed(shop: Shop) -> None:
    shop.prune = frozenset({"template"})
    shop.hold(templates=[{**OTHER, "title": f"通知{number}"} for number in range(25)])
    plan = shop.plan()
    assert [each.call.call.rpartition("/")[2] for each in plan.operations][:2] == [
        "del_private_template",
        "api_add_template",
    ]
    assert shop.apply("--allow-delete").ending is Ending.APPLIED
    assert [each.spec.title for each in shop.live()] == ["订单支付成功通知"]


def test_what_is_pulled_is_what_is_live(shop: Shop) -> None:
    twice: list[Any] = [HELD, HELD, {**HELD, "placeholders": {"character_string1": "订单编号"}}]
    shop.hold(templates=[*twice, OTHER, {"one_time_subscription": True}])
    section = TEMPLATE.section_of(shop.live())
    shop.text = json.dumps({"templates": section}, ensure_ascii=False)
    plan = shop.plan()
    assert (plan.status, plan.warnings) == (Status.UNCHANGED, ())
    assert {each.kind for each in plan.unmanaged} <= {"industry"}
