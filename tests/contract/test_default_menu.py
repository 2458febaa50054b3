"""menu/create, menu/get, menu/delete, get_current_selfmenu_info."""

from __future__ import annotations

NO_MENU = 46003


def as_read(menu):
    """The menu of the fixture as the samples of api_getmenu show one."""
    click, parent = menu["button"]
    return [{**click, "sub_button": []}, {**parent, "sub_button": [{**parent["sub_button"][0], "sub_button": []}]}]


def test_create_answers_ok(api, menu):
    """api_createcustommenu, response sample."""
    assert api.post("menu/create", menu) == {"errcode": 0, "errmsg": "ok"}


def test_get_has_no_errcode_no_menuid_and_empty_sub_buttons(api, menu):
    """api_getmenu, first sample; raw answer in thread 000ce859ec8898b5297ad66645c000."""
    api.post("menu/create", menu)
    assert api.get("menu/get") == {"menu": {"button": as_read(menu)}}


def test_slashes_are_escaped(api, menu):
    """WxJava #1852 quotes a raw answer."""
    api.post("menu/create", menu)
    text = api.send("GET", "menu/get", access_token=api.token).text
    assert r"http:\/\/www.soso.com\/" in text
    assert "搜索" in text


def test_there_is_no_menu_at_first(api):
    """46003 in the table of return codes; pywe-menu's tests against the real host."""
    assert api.get("menu/get")["errcode"] == NO_MENU


def test_create_replaces_the_whole_menu(api, menu):
    """api_createcustommenu: there is no partial update."""
    api.post("menu/create", menu)
    api.post("menu/create", {"button": [{"type": "click", "name": "x", "key": "K"}]})
    assert [button["name"] for button in api.get("menu/get")["menu"]["button"]] == ["x"]


def test_create_ignores_a_matchrule_and_answers_ok(api, menu):
    """Thread 000ce859ec8898b5297ad66645c000: everyone's menu is replaced, and no menuid returned."""
    assert api.post("menu/create", {**menu, "matchrule": {"tag_id": "2"}}) == {"errcode": 0, "errmsg": "ok"}
    assert api.get("menu/get") == {"menu": {"button": as_read(menu)}}


def test_type_and_key_beside_a_filled_sub_button_are_ignored(api):
    """Live menus carry both; the requests that failed with both failed on a child."""
    child = {"type": "click", "name": "a", "key": "K"}
    api.post("menu/create", {"button": [{"name": "p", "type": "click", "key": "X", "sub_button": [child]}]})
    assert api.get("menu/get")["menu"]["button"] == [{"name": "p", "sub_button": [{**child, "sub_button": []}]}]


def test_other_fields_of_a_button_are_kept(api):
    """Our choice: no source says what the host does with a field that it does not know."""
    api.post("menu/create", {"button": [{"type": "click", "name": "a", "key": "K", "note": {"x": [1]}}]})
    assert api.get("menu/get")["menu"]["button"][0]["note"] == {"x": [1]}


def test_delete_takes_everything_and_may_be_repeated(api, menu):
    """api_deletemenu; pywe-menu's tests call it twice."""
    api.post("menu/create", menu)
    api.post("menu/addconditional", {**menu, "matchrule": {"client_platform_type": "1"}})
    for _ in range(2):
        assert api.get("menu/delete") == {"errcode": 0, "errmsg": "ok"}
    assert api.get("menu/get")["errcode"] == NO_MENU
    api.post("menu/create", menu)
    assert "conditionalmenu" not in api.get("menu/get")


def test_delete_may_be_posted(api, menu):
    """One sample of api_deletemenu posts an empty object."""
    api.post("menu/create", menu)
    assert api.post("menu/delete", {})["errcode"] == 0
    assert api.get("menu/get")["errcode"] == NO_MENU


def test_selfmenu_without_a_menu(api):
    """Exactly this, the other key is absent: field test of 2026-09-27."""
    assert api.get("get_current_selfmenu_info") == {"is_menu_open": 0}


def test_selfmenu_has_its_own_shape(api, menu):
    """api_getcurrentselfmenuinfo: children in an object, leaves without sub_button, no menuid."""
    api.post("menu/create", menu)
    api.post("menu/addconditional", {**menu, "matchrule": {"client_platform_type": "1"}})
    click, parent = menu["button"]
    assert api.get("get_current_selfmenu_info") == {
        "is_menu_open": 1,
        "selfmenu_info": {"button": [click, {"name": "菜单", "sub_button": {"list": parent["sub_button"]}}]},
    }


CONSOLE = {
    "button": [
        {"type": "text", "name": "T", "value": "This is text!"},
        {"name": "P", "sub_button": [{"type": "news", "name": "N", "value": "id", "news_info": {"list": []}}]},
    ]
}
CONSOLE_READ = [CONSOLE["button"][0], {"name": "P", "sub_button": {"list": CONSOLE["button"][1]["sub_button"]}}]


def test_a_console_menu_shows_in_selfmenu_alone(api):
    """api_getmenu: menus made through the API alone; the console's are in get_current_selfmenu_info."""
    api.seed(console_menu=CONSOLE)
    assert api.get("menu/get")["errcode"] == NO_MENU
    assert api.get("get_current_selfmenu_info")["selfmenu_info"] == {"button": CONSOLE_READ}


def test_create_disables_a_console_menu(api, menu):
    """Thread minihome/doc/000ee807268d80895a61faf0c63c00."""
    api.seed(console_menu=CONSOLE)
    api.post("menu/create", menu)
    shown = api.get("get_current_selfmenu_info")["selfmenu_info"]["button"]
    assert [button["name"] for button in shown] == ["今日歌曲", "菜单"]


def test_an_older_menu_of_the_api_is_read_while_the_console_s_is_shown(api, menu):
    """WxJava #2857."""
    api.seed(menu=menu, console_menu=CONSOLE)
    assert api.get("menu/get") == {"menu": {"button": as_read(menu)}}
    assert api.get("get_current_selfmenu_info")["selfmenu_info"] == {"button": CONSOLE_READ}


def test_delete_takes_a_console_menu_too(api):
    """Our choice: api_deletemenu says "the menu in use"."""
    api.seed(console_menu=CONSOLE)
    api.get("menu/delete")
    assert api.get("get_current_selfmenu_info") == {"is_menu_open": 0}
