"""Template messages: doc/service/api/notify/template/api_sendtemplatemessage."""

from __future__ import annotations

from wxdeploy.sandbox.endpoints.base import POST, Endpoint
from wxdeploy.sandbox.messages import Outbox
from wxdeploy.sandbox.request import OK, Json, Request, json_object
from wxdeploy.sandbox.state import State


def send(state: State, appid: str, request: Request) -> Json:
    """POST message/template/send: the id is a number of nineteen digits."""
    return {**OK, "msgid": Outbox(state, appid).send(json_object(request.body), request.now)}


ENDPOINTS = (Endpoint("/cgi-bin/message/template/send", POST, send),)
