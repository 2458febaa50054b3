"""message/template/send: doc/service/api/notify/template/api_sendtemplatemessage."""

from __future__ import annotations

import pytest

SEND = "message/template/send"
BAD_OPENID, NO_FOLLOWER, NO_ID, BAD_ID, BAD_ARGUMENT = 40003, 43004, 40036, 40037, 47003
BAD_APPID, BAD_PAGEPATH, BAD_ARGS = 40013, 40165, 40035

CATEGORY = {
    "template_id": "NEW",
    "title": "退款结果通知",
    "placeholders": {
        "character_string1": "订单号",
        "amount2": "退款金额",
        "const3": {"label": "状态", "values": ["退款成功", "退款失败"]},
        "other4": "其他",
    },
}
HISTORICAL = {
    "template_id": "OLD",
    "title": "订单通知",
    "content": "{{first.DATA}}\n订单：{{keyword1.DATA}}\n数量：{{number1.DATA}}\n{{remark.DATA}}",
    "historical": True,
}
DATA = {
    "character_string1": {"value": "2024112200001"},
    "amount2": {"value": "¥88.00"},
    "const3": {"value": "退款成功"},
}
BODY = {"touser": "o1", "template_id": "NEW", "data": DATA}


@pytest.fixture
def account(api):
    api.seed(templates=[CATEGORY, HISTORICAL, {"one_time_subscription": True}], followers={"o1": {}, "o2": {}})
    return api


def sent(api):
    return api.store.messages(api.appid)


def send(api, **change):
    answer = api.post(SEND, {**BODY, **change})
    assert {**answer, "msgid": 0} == {"errcode": 0, "errmsg": "ok", "msgid": 0}
    assert isinstance(answer["msgid"], int)
    return answer["msgid"]


def test_a_message_is_answered_with_a_number_of_up_to_nineteen_digits(account):
    """MsgID of the event TEMPLATESENDJOBFINISH, 2024-07: more than a floating point number can hold."""
    first, second = send(account), send(account)
    assert first != second
    assert len(str(first)) == 19
    assert float(first) == float(second)


def test_what_was_sent_can_be_read(account):
    page = {"appid": "wx286b93c14bbf93aa", "pagepath": "index?foo=bar"}
    msgid = send(account, url="https://example.com/1", miniprogram=page, client_msg_id="MSG_000001")
    (message,) = sent(account)
    assert (message.msgid, message.openid, message.template_id) == (msgid, "o1", "NEW")
    assert message.data == {"character_string1": "2024112200001", "amount2": "¥88.00", "const3": "退款成功"}
    assert (message.url, message.miniprogram, message.client_msg_id) == ("https://example.com/1", page, "MSG_000001")
    assert message.sent == account.clock.now
    assert account.store.messages("wx0000000000000002") == []


def test_neither_link_nor_id_is_needed(account):
    """Empty ones count as absent."""
    send(account, url="", miniprogram={}, client_msg_id="")
    (message,) = sent(account)
    assert (message.url, message.miniprogram, message.client_msg_id) == (None, None, None)


REFUSED = {
    "no receiver": ({"touser": None}, BAD_OPENID),
    "what is no openid": ({"touser": "o 1"}, BAD_OPENID),
    "two receivers": ({"touser": ["o1", "o2"]}, BAD_OPENID),
    "one who does not follow": ({"touser": "stranger"}, NO_FOLLOWER),
    # Community thread 0002a45b75ca386ec8a0dda736b000: the id was not at the top level.
    "no template": ({"template_id": None}, NO_ID),
    "an empty id": ({"template_id": ""}, NO_ID),
    "an unknown template": ({"template_id": "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY"}, BAD_ID),
    "the library number": ({"template_id": "48058"}, BAD_ID),
    "no data": ({"data": None}, BAD_ARGUMENT),
    "data that is a text": ({"data": "{}"}, BAD_ARGUMENT),
    "a mini program without an appid": ({"miniprogram": {"pagepath": "index"}}, BAD_APPID),
    "a mini program's raw id": ({"miniprogram": {"appid": "gh_123"}}, BAD_APPID),
    "a mini program that is a text": ({"miniprogram": "index"}, BAD_APPID),
    "a page that is a number": ({"miniprogram": {"appid": "wx286b93c14bbf93aa", "pagepath": 1}}, BAD_PAGEPATH),
    "a link that is a number": ({"url": 1}, BAD_ARGS),
    "a client_msg_id that is a number": ({"client_msg_id": 1}, BAD_ARGS),
}


@pytest.mark.parametrize("case", REFUSED)
def test_send_refuses_and_sends_nothing(account, case):
    change, code = REFUSED[case]
    assert account.refusal(SEND, {**BODY, **change}) == code
    assert sent(account) == []


def test_the_row_of_one_time_subscriptions_is_no_template(account):
    """It has a call of its own."""
    row = account.get("template/get_all_private_template")["template_list"][2]
    assert account.refusal(SEND, {**BODY, "template_id": row["template_id"]}) == BAD_ID


def test_another_account_s_openid_and_template(account, open_api):
    """40003: "belongs to another account"; 40037 is mostly the id of another account."""
    other = open_api(store=account.store, appid="wx0000000000000002")
    other.seed(followers={"theirs": {}})
    assert account.refusal(SEND, {**BODY, "touser": "theirs"}) == BAD_OPENID
    assert other.refusal(SEND, {**BODY, "touser": "theirs"}) == BAD_ID


VALUES = {
    # Community thread 000248ab548310582150be66f6bc00.
    "Chinese in a character_string": (
        {"character_string1": {"value": "测试单号"}},
        "data.character_string1.value invalid",
    ),
    "a text for an amount": ({"amount2": {"value": "免费"}}, "data.amount2.value invalid"),
    # The text of 47003 seen for const8.
    "a const that was not approved": ({"const3": {"value": "退款中"}}, "data.const3.value invalid"),
    # Their spelling.
    "an empty value": ({"amount2": {"value": ""}}, "data.amount2.value is emtpy"),
    "blanks": ({"amount2": {"value": "  "}}, "data.amount2.value is emtpy"),
    "no value": ({"amount2": {}}, "data.amount2.value is emtpy"),
    "a value that is not wrapped": ({"amount2": "1"}, "data.amount2.value is emtpy"),
    "a number": ({"amount2": {"value": 1}}, "data.amount2.value invalid"),
    "a line break": ({"character_string1": {"value": "1\n2"}}, "data.character_string1.value invalid"),
}


@pytest.mark.parametrize("case", VALUES)
def test_a_wrong_value_is_named(account, case):
    """47003."""
    change, text = VALUES[case]
    answer = account.post(SEND, {**BODY, "data": {**DATA, **change}})
    assert answer["errcode"] == BAD_ARGUMENT
    assert answer["errmsg"].startswith(f"argument invalid! {text} rid: ")
    assert sent(account) == []


def test_a_field_that_is_missing_is_named(account):
    for key in DATA:
        data = {name: value for name, value in DATA.items() if name != key}
        answer = account.post(SEND, {**BODY, "data": data})
        assert answer["errmsg"].startswith(f"argument invalid! data.{key}.value is emtpy")


def test_a_const_may_be_empty(account):
    """The table of category templates."""
    send(account, data={**DATA, "const3": {"value": ""}})
    assert sent(account)[0].data["const3"] == ""


def test_first_remark_color_and_surplus_fields_are_dropped_silently(account):
    """Since 2023-05-04; no error says so."""
    extra = {"first": {"value": "您好"}, "remark": {"value": "谢谢"}, "thing9": {"value": "x" * 99}}
    send(account, data={**extra, **{key: {**field, "color": "#173177"} for key, field in DATA.items()}})
    assert set(sent(account)[0].data) == set(DATA)
    old = {**extra, "keyword1": {"value": "订单 1", "color": "#173177"}}
    send(account, template_id="OLD", data=old, topcolor="#FF0000")
    assert sent(account)[1].data == {"keyword1": "订单 1"}


def test_historical_and_typed_in_templates_are_not_typed(account, open_api):
    """Their placeholders have any name; what looks like a type is none."""
    send(account, template_id="OLD", data={"keyword1": {"value": "单" * 30}, "number1": {"value": "两个\n"}})
    assert sent(account)[0].data == {"keyword1": "单" * 30, "number1": "两个\n"}
    assert account.refusal(SEND, {**BODY, "template_id": "OLD", "data": {"keyword1": {"value": 1}}}) == BAD_ARGUMENT
    test = open_api()
    test.seed(
        test_account=True,
        templates=[{"template_id": "T", "title": "x", "content": "{{amount1.DATA}}"}],
        followers={"o1": {}},
    )
    send(test, template_id="T", data={"amount1": {"value": "很多"}})


def test_a_client_msg_id_is_sent_once_in_ten_minutes(account):
    """To one openid; the answer to the repetition is our choice."""
    first = send(account, client_msg_id="A")
    assert send(account, client_msg_id="A") == first
    account.clock.now += 599
    assert send(account, client_msg_id="A", url="https://example.com") == first
    assert len(sent(account)) == 1
    others = [
        send(account, client_msg_id="B"),
        send(account, client_msg_id="A", touser="o2"),
        send(account),
        send(account),
    ]
    assert len({first, *others}) == 5
    account.clock.now += 1
    assert send(account, client_msg_id="A") not in {first, *others}
    assert len(sent(account)) == 6


def test_the_ten_minutes_count_from_the_message_and_not_from_the_last_attempt(account):
    first = send(account, client_msg_id="A")
    for _ in range(2):
        account.clock.now += 300
        last = send(account, client_msg_id="A")
    assert last != first


def test_a_refused_message_does_not_use_its_client_msg_id_up(account):
    assert account.refusal(SEND, {**BODY, "client_msg_id": "A", "data": {}}) == BAD_ARGUMENT
    send(account, client_msg_id="A")
    assert len(sent(account)) == 1


def test_messages_outlive_the_template_and_a_new_seed(account):
    send(account)
    account.post("template/del_private_template", {"template_id": "NEW"})
    assert account.refusal(SEND, BODY) == BAD_ID
    account.seed()
    assert len(sent(account)) == 1
