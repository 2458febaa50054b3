"""customservice/msgrecord/getmsglist: doc/service/api/customer/message/api_getmsglist."""

from __future__ import annotations

import json

import pytest

DAY = 24 * 3600
AT = 1_464_710_500
CHATS = [
    {"openid": "oA", "text": "有什么事情?", "time": AT, "worker": "test1@test"},
    {"openid": "oA", "text": "您好,客服test1为您服务。", "time": AT + 60, "worker": "test1@test", "opercode": 2002},
    {"openid": "oB", "text": "[image]", "time": AT + 2 * DAY, "worker": "test1@test"},
]


def records(api, **body):
    body = {"starttime": AT, "endtime": AT + DAY, "msgid": 1, "number": 10000} | body
    query = {"access_token": api.token}
    return api.send("POST", "../customservice/msgrecord/getmsglist", json.dumps(body).encode(), **query).json()


@pytest.fixture
def talked(api):
    api.seed(chats=[{"openid": "oZ", "text": "first", "time": 1, "worker": "w"}, *CHATS])
    return api


def test_the_messages_of_a_window_by_their_number(talked):
    answer = records(talked)
    assert [(each["openid"], each["opercode"]) for each in answer["recordlist"]] == [("oA", 2003), ("oA", 2002)]
    assert answer["recordlist"][0] == {
        "openid": "oA", "opercode": 2003, "text": "有什么事情?", "time": AT, "worker": "test1@test",
    }  # fmt: skip
    assert answer["number"] == 2


def test_a_page_goes_on_behind_the_number_that_it_ended_with(talked):
    first = records(talked, number=1)
    second = records(talked, number=1, msgid=first["msgid"])
    assert [each["text"] for each in first["recordlist"] + second["recordlist"]] == [each["text"] for each in CHATS[:2]]
    assert records(talked, msgid=second["msgid"]) == {"recordlist": [], "number": 0, "msgid": 0}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"endtime": AT + DAY + 1}, 65417),
        ({"endtime": AT - 1}, 65416),
        ({"starttime": None}, 65416),
        ({"number": 10001}, 65416),
        ({"number": 0}, 65416),
        ({"msgid": "x"}, 65416),
    ],
)
def test_a_window_is_a_day_at_most(talked, body, code):
    assert records(talked, **body)["errcode"] == code
