"""What WeChat sends: XML read into a record, with nothing of XML that could be turned against the reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from wxdeploy.model.errors import WxdeployError
from wxdeploy.wechat.callback import EVENT, KEYED_EVENTS

LARGEST_BODY = 64 * 1024
"""The bytes of a request that are read at most; a text message has some 2,000, in compatible mode three times that."""

LONGEST_OPENID = 128
"""Characters of a sender's name that are kept at most; WeChat's own have 28."""


class MalformedError(WxdeployError):
    """XML that is none, or none of WeChat's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message or event.

    ``follower`` is the openid (``FromUserName``), ``account`` the ``gh_...`` that it was sent to, ``created`` when, in
    seconds since 1970. ``type`` is ``MsgType``, ``event`` is ``Event`` as WeChat spells it, empty for a message.
    ``fields`` are the texts of all elements on the first level, by name.
    """

    follower: str
    account: str
    created: int
    type: str
    event: str = ""
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_event(self) -> bool:
        """Whether it is an event rather than something that the follower wrote or sent."""
        return self.type == EVENT

    @property
    def key(self) -> str:
        """``EventKey``: what it is depends on the event."""
        return self.fields.get("EventKey", "")

    @property
    def button_key(self) -> str:
        """The key of the button that was tapped; empty where none was."""
        return self.key if self.event in KEYED_EVENTS else ""

    @property
    def content(self) -> str:
        """The text of a text message."""
        return self.fields.get("Content", "")

    @property
    def identity(self) -> tuple[str, ...]:
        """What one message has in common with its repeats, as doc/service/guide/product/message recommends.

        ``MsgId`` for messages, sender and time for events. The event and its key are added, so that two events of one
        second (a scan that makes somebody a follower, say) stay two.
        """
        if number := self.fields.get("MsgId"):
            return (self.follower, number)
        return (self.follower, str(self.created), self.type, self.event, self.key)


def tree(body: bytes) -> Element:
    """The root ``<xml>`` of a body.

    UTF-8 alone, whatever the declaration says. Raises ``MalformedError``: not well-formed, a document type, an entity,
    another root, a name twice below it.
    """
    try:
        root = _root(body.decode("utf-8"))
    except (ParseError, DefusedXmlException, ValueError):
        raise MalformedError("the body is no XML of WeChat's") from None
    names = [element.tag for element in root]
    if root.tag != "xml" or len(set(names)) < len(names):
        raise MalformedError("the body is no XML of WeChat's")
    return root


def _root(text: str) -> Element:
    # All that defusedxml refuses begins in a document type, which has no other spelling. Its parser is one in Python,
    # three times as slow, so only a text in which these letters stand, perhaps a follower's own, is put before it.
    if "<!DOCTYPE" in text:
        return defusedxml.ElementTree.fromstring(text, forbid_dtd=True)
    return ElementTree.fromstring(text)  # noqa: S314


def read(body: bytes) -> Mapping[str, str]:
    """The texts of the elements below the root by name, empty for those that hold others; raises as ``tree``."""
    return MappingProxyType({element.tag: _text(element) for element in tree(body)})


def parse(body: bytes) -> Message:
    """The message in a plain (or decrypted) body. Raises ``MalformedError``."""
    fields = read(body)
    follower, account, kind = (fields.get(name, "") for name in ("FromUserName", "ToUserName", "MsgType"))
    created = fields.get("CreateTime", "")
    is_time = created.isascii() and created.isdecimal() and len(created) <= _DIGITS
    if not (follower and account and kind and is_time and len(follower) <= LONGEST_OPENID):
        raise MalformedError("the body lacks what every message of WeChat's has")
    event = fields.get("Event", "") if kind == EVENT else ""
    return Message(follower=follower, account=account, created=int(created), type=kind, event=event, fields=fields)


_DIGITS = 12  # of a time in seconds


def _text(element: Element) -> str:
    return "" if len(element) else element.text or ""
