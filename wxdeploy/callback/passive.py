"""Replies as WeChat takes them: the XML of doc/service/guide/product/message/Passive_user_reply_message."""

from __future__ import annotations

from collections.abc import Iterator

from wxdeploy.callback.message import Message
from wxdeploy.model.replies import Article, Image, Music, News, Replies, Reply, Text, Video, Voice
from wxdeploy.model.xml import IMPOSSIBLE
from wxdeploy.wechat.callback import SCENE_PREFIX


def reply_to(replies: Replies, message: Message) -> Reply | None:
    """The declared reply to a message or an event; None where none is declared."""
    match message.event:
        case "subscribe":
            came_by_code = message.key.startswith(SCENE_PREFIX)
            return replies.to_subscribe(message.key.removeprefix(SCENE_PREFIX) if came_by_code else None)
        case "SCAN":
            return replies.to_scan(message.key)
        case _ if message.is_event:
            return replies.to_key(message.button_key) if message.button_key else None
    return replies.to_text(message.content) if message.type == "text" else replies.to_message(message.type)


def write(reply: Reply, message: Message, *, now: int) -> bytes:
    """The answer to a message, from the account to the follower, in UTF-8; ``now`` is in seconds since 1970."""
    head = (
        _element("ToUserName", message.follower),
        _element("FromUserName", message.account),
        f"<CreateTime>{now}</CreateTime>",
        _element("MsgType", type(reply).__name__.lower()),
    )
    return "".join(("<xml>", *head, *_body(reply), "</xml>")).encode("utf-8")


def _body(reply: Reply) -> Iterator[str]:
    match reply:
        case Text(content):
            yield _element("Content", content)
        case Image(media_id) | Voice(media_id):
            yield _nested(type(reply).__name__, MediaId=media_id)
        case Video(media_id, title, description):
            yield _nested("Video", MediaId=media_id, Title=title, Description=description)
        case Music():
            yield _nested(
                "Music",
                Title=reply.title,
                Description=reply.description,
                MusicUrl=reply.musicurl,
                HQMusicUrl=reply.hqmusicurl,
                ThumbMediaId=reply.thumb_media_id,
            )
        case News(articles):
            yield f"<ArticleCount>{len(articles)}</ArticleCount>"
            yield f"<Articles>{''.join(map(_article, articles))}</Articles>"


def _article(article: Article) -> str:
    return _nested("item", Title=article.title, Description=article.description, PicUrl=article.picurl, Url=article.url)


def _nested(name: str, **fields: str) -> str:
    """An element of others; what is empty is left out."""
    return f"<{name}>{''.join(_element(each, text) for each, text in fields.items() if text)}</{name}>"


def _element(name: str, text: str) -> str:
    return f"<{name}>{character_data(text)}</{name}>"


def character_data(text: str) -> str:
    """A text as CDATA, as in the official samples; what would end it early is cut in two, what XML lacks left out."""
    return f"<![CDATA[{IMPOSSIBLE.sub('', text).replace(']]>', ']]]]><![CDATA[>')}]]>"
