"""template/*: doc/service/api/notify/template, doc/service/guide/product/template_message."""

from __future__ import annotations

import json
import re

import pytest

OK = {"errcode": 0, "errmsg": "ok"}
LIST, ADD, DELETE = "template/get_all_private_template", "template/api_add_template", "template/del_private_template"
GET_INDUSTRY, SET_INDUSTRY = "template/get_industry", "template/api_set_industry"
BAD_ID, BAD_KEYWORDS, HISTORICAL_CLOSED, FULL, BAD_INDUSTRY, TOO_OFTEN = 40037, 40246, 40247, 45026, 40102, 43100

# The request sample of api_addtemplate, with the number under which the sandbox has these keywords.
SAMPLE = {"template_id_short": "47124", "keyword_name_list": ["时间", "地点", "金额"]}
HISTORICAL = {
    "title": "领取奖金提醒",
    "primary_industry": "IT科技",
    "deputy_industry": "互联网|电子商务",
    "content": "{{result.DATA}}\n\n领奖金额:{{withdrawMoney.DATA}}\n领奖时间:{{withdrawTime.DATA}}",
    "example": "您已提交领奖申请\n\n领奖金额:xxxx元",
}


def add(api, body=SAMPLE):
    answer = api.post(ADD, body)
    assert answer == {**OK, "template_id": answer["template_id"]}
    return answer["template_id"]


def templates(api):
    answer = api.get(LIST)
    assert set(answer) == {"template_list"}
    return answer["template_list"]


def test_a_new_account_has_none(api):
    """api_getalltemplates: no errcode on success."""
    assert api.get(LIST) == {"template_list": []}


def test_add_makes_a_template_of_the_keywords_in_their_order(api):
    """api_addtemplate; a keyword keeps its number in the library wherever it stands."""
    template_id = add(api)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", template_id)
    (template,) = templates(api)
    assert template["template_id"] == template_id
    assert template["content"] == "时间：{{time2.DATA}}\n地点：{{thing3.DATA}}\n金额：{{amount4.DATA}}\n"
    assert template["example"].splitlines()[2] == "金额：¥88.00"
    add(api, {**SAMPLE, "keyword_name_list": ["金额", "时间"]})
    assert templates(api)[1]["content"] == "金额：{{amount4.DATA}}\n时间：{{time2.DATA}}\n"


def test_the_template_of_an_order_that_was_paid_for(api):
    """The number and the keywords that the reference of the files writes."""
    add(api, {"template_id_short": "47123", "keyword_name_list": ["订单编号", "支付金额"]})
    (template,) = templates(api)
    assert template["title"] == "订单支付成功通知"
    assert template["content"] == "订单编号：{{character_string1.DATA}}\n支付金额：{{amount3.DATA}}\n"


def test_the_list_has_six_texts_and_nothing_else(api):
    """api_getalltemplates: neither the library number nor the keywords, the library or the status."""
    add(api)
    (template,) = templates(api)
    assert set(template) == {"template_id", "title", "primary_industry", "deputy_industry", "content", "example"}
    assert all(isinstance(value, str) for value in template.values())


def test_adding_twice_makes_two(api):
    """A live list shows one library template four times under four ids (a Go SDK's dump)."""
    assert len({add(api) for _ in range(4)}) == 4
    assert len({template["content"] for template in templates(api)}) == 1
    assert len(templates(api)) == 4


def test_both_colons_occur(api):
    """Live contents hold the one of full width and the narrow one."""
    add(api, {"template_id_short": "46335", "keyword_name_list": ["车牌号"]})
    assert templates(api)[0]["content"] == "车牌号:{{car_number1.DATA}}\n"


def test_what_came_of_an_add_may_lack_a_field(api):
    """2023-09: a library template lost its const field when it was added through the API."""
    add(api, {"template_id_short": "51077", "keyword_name_list": ["申请事项", "审核结果", "审核时间"]})
    assert templates(api)[0]["content"] == "申请事项：{{thing1.DATA}}\n审核时间：{{time3.DATA}}\n"


REFUSED = {
    "a historical number": ({"template_id_short": "TM00015"}, HISTORICAL_CLOSED),
    "another historical number": ({"template_id_short": "OPENTM207965436"}, HISTORICAL_CLOSED),
    "an unknown number": ({"template_id_short": "99999"}, BAD_ID),
    "a number that is no text": ({"template_id_short": 47124}, BAD_ID),
    "no number": ({"template_id_short": None}, BAD_ID),
    "no keywords": ({"keyword_name_list": None}, BAD_KEYWORDS),
    "an empty list": ({"keyword_name_list": []}, BAD_KEYWORDS),
    "an unknown keyword": ({"keyword_name_list": ["时间", "地 点"]}, BAD_KEYWORDS),
    "another template's keyword": ({"keyword_name_list": ["订单编号"]}, BAD_KEYWORDS),
    "a keyword twice": ({"keyword_name_list": ["时间", "时间"]}, BAD_KEYWORDS),
    # Community personal oCJUswyNNtcwm877s-nlJoaPOUdo.
    "the list as a text": ({"keyword_name_list": '["时间"]'}, BAD_KEYWORDS),
    "what is no text": ({"keyword_name_list": [1, ["时间"]]}, BAD_KEYWORDS),
}


@pytest.mark.parametrize("case", REFUSED)
def test_add_refuses(api, case):
    change, code = REFUSED[case]
    assert api.refusal(ADD, {**SAMPLE, **change}) == code
    assert templates(api) == []


def test_keywords_written_as_escapes_are_unknown(api):
    """Community personal oCJUswyNNtcwm877s-nlJoaPOUdo (2023-07)."""
    assert api.raw("POST", ADD, json.dumps(SAMPLE).encode())["errcode"] == BAD_KEYWORDS


def test_twenty_five_slots(api):
    """45026; the guide: 25 templates at the same time, of either library."""
    api.seed(templates=[{**HISTORICAL, "historical": True}, {"one_time_subscription": True}])
    ids = [add(api) for _ in range(24)]
    assert api.refusal(ADD, SAMPLE) == FULL
    assert len(templates(api)) == 26  # the row of one-time subscriptions is none of them
    api.post(DELETE, {"template_id": ids[3]})
    add(api)
    assert api.refusal(ADD, SAMPLE) == FULL


def test_a_full_account_is_told_of_what_else_is_wrong(api):
    """Our choice."""
    for _ in range(25):
        add(api)
    assert api.refusal(ADD, {**SAMPLE, "template_id_short": "TM00015"}) == HISTORICAL_CLOSED
    assert api.refusal(ADD, {**SAMPLE, "keyword_name_list": []}) == BAD_KEYWORDS


def test_both_generations_are_listed_and_no_field_tells_them_apart(api):
    """COM-H:0006026746c6a8a2a842edbeb66000; the row of one-time subscriptions has no industries (dumps of accounts)."""
    api.seed(templates=[{**HISTORICAL, "historical": True}, {"one_time_subscription": True}])
    add(api)
    old, one_time, new = templates(api)
    assert {**old, "template_id": ""} == {**HISTORICAL, "template_id": ""}
    assert (one_time["title"], one_time["content"]) == ("订阅模板消息", "{{content.DATA}}")
    assert (one_time["primary_industry"], one_time["deputy_industry"]) == ("", "")
    assert set(old) == set(one_time) == set(new)


def test_delete(api):
    """api_deletetemplate: those of either library."""
    api.seed(templates=[{**HISTORICAL, "historical": True}])
    add(api)
    for template in templates(api):
        assert api.post(DELETE, {"template_id": template["template_id"]}) == OK
        assert api.refusal(DELETE, {"template_id": template["template_id"]}) == BAD_ID
    assert templates(api) == []


@pytest.mark.parametrize("body", [{}, {"template_id": ""}, {"template_id": "47123"}, {"template_id": 1}])
def test_delete_of_what_is_not_there(api, body):
    add(api)
    assert api.refusal(DELETE, body) == BAD_ID
    assert len(templates(api)) == 1


def test_the_row_of_one_time_subscriptions_can_t_be_deleted(api):
    """The code is our choice."""
    api.seed(templates=[{"one_time_subscription": True}])
    assert api.refusal(DELETE, {"template_id": templates(api)[0]["template_id"]}) == BAD_ID
    assert len(templates(api)) == 1


def test_templates_belong_to_one_account(api, open_api):
    other = open_api(store=api.store, appid="wx0000000000000002")
    template_id = add(api)
    assert templates(other) == []
    assert other.refusal(DELETE, {"template_id": template_id}) == BAD_ID
    assert len(templates(api)) == 1


def test_a_test_account_has_typed_in_templates_and_no_library(api):
    """Live dumps of test accounts: industries and example are empty texts; nothing can be added by the API."""
    typed = {"title": "订单支付成功", "content": "订单：{{order.DATA}} 金额：{{ money.DATA }}"}
    api.seed(test_account=True, templates=[{**typed, "template_id": "T1"}])
    empty = {"primary_industry": "", "deputy_industry": "", "example": ""}
    assert templates(api) == [{**typed, **empty, "template_id": "T1"}]
    for short_id in ("47123", "TM00015"):
        assert api.refusal(ADD, {**SAMPLE, "template_id_short": short_id}) == BAD_ID
    assert api.post(DELETE, {"template_id": "T1"}) == OK


# Industries


def test_industries(api):
    """api_setindustry, api_getindustry: no errcode, a bar where the table of codes has a slash."""
    nothing = {"first_class": "", "second_class": ""}
    assert api.get(GET_INDUSTRY) == {"primary_industry": nothing, "secondary_industry": nothing}
    assert api.post(SET_INDUSTRY, {"industry_id1": "1", "industry_id2": "13"}) == OK
    assert api.get(GET_INDUSTRY) == {
        "primary_industry": {"first_class": "IT科技", "second_class": "互联网|电子商务"},
        "secondary_industry": {"first_class": "运输与仓储", "second_class": "快递"},
    }


def test_industries_change_once_a_month(api):
    """43100; the guide: one change a month."""
    change = {"industry_id1": "1", "industry_id2": "4"}
    api.post(SET_INDUSTRY, change)
    api.wait(30 * 24 * 3600 - 1)
    assert api.refusal(SET_INDUSTRY, {**change, "industry_id2": "5"}) == TOO_OFTEN
    api.wait(1)
    assert api.post(SET_INDUSTRY, {**change, "industry_id2": "5"}) == OK


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"industry_id1": "1"},
        {"industry_id1": "1", "industry_id2": ""},
        {"industry_id1": "0", "industry_id2": "1"},
        {"industry_id1": "1", "industry_id2": "42"},
        {"industry_id1": "1", "industry_id2": "1"},
        {"industry_id1": ["1"], "industry_id2": "2"},
    ],
)
def test_industries_that_are_refused(api, body):
    """40102; both are required."""
    assert api.refusal(SET_INDUSTRY, body) == BAD_INDUSTRY
    assert api.get(GET_INDUSTRY)["primary_industry"]["first_class"] == ""


def test_leaving_an_industry_takes_its_templates_away(api):
    """api_setindustry."""
    express = {**HISTORICAL, "primary_industry": "运输与仓储", "deputy_industry": "快递", "historical": True}
    slash = {**HISTORICAL, "deputy_industry": "互联网/电子商务", "historical": True}
    api.seed(templates=[express, {**HISTORICAL, "historical": True}, slash])
    add(api)
    api.post(SET_INDUSTRY, {"industry_id1": "1", "industry_id2": "13"})
    assert len(templates(api)) == 4
    api.wait(31 * 24 * 3600)
    api.post(SET_INDUSTRY, {"industry_id1": "13", "industry_id2": "2"})
    assert [template["deputy_industry"] for template in templates(api)] == ["快递", "休闲娱乐"]
