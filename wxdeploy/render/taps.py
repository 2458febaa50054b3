"""What a tap on a button does, in words, Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from wxdeploy.model.phone import Key


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Tap:
    """What a tap does, in a word and in a sentence, and the sign that stands for it."""

    sign: str
    does: Words
    then: Words


_ANSWERED = Words(
    "账号的服务器收到 {event} 事件，由它决定怎么回复。",
    "The account's server gets the event {event} and decides how to answer.",
)
_NO_EVENT = Words("账号的服务器不会收到事件。", "The account's server gets no event.")


def _event(sign: str, zh: str, en: str, event: str) -> Tap:
    return Tap(sign, Words(zh, en), Words(_ANSWERED.zh.format(event=event), _ANSWERED.en.format(event=event)))


def _console(sign: str, zh: str, en: str) -> Tap:
    then = Words("在公众平台网页上设置，接口无法创建。", "Made in the web console; the API can't create it.")
    return Tap(sign, Words(zh, en), then)


TAPS: Mapping[str, Tap] = MappingProxyType(
    {
        "click": _event("✉", "发送事件", "Sends a key", "CLICK"),
        "view": Tap(
            "↗",
            Words("打开网页", "Opens a web page"),
            Words("微信内置浏览器打开这个链接。", "WeChat's own browser opens this link."),
        ),
        "miniprogram": Tap(
            "◎",
            Words("打开小程序", "Opens a mini program"),
            Words("旧版微信改为打开备用网页 (url)。", "An old WeChat opens the page at url instead."),
        ),
        "scancode_push": Tap(
            "▣",
            Words("扫码", "Scans a code"),
            Words(
                "微信直接处理扫码结果，服务器也会收到事件。",
                "WeChat handles what was scanned; the server gets the event too.",
            ),
        ),
        "scancode_waitmsg": Tap(
            "▣",
            Words("扫码并等待回复", "Scans a code and waits"),
            Words(
                "扫码结果发给账号的服务器，由它决定怎么回复。",
                "The account's server gets what was scanned and decides how to answer.",
            ),
        ),
        "pic_sysphoto": _event("◉", "拍照发送", "Takes a photo", "pic_sysphoto"),
        "pic_photo_or_album": _event("◉", "拍照或从相册选图", "Takes or picks a photo", "pic_photo_or_album"),
        "pic_weixin": _event("◉", "从微信相册选图", "Picks a photo", "pic_weixin"),
        "location_select": _event("⊙", "发送位置", "Sends a location", "location_select"),
        "media_id": Tap("▤", Words("收到素材", "Brings an image, a voice or a video"), _NO_EVENT),
        "view_limited": Tap(
            "▤",
            Words("打开图文（已停用）", "Opens an article (withdrawn)"),
            Words("微信已停用这种按钮，它打不开图文。", "WeChat has withdrawn this type: it opens no article."),
        ),
        "article_id": Tap("▤", Words("收到文章卡片", "Brings the card of an article"), _NO_EVENT),
        "article_view_limited": Tap("▤", Words("打开文章", "Opens an article"), _NO_EVENT),
        "text": _console("✉", "收到文字回复", "Brings a text"),
        "img": _console("▤", "收到图片", "Brings an image"),
        "photo": _console("▤", "收到图片", "Brings an image"),
        "voice": _console("▤", "收到语音", "Brings a voice message"),
        "video": _console("▤", "收到视频", "Brings a video"),
        "news": _console("▤", "收到图文", "Brings an article"),
    }
)
"""Button type -> what a tap does."""

ANSWERS: Mapping[str, Words] = MappingProxyType(
    {
        "text": Words("回复文字", "answered by a text"),
        "image": Words("回复图片", "answered by an image"),
        "voice": Words("回复语音", "answered by a voice message"),
        "video": Words("回复视频", "answered by a video"),
        "music": Words("回复音乐", "answered by music"),
        "news": Words("回复图文", "answered by an article"),
    }
)
"""Type of a reply -> what comes back."""

_OPENS = Tap("≡", Words("打开子菜单", "Opens a list"), Words("点击后从下往上展开。", "It opens upwards."))
_NOTHING = Tap("·", Words("没有动作", "Does nothing"), Words("这个按钮没有 type。", "The button has no type."))
_UNKNOWN = Tap(
    "?",
    Words("未知类型", "A type that is not known"),
    Words("这个版本的 wxdeploy 不认识这种类型。", "This version of wxdeploy does not know the type."),
)

FACTS: Mapping[str, Words] = MappingProxyType(
    {
        "key": Words("事件 key", "key"),
        "url": Words("链接", "link"),
        "media_id": Words("素材 media_id", "media_id"),
        "appid": Words("小程序 appid", "appid"),
        "pagepath": Words("小程序页面", "page"),
        "article_id": Words("文章 article_id", "article_id"),
        "value": Words("内容", "content"),
    }
)
"""What the field of a button holds."""

ANSWER_FACTS: Mapping[str, Words] = MappingProxyType(
    {
        "media_id": FACTS["media_id"],
        "url": FACTS["url"],
        "title": Words("标题", "title"),
        "description": Words("描述", "description"),
        "picurl": Words("图片链接", "picture"),
        "musicurl": Words("音乐链接", "music"),
        "hqmusicurl": Words("高品质音乐链接", "music in high quality"),
        "thumb_media_id": Words("缩略图 media_id", "thumb_media_id"),
    }
)
"""What the field of a reply holds."""


def answer_of(key: Key) -> Words | None:
    """What comes back where the files say so."""
    return ANSWERS.get(key.answer.type, Words(key.answer.type, key.answer.type)) if key.answer else None


def tap_of(key: Key) -> Tap:
    """What a tap on the key does."""
    if key.keys:
        return _OPENS
    if key.type is None:
        return _NOTHING
    return TAPS.get(key.type, _UNKNOWN)
