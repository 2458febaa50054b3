"""Templates and industries: doc/service/api/notify/template/api_getalltemplates, api_addtemplate, api_deletetemplate,
api_getindustry, api_setindustry.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wxdeploy.sandbox.endpoints.base import GET, POST, Endpoint
from wxdeploy.sandbox.request import OK, BodyCodes, Json, Request, json_object
from wxdeploy.sandbox.state import State
from wxdeploy.sandbox.templates import Templates
from wxdeploy.wechat.errcodes import Code

# Keyword names written as escapes are unknown ones (community personal oCJUswyNNtcwm877s-nlJoaPOUdo).
_ADD = BodyCodes(escapes=Code.INVALID_KEYWORD_NAMES)


def listed(state: State, appid: str, request: Request) -> Json:  # noqa: ARG001 - the query holds only the token
    """GET get_all_private_template."""
    return Templates(state, appid).list()


def add(state: State, appid: str, request: Request) -> Json:
    """POST api_add_template."""
    body = json_object(request.body, _ADD)
    return {
        **OK,
        "template_id": Templates(state, appid).add(body.get("template_id_short"), body.get("keyword_name_list")),
    }


def delete(state: State, appid: str, request: Request) -> Mapping[str, Any]:
    """POST del_private_template."""
    Templates(state, appid).delete(json_object(request.body).get("template_id"))
    return OK


def industries(state: State, appid: str, request: Request) -> Json:  # noqa: ARG001 - the query holds only the token
    """GET get_industry."""
    return Templates(state, appid).industries()


def set_industries(state: State, appid: str, request: Request) -> Mapping[str, Any]:
    """POST api_set_industry."""
    body = json_object(request.body)
    Templates(state, appid).set_industries(body.get("industry_id1"), body.get("industry_id2"), request.now)
    return OK


ENDPOINTS = (
    Endpoint("/cgi-bin/template/get_all_private_template", GET, listed),
    Endpoint("/cgi-bin/template/api_add_template", POST, add),
    Endpoint("/cgi-bin/template/del_private_template", POST, delete),
    Endpoint("/cgi-bin/template/get_industry", GET, industries),
    Endpoint("/cgi-bin/template/api_set_industry", POST, set_industries),
)
