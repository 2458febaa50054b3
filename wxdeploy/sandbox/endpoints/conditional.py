"""Personalised menus: doc/service/api/custommenu/api_addconditionalmenu, api_deleteconditionalmenu,
api_trymatchmenu.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wxdeploy.sandbox.account import Account
from wxdeploy.sandbox.endpoints.base import POST, Endpoint
from wxdeploy.sandbox.request import OK, BodyCodes, Json, Refusal, Request, json_object
from wxdeploy.sandbox.state import State
from wxdeploy.wechat.errcodes import Code

_ADD = BodyCodes(bom=Code.INVALID_BUTTON_COUNT, not_utf8=Code.NOT_UTF8)
# A form-encoded body answers as if the id were wrong (easywechat #280).
_DELETE = BodyCodes(form=Code.NO_SUCH_CONDITIONAL_MENU)
_MATCH = BodyCodes(form=Code.NO_SUCH_USER)


def add(state: State, appid: str, request: Request) -> Json:
    """POST menu/addconditional: the new id, a string here and a number in menu/get."""
    return {"menuid": str(Account(state, appid).add_conditional_menu(json_object(request.body, _ADD)))}


def delete(state: State, appid: str, request: Request) -> Mapping[str, Any]:
    """POST menu/delconditional; no ``menuid`` at all is 40035, a wrong one 65301."""
    body = json_object(request.body, _DELETE)
    if "menuid" not in body:
        raise Refusal(Code.INVALID_ARGS)
    Account(state, appid).delete_conditional_menu(body["menuid"])
    return OK


def match(state: State, appid: str, request: Request) -> Json:
    """POST menu/trymatch: the buttons without wrapper, id or rule."""
    return Account(state, appid).menu_of(json_object(request.body, _MATCH).get("user_id"))


ENDPOINTS = (
    Endpoint("/cgi-bin/menu/addconditional", POST, add),
    Endpoint("/cgi-bin/menu/delconditional", POST, delete),
    Endpoint("/cgi-bin/menu/trymatch", POST, match),
)
