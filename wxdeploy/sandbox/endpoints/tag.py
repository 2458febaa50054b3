"""Tags and who has them: the pages under doc/service/api/usermanage/tag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wxdeploy.sandbox.audience import Audience
from wxdeploy.sandbox.endpoints.base import BOTH, GET, POST, Endpoint
from wxdeploy.sandbox.request import OK, Json, Request, json_object
from wxdeploy.sandbox.state import State


def create(state: State, appid: str, request: Request) -> Json:
    """POST tags/create."""
    return {"tag": Audience(state, appid).create_tag(json_object(request.body).get("tag"))}


def get(state: State, appid: str, request: Request) -> Json:  # noqa: ARG001 - the query holds only the token
    """GET tags/get."""
    return {"tags": Audience(state, appid).tags()}


def update(state: State, appid: str, request: Request) -> Mapping[str, Any]:
    """POST tags/update."""
    Audience(state, appid).rename_tag(json_object(request.body).get("tag"))
    return OK


def delete(state: State, appid: str, request: Request) -> Mapping[str, Any]:
    """POST tags/delete."""
    Audience(state, appid).delete_tag(json_object(request.body).get("tag"))
    return OK


def of_follower(state: State, appid: str, request: Request) -> Json:
    """POST tags/getidlist."""
    return {"tagid_list": Audience(state, appid).tag_ids(json_object(request.body).get("openid"))}


def give(state: State, appid: str, request: Request) -> Mapping[str, Any]:
    """POST tags/members/batchtagging."""
    body = json_object(request.body)
    Audience(state, appid).give_tag(body.get("openid_list"), body.get("tagid"))
    return OK


def take(state: State, appid: str, request: Request) -> Mapping[str, Any]:
    """POST tags/members/batchuntagging."""
    body = json_object(request.body)
    Audience(state, appid).take_tag(body.get("openid_list"), body.get("tagid"))
    return OK


def followers(state: State, appid: str, request: Request) -> Json:
    """user/tag/get: POST today, GET with the same body or in the query by the older page."""
    fields = json_object(request.body) if request.method == "POST" or request.body else request.query
    return Audience(state, appid).tagged(fields.get("tagid"), fields.get("next_openid"))


ENDPOINTS = (
    Endpoint("/cgi-bin/tags/create", POST, create),
    Endpoint("/cgi-bin/tags/get", GET, get),
    Endpoint("/cgi-bin/tags/update", POST, update),
    Endpoint("/cgi-bin/tags/delete", POST, delete),
    Endpoint("/cgi-bin/tags/getidlist", POST, of_follower),
    Endpoint("/cgi-bin/tags/members/batchtagging", POST, give),
    Endpoint("/cgi-bin/tags/members/batchuntagging", POST, take),
    Endpoint("/cgi-bin/user/tag/get", BOTH, followers),
)
