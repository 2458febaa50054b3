"""WeChat's side of a callback, written from its pages, and with an SDK's encryption: nothing of it is ours."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import urlencode

from wechatpy.crypto import WeChatCrypto

TOKEN = "AAAAA"
KEY = "A" * 43
APPID = "wxba5fad812f8e6fb9"
NOW = 1_714_037_059
FOLLOWER = "o9AgO5Kd5ggOC-bXrbNODIiE3bGY"
ACCOUNT = "gh_97417a04a28d"

EVENTS = {
    "subscribe": {"Event": "subscribe", "EventKey": ""},
    "subscribe by code": {"Event": "subscribe", "EventKey": "qrscene_123123", "Ticket": "TICKET"},
    "unsubscribe": {"Event": "unsubscribe", "EventKey": ""},
    "scan": {"Event": "SCAN", "EventKey": "123123", "Ticket": "TICKET"},
    "location": {"Event": "LOCATION", "Latitude": "23.137466", "Longitude": "113.352425", "Precision": "119.385040"},
    "click": {"Event": "CLICK", "EventKey": "V1001"},
    "view": {"Event": "VIEW", "EventKey": "https://www.example.com/?a=1&b=2", "MenuId": "410418124"},
    "view_miniprogram": {"Event": "view_miniprogram", "EventKey": "pages/index", "MenuId": "410418124"},
    "scancode_push": {
        "Event": "scancode_push",
        "EventKey": "V1001",
        "ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": "1"},
    },
    "scancode_waitmsg": {
        "Event": "scancode_waitmsg",
        "EventKey": "V1001",
        "ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": "2"},
    },
    **{
        name: {
            "Event": name,
            "EventKey": "V1001",
            "SendPicsInfo": {"Count": "1", "PicList": {"item": {"PicMd5Sum": "1b"}}},
        }
        for name in ("pic_sysphoto", "pic_photo_or_album", "pic_weixin")
    },
    "location_select": {
        "Event": "location_select",
        "EventKey": "V1001",
        "SendLocationInfo": {"Location_X": "23", "Location_Y": "113", "Scale": "15", "Label": "x", "Poiname": ""},
    },
    "template": {"Event": "TEMPLATESENDJOBFINISH", "MsgID": "200163836", "Status": "success"},
    "mass": {"Event": "MASSSENDJOBFINISH", "MsgID": "1988", "Status": "sendsuccess", "TotalCount": "100"},
    "revoked": {"Event": "user_authorization_revoke", "OpenID": FOLLOWER, "AppID": APPID},
    "subscription": {"Event": "subscribe_msg_popup_event", "SubscribeMsgPopupEvent": {"List": {"TemplateId": "V"}}},
}
MESSAGES = {
    "text": {"MsgType": "text", "Content": "你好 <b> & ]]> "},
    "image": {"MsgType": "image", "PicUrl": "http://mmbiz.example/1", "MediaId": "m"},
    "voice": {"MsgType": "voice", "MediaId": "m", "Format": "amr"},
    "video": {"MsgType": "video", "MediaId": "m", "ThumbMediaId": "t"},
    "shortvideo": {"MsgType": "shortvideo", "MediaId": "m", "ThumbMediaId": "t"},
    "location": {"MsgType": "location", "Location_X": "23", "Location_Y": "113", "Scale": "20", "Label": "x"},
    "link": {"MsgType": "link", "Title": "t", "Description": "d", "Url": "https://example.com/"},
}
"""Every event and message of the official pages, as its own fields."""


def body(fields: dict, *, created: int = NOW, number: str = "23456789012345678", follower: str = FOLLOWER) -> bytes:
    """The XML of one of ``EVENTS`` or ``MESSAGES``."""
    own = {"MsgType": "event", **fields}
    if own["MsgType"] != "event":
        own["MsgId"] = number
    head = {"ToUserName": ACCOUNT, "FromUserName": follower, "CreateTime": str(created)}
    return _element("xml", {**head, **own}).encode()


def _element(name: str, value: str | dict) -> str:
    if isinstance(value, dict):
        return f"<{name}>{''.join(_element(each, below) for each, below in value.items())}</{name}>"
    if value.isdecimal():
        return f"<{name}>{value}</{name}>"
    return f"<{name}><![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


@dataclass(frozen=True)
class Push:
    """One request of WeChat's: its query and its body."""

    query: dict[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return f"/?{urlencode(self.query)}"


def signed(*, token: str = TOKEN, now: int = NOW, nonce: str = "486452656", **more: str) -> dict[str, str]:
    """The query of every request."""
    return {"signature": signature(token, str(now), nonce), "timestamp": str(now), "nonce": nonce, **more}


def plain(xml: bytes, **options) -> Push:
    return Push(signed(**options, openid=FOLLOWER), xml)


def encrypted(
    xml: bytes,
    *,
    token: str = TOKEN,
    key: str = KEY,
    appid: str = APPID,
    now: int = NOW,
    nonce: str = "415670741",
    both: bool = False,
) -> Push:
    """In secure mode; with ``both``, in compatible mode."""
    crypto = WeChatCrypto(token, key, appid)
    sealed = crypto.encrypt_message(xml.decode(), nonce, str(now))
    cut = [sealed.split(f"<{name}><![CDATA[")[1].split("]]>")[0] for name in ("Encrypt", "MsgSignature")]
    query = signed(token=token, now=now, nonce=nonce, openid=FOLLOWER, encrypt_type="aes", msg_signature=cut[1])
    element = f"<Encrypt><![CDATA[{cut[0]}]]></Encrypt></xml>".encode()
    if both:
        return Push(query, xml.removesuffix(b"</xml>") + element)
    return Push(query, f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>".encode() + element)
