"""Rules about what a reply says: what WeChat drops without a word, and what leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wxdeploy.kinds.base import Account, Violation, rule
from wxdeploy.kinds.buttons.walk import listed, shown, whole
from wxdeploy.kinds.replies.walk import Part, replies
from wxdeploy.model.diagnostic import Severity
from wxdeploy.model.replies import SECTION
from wxdeploy.model.xml import IMPOSSIBLE
from wxdeploy.wechat import limits

_LINKS = ("url", "picurl", "musicurl", "hqmusicurl")
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)


@rule("WX610", section=SECTION)
def text_too_long(account: Account) -> Iterator[Violation]:
    """A text of a reply is longer than 2048 bytes.

    What: a ``text`` has more than 2048 bytes in UTF-8, where a Chinese character has 3.
    Why: WeChat takes the answer and shows nothing: the follower waits in vain, and no return code says so.
    Bad:
        ```yaml
        replies:
          default:
            text: >-
              周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明
              周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明
              周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明
              周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明
              周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明
              周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明
              周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明
              周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明
              周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明
              周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明
              周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明
              周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明
              周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明
              周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明周年庆优惠券领取说明
        ```
    Good:
        ```yaml
        replies:
          default:
            text: "全文:https://www.example.com/story"
        ```
    Source: doc/offiaccount/Message_Management/Passive_user_reply_message; the page of today gives no figure, its older
    version gave this one.
    """
    for part in _replies(account):
        size = limits.REPLY_TEXT.measure(part.value) if isinstance(part.value, str) else 0
        if part.kind == "text" and size > limits.REPLY_TEXT.value:
            yield Violation(
                path=part.path,
                detail=f"{part.who} has {size} bytes, {limits.REPLY_TEXT.value} are allowed",
                fix="shorten it, or answer with news or a link to a page that holds all of it",
            )


@rule("WX611", section=SECTION)
def several_articles(account: Account) -> Iterator[Violation]:
    """A reply has more than one article.

    What: ``news`` lists two articles or more.
    Why: in answer to a message WeChat takes one article alone; a longer list is shown to nobody. Taps and scans would
    get more, but a reply here is the same wherever it stands.
    Bad:
        ```yaml
        replies:
          default:
            news:
              - {title: 今日歌曲, description: 点开听听, url: "https://www.example.com/song"}
              - {title: 今日新闻, description: 点开看看, url: "https://www.example.com/news"}
        ```
    Good:
        ```yaml
        replies:
          default:
            news:
              - {title: 今日歌曲, description: 点开听听, url: "https://www.example.com/song"}
        ```
    Source: doc/offiaccount/Message_Management/Passive_user_reply_message (ArticleCount).
    """
    for part in _replies(account):
        if part.kind == "news" and len(listed(part.value)) > limits.REPLY_ARTICLES_TO_MESSAGE:
            yield Violation(
                path=(*part.path, limits.REPLY_ARTICLES_TO_MESSAGE),
                detail=f"{part.who} has {len(listed(part.value))}",
                fix="keep the first, and let its page lead to the others",
            )


@rule("WX612", section=SECTION)
def link_without_scheme(account: Account) -> Iterator[Violation]:
    """An address in a reply does not start with http:// or https://.

    What: a ``url``, ``picurl``, ``musicurl`` or ``hqmusicurl`` is not the full address of a page, a picture or a sound.
    Why: the phone opens full addresses only; a picture without one stays empty.
    Bad:
        ```yaml
        replies:
          default: {news: [{title: 今日歌曲, description: 点开听听, url: www.example.com/song}]}
        ```
    Good:
        ```yaml
        replies:
          default: {news: [{title: 今日歌曲, description: 点开听听, url: "https://www.example.com/song"}]}
        ```
    Source: doc/offiaccount/Message_Management/Passive_user_reply_message (PicUrl, Url, MusicURL).
    """
    for part in _replies(account):
        for path, piece in part.pieces:
            for name in _LINKS:
                link = piece.get(name)
                if isinstance(link, str) and link.strip() and not _WEB.match(link.strip()):
                    yield Violation(
                        path=(*path, name),
                        detail=f'{part.who} leads to "{shown(link)}"',
                        fix=f"write the full address, such as https://{whole(link.strip().rpartition('://')[2])}",
                    )


@rule("WX613", section=SECTION, severity=Severity.WARNING)
def music_without_sound(account: Account) -> Iterator[Violation]:
    """A piece of music has no sound.

    What: ``music`` has neither ``musicurl`` nor ``hqmusicurl``.
    Why: WeChat takes it, and the card that it shows plays nothing.
    Bad:
        ```yaml
        replies:
          default: {music: {title: 晴天, thumb_media_id: MEDIA_ID}}
        ```
    Good:
        ```yaml
        replies:
          default: {music: {title: 晴天, thumb_media_id: MEDIA_ID, musicurl: "https://www.example.com/song.mp3"}}
        ```
    Source: doc/offiaccount/Message_Management/Passive_user_reply_message (MusicURL and HQMusicUrl may be left out).
    """
    for part in _replies(account):
        for path, piece in part.pieces if part.kind == "music" else ():
            if not piece.get("musicurl") and not piece.get("hqmusicurl"):
                yield Violation(path=path, detail=f"{part.who} plays nothing", fix="add `musicurl:`")


@rule("WX614", section=SECTION)
def not_in_xml(account: Account) -> Iterator[Violation]:
    r"""A reply holds a character that can't be sent.

    What: a text of a reply holds a control character other than a tab or a line break.
    Why: a reply is sent as XML, which can't hold such a character in any form: WeChat could not read the answer, and
    would tell the follower that the account is out of order.
    Bad:
        ```yaml
        replies:
          default: {text: "欢迎\x08关注"}
        ```
    Good:
        ```yaml
        replies:
          default: {text: 欢迎关注}
        ```
    Source: https://www.w3.org/TR/xml/#charsets; doc/offiaccount/Message_Management/Passive_user_reply_message.
    """
    for part in _replies(account):
        for path, text in part.texts:
            if found := IMPOSSIBLE.search(text):
                yield Violation(
                    path=path,
                    detail=f"{part.who} holds {shown(found[0])}",
                    fix="remove the character; it was mostly pasted along",
                )


def _replies(account: Account) -> Iterator[Part]:
    return replies(account.sections.get(SECTION))


RULES = (text_too_long, several_articles, link_without_scheme, music_without_sound, not_in_xml)
