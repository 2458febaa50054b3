"""Every figure WeChat sets a bound with, where it comes from and how sure it is."""

from __future__ import annotations

from collections.abc import Sized
from enum import StrEnum
from typing import NamedTuple

_CREATE = "doc/service/api/custommenu/api_createcustommenu"
_CONDITIONAL = "doc/service/api/custommenu/api_addconditionalmenu"
_TAG = "doc/service/api/usermanage/tag/api_createtag"


class Unit(StrEnum):
    """What a limit counts."""

    BYTES = "UTF-8 bytes"
    CHARACTERS = "characters"
    ITEMS = "items"


class Limit(NamedTuple):
    """One bound of the vendor's.

    ``value`` is the largest that is accepted (the smallest is ``least``); ``source`` names the page of the official
    documentation, ``verified`` the month it was last read (no account was available to measure against).
    """

    name: str
    value: int
    unit: Unit
    source: str
    verified: str
    least: int = 0

    def measure(self, thing: str | Sized) -> int:
        """How much of this limit's unit ``thing`` holds: bytes or characters of a text, items of a collection."""
        if isinstance(thing, str) and self.unit is not Unit.CHARACTERS:
            return len(thing.encode("utf-8", "surrogatepass"))
        return len(thing)

    def accepts(self, thing: str | Sized) -> bool:
        """Whether ``thing`` is neither more nor less than WeChat takes."""
        return self.least <= self.measure(thing) <= self.value


def _bytes(name: str, value: int, source: str, *, least: int = 1) -> Limit:
    return Limit(name=name, value=value, unit=Unit.BYTES, source=source, verified="2026-10", least=least)


def _items(name: str, value: int, source: str, *, least: int = 0) -> Limit:
    return Limit(name=name, value=value, unit=Unit.ITEMS, source=source, verified="2026-10", least=least)


BUTTONS = _items("first-level buttons", 3, _CREATE, least=1)
SUB_BUTTONS = _items("second-level buttons", 5, _CREATE, least=1)
# 16 is documented; longer first-level names are seen in live menus, which are kept by silencing the rule.
NAME = _bytes("first-level button name", 16, _CREATE)
SUB_NAME = _bytes("second-level button name", 60, _CREATE)
KEY = _bytes("button key", 128, _CREATE)
URL = _bytes("button url", 1024, _CREATE)

# What the phone shows before it cuts with an ellipsis, in cells (a Chinese character is two). Observed, not documented:
# developers.weixin.qq.com community thread 00044c334a0618d87a4c6d76a59400.
NAME_CELLS = 8
SUB_NAME_CELLS = 16

# The phone asks for the menu again when it is entered and its copy is older than this many seconds (same page as NAME).
MENU_REFRESH_SECONDS = 300

CONDITIONAL_DOMAINS = _items("link domains over all personalised menus", 3, _CONDITIONAL)
TAGS = _items("tags", 100, _TAG)
# The parameter table says 30 characters, return code 45158 says 30 bytes: the stricter reading.
TAG_NAME = _bytes("tag name", 30, _TAG)
TAGS_OF_FOLLOWER = _items("tags of one follower", 20, "doc/service/api/usermanage/tag/api_batchtagging")
OPENIDS_A_TAGGING = _items(
    "openids of one tagging call", 50, "doc/service/api/usermanage/tag/api_batchtagging", least=1
)
# A tag with more followers than this can't be deleted before they are untagged (45057).
TAG_DELETE_FOLLOWERS = _items("followers of a tag to delete", 100_000, "doc/service/api/usermanage/tag/api_deletetag")
RESERVED_TAG_IDS = frozenset({0, 1, 2})
STARRED_TAG_ID = 2
STARRED_TAG_NAME = "星标组"  # the row of tags/get that every account has (doc/service/api/usermanage/tag/api_gettags)
FIRST_TAG_ID = 100  # the lowest id seen of a tag that an account made itself; observed, not documented

_USER = "doc/service/api/usermanage/userinfo/"
OPENIDS_A_PAGE = _items("openids of one page of followers", 10_000, _USER + "api_getfans")
OPENIDS_A_BATCHGET = _items("openids of one user/info/batchget", 100, _USER + "api_batchuserinfo", least=1)

# Both token calls promise two hours (doc/service/api/base/api_getaccesstoken, api_getstableaccesstoken). stable_token
# renews in the last five minutes, while both tokens work; a second force_refresh within half a minute changes nothing.
TOKEN_SECONDS = 7200
TOKEN_OVERLAP_SECONDS = 300
FORCE_REFRESH_PAUSE_SECONDS = 30

_TEMPLATE = "doc/service/guide/product/template_message"
TEMPLATES = _items("templates", 25, _TEMPLATE)
# Of a test account, whose templates are typed in by hand on its page; observed, not documented.
TEST_ACCOUNT_TEMPLATES = _items("templates of a test account", 10, "community threads")
# What the web console lets be chosen; the page of api_add_template gives no figure, that of subscription notifications
# (newtmpl/addtemplate, kidList) says 2 to 5.
TEMPLATE_KEYWORDS = _items("keywords of a template", 5, "doc/service/api/notify/notify", least=2)
# Every id seen has this many characters of the alphabet of openids.
TEMPLATE_ID_CHARACTERS = 43
# "One change a month" (same page); that a month is thirty days is an assumption.
INDUSTRY_CHANGE_SECONDS = 30 * 24 * 3600
# The same client_msg_id to the same openid is not sent again within ten minutes
# (doc/service/api/notify/template/api_sendtemplatemessage).
CLIENT_MSG_ID_SECONDS = 600

_REPLY = "doc/offiaccount/Message_Management/Passive_user_reply_message"
# The page of today gives no figure. Its older version did (quoted at biecuoliao.com/pa/4pDvrR4.html), and users of SDKs
# still observe it: a longer text is taken and never shown.
REPLY_TEXT = _bytes("text of a reply", 2048, _REPLY)
SCENE = Limit(
    name="scene of a QR code", value=64, unit=Unit.CHARACTERS, source="doc/service/api/qrcode/qrcodes/api_createqrcode",
    verified="2026-10", least=1,
)  # fmt: skip

# doc/oplatform/openApi/authorization-management/getAuthorizerList
AUTHORIZERS_A_PAGE = _items("accounts of one page of authorizers", 500, "doc/oplatform/openApi", least=1)
# Quotas are counted by the day of Beijing (doc/service/Message_Management/API_Call_Limits).
BEIJING_HOURS = 8
# What the sandbox gives a call whose quota is not published.
UNPUBLISHED_QUOTA = 1000
# No page says how far a clock may be off. Beyond this, times that two systems exchange (a callback's timestamp, the end
# of a token) can no longer be relied on.
CLOCK_SKEW_SECONDS = 60

_RECORDS = "doc/service/api/customer/message/api_getmsglist"
CHATS_A_PAGE = _items("messages of one page of customer-service records", 10_000, _RECORDS, least=1)
CHAT_WINDOW_SECONDS = 24 * 3600  # the same page
CUSTOMER_SENT = 2003  # the opercode of what the follower wrote; 2002 is the staff's (the same page)

# How long after a follower's message the account may write to them
# (doc/service/api/customer/message/api_sendcustommessage).
SERVICE_WINDOW_SECONDS = 48 * 3600

# A passive reply of type news: to a follower's message, and to an event
# (doc/service/guide/product/message/Passive_user_reply_message).
REPLY_ARTICLES_TO_MESSAGE = 1
REPLY_ARTICLES = 8
