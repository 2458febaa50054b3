"""The auto-replies of the web console: doc/service/api/notify/autoreplies/api_getcurrentautoreplyinfo."""

from __future__ import annotations

from wxdeploy.sandbox.endpoints.base import GET, Endpoint
from wxdeploy.sandbox.request import Json, Request
from wxdeploy.sandbox.state import State


def info(state: State, appid: str, request: Request) -> Json:  # noqa: ARG001 - the query holds only the token
    """GET get_current_autoreply_info."""
    return state.autoreplies.info(appid)


ENDPOINTS = (Endpoint("/cgi-bin/get_current_autoreply_info", GET, info),)
