"""The calls of the Official Account API: what each is, whether it writes, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from wxdeploy.wechat.errcodes import Code

OFFICIAL_HOST = "https://api.weixin.qq.com"


class Mode(StrEnum):
    """What a call does to the account."""

    TOKEN = "token"  # noqa: S105 - the word, not a credential
    READ = "read"
    WRITE = "write"


class Endpoint(NamedTuple):
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
    nothing_there: tuple[int, ...] = ()

    @property
    def call(self) -> str:
        """The call as it is written in a plan: ``POST /cgi-bin/menu/create``."""
        return f"{self.method} {self.path}"


_MENU = "doc/service/api/custommenu/"
_TAG = "doc/service/api/usermanage/tag/"
_USER = "doc/service/api/usermanage/userinfo/"
_TEMPLATE = "doc/service/api/notify/template/"

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
    # Hands out the token and, as the page says, the refresh token to store; it changes nothing of the account.
    Endpoint(
        id="token.authorizer",
        method="POST",
        path="/cgi-bin/component/api_authorizer_token",
        mode=Mode.TOKEN,
        repeatable=True,
        quota=None,
        source="doc/oplatform/openApi/ticket-token/api_getauthorizeraccesstoken",
    ),
    # The accounts that have authorised a platform, with the refresh token of each.
    Endpoint(
        id="token.authorizers",
        method="POST",
        path="/cgi-bin/component/api_get_authorizer_list",
        mode=Mode.TOKEN,
        repeatable=True,
        quota=None,
        source="doc/oplatform/openApi/authorization-management/api_getauthorizerlist",
    ),
    # What one of them is called; the answer may hold its refresh token too.
    Endpoint(
        id="token.authorizer_info",
        method="POST",
        path="/cgi-bin/component/api_get_authorizer_info",
        mode=Mode.TOKEN,
        repeatable=True,
        quota=None,
        source="doc/oplatform/openApi/authorization-management/api_getauthorizerinfo",
    ),
    # POSTs that change nothing: they ask for what is left, and for a look at the callback from WeChat's side.
    Endpoint(
        id="quota.get",
        method="POST",
        path="/cgi-bin/openapi/quota/get",
        mode=Mode.READ,
        repeatable=True,
        quota=None,
        source="doc/service/api/apimanage/api_getapiquota",
    ),
    Endpoint(
        id="callback.check",
        method="POST",
        path="/cgi-bin/callback/check",
        mode=Mode.READ,
        repeatable=True,
        quota=1_440,
        source="doc/service/api/base/api_callbackcheck",
    ),
    Endpoint(
        id="callback.addresses",
        method="GET",
        path="/cgi-bin/getcallbackip",
        mode=Mode.READ,
        repeatable=True,
        quota=None,
        source="doc/service/api/base/api_getcallbackip",
    ),
    Endpoint(
        id="api.addresses",
        method="GET",
        path="/cgi-bin/get_api_domain_ip",
        mode=Mode.READ,
        repeatable=True,
        quota=None,
        source="doc/service/api/base/api_getapidomainip",
    ),
    # A POST that changes nothing: what customer-service staff and followers wrote to each other.
    Endpoint(
        id="record.list",
        method="POST",
        path="/customservice/msgrecord/getmsglist",
        mode=Mode.READ,
        repeatable=True,
        quota=None,
        source="doc/service/api/customer/message/api_getmsglist",
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
    # Read only: no call sets what the web console has (community thread 00026ad1b84988d143a032a1b61c00).
    Endpoint(
        id="autoreply.get",
        method="GET",
        path="/cgi-bin/get_current_autoreply_info",
        mode=Mode.READ,
        repeatable=True,
        quota=None,
        source="doc/service/api/notify/autoreplies/api_getcurrentautoreplyinfo",
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
    # A write, though it only hands out a token: it kills the token that the account's other programs hold.
    Endpoint(
        id="token.fetch",
        method="GET",
        path="/cgi-bin/token",
        mode=Mode.WRITE,
        repeatable=False,
        quota=2_000,
        source="doc/service/api/base/api_getaccesstoken",
    ),
    Endpoint(
        id="conditional.add",
        method="POST",
        path="/cgi-bin/menu/addconditional",
        mode=Mode.WRITE,
        repeatable=False,
        quota=2_000,
        source=_MENU + "api_addconditionalmenu",
    ),
    Endpoint(
        id="conditional.delete",
        method="POST",
        path="/cgi-bin/menu/delconditional",
        mode=Mode.WRITE,
        repeatable=True,
        quota=2_000,
        source=_MENU + "api_deleteconditionalmenu",
        # Deleted already, by somebody else or by a call whose answer was lost.
        nothing_there=(Code.NO_SUCH_CONDITIONAL_MENU,),
    ),
    Endpoint(
        id="conditional.match",
        method="POST",
        path="/cgi-bin/menu/trymatch",
        mode=Mode.READ,
        repeatable=True,
        quota=20_000,
        source=_MENU + "api_trymatchmenu",
    ),
    Endpoint(
        id="tag.create",
        method="POST",
        path="/cgi-bin/tags/create",
        mode=Mode.WRITE,
        repeatable=False,
        quota=1_000,
        source=_TAG + "api_createtag",
    ),
    Endpoint(
        id="tag.get",
        method="GET",
        path="/cgi-bin/tags/get",
        mode=Mode.READ,
        repeatable=True,
        quota=1_000,
        source=_TAG + "api_gettags",
    ),
    Endpoint(
        id="tag.update",
        method="POST",
        path="/cgi-bin/tags/update",
        mode=Mode.WRITE,
        repeatable=True,
        quota=1_000,
        source=_TAG + "api_updatetag",
    ),
    Endpoint(
        id="tag.delete",
        method="POST",
        path="/cgi-bin/tags/delete",
        mode=Mode.WRITE,
        repeatable=True,
        quota=None,
        source=_TAG + "api_deletetag",
    ),
    Endpoint(
        id="tag.of_follower",
        method="POST",
        path="/cgi-bin/tags/getidlist",
        mode=Mode.READ,
        repeatable=True,
        quota=None,
        source=_TAG + "api_gettagidlist",
    ),
    Endpoint(
        id="tag.give",
        method="POST",
        path="/cgi-bin/tags/members/batchtagging",
        mode=Mode.WRITE,
        repeatable=True,
        quota=100_000,
        source=_TAG + "api_batchtagging",
    ),
    Endpoint(
        id="tag.take",
        method="POST",
        path="/cgi-bin/tags/members/batchuntagging",
        mode=Mode.WRITE,
        repeatable=True,
        quota=None,
        source=_TAG + "api_batchuntagging",
    ),
    Endpoint(
        id="tag.followers",
        method="POST",
        path="/cgi-bin/user/tag/get",
        mode=Mode.READ,
        repeatable=True,
        quota=None,
        source=_TAG + "api_gettagfans",
    ),
    Endpoint(
        id="user.info",
        method="GET",
        path="/cgi-bin/user/info",
        mode=Mode.READ,
        repeatable=True,
        quota=5_000_000,
        source=_USER + "api_userinfo",
    ),
    Endpoint(
        id="user.batch_info",
        method="POST",
        path="/cgi-bin/user/info/batchget",
        mode=Mode.READ,
        repeatable=True,
        quota=None,
        source=_USER + "api_batchuserinfo",
    ),
    Endpoint(
        id="user.list",
        method="GET",
        path="/cgi-bin/user/get",
        mode=Mode.READ,
        repeatable=True,
        quota=500,
        source=_USER + "api_getfans",
    ),
    Endpoint(
        id="template.list",
        method="GET",
        path="/cgi-bin/template/get_all_private_template",
        mode=Mode.READ,
        repeatable=True,
        quota=None,
        source=_TEMPLATE + "api_getalltemplates",
    ),
    # Not repeatable: the same library template added twice is two templates, and two of the slots.
    Endpoint(
        id="template.add",
        method="POST",
        path="/cgi-bin/template/api_add_template",
        mode=Mode.WRITE,
        repeatable=False,
        quota=None,
        source=_TEMPLATE + "api_addtemplate",
    ),
    Endpoint(
        id="template.delete",
        method="POST",
        path="/cgi-bin/template/del_private_template",
        mode=Mode.WRITE,
        repeatable=True,
        quota=None,
        source=_TEMPLATE + "api_deletetemplate",
    ),
    Endpoint(
        id="industry.get",
        method="GET",
        path="/cgi-bin/template/get_industry",
        mode=Mode.READ,
        repeatable=True,
        quota=None,
        source=_TEMPLATE + "api_getindustry",
    ),
    Endpoint(
        id="industry.set",
        method="POST",
        path="/cgi-bin/template/api_set_industry",
        mode=Mode.WRITE,
        repeatable=True,
        quota=None,
        source=_TEMPLATE + "api_setindustry",
    ),
    # Not repeatable by itself: only a client_msg_id in the body keeps a second message from being sent.
    Endpoint(
        id="template.send",
        method="POST",
        path="/cgi-bin/message/template/send",
        mode=Mode.WRITE,
        repeatable=False,
        quota=100_000,
        source=_TEMPLATE + "api_sendtemplatemessage",
    ),
)

ENDPOINTS: Mapping[str, Endpoint] = MappingProxyType({endpoint.id: endpoint for endpoint in _ALL})
"""Endpoint id -> endpoint."""

READABLE: frozenset[tuple[str, str]] = frozenset((e.method, e.path) for e in _ALL if e.mode is not Mode.WRITE)
"""The read list: (method, path) of every call that a reading command may send."""

BY_CALL: Mapping[str, Endpoint] = MappingProxyType({endpoint.call: endpoint for endpoint in _ALL})
"""``POST /cgi-bin/menu/create`` -> endpoint."""
