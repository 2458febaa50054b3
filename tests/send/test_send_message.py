"""One template message to one follower: what is sent, and what is refused before it is."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from export.shops import held_to_schema
from send.counter import DATA, SEND, TO_WEST, messages

from wxdeploy.sandbox.store import Store

Program = Callable[..., Any]


def write(shop: Path, data: object) -> str:
    (shop / "data.json").write_text(data if isinstance(data, str) else json.dumps(data, ensure_ascii=False), "utf-8")
    return "data.json"


# What is sent


def test_a_message_is_filled_by_source_paths_and_arrives(shop: Path, program: Program) -> None:
    ran = program("-C", shop, *TO_WEST, "--data", write(shop, DATA), "--yes")
    assert ran.exit == 0
    (message,) = messages(shop)
    assert message.data == {"character_string6": "No 1/2&x", "amount8": "¥88.00", "time2": "2024-11-22 15:01"}
    assert message.url == "https://west.example.com/orders/No%201%2F2%26x"
    assert message.miniprogram == {"appid": "wx286b93c14bbf93aa", "pagepath": "pages/order?no=No%201%2F2%26x"}
    assert ran.out == f"✓ sent: msgid {message.msgid}\n"
    assert "支付金额: ¥88.00  (amount8)" in ran.err


def test_the_samples_fill_a_trial_message(shop: Path, program: Program) -> None:
    ran = program("-C", shop, *TO_WEST, "--sample", "--yes", "--quiet", "--format", "json")
    assert (ran.exit, ran.err) == (0, "")
    document = held_to_schema(json.loads(ran.out), "send")
    (message,) = messages(shop)
    assert message.data["amount8"] == "¥88.00"
    assert (document["status"], document["msgid"]) == ("sent", str(message.msgid))
    assert document["request"]["template_id"] == message.template_id


@pytest.mark.parametrize(
    "data",
    [
        {"order.no": "A", "order.amount": "1", "order.paid_at": "10:00"},
        {"order": {"no": "A", "amount": "1", "paid_at": "10:00"}, "more": [1, None]},
        '{"order": {"no": "A", "amount": 1, "paid_at": "10:00"}}',
    ],
    ids=["whole paths as keys", "nested, and more than is asked for", "a number"],
)
def test_data_may_be_written_so(shop: Path, program: Program, data: object) -> None:
    assert program("-C", shop, *TO_WEST, "--data", write(shop, data), "--yes").exit == 0
    assert list(messages(shop)[0].data.values()) == ["A", "1", "10:00"]


def test_a_number_stays_as_it_is_written(shop: Path, program: Program) -> None:
    text = '{"order": {"no": 12345678901234567890123, "amount": 88.00, "paid_at": "10:00"}}'
    assert program("-C", shop, *TO_WEST, "--data", write(shop, text), "--yes").exit == 0
    assert list(messages(shop)[0].data.values()) == ["12345678901234567890123", "88.00", "10:00"]


def test_entries_of_lists_are_found_by_their_numbers(shop: Path, program: Program) -> None:
    text = (shop / "templates.yaml").read_text("utf-8").replace("order.no", "orders.0.no")
    (shop / "templates.yaml").write_text(text, "utf-8")
    data = {"orders": [{"no": "first"}, {"no": "second"}], "order": DATA["order"]}
    assert program("-C", shop, *TO_WEST, "--data", write(shop, data), "--yes").exit == 0
    assert messages(shop)[0].data["character_string6"] == "first"


def test_data_from_stdin(shop: Path, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(DATA)))
    assert program("-C", shop, *TO_WEST, "--data", "-", "--yes").exit == 0
    assert len(messages(shop)) == 1


# What is refused before it is sent


def calls(shop: Path) -> list[str]:
    store = Store(shop / ".wxdeploy" / "sandbox.sqlite3")
    try:
        return [each.path for each in store.calls()]
    finally:
        store.close()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--openid", "o-west-0001", "--openid", "o2", "--account", "west"], "one follower"),
        (["--openid", "o1,o2", "--account", "west"], "one follower"),
        (["--openid", "", "--account", "west"], "one follower"),
        (["--account", "west"], "one follower"),
        (["--openid", "o1"], "one account"),
        (["--openid", "o1", "--account", "*st"], "one account"),
        (["--openid", "o1", "--account", "east", "--account", "west"], "one account"),
    ],
)
def test_one_account_and_one_follower(shop: Path, program: Program, arguments: list[str], says: str) -> None:
    ran = program("-C", shop, "send", "order_paid", *arguments, "--sample", "--yes")
    assert (ran.exit, ran.out) == (64, "")
    assert says in ran.err
    assert calls(shop) == []


@pytest.mark.parametrize(
    "more", [[], ["--sample", "--data", "data.json"], ["--data", "absent.json"], ["--data", "seed.yaml"]]
)
def test_the_values_come_from_one_place(shop: Path, program: Program, more: list[str]) -> None:
    (shop / "seed.yaml").write_text("a: b\n", "utf-8")
    assert program("-C", shop, *TO_WEST, *more, "--yes").exit == 64
    assert calls(shop) == []


@pytest.mark.parametrize("text", ["", "[1]", '"x"', "{", '{"a": NaN}', "[" * 100_000, "null"])
def test_what_is_no_json_object_is_wrong_usage(shop: Path, program: Program, text: str) -> None:
    assert program("-C", shop, *TO_WEST, "--data", write(shop, text), "--yes").exit == 64
    assert calls(shop) == []


def test_a_name_that_is_not_declared_is_wrong_usage(shop: Path, program: Program) -> None:
    ran = program("-C", shop, "send", "order_payed", *TO_WEST[2:], "--sample", "--yes")
    assert ran.exit == 64
    assert "did you mean order_paid?" in ran.err


def test_without_a_terminal_it_is_shown_and_not_sent(shop: Path, program: Program) -> None:
    ran = program("-C", shop, *TO_WEST, "--sample", "--format", "json")
    assert ran.exit == 4
    assert "character_string6" in ran.err
    assert "--yes" in ran.err
    assert held_to_schema(json.loads(ran.out), "send")["status"] == "not_sent"
    assert messages(shop) == []
    assert SEND not in calls(shop)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "code", "sent"), [("y\n", 0, 1), ("n\n", 1, 0), ("\n", 1, 0), ("", 1, 0)])
def test_on_a_terminal_it_asks(
    shop: Path, program: Program, monkeypatch: pytest.MonkeyPatch, typed: str, code: int, sent: int
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    assert program("-C", shop, *TO_WEST, "--sample").exit == code
    assert len(messages(shop)) == sent


def test_what_the_data_lacks_is_found_before_the_account_is_called(shop: Path, program: Program) -> None:
    data = {"order": {"no": None, "amount": {"value": "1"}}}
    ran = program("-C", shop, *TO_WEST, "--data", write(shop, data), "--yes", "--format", "json")
    assert ran.exit == 1
    problems = held_to_schema(json.loads(ran.out), "send")["problems"]
    assert [each["detail"] for each in problems] == [
        "the data has no order.no",
        "order.amount is no text",
        "the data has no order.paid_at",
    ]
    assert calls(shop) == []


def test_a_value_that_breaks_its_type_is_not_sent(shop: Path, program: Program) -> None:
    data = {"order": {"no": "单号", "amount": "¥" + "9" * 13, "paid_at": "15:01"}}
    ran = program("-C", shop, *TO_WEST, "--data", write(shop, data), "--yes")
    assert (ran.exit, ran.out) == (1, "")
    assert "✗ 订单编号 (character_string6): holds Chinese characters" in ran.err
    assert "✗ 支付金额 (amount8): has 13 digits" in ran.err
    assert "47003" in ran.err
    assert SEND not in calls(shop)


def test_a_value_that_one_table_is_against_is_sent_with_a_warning(shop: Path, program: Program) -> None:
    data = {"order": {**DATA["order"], "amount": "9" * 11}}
    ran = program("-C", shop, *TO_WEST, "--data", write(shop, data), "--yes")
    assert ran.exit == 0
    assert "! 支付金额 (amount8): has 11 digits" in ran.err


def test_an_account_without_the_template_is_not_sent_from(shop: Path, program: Program) -> None:
    text = (shop / "templates.yaml").read_text("utf-8").replace("title: 订单支付成功通知 ", "title: 支付 ")
    (shop / "templates.yaml").write_text(text, "utf-8")
    ran = program("-C", shop, *TO_WEST, "--sample", "--yes", "--format", "json")
    assert ran.exit == 1
    assert "order_paid is missing in west" in ran.err
    assert held_to_schema(json.loads(ran.out), "send")["error"]["message"].startswith("order_paid is missing")


def test_a_wrong_configuration_is_3(shop: Path, program: Program) -> None:
    (shop / "menu.yaml").write_text("menu: {button: []}\n", "utf-8")
    ran = program("-C", shop, *TO_WEST, "--sample", "--yes")
    assert (ran.exit, ran.out) == (3, "")
    assert calls(shop) == []
