"""Messages and events as WeChat pushes them, made up to see what a callback answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wxdeploy.callback.encryption import Cipher
from wxdeploy.callback.passive import character_data
from wxdeploy.callback.signature import sign
from wxdeploy.model.secret import Secret
from wxdeploy.wechat.callback import EVENT, MESSAGES

_PICTURES = (
    "<SendPicsInfo><Count>1</Count><PicList><item><PicMd5Sum>5a75aaca956d97be686719218f275c6b</PicMd5Sum></item></PicList>"
    "</SendPicsInfo>"
)
_CODE = "<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>https://example.com/</ScanResult></ScanCodeInfo>"
_PLACE = (
    "<SendLocationInfo><Location_X>23.13</Location_X><Location_Y>113.35</Location_Y><Scale>15</Scale><Label>x</Label>"
    "<Poiname></Poiname></SendLocationInfo>"
)
_INSIDE: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("pic_sysphoto", "pic_photo_or_album", "pic_weixin"), _PICTURES),
        **dict.fromkeys(("scancode_push", "scancode_waitmsg"), _CODE),
        "location_select": _PLACE,
    }
)
_SAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "Location_X": "23.134521",
        "Location_Y": "113.358803",
        "Scale": "20",
        "Format": "amr",
        "PicUrl": "https://example.com/picture.jpg",
        "Url": "https://example.com/",
        "Latitude": "23.137466",
        "Longitude": "113.352425",
        "Precision": "119.385040",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stimulus:
    """One message (``type``) or event (``type`` is ``event``), with the fields of its own."""

    type: str
    event: str = ""
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of_event(cls, event: str, **fields: str) -> Stimulus:
        """An event, as of ``EventKey``."""
        return cls(type=EVENT, event=event, fields=MappingProxyType(fields))

    @classmethod
    def of_message(cls, kind: str, **fields: str) -> Stimulus:
        """A message of a MsgType; what is not given of its fields is a sample."""
        own = {name: _SAMPLES.get(name, "sample") for name in MESSAGES.get(kind, ())}
        return cls(type=kind, fields=MappingProxyType({**own, **fields}))

    def xml(self, *, follower: str, account: str, created: int, number: int) -> bytes:
        """The body of the push; ``number`` is the ``MsgId`` of a message."""
        head = {"ToUserName": account, "FromUserName": follower}
        parts = [_element(name, text) for name, text in head.items()]
        parts += [f"<CreateTime>{created}</CreateTime>", _element("MsgType", self.type)]
        parts += [_element("Event", self.event)] if self.type == EVENT else []
        parts += [_element(name, text) for name, text in self.fields.items()]
        parts.append(_INSIDE.get(self.event, "") if self.type == EVENT else f"<MsgId>{number}</MsgId>")
        return f"<xml>{''.join(parts)}</xml>".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """How pushes to one callback are signed and, in the modes that do, encrypted; ``at`` is in seconds since 1970."""

    token: Secret
    mode: str
    cipher: Cipher | None

    def query(self, *, at: int, nonce: str) -> dict[str, str]:
        """The query of every request."""
        return {"signature": sign(self.token, str(at), nonce), "timestamp": str(at), "nonce": nonce}

    def push(self, xml: bytes, *, at: int, nonce: str, openid: str, account: str) -> tuple[dict[str, str], bytes]:
        """The query and the body of a push, as the mode has it."""
        query = {**self.query(at=at, nonce=nonce), "openid": openid}
        if self.cipher is None:
            return query, xml
        encrypted = self.cipher.encrypt(xml)
        query |= {"encrypt_type": "aes", "msg_signature": sign(self.token, str(at), nonce, encrypted)}
        element = f"<Encrypt>{character_data(encrypted)}</Encrypt></xml>".encode()
        if self.mode == "compatible":
            return query, xml.removesuffix(b"</xml>") + element
        return query, f"<xml>{_element('ToUserName', account)}".encode() + element


def _element(name: str, text: str) -> str:
    return f"<{name}>{character_data(text)}</{name}>"
