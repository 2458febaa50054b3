"""Third-party platforms: doc/oplatform/openApi/ticket-token/api_getcomponentaccesstoken, api_getauthorizeraccesstoken,
and doc/oplatform/openApi/authorization-management/getAuthorizerList, api_getauthorizerinfo.

A platform is anyone with a well-formed appid, a secret and a ticket. The query names its token ``access_token`` on the
newer pages and ``component_access_token`` on the older ones; both are taken.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

from wxdeploy.sandbox.endpoints.token import issue
from wxdeploy.sandbox.events import original_id
from wxdeploy.sandbox.platform_rows import ComponentToken
from wxdeploy.sandbox.request import Json, Refusal, Request, json_object, number
from wxdeploy.sandbox.state import State
from wxdeploy.wechat import limits
from wxdeploy.wechat.appids import APPID
from wxdeploy.wechat.errcodes import Code

_TOKEN = re.compile(r"[A-Za-z0-9_@-]+")
_KIND = "authorizer"


def component_token(state: State, request: Request) -> tuple[str | None, Json]:
    """POST component/api_component_token."""
    fields = json_object(request.body)
    appid = _text(fields, "component_appid", Code.MISSING_APPID)
    if not APPID.fullmatch(appid):
        raise Refusal(Code.INVALID_COMPONENT)
    _text(fields, "component_appsecret", Code.MISSING_SECRET)
    _text(fields, "component_verify_ticket", Code.COMPONENT_TICKET_INVALID)
    value = f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(96)}"
    expires = request.now + limits.TOKEN_SECONDS
    state.platforms.add_component_token(value, ComponentToken(appid, expires))
    return None, {"component_access_token": value, "expires_in": limits.TOKEN_SECONDS}


def authorizer_token(state: State, request: Request) -> tuple[str | None, Mapping[str, Any]]:
    """POST component/api_authorizer_token: a token of the account, and the refresh token to store.

    The first refresh token that is named for an account is taken for the right one, as any secret is. Every answer
    brings another; the one that was sent works until the next, so that a lost answer does no harm, and none before it.
    """
    component = _component(state, request)
    fields = json_object(request.body)
    if _text(fields, "component_appid", Code.MISSING_APPID) != component:
        raise Refusal(Code.INVALID_COMPONENT)
    appid = _text(fields, "authorizer_appid", Code.MISSING_APPID)
    if not APPID.fullmatch(appid):
        raise Refusal(Code.INVALID_APPID)
    refresh = _text(fields, "authorizer_refresh_token", Code.INVALID_REFRESH_TOKEN)
    known = state.platforms.refresh_tokens(component, appid)
    if not _TOKEN.fullmatch(refresh) or (known is not None and refresh not in known):
        raise Refusal(Code.INVALID_REFRESH_TOKEN)
    state.ensure_account(appid)
    new = f"refreshtoken@@@{secrets.token_urlsafe(32)}"
    state.platforms.put_refresh_tokens(component, appid, new, refresh)
    token = issue(state, appid, _KIND, request.now)
    return appid, {
        "authorizer_access_token": token.value,
        "expires_in": limits.TOKEN_SECONDS,
        "authorizer_refresh_token": new,
    }


def authorizer_list(state: State, request: Request) -> tuple[str | None, Json]:
    """POST component/api_get_authorizer_list: how a lost refresh token is found again."""
    component = _component(state, request)
    fields = json_object(request.body)
    offset, count = number(fields.get("offset")), number(fields.get("count"))
    if offset is None or offset < 0 or count is None or not limits.AUTHORIZERS_A_PAGE.accepts(range(max(count, 0))):
        raise Refusal(Code.INVALID_ARGS)
    rows = state.platforms.authorized(component)
    page = rows[offset : offset + count]
    return None, {
        "total_count": len(rows),
        "list": [
            {"authorizer_appid": appid, "refresh_token": token, "auth_time": int(request.now)} for appid, token in page
        ],
    }


def authorizer_info(state: State, request: Request) -> tuple[str | None, Json]:
    """POST component/api_get_authorizer_info: of an account that has authorised the platform.

    Source: doc/oplatform/openApi/authorization-management/api_getauthorizerinfo (61003 for any other account).
    """
    component = _component(state, request)
    fields = json_object(request.body)
    if _text(fields, "component_appid", Code.MISSING_APPID) != component:
        raise Refusal(Code.INVALID_COMPONENT)
    appid = _text(fields, "authorizer_appid", Code.MISSING_APPID)
    if not APPID.fullmatch(appid):
        raise Refusal(Code.INVALID_APPID)
    known = dict(state.platforms.authorized(component))
    if appid not in known:
        raise Refusal(Code.NOT_AUTHORIZED_BY_ACCOUNT)
    return None, {
        "authorizer_info": {
            "nick_name": f"公众号{appid[-4:]}",
            "user_name": original_id(appid),
            "service_type_info": {"id": 2},
            "verify_type_info": {"id": 0},
        },
        "authorization_info": {"authorizer_appid": appid, "authorizer_refresh_token": known[appid], "func_info": []},
    }


def _component(state: State, request: Request) -> str:
    """The platform whose token came with the request."""
    value = request.query.get("access_token") or request.query.get("component_access_token")
    if not value:
        raise Refusal(Code.MISSING_TOKEN)
    token = state.platforms.component_token(value)
    if token is None:
        account = state.token(value)
        raise Refusal(Code.COMPONENT_TOKEN_WANTED if account else Code.INVALID_CREDENTIAL)
    if token.expires <= request.now:
        raise Refusal(Code.COMPONENT_TOKEN_EXPIRED)
    return token.component_appid


def _text(fields: Json, name: str, missing: int) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value:
        raise Refusal(missing)
    return value


OPEN = {
    "/cgi-bin/component/api_component_token": component_token,
    "/cgi-bin/component/api_authorizer_token": authorizer_token,
    "/cgi-bin/component/api_get_authorizer_list": authorizer_list,
    "/cgi-bin/component/api_get_authorizer_info": authorizer_info,
}
"""Path -> what answers it: calls that need another token than an account's."""
