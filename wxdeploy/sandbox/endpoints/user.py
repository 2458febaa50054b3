"""Followers: doc/service/api/usermanage/userinfo/api_userinfo, api_batchuserinfo, api_getfans."""

from __future__ import annotations

from wxdeploy.sandbox.audience import Audience
from wxdeploy.sandbox.endpoints.base import GET, POST, Endpoint
from wxdeploy.sandbox.request import Json, Refusal, Request, json_object
from wxdeploy.sandbox.state import State
from wxdeploy.wechat.errcodes import Code


def info(state: State, appid: str, request: Request) -> Json:
    """GET user/info."""
    openid = request.query.get("openid")
    if not openid:
        raise Refusal(Code.MISSING_OPENID)
    return Audience(state, appid).info(openid)


def batch_info(state: State, appid: str, request: Request) -> Json:
    """POST user/info/batchget."""
    return {"user_info_list": Audience(state, appid).infos(json_object(request.body).get("user_list"))}


def followers(state: State, appid: str, request: Request) -> Json:
    """GET user/get."""
    return Audience(state, appid).followers(request.query.get("next_openid"))


ENDPOINTS = (
    Endpoint("/cgi-bin/user/info", GET, info),
    Endpoint("/cgi-bin/user/info/batchget", POST, batch_info),
    Endpoint("/cgi-bin/user/get", GET, followers),
)
