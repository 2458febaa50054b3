"""component/*: doc/oplatform/openApi/ticket-token/api_getcomponentaccesstoken, api_getauthorizeraccesstoken,
doc/oplatform/openApi/authorization-management/getAuthorizerList."""

from __future__ import annotations

import json

import pytest

PLATFORM = "wx1a2b3c4d5e6f7081"
ACCOUNT = "wx0000000000000001"
TICKET = {"component_appid": PLATFORM, "component_appsecret": "s", "component_verify_ticket": "ticket@@@x"}


def post(api, path, body, **query):
    return api.send("POST", f"component/{path}", json.dumps(body).encode(), **query).json()


def component(api):
    answer = post(api, "api_component_token", TICKET)
    assert set(answer) == {"component_access_token", "expires_in"}
    assert answer["expires_in"] == 7200
    return answer["component_access_token"]


def authorizer(api, token, refresh, *, name="access_token", **fields):
    body = {
        "component_appid": PLATFORM,
        "authorizer_appid": ACCOUNT,
        "authorizer_refresh_token": refresh,
        **fields,
    }
    return post(api, "api_authorizer_token", body, **{name: token})


def used(api, token):
    return api.send("GET", "tags/get", access_token=token).json().get("errcode", 0)


@pytest.mark.parametrize("name", ["access_token", "component_access_token"])
def test_a_token_of_an_account_that_authorised_the_platform(api, name):
    answer = authorizer(api, component(api), "first", name=name)
    assert set(answer) == {"authorizer_access_token", "expires_in", "authorizer_refresh_token"}
    assert answer["expires_in"] == 7200
    assert used(api, answer["authorizer_access_token"]) == 0
    api.clock.now += 7200
    assert used(api, answer["authorizer_access_token"]) == 42001


def test_the_refresh_token_of_each_answer_is_to_be_stored(api):
    token = component(api)
    second = authorizer(api, token, "first")["authorizer_refresh_token"]
    third = authorizer(api, token, second)["authorizer_refresh_token"]
    assert len({"first", second, third}) == 3
    assert authorizer(api, token, "first")["errcode"] == 61023
    assert "authorizer_access_token" in authorizer(api, token, second)  # whose answer was lost
    listed = post(api, "api_get_authorizer_list", {"offset": 0, "count": 10}, access_token=token)
    assert listed["total_count"] == 1
    (row,) = listed["list"]
    assert row["authorizer_appid"] == ACCOUNT
    assert "authorizer_access_token" in authorizer(api, token, row["refresh_token"])


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"component_appid": "wx0000000000000009"}, 61011),
        ({"component_appid": ""}, 41002),
        ({"authorizer_appid": "gh_1"}, 40013),
        ({"authorizer_refresh_token": ""}, 61023),
        ({"authorizer_refresh_token": "no token"}, 61023),
    ],
)
def test_what_the_account_s_token_refuses(api, fields, code):
    assert authorizer(api, component(api), "first", **fields)["errcode"] == code


def test_each_call_wants_its_own_kind_of_token(api):
    assert authorizer(api, api.token, "first")["errcode"] == 61014
    assert authorizer(api, "nobodys", "first")["errcode"] == 40001
    assert authorizer(api, "", "first")["errcode"] == 41001
    token = component(api)
    assert used(api, token) == 61015
    api.clock.now += 7200
    assert authorizer(api, token, "first")["errcode"] == 42006


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"component_appid": "gh_1"}, 61011),
        ({"component_appsecret": ""}, 41004),
        ({"component_verify_ticket": ""}, 61006),
    ],
)
def test_what_the_platform_s_token_refuses(api, fields, code):
    assert post(api, "api_component_token", {**TICKET, **fields})["errcode"] == code


def test_what_an_account_is_called_is_told_to_the_platform_that_it_authorised(api):
    token = component(api)
    authorizer(api, token, "first")
    told = post(
        api, "api_get_authorizer_info", {"component_appid": PLATFORM, "authorizer_appid": ACCOUNT}, access_token=token
    )
    assert told["authorizer_info"]["nick_name"]
    assert told["authorization_info"]["authorizer_appid"] == ACCOUNT
    other = {"component_appid": PLATFORM, "authorizer_appid": "wx00000000000000ff"}
    assert post(api, "api_get_authorizer_info", other, access_token=token)["errcode"] == 61003


@pytest.mark.parametrize("page", [{"offset": -1, "count": 10}, {"offset": 0, "count": 0}, {"offset": 0, "count": 501}])
def test_a_page_of_accounts_has_bounds(api, page):
    assert post(api, "api_get_authorizer_list", page, access_token=component(api))["errcode"] == 40035
