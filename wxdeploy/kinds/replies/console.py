"""The auto-replies of the web console as replies, as far as they can be, and in words what can't.

Source: doc/service/api/notify/autoreplies/api_getcurrentautoreplyinfo, whose answer is read here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from wxdeploy.kinds.base import stated
from wxdeploy.kinds.buttons.walk import listed, shown
from wxdeploy.kinds.replies.walk import mapping
from wxdeploy.model.diagnostic import Diagnostic, Severity
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.replies import Article, Keyword, Mode, News, Replies, Reply, Text
from wxdeploy.wechat import limits

_UPLOAD = "upload it as permanent material and write `{name}: {{media_id: ...}}` with the id that it gets"
_TYPES = {"img": "image", "voice": "voice", "video": "video"}
_SWITCHED_OFF = "nothing, unless they are to be answered again: write them under replies"
_WORDS = {"img": "a picture", "voice": "a voice message", "video": "a video"}


@stated("WX931", severity=Severity.WARNING)
def autoreply_left_out() -> None:
    """An auto-reply of the web console can't be pulled.

    What: ``wxdeploy pull`` finds an auto-reply that has no form here: a picture, voice or video (the account names its
    own only by ids and addresses that are gone after three days), several answers to one keyword (all of them, or one
    at random), news of several articles.
    Why: a callback answers a message once, with one article, and with materials by their permanent ids.
    Bad: a keyword rule of the console that answers with a picture and a text.
    Good: the picture uploaded as permanent material and its id written as `media_id`; one answer for each keyword.
    Source: doc/service/api/notify/autoreplies/api_getcurrentautoreplyinfo;
    doc/offiaccount/Message_Management/Passive_user_reply_message.
    """


RULES = (autoreply_left_out,)


@dataclass(slots=True)
class _Console:
    """Collects what has no form here on the way."""

    left_out: list[Diagnostic] = field(default_factory=list)

    def leave(self, what: str, why: str, fix: str) -> None:
        self.left_out.append(autoreply_left_out.found(f"{what} is left out: {why}", fix))

    def reply(self, value: JsonValue, what: str) -> Reply | None:
        raw = mapping(value)
        kind, content = str(raw.get("type")), _text(raw, "content")
        if kind == "text":
            if content.strip():
                return Text(content)
            self.leave(what, "its text is empty", "write the text that is wanted")
        elif kind == "news":
            return self._news(raw, what)
        elif kind in _TYPES:
            name = _TYPES[kind]
            self.leave(what, f"{_WORDS[kind]} whose id is gone in three days", _UPLOAD.format(name=name))
        else:
            self.leave(what, f"its type {shown(kind)} has no form here", "write another answer in its place")
        return None

    def _news(self, raw: Mapping[str, JsonValue], what: str) -> Reply | None:
        articles = [item for item in listed(mapping(raw.get("news_info")).get("list")) if isinstance(item, Mapping)]
        if len(articles) != limits.REPLY_ARTICLES_TO_MESSAGE:
            count = f"it has {len(articles)} articles" if articles else "it has no articles"
            self.leave(what, f"{count}, and one is what a reply takes", "choose one of them")
            return None
        (article,) = articles
        title, url = _text(article, "title"), _text(article, "content_url")
        if not title.strip() or not url:
            self.leave(what, "its article has no title or no address", "write the article that is wanted")
            return None
        picture = _text(article, "cover_url")
        return News((Article(title=title, description=_text(article, "digest"), picurl=picture, url=url),))

    def keywords(self, rules: JsonValue) -> Iterator[Keyword]:
        for index, rule in enumerate(mapping(each) for each in listed(rules)):
            what = f'the keyword rule "{shown(_text(rule, "rule_name") or str(index + 1))}"'
            answers = listed(rule.get("reply_list_info"))
            if len(answers) != 1:
                all_of = "all at once" if rule.get("reply_mode") == "reply_all" else "one of them at random"
                why = f"it has {len(answers)} answers, {all_of}" if answers else "it has no answer"
                self.leave(what, why, "choose one answer, and write it under replies.keywords")
                continue
            words = list(_keywords(rule.get("keyword_list_info")))
            if not words:
                self.leave(what, "it has no keyword", "nothing: it answers nobody")
            elif reply := self.reply(answers[0], what):
                yield from (Keyword(word, mode, reply) for word, mode in words)


def read(answer: JsonValue) -> tuple[Replies, tuple[Diagnostic, ...]]:
    """What an answer of get_current_autoreply_info says, as far as it is switched on, and what of it is left out."""
    info = mapping(answer)
    console = _Console()
    subscribe = default = None
    keywords: tuple[Keyword, ...] = ()
    rules = listed(mapping(info.get("keyword_autoreply_info")).get("list"))
    if _is_on(info, "is_add_friend_reply_open") and info.get("add_friend_autoreply_info"):
        subscribe = console.reply(info["add_friend_autoreply_info"], "the auto-reply to new followers")
    if _is_on(info, "is_autoreply_open"):
        if info.get("message_default_autoreply_info"):
            default = console.reply(info["message_default_autoreply_info"], "the auto-reply to messages")
        keywords = tuple(console.keywords(rules))
    elif rules:
        count = f"{len(rules)} keyword rule{'s' if len(rules) > 1 else ''} of the console"
        console.leave(count, "auto-replies are switched off there", _SWITCHED_OFF)
    return Replies(subscribe=subscribe, keywords=keywords, default=default), tuple(console.left_out)


def _keywords(value: JsonValue) -> Iterator[tuple[str, Mode]]:
    for raw in map(mapping, listed(value)):
        word = _text(raw, "content")
        if word:
            yield word, Mode.EQUAL if raw.get("match_mode") == Mode.EQUAL else Mode.CONTAIN


def _is_on(info: Mapping[str, JsonValue], flag: str) -> bool:
    return info.get(flag) in (1, "1", True)


def _text(raw: Mapping[str, JsonValue], key: str) -> str:
    value = raw.get(key)
    return value if isinstance(value, str) else ""
