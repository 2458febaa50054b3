"""What menu/create and menu/addconditional refuse, and with which code.

Sources: the field table and the codes of doc/service/api/custommenu/api_createcustommenu; for a code that the page
only lists, the report named at the case.
"""

from __future__ import annotations

import pytest

VIEW = {"type": "view", "name": "a", "url": "https://example.com/"}
WEAPP = {
    "type": "miniprogram",
    "name": "a",
    "url": "https://example.com",
    "appid": "wx286b93c14bbf93aa",
    "pagepath": "pages/index",
}


def first(**button):
    return {"button": [button]}


def second(**button):
    return {"button": [{"name": "p", "sub_button": [button]}]}


def clicks(count):
    return [{"type": "click", "name": f"b{index}", "key": "K"} for index in range(count)]


# what is wrong -> (body, code); where both levels have a code, the second-level case follows the first-level one
REFUSED = {
    # The answer of menu/get posted back (thread oCJUswyS1-p9c_zSWFYmoj05Z6Mo).
    "wrapped in menu": ({"menu": {"button": [VIEW]}}, 40016),
    # The answer of get_current_selfmenu_info posted back (thread 000c2e19ae8900602fcd1cd6d5d000).
    "the whole selfmenu answer": ({"is_menu_open": 1, "selfmenu_info": {"button": [VIEW]}}, 40016),
    "the list shape of selfmenu": ({"button": [{"name": "p", "sub_button": {"list": [VIEW]}}]}, 40016),
    # thread oCJUsw6feXJAsqtE0sqMgK72Ojvk
    "button inside button": ({"button": {"button": [VIEW]}}, 40017),
    "no button": ({}, 40016),
    "an empty menu": ({"button": []}, 40016),
    "four first-level buttons": ({"button": clicks(4)}, 40016),
    "six second-level buttons": ({"button": [{"name": "p", "sub_button": clicks(6)}]}, 40023),
    "a third level": (second(name="a", sub_button=[VIEW]), 40022),
    "a text for a button": ({"button": ["a"]}, 40017),
    "a text for a second-level button": ({"button": [{"name": "p", "sub_button": ["a"]}]}, 40024),
    "no name": (first(type="click", key="K"), 40018),
    "no name, second level": (second(type="click", key="K"), 40025),
    "an empty name": (first(type="click", name="", key="K"), 40018),
    "an empty name, second level": (second(type="click", name="", key="K"), 40025),
    "a name of 17 bytes": (first(type="click", name="a" * 17, key="K"), 40018),
    "a name of 18 bytes in six characters": (first(type="click", name="子" * 6, key="K"), 40018),
    # 60 was measured (thread oCJUsw_Sugvk3MCgBSTsCaKSLnPg).
    "a name of 61 bytes, second level": (second(type="click", name="a" * 61, key="K"), 40025),
    "a parent's name of 17 bytes": ({"button": [{"name": "a" * 17, "sub_button": [VIEW]}]}, 40018),
    "no type": (first(name="a", key="K"), 40017),
    "no type, second level": (second(name="a", key="K"), 40024),
    "an unknown type": (first(type="clik", name="a", key="K"), 40017),
    "an unknown type, second level": (second(type="clik", name="a", key="K"), 40024),
    # Types of the web console (thread 000642614700c06e7a5173cfc6b800).
    "a console type": (first(type="text", name="a", value="hello"), 40017),
    "a console type, second level": (second(type="text", name="a", value="hello"), 40024),
    "a list for a type": (first(type=["click"], name="a", key="K"), 40017),
    "no key": (first(type="click", name="a"), 40019),
    "no key, second level": (second(type="click", name="a"), 40026),
    "a key of 129 bytes": (first(type="click", name="a", key="k" * 129), 40019),
    "a key of 129 bytes, second level": (second(type="scancode_push", name="a", key="k" * 129), 40026),
    "a number for a key": (first(type="click", name="a", key=1), 40019),
    # `key` where `url` is meant: "url size" (threads oCJUswwyuSBL1rkqqKdCwiSqgCbk, 0002484be086c00a9761f57f161c00).
    "no url": (first(type="view", name="a", key="https://example.com/"), 40020),
    "no url, second level": (second(type="view", name="a", key="https://example.com/"), 40027),
    "a url of 1025 bytes": (first(type="view", name="a", url="https://example.com/".ljust(1025, "x")), 40020),
    "a url of 1025 bytes, second level": (
        second(type="view", name="a", url="https://example.com/".ljust(1025, "x")),
        40027,
    ),
    # cnblogs digdeep 4363028, guoziyi 6039064, threads 0004686fa24aa88d56cd962ab5d000, 000eecb7308fe08f695a91acf5b413
    "a url without scheme": (first(type="view", name="a", url="www.baidu.com"), 40055),
    "a url without scheme, second level": (second(type="view", name="a", url="www.baidu.com"), 40054),
    "a misspelt scheme": (first(type="view", name="a", url="hhttps://example.com"), 40055),
    "a hash for a url": (second(type="view", name="a", url="#"), 40054),
    "a wholly encoded url": (first(type="view", name="a", url="https%3A%2F%2Fexample.com%2F"), 40055),
    "a scheme alone": (first(type="view", name="a", url="https://"), 40055),
    "no media_id": (first(type="media_id", name="a"), 40117),
    "no media_id, second level": (second(type="view_limited", name="a"), 40118),
    "no article_id": (first(type="article_id", name="a"), 53600),
    "no article_id, second level": (second(type="article_view_limited", name="a"), 53600),
    "a mini program without fallback page": (first(**{**WEAPP, "url": ""}), 40020),
    "a mini program without fallback page, second level": (second(**{**WEAPP, "url": ""}), 40027),
    # A gh_ id in place of the appid (cnblogs syeacfpl 14803700).
    "a mini program by its gh_ id": (first(**{**WEAPP, "appid": "gh_0123456789ab"}), 40166),
    "a mini program without appid": (second(**{**WEAPP, "appid": None}), 40166),
    "a mini program without page": (first(**{**WEAPP, "pagepath": ""}), 40165),
}


@pytest.mark.parametrize("case", REFUSED)
def test_create_refuses(api, case):
    body, code = REFUSED[case]
    assert api.refusal("menu/create", body) == code
    assert api.get("menu/get")["errcode"] == 46003


@pytest.mark.parametrize("case", REFUSED)
def test_addconditional_refuses_the_same(api, menu, case):
    """api_addconditionalmenu lists the codes of menu/create for its buttons."""
    api.post("menu/create", menu)
    body, code = REFUSED[case]
    assert api.refusal("menu/addconditional", {**body, "matchrule": {"client_platform_type": "1"}}) == code


ACCEPTED = {
    "a name of 16 bytes": first(type="click", name="子子子子子a", key="K"),
    # WxJava #1852
    "emoji": first(type="click", name="💕秦枫💕", key="K"),
    "a name of 60 bytes, second level": second(type="click", name="子" * 20, key="K"),
    "a key of 128 bytes": first(type="click", name="a", key="k" * 128),
    "a url of 1024 bytes": first(type="view", name="a", url="https://example.com/".ljust(1024, "x")),
    "every key type": {
        "button": [
            {
                "name": "p",
                "sub_button": [
                    {"type": kind, "name": "a", "key": "K"}
                    for kind in (
                        "scancode_push",
                        "scancode_waitmsg",
                        "pic_sysphoto",
                        "pic_photo_or_album",
                        "pic_weixin",
                    )
                ],
            },
            {"type": "location_select", "name": "a", "key": "K"},
        ]
    },
    "a mini program": first(**WEAPP),
    "an article": second(type="article_id", name="a", article_id="ARTICLE_ID_1"),
    "an article to open": second(type="article_view_limited", name="a", article_id="ARTICLE_ID_1"),
    "a material": first(type="media_id", name="a", media_id="MEDIA_ID_1"),
    # No longer in the list of types, but still in the field descriptions of the page.
    "the legacy view_limited": first(type="view_limited", name="a", media_id="MEDIA_ID_1"),
    # The request sample of the page has it.
    "an empty sub_button on a leaf": second(type="click", name="a", key="K", sub_button=[]),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_create_accepts(api, case):
    assert api.post("menu/create", ACCEPTED[case]) == {"errcode": 0, "errmsg": "ok"}
    assert "menu" in api.get("menu/get")
