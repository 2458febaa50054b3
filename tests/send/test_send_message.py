"""One template message to one follower: what is sent, what is refused before it is, and what became of it."""

from __future__ import annotations

import asyncio
import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from export.shops import LIST, example, held_to_schema
from workflow.drill import LOST, Fault, Line

from wxdeploy.config.selection import Selection
from wxdeploy.model.errors import UsageError, WxdeployError
from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.seeding import seed
from wxdeploy.sandbox.store import Store
from wxdeploy.sandbox.template_rows import Message
from wxdeploy.wechat import limits
from wxdeploy.wechat.errcodes import lookup
from wxdeploy.workflow.load import load
from wxdeploy.workflow.send import Delivery, Status, deliver, prepare
from wxdeploy.workflow.world import World

Program = Callable[..., Any]

SEND = "/cgi-bin/message/template/send"
WEST = "wx00000000000000e2"
TO_WEST = ("send", "order_paid", "--account", "west", "--openid", "o-west-0001")
DATA = {"order": {"no": "No 1/2&x", "amount": "¥88.00", "paid_at": "2024-11-22 15:01"}}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return example(tmp_path / "shop")


def messages(shop: Path, appid: str = WEST) -> list[Message]:
    store = Store(shop / ".wxdeploy" / "sandbox.sqlite3")
    try:
        return store.messages(appid)
    finally:
        store.close()


def write(shop: Path, data: object) -> str:
    (shop / "data.json").write_text(data if isinstance(data, str) else json.dumps(data, ensure_ascii=False), "utf-8")
    return "data.json"


@dataclass
class Post:
    """The example's sandbox with faults on the way to it, and a clock that stands still until it is moved."""

    root: Path
    now: datetime = datetime(2026, 11, 22, 10, tzinfo=UTC)
    store: Store = field(default_factory=Store)

    def __post_init__(self) -> None:
        seed(self.store, json.loads((self.root / "seed.json").read_text("utf-8")))
        self.line = Line(create_app(self.store, clock=lambda: self.now.timestamp()))

    def send(self, data: Any = DATA, *, again: bool = False, openid: str = "o-west-0001") -> Delivery:
        configuration = load(self.root, {}, chosen=Selection(("west",)))

        async def pause(_: float) -> None:
            await asyncio.sleep(0)

        world = World(environ={}, sandbox=lambda _: self.line, pause=pause, now=lambda: self.now)

        async def go() -> Delivery:
            letter = await prepare(configuration, world, name="order_paid", openid=openid, data=data, again=again)
            if letter.problems:
                return Delivery(letter=letter, status=Status.NOT_SENT)
            return await deliver(configuration, world, letter)

        return asyncio.run(go())

    def answer(self, errcode: int, errmsg: str = "x") -> None:
        self.line.faults.append(Fault(SEND, {"errcode": errcode, "errmsg": errmsg}, times=99))


@pytest.fixture
def post(shop: Path) -> Iterator[Post]:
    made = Post(shop)
    yield made
    made.store.close()


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


# What became of it


def test_the_same_message_is_not_sent_twice_within_the_window(post: Post) -> None:
    first, second = post.send(), post.send()
    assert first.msgid == second.msgid
    assert len(post.store.messages(WEST)) == 1
    other = post.send({"order": {**DATA["order"], "no": "3"}})
    assert other.letter.body["client_msg_id"] != first.letter.body["client_msg_id"]
    post.now += timedelta(seconds=limits.CLIENT_MSG_ID_SECONDS + 1)
    post.send()
    assert len(post.store.messages(WEST)) == 3


def test_a_repeat_is_not_said_to_be_sent(shop: Path, program: Program) -> None:
    line = ("-C", shop, *TO_WEST, "--sample", "--yes", "--quiet")
    first = program(*line)
    (message,) = messages(shop)
    assert first.out == f"✓ sent: msgid {message.msgid}\n"
    second = program(*line)
    assert second.exit == 0
    assert second.out.startswith(f"✓ sent before, and not once more: msgid {message.msgid}\n")
    assert "--again" in second.out
    document = held_to_schema(json.loads(program(*line, "--format", "json").out), "send")
    assert (document["status"], document["repeated"]) == ("sent", True)
    assert len(messages(shop)) == 1
    third = program(*line, "--again")
    assert third.out == f"✓ sent: msgid {messages(shop)[-1].msgid}\n"
    (shop / ".wxdeploy" / "sent.json").write_text("[", "utf-8")
    assert program(*line).exit == 0, "what is kept is a help and no condition"


def test_after_ten_minutes_it_is_no_repeat_any_more(post: Post) -> None:
    assert not post.send().repeated
    assert post.send().repeated
    post.now += timedelta(seconds=limits.CLIENT_MSG_ID_SECONDS + 1)
    assert not post.send().repeated


def test_again_sends_it_once_more(post: Post) -> None:
    post.send()
    post.now += timedelta(seconds=1)
    again = post.send(again=True)
    assert again.status is Status.SENT
    assert len(post.store.messages(WEST)) == 2


@pytest.mark.parametrize("after", [False, True], ids=["before the effect", "after it"])
@pytest.mark.parametrize("reply", [LOST, (502, b"<html>"), b'{"errcode":0,"ms', {"errcode": -1, "errmsg": "busy"}])
def test_a_lost_answer_is_unknown_and_the_repeat_is_safe(post: Post, reply: Any, after: bool) -> None:
    post.line.faults.append(Fault(SEND, reply, after=after))
    lost = post.send()
    assert (lost.status, lost.msgid) == (Status.UNKNOWN, None)
    assert lost.failure is not None
    assert "again within 10 minutes" in lost.failure.fix
    assert [path for path, _, _ in post.line.seen].count(SEND) == 1
    assert post.send().status is Status.SENT
    assert len(post.store.messages(WEST)) == 1


def test_a_lost_answer_of_a_message_that_is_wanted_twice_is_not_called_safe(post: Post) -> None:
    post.line.faults.append(Fault(SEND, LOST))
    lost = post.send(again=True)
    assert lost.failure is not None
    assert "Ask the follower" in lost.failure.fix


def test_a_lost_answer_is_5(shop: Path, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    from wxdeploy.cli import world

    real = world._embedded_sandbox
    monkeypatch.setattr(world, "_embedded_sandbox", lambda path: Line(real(path), [Fault(SEND, LOST, after=True)]))
    ran = program("-C", shop, *TO_WEST, "--sample", "--yes", "--format", "json")
    assert ran.exit == 5
    assert held_to_schema(json.loads(ran.out), "send")["status"] == "unknown"
    ran = program("-C", shop, *TO_WEST, "--sample", "--yes")
    assert (ran.exit, ran.out) == (5, "")
    assert "? unknown whether it was sent: POST /cgi-bin/message/template/send may have taken effect" in ran.err
    assert len(messages(shop)) == 1


CODES = [43004, 40003, 40013, 40036, 40037, 40165, 40166, 40241, 40249, 43101, 43116, 43117, 47003]


@pytest.mark.parametrize("code", CODES)
def test_a_refusal_says_what_to_do(post: Post, code: int) -> None:
    post.answer(code)
    refused = post.send()
    assert refused.status is Status.NOT_SENT
    assert refused.failure is not None
    row = lookup(code)
    assert row
    assert f"answered {code}" in refused.failure.message
    assert row.meaning in refused.failure.message
    assert refused.failure.fix.endswith(".")
    assert refused.failure.fix != row.remedy
    assert post.store.messages(WEST) == []


@pytest.mark.parametrize("code", [40039, 45009, 48001, 40008, 99999])
def test_the_rest_is_explained_by_the_table(post: Post, code: int) -> None:
    post.answer(code)
    refused = post.send()
    assert refused.failure is not None
    assert refused.failure.errcode == code
    assert refused.failure.fix


@pytest.mark.parametrize(("openid", "code"), [("o-nobody", 43004), ("o-east-0001", 40003)])
def test_the_sandbox_knows_who_follows(post: Post, openid: str, code: int) -> None:
    refused = post.send(openid=openid)
    assert refused.failure is not None
    assert refused.failure.errcode == code


def test_an_account_that_can_t_be_read_is_an_error_and_nothing_is_sent(post: Post) -> None:
    post.line.faults.append(Fault(LIST, {"errcode": 48001, "errmsg": "api unauthorized"}))
    with pytest.raises(WxdeployError, match="48001"):
        post.send()
    assert SEND not in [path for path, _, _ in post.line.seen]


def test_looking_up_never_writes(post: Post) -> None:
    post.send({"order": {"no": "单", "amount": "x", "paid_at": ""}})
    assert {call.mode for call in post.store.calls()} <= {"token", "read"}


def test_no_control_character_of_a_value_reaches_the_terminal(post: Post) -> None:
    from wxdeploy.render.send import delivery_text, letter_text
    from wxdeploy.workflow.send import to_json

    post.answer(47003, "bad \x1b[31m")
    document = to_json(post.send({"order": {**DATA["order"], "no": "x"}}))
    document["request"]["data"]["character_string6"]["value"] = "\x1b[31m\u202e"
    assert not re.search("[\x1b\u202e]", letter_text(document) + delivery_text(document))


def test_a_project_of_one_account_needs_no_option(shop: Path) -> None:
    from wxdeploy.workflow.send import chosen

    with pytest.raises(UsageError):
        chosen(load(shop, {}), "order_paid")
    assert chosen(load(shop, {}, chosen=Selection(("east",))), "order_paid")[0].account.name == "east"
