"""The calls of the Official Account API: what each is, whether it writes, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from wxdeploy.wechat.errcodes import Code

OFFICIAL_HOST = "https://api.weixin.qq.com"


class Mode(StrEnum):
    """What a call does to the account."""

    TOKEN = "token"  # noqa: S105 - the word, not a credential
    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One call.

    ``repeatable``: sending it twice leaves the account as sending it once. ``quota``: calls a day, where published
    (doc/service/Message_Management/API_Call_Limits). ``nothing_there``: return codes that answer "there is none",
    which a reader takes as an answer and not as a failure.
    """

    id: str
    method: str
    path: str
    mode: Mode
    repeatable: bool
    quota: int | None
    source: str
    nothing_there: tuple[Code, ...] = ()


_MENU = "doc/service/api/custommenu/"
_TAG = "doc/service/api/usermanage/tag/"

_ALL = (
    Endpoint(
        id="token.stable",
        method="POST",
        path="/cgi-bin/stable_token",
        mode=Mode.TOKEN,
        repeatable=True,
        quota=500_000,
        source="doc/service/api/base/api_getstableaccesstoken",
    ),
    Endpoint(
        id="menu.get",
        method="GET",
        path="/cgi-bin/menu/get",
        mode=Mode.READ,
        repeatable=True,
        quota=10_000,
        source=_MENU + "api_getmenu",
        nothing_there=(Code.MENU_NOT_EXIST,),
    ),
    Endpoint(
        id="selfmenu.get",
        method="GET",
        path="/cgi-bin/get_current_selfmenu_info",
        mode=Mode.READ,
        repeatable=True,
        quota=None,
        source=_MENU + "api_getcurrentselfmenuinfo",
    ),
    Endpoint(
        id="menu.create",
        method="POST",
        path="/cgi-bin/menu/create",
        mode=Mode.WRITE,
        repeatable=True,
        quota=1_000,
        source=_MENU + "api_createcustommenu",
    ),
    Endpoint(
        id="menu.delete",
        method="GET",
        path="/cgi-bin/menu/delete",
        mode=Mode.WRITE,
        repeatable=True,
        quota=1_000,
        source=_MENU + "api_deletemenu",
    ),
)

ENDPOINTS: Mapping[str, Endpoint] = MappingProxyType({endpoint.id: endpoint for endpoint in _ALL})
"""Endpoint id -> endpoint."""

READABLE: frozenset[tuple[str, str]] = frozenset((e.method, e.path) for e in _ALL if e.mode is not Mode.WRITE)
"""The read list: (method, path) of every call that a reading command may send."""
