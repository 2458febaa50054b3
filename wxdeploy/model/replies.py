"""What the callback of an account answers: the ``replies`` section as a value.

No call of the API sets a reply. WeChat pushes what a follower sends or taps to the account's callback, and what the
callback answers within five seconds is the reply (doc/offiaccount/Message_Management/Passive_user_reply_message).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from wxdeploy.model.jsonvalue import JsonValue

SECTION = "replies"


@dataclass(frozen=True, slots=True)
class Text:
    """A text; line breaks are shown."""

    content: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the account's materials, by its id."""

    media_id: str


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice message of the account's materials, by its id."""

    media_id: str


@dataclass(frozen=True, slots=True)
class Video:
    """A video of the account's materials, by its id."""

    media_id: str
    title: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Music:
    """A piece of music: the address of the sound, and of a better one for phones in a wireless network."""

    thumb_media_id: str
    title: str = ""
    description: str = ""
    musicurl: str = ""
    hqmusicurl: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A card with a title, a text and a picture, that opens ``url``."""

    title: str
    description: str = ""
    picurl: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """Articles; more than one is not shown in answer to a message, and the rules take one alone."""

    articles: tuple[Article, ...]


Reply: TypeAlias = Text | Image | Voice | Video | Music | News


class Mode(StrEnum):
    """How a keyword is compared with a text, in the words of ``get_current_autoreply_info``."""

    CONTAIN = "contain"
    EQUAL = "equal"


@dataclass(frozen=True, slots=True)
class Keyword:
    """A reply to texts: those that hold ``match``, or are ``match`` and nothing else, to the letter."""

    match: str
    mode: Mode
    reply: Reply

    def matches(self, content: str) -> bool:
        """Whether a text of a follower gets this reply."""
        return self.match in content if self.mode is Mode.CONTAIN else self.match == content


_NO_REPLIES: Mapping[str, Reply] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """What the callback answers, and to what; None where it answers nothing.

    ``click`` is by the key of a button, whatever its type; ``scan`` by the scene of a QR code; ``messages`` by MsgType
    (``image``, ``location`` …). The first of ``keywords`` that matches a text wins. ``default`` answers every message
    that nothing else does, and no event. ``handled_elsewhere`` are the keys that another program answers.
    """

    subscribe: Reply | None = None
    click: Mapping[str, Reply] = field(default_factory=lambda: _NO_REPLIES)
    keywords: tuple[Keyword, ...] = ()
    scan: Mapping[str, Reply] = field(default_factory=lambda: _NO_REPLIES)
    messages: Mapping[str, Reply] = field(default_factory=lambda: _NO_REPLIES)
    default: Reply | None = None
    handled_elsewhere: tuple[str, ...] = ()

    def to_text(self, content: str) -> Reply | None:
        """The reply to a text message: of the first keyword that matches, else as ``to_message``."""
        found = next((each.reply for each in self.keywords if each.matches(content)), None)
        return found or self.to_message("text")

    def to_message(self, kind: str) -> Reply | None:
        """The reply to a message of this MsgType, else the default."""
        return self.messages.get(kind, self.default)

    def to_key(self, key: str) -> Reply | None:
        """The reply to a tap on a button with this key."""
        return self.click.get(key)

    def to_scan(self, scene: str) -> Reply | None:
        """The reply to a follower who scans the QR code of this scene."""
        return self.scan.get(scene)

    def to_subscribe(self, scene: str | None = None) -> Reply | None:
        """The reply to a new follower: that of the QR code's scene, where they came by one, else the welcome."""
        return (self.scan.get(scene) if scene is not None else None) or self.subscribe


def parse(section: JsonValue) -> Replies:
    """The replies of a section that passed validation."""
    body = section if isinstance(section, Mapping) else {}
    return Replies(
        subscribe=_reply(body.get("subscribe")),
        click=_by_name(body.get("click")),
        keywords=tuple(_keywords(body.get("keywords"))),
        scan=_by_name(body.get("scan")),
        messages=_by_name(body.get("messages")),
        default=_reply(body.get("default")),
        handled_elsewhere=tuple(map(str, _listed(body.get("handled_elsewhere")))),
    )


def document(replies: Replies) -> dict[str, JsonValue]:
    """The section as it is written by hand; what is not there is left out. The inverse of ``parse``."""
    known: dict[str, JsonValue] = {
        "subscribe": reply_document(replies.subscribe) if replies.subscribe else None,
        "click": {key: reply_document(each) for key, each in replies.click.items()},
        "keywords": [
            {"match": each.match, "mode": each.mode.value, "reply": reply_document(each.reply)}
            for each in replies.keywords
        ],
        "scan": {scene: reply_document(each) for scene, each in replies.scan.items()},
        "messages": {kind: reply_document(each) for kind, each in replies.messages.items()},
        "default": reply_document(replies.default) if replies.default else None,
        "handled_elsewhere": list(replies.handled_elsewhere),
    }
    return {key: value for key, value in known.items() if value}


def reply_of(body: Mapping[str, JsonValue]) -> Reply | None:
    """One reply as it is written: a mapping whose one key is the type. None where the type is not known."""
    for kind, value in body.items():
        parts = value if isinstance(value, Mapping) else {}
        match kind:
            case "text":
                return Text(value if isinstance(value, str) else "")
            case "image":
                return Image(_text(parts, "media_id"))
            case "voice":
                return Voice(_text(parts, "media_id"))
            case "video":
                return Video(_text(parts, "media_id"), _text(parts, "title"), _text(parts, "description"))
            case "music":
                return Music(**{name: _text(parts, name) for name in _MUSIC})
            case "news":
                items = (item for item in _listed(value) if isinstance(item, Mapping))
                return News(tuple(Article(**{name: _text(item, name) for name in _ARTICLE}) for item in items))
    return None


def reply_document(reply: Reply) -> dict[str, JsonValue]:
    """One reply as it is written by hand; the inverse of ``reply_of``."""
    match reply:
        case Text(content):
            return {"text": content}
        case Image(media_id):
            return {"image": {"media_id": media_id}}
        case Voice(media_id):
            return {"voice": {"media_id": media_id}}
        case Video(media_id):
            return {"video": {"media_id": media_id, **_given(reply, ("title", "description"))}}
        case Music(thumb_media_id=thumb):
            return {"music": {**_given(reply, _MUSIC), "thumb_media_id": thumb}}
        case News(articles):
            return {"news": [{"title": each.title, **_given(each, _ARTICLE)} for each in articles]}


_MUSIC = ("title", "description", "musicurl", "hqmusicurl", "thumb_media_id")
_ARTICLE = ("title", "description", "picurl", "url")


def _given(thing: Video | Music | Article, names: Sequence[str]) -> dict[str, JsonValue]:
    return {name: value for name in names if (value := getattr(thing, name))}


def _reply(value: JsonValue) -> Reply | None:
    return reply_of(value) if isinstance(value, Mapping) else None


def _by_name(value: JsonValue) -> Mapping[str, Reply]:
    entries = value.items() if isinstance(value, Mapping) else ()
    return MappingProxyType({name: reply for name, body in entries if (reply := _reply(body))})


def _keywords(value: JsonValue) -> list[Keyword]:
    found = []
    for item in _listed(value):
        if isinstance(item, Mapping) and (reply := _reply(item.get("reply"))):
            mode = Mode.EQUAL if item.get("mode") == Mode.EQUAL else Mode.CONTAIN
            found.append(Keyword(_text(item, "match"), mode, reply))
    return found


def _listed(value: JsonValue) -> Sequence[JsonValue]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _text(body: Mapping[str, JsonValue], key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""
