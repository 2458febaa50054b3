"""What a follower does on the phone, as the message that WeChat pushes to the account's callback.

Sources: the pages that ``wechat.callback`` names; the samples of Custom_Menu_Push_Events for what a scan, pictures
and a place look like.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from wxdeploy.sandbox.buttons import Button
from wxdeploy.sandbox.request import Json
from wxdeploy.wechat.callback import EVENT, EVENT_FIELDS, MESSAGES, TAP_EVENTS

_SCANNED = {"ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": "https://example.com/scanned"}}
_PICTURES = {"SendPicsInfo": {"Count": 1, "PicList": {"item": {"PicMd5Sum": "5a75aaca956d97be686719218f275c6b"}}}}
_PLACE = {
    "SendLocationInfo": {
        "Location_X": "23",
        "Location_Y": "113",
        "Scale": "15",
        "Label": "广州市海珠区客村艺苑路 106号",
        "Poiname": "",
    }
}
_TAKEN: Mapping[str, Json] = {
    "scancode_push": _SCANNED,
    "scancode_waitmsg": _SCANNED,
    "pic_sysphoto": _PICTURES,
    "pic_photo_or_album": _PICTURES,
    "pic_weixin": _PICTURES,
    "location_select": _PLACE,
}
"""Event -> what the follower scanned, chose or pointed at."""

_OPENING = {"VIEW": "url", "view_miniprogram": "pagepath"}
"""Event of a button that opens a page -> the field that is its ``EventKey``; these alone name the menu."""


def original_id(appid: str) -> str:
    """The account's ``gh_`` id, which stands for it in messages; the same for the same appid."""
    return "gh_" + hashlib.sha256(appid.encode()).hexdigest()[:12]


def tapped(button: Button, menuid: int) -> Json | None:
    """The event of a tap on a button of the menu with this id; None for a type whose taps push nothing.

    A parent's tap opens its sub-menu and pushes nothing either.
    """
    event = TAP_EVENTS.get(button.get("type", ""))
    if event is None or button.get("sub_button"):
        return None
    if event in _OPENING:
        return {"MsgType": EVENT, "Event": event, "EventKey": button.get(_OPENING[event], ""), "MenuId": menuid}
    return {"MsgType": EVENT, "Event": event, "EventKey": button.get("key", ""), **_TAKEN.get(event, {})}


def happened(event: Mapping[str, Any]) -> Json:
    """An event that no menu sends, such as ``{"Event": "SCAN", "EventKey": …, "Ticket": …}``; ValueError for others."""
    name = str(event.get("Event"))
    if name not in EVENT_FIELDS:
        raise ValueError(f"event.Event: expected one of {', '.join(EVENT_FIELDS)}")
    return {"MsgType": EVENT, **_complete(event, EVENT_FIELDS[name], "event")}


def sent(message: Mapping[str, Any]) -> Json:
    """A follower's message, such as ``{"MsgType": "text", "Content": …}``; ValueError where it is none."""
    name = str(message.get("MsgType"))
    if name not in MESSAGES:
        raise ValueError(f"message.MsgType: expected one of {', '.join(MESSAGES)}")
    return _complete(message, MESSAGES[name], "message")


def _complete(fields: Mapping[str, Any], wanted: tuple[str, ...], path: str) -> Json:
    for name in wanted:
        if not isinstance(fields.get(name), str | int | float) or isinstance(fields[name], bool):
            raise ValueError(f"{path}.{name}: expected a text or a number")  # noqa: TRY004 - the request's
    return dict(fields)


def addressed(fields: Json, *, appid: str, openid: str, now: float) -> Json:
    """The whole message: from whom, to whom, when, then what."""
    return {"ToUserName": original_id(appid), "FromUserName": openid, "CreateTime": int(now), **fields}
