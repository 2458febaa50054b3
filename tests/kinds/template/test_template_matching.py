"""Which live template a mapping stands for: laws over any account, and what is read of a content."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinds.template.planned import ID, live, plan, resources, row

from wxdeploy.kinds.template import TEMPLATE
from wxdeploy.kinds.template.links import fill, is_path, unreadable, variables
from wxdeploy.kinds.template.matching import State, bound, matches
from wxdeploy.kinds.template.naming import proposed_name
from wxdeploy.kinds.template.spec import console_text
from wxdeploy.kinds.template.wire import fields_of, samples_of
from wxdeploy.model.operation import Action
from wxdeploy.model.plan import Status

LABELS = ("订单编号", "支付金额", "支付时间", "商品名称", "备注")
KINDS = {"订单编号": "character_string", "支付金额": "amount", "支付时间": "time", "商品名称": "thing", "备注": "thing"}
TITLES = ("订单支付成功通知", "订单发货通知", "领取奖金提醒")

chosen = st.lists(st.sampled_from(LABELS), min_size=1, unique=True)


@st.composite
def placeholders(draw: st.DrawFn, labels: list[str]) -> list[tuple[str, str]]:
    """The fields under numbers of one account's own."""
    numbers = draw(st.permutations(range(1, len(labels) + 5)))
    return [(label, f"{KINDS[label]}{number}") for label, number in zip(labels, numbers, strict=False)]


@st.composite
def accounts(draw: st.DrawFn) -> list[dict[str, str]]:
    """Any account: titles that occur more than once, fields in any order, and the row of one-time subscriptions."""
    rows = []
    for number in range(draw(st.integers(0, 6))):
        rows.append(row(number, draw(st.sampled_from(TITLES)), *draw(chosen.flatmap(placeholders))))
    if draw(st.booleans()):
        rows.append(row(99, "订阅模板消息", content="{{content.DATA}}", example=""))
    return rows


def mapping(title: str, fields: list[tuple[str, str]], **others: Any) -> dict[str, Any]:
    data = {placeholder: {"label": label, "from": "a.b", "sample": "1"} for label, placeholder in fields}
    return {"title": title, "data": data, **others}


@st.composite
def files(draw: st.DrawFn) -> str:
    section = {}
    for number, title in enumerate(draw(st.lists(st.sampled_from(TITLES), max_size=4))):
        fields = draw(chosen.flatmap(placeholders))
        others: dict[str, Any] = {}
        if draw(st.booleans()):
            others = {"template_id_short": "47123", "keyword_name_list": [label for label, _ in fields]}
        elif draw(st.booleans()):
            others = {"template_id": f"{ID}{draw(st.integers(0, 7)):02}"}
        section[f"name{number}"] = mapping(title, fields, **others)
    return json.dumps({"templates": section}, ensure_ascii=False)


@given(chosen, st.data())
def test_two_accounts_with_numbers_of_their_own_take_one_file(labels: list[str], data: st.DataObject) -> None:
    here, there = (data.draw(placeholders(labels)) for _ in range(2))
    text = json.dumps({"templates": {"order_paid": mapping(TITLES[0], here)}}, ensure_ascii=False)
    for number, fields in enumerate((here, there)):
        rows = [row(number, TITLES[0], *fields), row(9, TITLES[1], *here)]
        planned = plan(text, rows)
        assert planned.status is Status.UNCHANGED
        assert [each.code for each in planned.warnings] == (["WX564"] if fields != here else [])
        (match,) = matches(resources(text), live(rows))
        assert match.live is not None
        assert match.live.remote["template_id"] == f"{ID}{number:02}"
        assert [(each.label, each.placeholder) for each in bound(match.wanted, match.live.spec)] == fields


@given(files(), accounts())
def test_no_plan_deletes_what_it_was_not_told_to(text: str, rows: list[dict[str, str]]) -> None:
    planned = plan(text, rows)
    assert all(each.action is Action.CREATE for each in planned.changes)
    pruned = plan(text, rows, prune=["template"])
    deleted = {each.call.body["template_id"] for each in pruned.operations if "del_private" in each.call.call}  # type: ignore[index, call-overload]
    found = matches(resources(text), live(rows))
    meant = {str(each.live.remote["template_id"]) for each in found if each.live}
    meant |= {str(each.remote["template_id"]) for match in found for each in match.candidates}
    assert not deleted & meant
    assert f"{ID}99" not in deleted
    assert len(deleted) + len(meant) == len(live(rows))


@given(files(), accounts(), st.randoms(use_true_random=False))
def test_the_order_of_the_answer_decides_nothing(text: str, rows: list[dict[str, str]], random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    first, second = plan(text, rows), plan(text, shuffled)
    assert first.live_digest == second.live_digest
    assert [each.call for each in first.operations] == [each.call for each in second.operations]
    assert [each.code for each in first.warnings] == [each.code for each in second.warnings]


@given(files(), accounts())
def test_every_mapping_is_settled_added_or_told(text: str, rows: list[dict[str, str]]) -> None:
    planned = plan(text, rows)
    told = {each.address for each in planned.blockers} | {each.address for each in planned.changes}
    for match in matches(resources(text), live(rows)):
        assert (match.resource.address in told) == (match.state is not State.FITTING)


@given(accounts())
def test_what_is_pulled_is_what_is_live(rows: list[dict[str, str]]) -> None:
    section = TEMPLATE.section_of(live(rows))
    planned = plan(json.dumps({"templates": section}, ensure_ascii=False), rows)
    assert planned.status is Status.UNCHANGED
    assert planned.warnings == ()
    assert not [each for each in planned.unmanaged if each.kind == "template"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("订单编号：{{character_string1.DATA}}\n", [("订单编号", "character_string1")]),
        (
            "{{result.DATA}}\n\n领奖金额:{{withdrawMoney.DATA}}",
            [("result", "result"), ("领奖金额", "withdrawMoney")],
        ),
        ("金额 : { { amount3 . DATA } }", [("金额", "amount3")]),
        ("甲:{{a1.DATA}} 乙：{{b2.DATA}}", [("甲", "a1"), ("乙", "b2")]),
        ("您好，{{name1.DATA}}", [("name1", "name1")]),
        ("甲：{{a1.DATA}}\n又：{{a1.DATA}}", [("甲", "a1")]),
        ("没有字段", []),
        ("", []),
    ],
)
def test_fields_of_a_content(content: str, expected: list[tuple[str, str]]) -> None:
    assert [(each.label, each.placeholder) for each in fields_of(content)] == expected


def test_samples_are_wechat_s_own() -> None:
    content = "{{result.DATA}}\n\n领奖金额:{{money.DATA}}\n时间：{{time1.DATA}}"
    (one,) = live([row(1, "领奖", content=content, example="已提交\n\n领奖金额：1.00元\n时间:12:00\n")])
    assert samples_of(one) == {"result": "已提交", "money": "1.00元", "time1": "12:00"}
    (other,) = live([row(1, "领奖", content=content, example="别的")])
    assert samples_of(other) == {}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("订单支付成功通知", "order_payment_success_notice"),
        ("VIP 会员到期提醒", "vip_member_expiry_reminder"),
        ("新订单通知", "new_order_notice"),
    ],
)
def test_names_are_made_of_known_words(title: str, name: str) -> None:
    assert proposed_name(title) == name


@given(st.text())
def test_any_title_has_a_name_that_is_one(title: str) -> None:
    name = proposed_name(title)
    assert name == proposed_name(title)
    assert name.isascii()
    assert name.isidentifier()


def test_a_title_of_unknown_words_ends_in_its_digest() -> None:
    assert proposed_name("羊毛出在羊身上").startswith("template_")
    assert proposed_name("羊毛通知") != proposed_name("羊绒通知")
    assert proposed_name("羊毛通知").startswith("notice_")


def test_the_text_to_type_reads_back_as_the_mapping() -> None:
    (resource,) = resources(
        json.dumps({"templates": {"a": mapping("甲", [("订单编号", "character_string1"), ("备注", "thing2")])}})
    )
    text = console_text(resource.spec)
    assert text == "订单编号:{{character_string1.DATA}}\n备注:{{thing2.DATA}}"
    pairs = [(each.label, each.placeholder) for each in fields_of(text)]
    assert pairs == [(each.label, each.placeholder) for each in resource.spec.fields]


def test_links() -> None:
    link = "https://a/{order.no}?x={items.0.id}&y={order.no}"
    assert variables(link) == ("order.no", "items.0.id")
    assert unreadable(link) == ()
    assert fill(link, str.upper) == "https://a/ORDER.NO?x=ITEMS.0.ID&y=ORDER.NO"
    assert unreadable("a{}b{{c.d}}e}f{ g}") == ("{}", "{{c.d}}", "}", "{ g}")
    assert [text for text in ("a", "a.b", "a.0.b", "_a") if not is_path(text)] == []
    assert [text for text in ("", ".a", "a.", "a..b", "0", "a-b", "a b", "a[0]", "名", "a\n") if is_path(text)] == []
