"""What WeChat sends to an account's callback and what it takes for an answer: data with sources.

Pages of developers.weixin.qq.com, read 2026-10: doc/service/guide/dev/push (server address, signature),
doc/service/guide/dev/push/encryption (modes, AES), doc/service/guide/product/message/Passive_user_reply_message (time,
repeats, replies), doc/service/guide/product/menu/Custom_Menu_Push_Events and
doc/service/guide/product/message/Receiving_standard_messages, Receiving_event_pushes (fields).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

TIMEOUT_SECONDS = 5
"""WeChat closes a connection that brought no answer for so long, and tries again (Passive_user_reply_message)."""

ATTEMPTS = 3
"""How often one message is sent at most (same page)."""

NOTHING_TO_SAY = b"success"
"""The recommended answer where nothing is to be shown to the follower; an empty body is the other (same page)."""

TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
"""The token of the callback's settings (push)."""

ENCODING_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
"""The key of the callback's settings; with one ``=`` it is the base64 of 32 bytes (push/encryption)."""

AES_BLOCK = 32
"""What PKCS#7 pads a message to; AES's own blocks have 16 bytes (push/encryption)."""

RANDOM_BYTES = 16
"""In front of an encrypted message; its length in four bytes, big-endian, stands between (push/encryption)."""

MODES = ("plain", "compatible", "secure")
"""明文模式, 兼容模式 (each message both ways, an answer either way) and 安全模式 (push/encryption)."""

MESSAGES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "text": ("Content",),
        "image": ("PicUrl", "MediaId"),
        "voice": ("MediaId", "Format"),
        "video": ("MediaId", "ThumbMediaId"),
        "shortvideo": ("MediaId", "ThumbMediaId"),
        "location": ("Location_X", "Location_Y", "Scale", "Label"),
        "link": ("Title", "Description", "Url"),
    }
)
"""``MsgType`` of what a follower sends -> the fields of its own; each has a ``MsgId`` (Receiving_standard_messages)."""

EVENT = "event"
"""``MsgType`` of everything else; it has ``Event`` and no ``MsgId``, but for some reports of sendings."""

TAP_EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "click": "CLICK",
        "view": "VIEW",
        "miniprogram": "view_miniprogram",
        "scancode_push": "scancode_push",
        "scancode_waitmsg": "scancode_waitmsg",
        "pic_sysphoto": "pic_sysphoto",
        "pic_photo_or_album": "pic_photo_or_album",
        "pic_weixin": "pic_weixin",
        "location_select": "location_select",
    }
)
"""Type of a button -> the event of a tap on it; the other types bring none (Custom_Menu_Push_Events)."""

KEYED_EVENTS = frozenset(TAP_EVENTS.values()) - {"VIEW", "view_miniprogram"}
"""Events whose ``EventKey`` is the button's key (same page)."""

AWAITED_EVENTS = frozenset({"CLICK", "scancode_waitmsg"})
"""Events after which the follower waits for a message; the other taps show something by themselves (same page)."""

EVENTS = frozenset(
    {
        *TAP_EVENTS.values(),
        *("subscribe", "unsubscribe", "SCAN", "LOCATION"),
        *("TEMPLATESENDJOBFINISH", "MASSSENDJOBFINISH", "user_authorization_revoke"),
        *("subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event"),
    }
)
"""The events that are known; WeChat adds others (Receiving_event_pushes and the pages of the features)."""

EVENT_FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "subscribe": (),
        "unsubscribe": (),
        "SCAN": ("EventKey", "Ticket"),
        "LOCATION": ("Latitude", "Longitude", "Precision"),
        "TEMPLATESENDJOBFINISH": ("MsgID", "Status"),
    }
)
"""Event that no menu sends and the sandbox can -> the fields of its own (Receiving_event_pushes, template_message)."""

REPLY_ELEMENTS: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        "text": (("Content",),),
        "image": (("Image", "MediaId"),),
        "voice": (("Voice", "MediaId"),),
        "video": (("Video", "MediaId"),),
        "music": (("Music", "ThumbMediaId"),),
        "news": (("ArticleCount",), ("Articles", "item")),
        "transfer_customer_service": (),
    }
)
"""``MsgType`` of a passive reply -> the elements that it must have (Passive_user_reply_message)."""

UNAVAILABLE = "该公众号暂时无法提供服务，请稍后再试"
"""What the follower reads when nothing came in time, or something that is no reply (Passive_user_reply_message)."""

REPORTS = frozenset({"TEMPLATESENDJOBFINISH", "MASSSENDJOBFINISH", "subscribe_msg_sent_event"})
"""Events that tell how a sending ended: no follower did anything."""

SCENE_PREFIX = "qrscene_"
"""What ``EventKey`` of ``subscribe`` begins with after a QR code; in ``SCAN`` the scene stands alone."""
