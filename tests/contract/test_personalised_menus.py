"""menu/addconditional, menu/delconditional, menu/trymatch."""

from __future__ import annotations

import pytest

NO_DEFAULT, NO_SUCH_MENU, NO_SUCH_USER = 65303, 65301, 65302
IOS, ANDROID = {"client_platform_type": "1"}, {"client_platform_type": "2"}


def click(name):
    return {"button": [{"type": "click", "name": name, "key": "K"}]}


def link(*urls):
    return {"button": [{"type": "view", "name": f"b{index}", "url": url} for index, url in enumerate(urls)]}


def add(api, rule, menu=None):
    answer = api.post("menu/addconditional", {**(menu or click("c")), "matchrule": rule})
    assert set(answer) == {"menuid"}, answer
    return answer["menuid"]


def seen_by(api, openid):
    answer = api.post("menu/trymatch", {"user_id": openid})
    assert set(answer) == {"button"}, answer
    return answer["button"][0]["name"]


@pytest.fixture
def account(api):
    api.seed(
        menu=click("default"),
        tags=[{"name": "VIP", "id": 101}, {"name": "北京", "id": 102}],
        followers={
            "plain": {"platform": "android"},
            "vip-ios": {"tags": ["VIP"], "platform": "ios"},
            "both": {"tags": ["VIP", "北京"], "platform": "ios"},
        },
    )
    return api


def test_the_answer_is_a_menuid_as_text_alone(account):
    """api_addconditionalmenu, response sample."""
    menuid = add(account, IOS)
    assert isinstance(menuid, str)
    assert menuid.isdigit()


def test_menu_get_lists_them_newest_first_with_numbers_for_ids(account):
    """Old sample of api_getmenu; order: WxMpMenuTest lists 449778326 before 449778324."""
    first = add(account, {"tag_id": 101, "client_platform_type": 1}, click("1"))
    second = add(account, {"tag_id": "102"}, click("2"))
    answer = account.get("menu/get")
    assert isinstance(answer["menu"]["menuid"], int)
    assert answer["conditionalmenu"] == [
        {
            "button": [{"type": "click", "name": "2", "key": "K", "sub_button": []}],
            # group_id is what tag_id comes back as, numbers as texts: WxJava #136, #365, CSDN 91586716.
            "matchrule": {"group_id": "102"},
            "menuid": int(second),
        },
        {
            "button": [{"type": "click", "name": "1", "key": "K", "sub_button": []}],
            "matchrule": {"group_id": "101", "client_platform_type": "1"},
            "menuid": int(first),
        },
    ]


def test_the_default_menu_has_an_id_only_beside_personalised_menus(account):
    """Samples of api_getmenu; raw answer in thread 000ce859ec8898b5297ad66645c000."""
    menuid = add(account, IOS)
    account.post("menu/delconditional", {"menuid": menuid})
    answer = account.get("menu/get")
    assert "menuid" not in answer["menu"]
    assert "conditionalmenu" not in answer


def test_the_old_name_of_tag_id_is_taken(account):
    """wechatpy's docstring and silenceper/wechat send group_id."""
    add(account, {"group_id": 101})
    assert account.get("menu/get")["conditionalmenu"][0]["matchrule"] == {"group_id": "101"}


def test_the_same_menu_twice_makes_two(account):
    """CSDN 91586716; the tests of pywe-menu and WxJava."""
    assert add(account, IOS) != add(account, IOS)
    assert len(account.get("menu/get")["conditionalmenu"]) == 2


def test_menu_create_leaves_them_and_renews_the_default_menu_s_id(account):
    """CSDN 91586716: a default menu with a higher id than a personalised one still listed."""
    menuid = int(add(account, IOS))
    account.post("menu/create", click("new"))
    answer = account.get("menu/get")
    assert [menu["menuid"] for menu in answer["conditionalmenu"]] == [menuid]
    assert answer["menu"]["menuid"] > menuid


def test_a_default_menu_of_the_api_must_be_there(api):
    """65303; a console menu is not enough: threads 000ac60cae0200a26f3a8e23e5b400, 0008a464f4cf607ffd6f434d251800."""
    body = {**click("c"), "matchrule": IOS}
    assert api.refusal("menu/addconditional", body) == NO_DEFAULT
    api.seed(console_menu=click("c"), followers={"o": {}})
    assert api.refusal("menu/addconditional", body) == NO_DEFAULT
    assert api.refusal("menu/trymatch", {"user_id": "o"}) == NO_DEFAULT


EMPTY = 65304
REFUSED_RULES = {
    "no rule": ({}, EMPTY),
    "an empty rule": ({"matchrule": {}}, EMPTY),
    "all fields empty": ({"matchrule": {"tag_id": "", "client_platform_type": None, "sex": ""}}, EMPTY),
    # chanjarster/weixin-java-tools #271
    "a misspelt rule": ({"matchRule": IOS}, EMPTY),
    "unknown fields alone": ({"matchrule": {"tagid": "101"}}, EMPTY),
    # Announcement 11632637451RQs8y and api_addconditionalmenu.
    **{
        field: ({"matchrule": {**IOS, field: value}}, 65320)
        for field, value in (
            ("sex", "1"),
            ("country", "中国"),
            ("province", "广东"),
            ("city", "广州"),
            ("language", "zh_CN"),
        )
    },
    # Our choice: no page says what a wrong value does.
    "a tag that is not there": ({"matchrule": {"tag_id": "999"}}, 45159),
    "a platform that is not there": ({"matchrule": {"client_platform_type": "4"}}, 40035),
}


@pytest.mark.parametrize("case", REFUSED_RULES)
def test_refused_rules(account, case):
    rule, code = REFUSED_RULES[case]
    assert account.refusal("menu/addconditional", {**click("c"), **rule}) == code
    assert "conditionalmenu" not in account.get("menu/get")


def test_the_starred_group_can_be_asked_for(account):
    """The sample of api_addconditionalmenu has tag_id "2"."""
    add(account, {"tag_id": "2"})


def test_empty_texts_for_unused_fields_are_taken(account):
    """PowerWeChat always sends every field."""
    add(account, {"tag_id": "101", "client_platform_type": "", "sex": "", "country": ""})
    assert account.get("menu/get")["conditionalmenu"][0]["matchrule"] == {"group_id": "101"}


def test_three_domains_over_all_personalised_menus(account):
    """65316; a mini program's fallback page counts, the default menu does not. Subdomains are counted as written."""
    account.post("menu/create", link("https://free.example.org/", "https://also.example.org"))
    weapp = {"type": "miniprogram", "name": "m", "appid": "wx286b93c14bbf93aa", "pagepath": "p"}
    add(account, IOS, link("https://a.example.com/1", "http://A.example.com:8080/2", "https://b.example.com"))
    add(account, ANDROID, {"button": [{**weapp, "url": "https://c.example.com/"}]})
    one_more = {**link("https://d.example.com"), "matchrule": IOS}
    assert account.refusal("menu/addconditional", one_more) == 65316
    account.post("menu/delconditional", {"menuid": account.get("menu/get")["conditionalmenu"][0]["menuid"]})
    assert "menuid" in account.post("menu/addconditional", one_more)


@pytest.mark.parametrize("kind", [str, int])
def test_delete_one_by_text_or_number(account, kind):
    """Texts in the documentation, numbers from silenceper/wechat and PowerWeChat."""
    kept, gone = add(account, IOS), add(account, ANDROID)
    assert account.post("menu/delconditional", {"menuid": kind(gone)}) == {"errcode": 0, "errmsg": "ok"}
    assert [menu["menuid"] for menu in account.get("menu/get")["conditionalmenu"]] == [int(kept)]
    assert account.refusal("menu/delconditional", {"menuid": gone}) == NO_SUCH_MENU


@pytest.mark.parametrize("menuid", ["nonsense", "1", None, -1, 10**30, [], True])
def test_delete_what_is_not_there(account, menuid):
    """Even a nonsense value is 65301: pywe-menu's tests."""
    assert account.refusal("menu/delconditional", {"menuid": menuid}) == NO_SUCH_MENU


def test_delete_without_an_id(account):
    """40035 on api_deleteconditionalmenu."""
    assert account.refusal("menu/delconditional", {"menu_id": "1"}) == 40035


def test_the_default_menu_is_no_personalised_one(account):
    """The text of 65301: "this menu is not conditionalmenu"."""
    add(account, IOS)
    default = account.get("menu/get")["menu"]["menuid"]
    assert account.refusal("menu/delconditional", {"menuid": default}) == NO_SUCH_MENU


def test_form_encoded_bodies_answer_as_if_the_id_were_wrong(account):
    """easywechat #280: the id was right, the body a form."""
    menuid = add(account, IOS)
    assert account.raw("POST", "menu/delconditional", f"menuid={menuid}".encode())["errcode"] == NO_SUCH_MENU
    assert account.raw("POST", "menu/trymatch", b"user_id=vip-ios")["errcode"] == NO_SUCH_USER


def test_trymatch_shows_what_a_follower_sees(account):
    """api_trymatchmenu: buttons without wrapper, id or rule; the default menu where no rule matches."""
    add(account, {"tag_id": "101", "client_platform_type": "1"}, click("vip-ios"))
    assert [seen_by(account, openid) for openid in ("plain", "vip-ios")] == ["default", "vip-ios"]
    assert account.post("menu/trymatch", {"user_id": "vip-ios"})["button"][0]["sub_button"] == []


def test_the_newest_match_wins(account):
    """Personalized_menu_interface: matched from the newest published to the oldest."""
    add(account, IOS, click("old"))
    add(account, IOS, click("new"))
    add(account, ANDROID, click("newest"))
    assert seen_by(account, "vip-ios") == "new"


def test_of_several_tags_the_last_one_counts(account):
    """Personalized_menu_interface: the tag applied last is the one that is matched."""
    add(account, {"tag_id": "102"}, click("北京"))
    add(account, {"tag_id": "101"}, click("VIP"))
    assert [seen_by(account, openid) for openid in ("vip-ios", "both")] == ["VIP", "北京"]
    account.post("tags/members/batchuntagging", {"openid_list": ["both"], "tagid": 102})
    assert seen_by(account, "both") == "VIP"
    account.post("tags/members/batchtagging", {"openid_list": ["both"], "tagid": 102})
    assert seen_by(account, "both") == "北京"


def test_a_rule_with_a_withdrawn_field_is_listed_and_matches_nobody(api):
    """Announcement 11632637451RQs8y: such menus are invalid since, though menu/get still lists them."""
    api.seed(
        menu=click("default"),
        conditional_menus=[{"matchrule": {**IOS, "sex": "1"}, **click("dead")}],
        followers={"o": {"platform": "ios"}},
    )
    assert api.get("menu/get")["conditionalmenu"][0]["matchrule"] == {**IOS, "sex": "1"}
    assert seen_by(api, "o") == "default"


@pytest.mark.parametrize("user", ["nobody", "", None, 1])
def test_trymatch_of_someone_else(account, user):
    """65302 in the table of return codes."""
    assert account.refusal("menu/trymatch", {"user_id": user}) == NO_SUCH_USER


def test_deleting_a_tag_leaves_the_menu_that_asks_for_it(account):
    """Our choice: undocumented."""
    add(account, {"tag_id": "101"}, click("VIP"))
    assert seen_by(account, "vip-ios") == "VIP"
    assert account.post("tags/delete", {"tag": {"id": 101}})["errcode"] == 0
    assert account.get("menu/get")["conditionalmenu"][0]["matchrule"] == {"group_id": "101"}
    assert seen_by(account, "vip-ios") == "default"
