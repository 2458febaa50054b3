"""Customer service: doc/service/api/customer/message/api_getmsglist."""

from __future__ import annotations

from wxdeploy.sandbox.endpoints.base import POST, Endpoint
from wxdeploy.sandbox.request import Json, Request, json_object
from wxdeploy.sandbox.state import State


def records(state: State, appid: str, request: Request) -> Json:
    """POST msgrecord/getmsglist."""
    return state.chats.page(appid, json_object(request.body))


ENDPOINTS = (Endpoint("/customservice/msgrecord/getmsglist", POST, records),)
