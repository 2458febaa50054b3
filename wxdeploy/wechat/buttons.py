"""The button types of WeChat's menus and the fields of each.

Source: doc/service/api/custommenu/api_createcustommenu (types, fields) and
doc/service/api/custommenu/api_getcurrentselfmenuinfo (types made in the web console), read 2026-10.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

KEY_TYPES = (
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
)
"""Types whose tap sends ``key`` to the account's server."""

FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(KEY_TYPES, ("key",)),
        "view": ("url",),
        "media_id": ("media_id",),
        "article_id": ("article_id",),
        "article_view_limited": ("article_id",),
        "miniprogram": ("url", "appid", "pagepath"),
        "view_limited": ("media_id",),
    }
)
"""Type -> the fields it requires besides ``name``; any other of ``ALL_FIELDS`` has no meaning there."""

WITHDRAWN = frozenset({"view_limited"})
"""No longer in the official list of types; since the draft box it opens no article."""

CONSOLE_ONLY = frozenset({"text", "img", "photo", "voice", "video", "news"})
"""Made in the web console; ``menu/create`` refuses them (40024)."""

CONSOLE_TEMPORARY = frozenset({"img", "photo", "voice", "video"})
"""Console types whose ``value`` is a temporary id or address that differs at every read."""

ALL_FIELDS = ("key", "url", "media_id", "appid", "pagepath", "article_id")
"""Every field that says what a tap does, in the order a button is written."""
