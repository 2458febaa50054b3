"""What became of a message: sent, sent before, refused, or unknown; and what is said of each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from export.shops import LIST, held_to_schema
from send.counter import DATA, SEND, TO_WEST, WEST, Post, messages
from workflow.drill import LOST, Fault, Line

from wxdeploy.config.selection import Selection
from wxdeploy.model.errors import UsageError, WxdeployError
from wxdeploy.wechat import limits
from wxdeploy.wechat.errtable import lookup
from wxdeploy.workflow.load import load
from wxdeploy.workflow.send import Status

Program = Callable[..., Any]


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
    assert chosen(load(shop, {}, chosen=Selection(names=("east",))), "order_paid")[0].account.name == "east"
