"""What an account is asked about itself: doc/service/api/apimanage/api_getapiquota, doc/service/api/base/
api_callbackcheck, api_getcallbackip and api_getapidomainip.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wxdeploy.sandbox.endpoints.base import GET, POST, Endpoint
from wxdeploy.sandbox.request import OK, Json, Refusal, Request, json_object
from wxdeploy.sandbox.state import State
from wxdeploy.wechat import endpoints as known
from wxdeploy.wechat import limits
from wxdeploy.wechat.errcodes import Code

# Path -> calls a day, where published.
_QUOTAS = {endpoint.path: endpoint.quota for endpoint in known.ENDPOINTS.values()}
_DAY = 24 * 3600

# Addresses for documentation (RFC 5737).
_ADDRESSES = {"ip_list": ["192.0.2.1", "192.0.2.2", "198.51.100.0/25"]}

_ACTIONS = {"dns": ("dns",), "ping": ("ping",), "all": ("dns", "ping")}
_OPERATORS = ("CHINANET", "UNICOM", "CAP", "DEFAULT")


def quota(state: State, appid: str, request: Request) -> Mapping[str, Any]:
    """POST openapi/quota/get: what is left of a call today, by the log."""
    path = json_object(request.body).get("cgi_path")
    if not isinstance(path, str) or not path.startswith("/"):
        raise Refusal(Code.MALFORMED_CGI_PATH)
    if path.startswith(("/sns/", "/cgi-bin/component/")):
        raise Refusal(Code.CGI_PATH_OF_ANOTHER_KIND)
    if path not in _QUOTAS:
        raise Refusal(Code.NO_SUCH_CGI_PATH)
    limit = _QUOTAS[path] or limits.UNPUBLISHED_QUOTA
    used = state.calls_since(appid, path, _midnight(request.now))
    return {**OK, "quota": {"daily_limit": limit, "used": used, "remain": max(limit - used, 0)}}


def check(state: State, appid: str, request: Request) -> Json:
    """POST callback/check: the name of the callback looked up, its addresses pinged once each."""
    fields = json_object(request.body)
    wanted = _ACTIONS.get(str(fields.get("action")))
    if wanted is None:
        raise Refusal(Code.INVALID_CHECK_ACTION)
    operator = fields.get("check_operator")
    if operator not in _OPERATORS:
        raise Refusal(Code.INVALID_CHECK_OPERATOR)
    callback = state.platforms.callback(appid)
    if callback is None:
        raise Refusal(Code.INVALID_CHECK_URL)
    source = "UNICOM" if operator == "DEFAULT" else operator
    loss = {"package_loss": "100%", "time": ""} if callback.lost else {"package_loss": "0%", "time": "23.079ms"}
    answer: Json = {}
    if "dns" in wanted:
        answer["dns"] = [{"ip": ip, "real_operator": "UNICOM"} for ip in callback.ips]
    if "ping" in wanted:
        answer["ping"] = [{"ip": ip, "from_operator": source, **loss} for ip in callback.ips]
    return answer


def addresses(state: State, appid: str, request: Request) -> Json:  # noqa: ARG001 - the same for all
    """GET getcallbackip and get_api_domain_ip."""
    return dict(_ADDRESSES)


def _midnight(now: float) -> float:
    """When the day of ``now`` began in Beijing, by which calls are counted."""
    shift = limits.BEIJING_HOURS * 3600
    return (now + shift) // _DAY * _DAY - shift


ENDPOINTS = (
    Endpoint("/cgi-bin/openapi/quota/get", POST, quota),
    Endpoint("/cgi-bin/callback/check", POST, check),
    Endpoint("/cgi-bin/getcallbackip", GET, addresses),
    Endpoint("/cgi-bin/get_api_domain_ip", GET, addresses),
)
