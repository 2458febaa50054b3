"""openapi/quota/get, callback/check, getcallbackip, get_api_domain_ip: doc/service/api/apimanage/api_getapiquota,
doc/service/api/base/api_callbackcheck, api_getcallbackip, api_getapidomainip."""

from __future__ import annotations

import pytest

ALL = {"action": "all", "check_operator": "DEFAULT"}
QUOTA = "openapi/quota/get"
CHECK = "callback/check"


def left(api, path):
    answer = api.post(QUOTA, {"cgi_path": path})
    assert (answer["errcode"], set(answer["quota"])) == (0, {"daily_limit", "used", "remain"})
    return tuple(answer["quota"][key] for key in ("daily_limit", "used", "remain"))


def test_what_is_left_of_a_call_today(api):
    assert left(api, "/cgi-bin/menu/create") == (1000, 0, 1000)
    api.post("menu/create", {})
    assert left(api, "/cgi-bin/menu/create") == (1000, 1, 999)
    assert left(api, "/cgi-bin/menu/get") == (10000, 0, 10000)
    # 1,760,000,000 is 16:53 in Beijing: the count begins anew at midnight there.
    api.wait(7 * 3600)
    assert left(api, "/cgi-bin/menu/create") == (1000, 1, 999)
    api.wait(600)
    assert left(api, "/cgi-bin/menu/create") == (1000, 0, 1000)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/cgi-bin/no/such/call", 76021),
        ("/sns/userinfo", 76022),
        ("/cgi-bin/component/api_authorizer_token", 76022),
        ("cgi-bin/menu/create", 76003),
        ("https://api.weixin.qq.com/cgi-bin/menu/create", 76003),
        (None, 76003),
    ],
)
def test_a_path_that_can_t_be_asked_about(api, path, code):
    assert api.refusal(QUOTA, {"cgi_path": path}) == code


def test_a_callback_is_looked_up_and_pinged(api):
    """The sample of the page: two lists, the second with a loss and a time."""
    api.seed(callback={"ips": ["203.0.113.7", "203.0.113.8"]})
    answer = api.post(CHECK, ALL)
    assert answer["dns"][0] == {"ip": "203.0.113.7", "real_operator": "UNICOM"}
    assert answer["ping"][1] == {
        "ip": "203.0.113.8",
        "from_operator": "UNICOM",
        "package_loss": "0%",
        "time": "23.079ms",
    }
    assert set(api.post(CHECK, {**ALL, "action": "dns"})) == {"dns"}
    assert api.post(CHECK, {"action": "ping", "check_operator": "CAP"})["ping"][0]["from_operator"] == "CAP"
    api.seed(callback={"ips": ["203.0.113.7"], "lost": True})
    assert api.post(CHECK, ALL)["ping"][0]["package_loss"] == "100%"


def test_what_callback_check_refuses(api):
    assert api.refusal(CHECK, ALL) == 40201
    assert api.refusal(CHECK, {**ALL, "action": "trace"}) == 40202
    assert api.refusal(CHECK, {**ALL, "check_operator": "NOBODY"}) == 40203


@pytest.mark.parametrize("path", ["getcallbackip", "get_api_domain_ip"])
def test_addresses_of_wechat(api, path):
    answer = api.get(path)
    assert set(answer) == {"ip_list"}
    assert all(isinstance(each, str) for each in answer["ip_list"])
