"""tags/*, user/*: doc/service/api/usermanage."""

from __future__ import annotations

import pytest

STARRED = {"id": 2, "name": "星标组", "count": 0}
OK = {"errcode": 0, "errmsg": "ok"}
BAD_NAME, TOO_LONG, BAD_TAG, SYSTEM_TAG = 45157, 45158, 45159, 45058
BAD_OPENID, FOREIGN_OPENID, BAD_COUNT = 40003, 49003, 40032


def create(api, name):
    return api.post("tags/create", {"tag": {"name": name}})["tag"]["id"]


@pytest.fixture
def account(api):
    api.seed(tags=[{"name": "VIP", "id": 134}], followers={"o1": {"tags": ["VIP"]}, "o2": {}})
    return api


def test_create_answers_with_the_tag_and_no_errcode(api):
    """api_createtag; ids of an account's own tags start at 100 (observed)."""
    assert api.post("tags/create", {"tag": {"name": "广东"}}) == {"tag": {"id": 100, "name": "广东"}}
    assert create(api, "vip") == 101


def test_get_lists_the_starred_group_and_the_tags_with_their_counts(account):
    """api_gettags."""
    assert account.get("tags/get") == {"tags": [STARRED, {"id": 134, "name": "VIP", "count": 1}]}


def test_a_new_account_has_the_starred_group_alone(api):
    assert api.get("tags/get") == {"tags": [STARRED]}


BAD_NAMES = {
    "no tag": ({}, BAD_NAME),
    "a text for a tag": ({"tag": "vip"}, BAD_NAME),
    "no name": ({"tag": {}}, BAD_NAME),
    "an empty name": ({"tag": {"name": ""}}, BAD_NAME),
    "a blank name": ({"tag": {"name": "  "}}, BAD_NAME),
    "a number": ({"tag": {"name": 1}}, BAD_NAME),
    "a name in use": ({"tag": {"name": "VIP"}}, BAD_NAME),
    "the starred group's name": ({"tag": {"name": "星标组"}}, BAD_NAME),
    # api_createtag says 30 characters, the text of 45158 says bytes: the stricter reading.
    "31 bytes": ({"tag": {"name": "a" * 31}}, TOO_LONG),
    "11 Chinese characters": ({"tag": {"name": "标" * 11}}, TOO_LONG),
}


@pytest.mark.parametrize("case", BAD_NAMES)
def test_names_that_are_refused(account, case):
    body, code = BAD_NAMES[case]
    assert account.refusal("tags/create", body) == code
    assert len(account.get("tags/get")["tags"]) == 2


def test_a_name_of_thirty_bytes(api):
    create(api, "标" * 10)


def test_a_hundred_tags_at_most(api):
    """45056; WeChat's own starred group is not one of them."""
    for index in range(100):
        create(api, f"t{index}")
    assert api.refusal("tags/create", {"tag": {"name": "one more"}}) == 45056
    api.post("tags/delete", {"tag": {"id": 150}})
    assert create(api, "one more") == 200


def test_update_keeps_id_and_followers(account):
    """api_updatetag; its sample leaves the name out."""
    assert account.post("tags/update", {"tag": {"id": 134, "name": "vip"}}) == OK
    assert account.get("tags/get")["tags"][1] == {"id": 134, "name": "vip", "count": 1}
    assert account.post("tags/update", {"tag": {"id": "134", "name": "vip"}}) == OK


def test_update_refuses(account):
    create(account, "other")
    for tag, code in (
        ({"id": 134, "name": "other"}, BAD_NAME),
        ({"id": 134}, BAD_NAME),
        ({"id": 134, "name": "a" * 31}, TOO_LONG),
        ({"id": 999, "name": "x"}, BAD_TAG),
        ({"name": "x"}, BAD_TAG),
        *(({"id": reserved, "name": "x"}, SYSTEM_TAG) for reserved in (0, 1, 2)),
    ):
        assert account.refusal("tags/update", {"tag": tag}) == code, tag


def test_delete_takes_the_tag_from_its_followers(account):
    """api_deletetag."""
    assert account.post("tags/delete", {"tag": {"id": 134}}) == OK
    assert account.get("tags/get") == {"tags": [STARRED]}
    assert account.post("tags/getidlist", {"openid": "o1"}) == {"tagid_list": []}


@pytest.mark.parametrize(("tag", "code"), [(0, SYSTEM_TAG), (1, SYSTEM_TAG), (2, SYSTEM_TAG), (999, BAD_TAG)])
def test_delete_refuses(account, tag, code):
    assert account.refusal("tags/delete", {"tag": {"id": tag}}) == code


def test_a_tag_of_more_than_100000_followers_can_t_be_deleted(api):
    """45057: untag first."""
    api.seed(tags=["big"], followers={f"o{index}": {"tags": ["big"]} for index in range(100_001)})
    assert api.get("tags/get")["tags"][1]["count"] == 100_001
    assert api.refusal("tags/delete", {"tag": {"id": 100}}) == 45057
    api.post("tags/members/batchuntagging", {"openid_list": ["o7"], "tagid": 100})
    assert api.post("tags/delete", {"tag": {"id": 100}}) == OK


def test_tagging_and_untagging(account):
    """api_batchtagging, api_batchuntagging; the order of the answer is the one in which they were given."""
    other = create(account, "other")
    assert account.post("tags/members/batchtagging", {"openid_list": ["o1", "o2"], "tagid": other}) == OK
    assert account.post("tags/members/batchtagging", {"openid_list": ["o2"], "tagid": "134"}) == OK
    assert account.post("tags/getidlist", {"openid": "o1"}) == {"tagid_list": [134, other]}
    assert account.post("tags/getidlist", {"openid": "o2"}) == {"tagid_list": [other, 134]}
    # One who has it, and one who does not.
    for _ in range(2):
        assert account.post("tags/members/batchuntagging", {"openid_list": ["o1"], "tagid": 134}) == OK
    assert [tag["count"] for tag in account.get("tags/get")["tags"]] == [0, 1, 2]


TAGGING = {
    "no openids": ({"tagid": 134}, BAD_COUNT),
    "an empty list": ({"openid_list": [], "tagid": 134}, BAD_COUNT),
    "51 openids": ({"openid_list": ["o2"] * 51, "tagid": 134}, BAD_COUNT),
    "what is no openid": ({"openid_list": ["o2", "o 2"], "tagid": 134}, BAD_OPENID),
    "a number for an openid": ({"openid_list": [1], "tagid": 134}, BAD_OPENID),
    # One foreign openid fails the whole call (personal oCJUsw33FNYpd87dvyPWI3JH78dA).
    "an openid of another account": ({"openid_list": ["o2", "stranger"], "tagid": 134}, FOREIGN_OPENID),
    "an unknown tag": ({"openid_list": ["o2"], "tagid": 999}, BAD_TAG),
    # The field misspelt (thread 0000aad08ac9c88a999fcf7a15b800).
    "no tag": ({"openid_list": ["o2"], "tagId": 134}, BAD_TAG),
    # Thread oCJUswz7MQr9OrtCYrfBidYSEGFg.
    "the starred group": ({"openid_list": ["o2"], "tagid": 2}, BAD_TAG),
}


@pytest.mark.parametrize("call", ["batchtagging", "batchuntagging"])
@pytest.mark.parametrize("case", TAGGING)
def test_tagging_refuses_and_changes_nothing(account, call, case):
    body, code = TAGGING[case]
    assert account.refusal(f"tags/members/{call}", body) == code
    assert account.get("tags/get")["tags"][1]["count"] == 1


def test_twenty_tags_of_one_follower_at_most(api):
    """45059; a tag that they have already is not one more."""
    tags = [f"t{index}" for index in range(21)]
    api.seed(tags=tags, followers={"full": {"tags": tags[:20]}, "free": {}})
    body = {"openid_list": ["free", "full"], "tagid": 120}
    assert api.refusal("tags/members/batchtagging", body) == 45059
    assert api.post("tags/getidlist", {"openid": "free"}) == {"tagid_list": []}
    assert api.post("tags/members/batchtagging", {**body, "tagid": 100}) == OK


@pytest.mark.parametrize("openid", ["stranger", "", None, 1, "o 1"])
def test_tags_of_someone_else(account, openid):
    """api_gettagidlist lists 40003."""
    assert account.refusal("tags/getidlist", {"openid": openid}) == BAD_OPENID


def test_followers_of_a_tag(account):
    """api_gettagfans; next_openid is the last of the page, and what follows has no data (wechatpy's comment)."""
    page = {"count": 1, "data": {"openid": ["o1"]}, "next_openid": "o1"}
    assert account.post("user/tag/get", {"tagid": 134, "next_openid": ""}) == page
    assert account.post("user/tag/get", {"tagid": 134, "next_openid": "o1"}) == {"count": 0, "next_openid": ""}
    # GET on the older page.
    assert account.get("user/tag/get", tagid="134") == page
    assert account.raw("GET", "user/tag/get", b'{"tagid":134}') == page
    assert account.refusal("user/tag/get", {"tagid": 999}) == BAD_TAG
    assert account.refusal("user/tag/get", {"tagid": 134, "next_openid": "stranger"}) == BAD_OPENID


def test_all_followers(account):
    """api_getfans."""
    page = {"total": 2, "count": 2, "data": {"openid": ["o1", "o2"]}, "next_openid": "o2"}
    assert account.get("user/get") == page
    assert account.get("user/get", next_openid="") == page
    assert account.get("user/get", next_openid="o1") == {**page, "count": 1, "data": {"openid": ["o2"]}}
    assert account.get("user/get", next_openid="o2") == {"total": 2, "count": 0, "next_openid": ""}


def test_followers_come_ten_thousand_a_page(api):
    """api_getfans."""
    api.seed(followers={f"o{index}": {} for index in range(10_001)})
    page = api.get("user/get")
    assert (page["total"], page["count"], page["next_openid"]) == (10_001, 10_000, "o9999")
    assert api.get("user/get", next_openid="o9999")["data"] == {"openid": ["o10000"]}


def test_info_of_a_follower(account):
    """api_userinfo, without what is no longer supplied."""
    info = account.get("user/info", openid="o1", lang="zh_CN")
    assert isinstance(info.pop("subscribe_time"), int)
    assert info == {
        "subscribe": 1,
        "openid": "o1",
        "remark": "",
        "groupid": 0,
        "tagid_list": [134],
        "subscribe_scene": "ADD_SCENE_QR_CODE",
        "qr_scene": 0,
        "qr_scene_str": "",
    }
    assert account.get("user/info", openid="stranger")["errcode"] == BAD_OPENID
    assert account.get("user/info")["errcode"] == 41009


def test_info_of_several(account):
    """api_batchuserinfo: up to 100."""
    answer = account.post("user/info/batchget", {"user_list": [{"openid": "o2", "lang": "zh_CN"}, {"openid": "o1"}]})
    assert [user["openid"] for user in answer["user_info_list"]] == ["o2", "o1"]
    for users, code in (([], BAD_COUNT), ([{"openid": "o1"}] * 101, BAD_COUNT), (None, BAD_COUNT), ([{}], BAD_OPENID)):
        assert account.refusal("user/info/batchget", {"user_list": users}) == code
