"""The default menu: doc/service/api/custommenu/api_createcustommenu, api_getmenu, api_deletemenu,
api_getcurrentselfmenuinfo.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wxdeploy.sandbox.account import Account
from wxdeploy.sandbox.endpoints.base import BOTH, GET, POST, Endpoint
from wxdeploy.sandbox.request import OK, BodyCodes, Json, Request, json_object
from wxdeploy.sandbox.state import State
from wxdeploy.wechat.errcodes import Code

_BODY = BodyCodes(bom=Code.INVALID_BUTTON_COUNT)


def create(state: State, appid: str, request: Request) -> Mapping[str, Any]:
    """POST menu/create."""
    Account(state, appid).create_menu(json_object(request.body, _BODY))
    return OK


def get(state: State, appid: str, request: Request) -> Json:  # noqa: ARG001 - the query holds only the token
    """GET menu/get."""
    return Account(state, appid).menus()


def delete(state: State, appid: str, request: Request) -> Mapping[str, Any]:  # noqa: ARG001 - any body is ignored
    """GET menu/delete; one sample of the documentation posts ``{}``."""
    Account(state, appid).delete_menus()
    return OK


def selfmenu(state: State, appid: str, request: Request) -> Json:  # noqa: ARG001 - the query holds only the token
    """GET get_current_selfmenu_info."""
    return Account(state, appid).selfmenu()


ENDPOINTS = (
    Endpoint("/cgi-bin/menu/create", POST, create),
    Endpoint("/cgi-bin/menu/get", GET, get),
    Endpoint("/cgi-bin/menu/delete", BOTH, delete),
    Endpoint("/cgi-bin/get_current_selfmenu_info", GET, selfmenu),
)
