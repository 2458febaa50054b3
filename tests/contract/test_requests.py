"""What holds for every call: the form of a failure, methods, bodies, paths."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from laws import searched

JSON_CALLS = (
    "menu/create",
    "menu/addconditional",
    "menu/delconditional",
    "menu/trymatch",
    "tags/create",
    "tags/update",
    "tags/delete",
    "tags/getidlist",
    "tags/members/batchtagging",
    "tags/members/batchuntagging",
    "user/tag/get",
    "user/info/batchget",
    "template/api_add_template",
    "template/api_set_industry",
    "template/del_private_template",
    "message/template/send",
)
GET_CALLS = (
    "menu/get",
    "get_current_selfmenu_info",
    "tags/get",
    "user/info",
    "user/get",
    "template/get_all_private_template",
    "template/get_industry",
)


def test_a_failure_is_http_200_with_a_code_a_text_and_a_fresh_rid(api):
    """doc/oplatform/developers/dev/guide; the rid begins with the time of the call (the sample of rid/get)."""
    first, second = (api.send("GET", "menu/get", access_token=api.token) for _ in range(2))
    assert first.status_code == 200
    assert first.headers["content-type"] == "application/json; encoding=utf-8"
    text = first.json()["errmsg"]
    assert re.fullmatch(rf"menu no exist rid: {int(api.clock.now):08x}-[0-9a-f]{{8}}-[0-9a-f]{{8}}", text)
    assert second.json()["errmsg"] != text


@pytest.mark.parametrize("path", JSON_CALLS)
def test_post_is_required(api, path):
    """43002 in the table of return codes; user/tag/get may be asked with GET too, and misses its tag then."""
    assert api.raw("GET", path)["errcode"] == (45159 if path == "user/tag/get" else 43002)


@pytest.mark.parametrize("path", GET_CALLS)
def test_get_is_required(api, path):
    """43001 in the table of return codes."""
    assert api.raw("POST", path, b"{}")["errcode"] == 43001


@pytest.mark.parametrize("path", JSON_CALLS)
def test_unreadable_bodies(api, path):
    """44002 (pywe: an empty body), 47001 (also a body marshalled twice, silenceper/wechat #434)."""
    for body, code in (
        (b"", 44002),
        (b" \n", 44002),
        (b'{"a":', 47001),
        (b'{"a":NaN}', 47001),
        (b'"{}"', 47001),
        (b"[]", 47001),
        (b"[" * 100_000, 47001),
    ):
        assert api.raw("POST", path, body)["errcode"] == code, body[:20]


@pytest.mark.parametrize("path", ["menu/create", "menu/addconditional", "tags/create"])
def test_unicode_escapes_are_refused(api, menu, path):
    r"""40033: zwczou/weixin-python #49, silenceper/wechat #15 (\u0026 for & in a url)."""
    for text in (json.dumps({"tag": {"name": "标"}, **menu}), r'{"a":"https:\/\/example.com\/?a=1\u0026b=2"}'):
        assert api.raw("POST", path, text.encode())["errcode"] == 40033


def test_an_escaped_backslash_is_no_escape(api):
    r"""The text \u4f60 itself, not an escape of a character."""
    assert api.raw("POST", "tags/create", rb'{"tag":{"name":"\\u4f60"}}')["tag"]["name"] == r"\u4f60"


def test_a_byte_order_mark(api, menu):
    """node-webot/webot-cli #7."""
    body = b"\xef\xbb\xbf" + json.dumps(menu, ensure_ascii=False).encode()
    assert api.raw("POST", "menu/create", body)["errcode"] == 40016
    assert api.raw("POST", "menu/addconditional", body)["errcode"] == 40016


def test_bytes_that_are_not_utf8(api, menu):
    """cnblogs hsw1976 for 65318 ("must use utf-8 charset"), 40033 for the default menu."""
    body = json.dumps(menu, ensure_ascii=False).encode("gbk")
    assert api.raw("POST", "menu/create", body)["errcode"] == 40033
    assert api.raw("POST", "menu/addconditional", body)["errcode"] == 65318


def test_the_content_type_does_not_matter(api, menu):
    """``curl -d`` says that it sends a form."""
    body = json.dumps(menu, ensure_ascii=False).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = api.send("POST", "menu/create", body, headers=headers, access_token=api.token)
    assert answer.json()["errcode"] == 0


def test_an_unknown_path(api):
    """40066 "invalid url" is the host's answer; the status 404 is ours."""
    for path in ("menu/created", "menu/get/", "material/add_material"):
        answer = api.send("GET", path, access_token=api.token)
        assert answer.status_code == 404
        assert answer.json()["errcode"] == 40066


FIELDS = ["button", "sub_button", "type", "name", "key", "url", "matchrule", "tag_id", "menuid", "user_id"]
FIELDS += ["tag", "id", "openid", "openid_list", "tagid", "next_openid", "user_list", "list", "client_platform_type"]
FIELDS += ["touser", "template_id", "data", "thing1", "value", "miniprogram", "appid", "client_msg_id"]
FIELDS += ["template_id_short", "keyword_name_list", "industry_id1", "industry_id2"]
TEXTS = st.sampled_from(["click", "view", "miniprogram", "1", "100", "https://[", "o", ""]) | st.text(max_size=9)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4),
    max_leaves=12,
)


@searched(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(JSON_CALLS), body=st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=4))
def test_any_json_is_answered(api, menu, path, body):
    """Whatever is sent, the answer is JSON with status 200, and the account can still be read."""
    template = {"title": "x", "template_id": "1", "placeholders": {"thing1": "x"}}
    api.seed(templates=[template], followers={"o": {}})
    api.post("menu/create", menu)
    text = json.dumps(body, ensure_ascii=False)
    assert isinstance(api.raw("POST", path, text.encode("utf-8", "replace")), dict)
    assert "menu" in api.get("menu/get")
    assert "tags" in api.get("tags/get")
    assert "template_list" in api.get("template/get_all_private_template")


@pytest.mark.parametrize("depth", [90, 110, 964, 5_000])
def test_a_deep_body_is_answered(api, menu, depth):
    """Our choice: kept whole, or 47001."""
    text = json.dumps({"button": [{**menu["button"][0], "note": 0}]}, ensure_ascii=False)
    answer = api.raw("POST", "menu/create", text.replace(" 0}", "[" * depth + "]" * depth + "}").encode())
    assert answer["errcode"] == (0 if depth < 100 else 47001)
    assert ("menu" in api.get("menu/get")) is (depth < 100)


def test_the_log_tells_what_was_called(api, menu):
    api.post("menu/create", menu)
    api.get("menu/delete", x="1")
    api.send("GET", "menu/get")
    api.send("GET", "nothing")
    calls = api.store.calls()
    assert [(call.method, call.path, call.mode, call.errcode) for call in calls] == [
        ("POST", "/cgi-bin/stable_token", "token", 0),
        ("POST", "/cgi-bin/menu/create", "write", 0),
        ("GET", "/cgi-bin/menu/delete", "write", 0),
        ("GET", "/cgi-bin/menu/get", "read", 41001),
        ("GET", "/cgi-bin/nothing", "unknown", 40066),
    ]
    assert [call.appid for call in calls] == [api.appid] * 3 + [None] * 2
    assert api.store.calls(api.appid, after=calls[0].seq) == calls[1:3]
