"""token, stable_token: doc/service/api/base/api_getaccesstoken, api_getstableaccesstoken."""

from __future__ import annotations

import json

import pytest

FIELDS = {"grant_type": "client_credential", "appid": "wx0000000000000001", "secret": "s"}


def plain(api, **fields):
    return api.send("GET", "token", **{**FIELDS, **fields}).json()


def stable(api, **fields):
    return api.send("POST", "stable_token", json.dumps({**FIELDS, **fields}).encode()).json()


def answer_to(api, token):
    return api.send("GET", "tags/get", access_token=token).json().get("errcode", 0)


@pytest.mark.parametrize("fetch", [plain, stable])
def test_a_token_for_two_hours(api, fetch):
    answer = fetch(api)
    assert set(answer) == {"access_token", "expires_in"}
    assert answer["expires_in"] == 7200
    assert answer_to(api, answer["access_token"]) == 0
    api.clock.now += 7200
    assert answer_to(api, answer["access_token"]) == 42001


def test_token_may_be_posted(api):
    assert "access_token" in api.send("POST", "token", **FIELDS).json()
    form = b"grant_type=client_credential&appid=wx0000000000000001&secret=s"
    assert "access_token" in api.send("POST", "token", form).json()


def test_token_replaces_the_one_before(api):
    """ "invalid or not latest". The page grants the old one five minutes more; here it ends at once."""
    first, second = plain(api)["access_token"], plain(api)["access_token"]
    assert [answer_to(api, first), answer_to(api, second)] == [40001, 0]


def test_stable_token_gives_the_same_one_and_is_isolated_from_token(api):
    first = stable(api)
    other = plain(api)["access_token"]
    api.clock.now += 60
    assert stable(api) == {**first, "expires_in": 7140}
    assert stable(api, force_refresh=False)["access_token"] == first["access_token"]
    assert [answer_to(api, first["access_token"]), answer_to(api, other)] == [0, 0]
    assert first["access_token"] != other


def test_stable_token_renews_in_its_last_five_minutes_while_both_work(api):
    first = stable(api)["access_token"]
    api.clock.now += 6901
    second = stable(api)
    assert second["expires_in"] == 7200
    assert second["access_token"] != first
    assert [answer_to(api, first), answer_to(api, second["access_token"])] == [0, 0]
    assert stable(api) == second


def test_force_refresh_ends_the_old_token_at_once(api):
    first = stable(api)["access_token"]
    second = stable(api, force_refresh=True)["access_token"]
    assert [answer_to(api, first), answer_to(api, second)] == [40001, 0]
    # Again within half a minute: nothing is refreshed.
    assert stable(api, force_refresh=True)["access_token"] == second
    api.clock.now += 30
    assert stable(api, force_refresh=True)["access_token"] != second


REFUSED = {
    "no appid": ({"appid": ""}, 41002),
    "no secret": ({"secret": ""}, 41004),
    "another grant": ({"grant_type": "authorization_code"}, 40002),
    "no grant": ({"grant_type": ""}, 40002),
    "what is no appid": ({"appid": "gh_0123456789ab"}, 40013),
    "capitals in the appid": ({"appid": "WX0000000000000001"}, 40013),
}


@pytest.mark.parametrize("fetch", [plain, stable])
@pytest.mark.parametrize("case", REFUSED)
def test_wrong_fields(api, fetch, case):
    fields, code = REFUSED[case]
    assert fetch(api, **fields)["errcode"] == code


@pytest.mark.parametrize("fetch", [plain, stable])
def test_credentials(open_api, fetch):
    """40013 and 40125 are on both pages."""
    api = open_api(credentials={"wx0000000000000001": "right"})
    assert "access_token" in fetch(api, secret="right")
    assert fetch(api)["errcode"] == 40125
    assert fetch(api, secret="right", appid="wx0000000000000002")["errcode"] == 40013


def test_stable_token_takes_json_alone(api):
    """Threads 000a06f6edc78040aa11517ab6b800 (a form), 0006eafd3e8d8085252083b6661400 (the query): 41002."""
    form = b"grant_type=client_credential&appid=wx0000000000000001&secret=s"
    for body, query in ((form, {}), (b"", FIELDS), (b"[1", {}), (b"{}", {})):
        assert api.send("POST", "stable_token", body, **query).json()["errcode"] == 41002
    assert api.send("GET", "stable_token", **FIELDS).json()["errcode"] == 43002


def test_without_or_with_a_wrong_token(api):
    """41001 and 40001 in the table; a made-up value is 40001 (rid 609b9cec-1a177f0e-48735cf1), 40014 our choice."""
    for query, code in (({}, 41001), ({"access_token": ""}, 41001), ({"access_token": "2"}, 40001)):
        assert api.send("GET", "menu/get", **query).json()["errcode"] == code
    assert api.send("GET", "menu/get", access_token="<ACCESS TOKEN>").json()["errcode"] == 40014


def test_accounts_are_apart(open_api, api, menu):
    other = open_api(store=api.store, appid="wx00000000000000ff")
    api.post("menu/create", menu)
    api.post("tags/create", {"tag": {"name": "VIP"}})
    assert other.get("menu/get")["errcode"] == 46003
    assert len(other.get("tags/get")["tags"]) == 1
