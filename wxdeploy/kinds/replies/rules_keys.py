"""Rules about what a reply answers to: every key has one, and every reply is reached by something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from wxdeploy.kinds.base import Account, Violation, rule
from wxdeploy.kinds.buttons.walk import MENU, listed, shown
from wxdeploy.kinds.replies.walk import mapping, section_of, senders
from wxdeploy.model.diagnostic import Severity
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.replies import SECTION, Keyword, Mode, Text

_CLICK, _ELSEWHERE = "click", "handled_elsewhere"


@rule("WX601", section=MENU)
def key_without_reply(account: Account) -> Iterator[Violation]:
    """A button's tap is answered by nothing.

    What: the account has a section ``replies``, and a button of one of its menus sends a key (click, scancode_push,
    scancode_waitmsg, pic_sysphoto, pic_photo_or_album, pic_weixin, location_select) that stands neither under ``click``
    nor under ``handled_elsewhere``.
    Why: the callback says ``success`` and the follower sees nothing: the button is dead.
    Bad:
        ```yaml
        menu: {button: [{type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}]}
        replies:
          subscribe: {text: 欢迎关注}
        ```
    Good:
        ```yaml
        menu: {button: [{type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}]}
        replies:
          subscribe: {text: 欢迎关注}
          click:
            V1001_TODAY_MUSIC: {text: 今天的歌是《晴天》}
        ```

        ```yaml
        menu: {button: [{type: click, name: 我的订单, key: V2001_ORDERS}]}
        replies:
          handled_elsewhere: [V2001_ORDERS]
        ```
    Source: doc/offiaccount/Message_Management/Receiving_event_pushes (CLICK);
    doc/offiaccount/Custom_Menus/Custom_Menu_Push_Events.
    """
    section = section_of(account)
    if section is None:
        return
    answered = set(mapping(section.get(_CLICK)))
    known = answered | {key for _, key in _elsewhere(section)}
    sent = list(senders(account))
    free = answered - {each.key for each in sent}
    for each in sent:
        if each.key not in known:
            near = get_close_matches(each.key, sorted(free), n=1)
            yield Violation(
                section=each.section,
                path=each.path,
                detail=f'{each.who} sends "{shown(each.key)}", which has no reply',
                fix=f'is "{shown(near[0])}" under replies.click meant for it? write the same key on both sides'
                if near
                else "add the key under replies.click, or under replies.handled_elsewhere if another program answers",
            )


@rule("WX602", section=SECTION, severity=Severity.WARNING)
def reply_without_button(account: Account) -> Iterator[Violation]:
    """A reply has no button.

    What: a key under ``click`` or ``handled_elsewhere`` is sent by no button of the account's menus, which are
    configured here too.
    Why: nobody can ask for the reply any more. Mostly the button was removed, or its key was renamed and the reply's
    was not.
    Bad:
        ```yaml
        menu: {button: [{type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}]}
        replies:
          click:
            V1001_TODAY_MUSIC: {text: 今天的歌是《晴天》}
            V1002_OLD_NEWS: {text: 旧闻}
        ```
    Good:
        ```yaml
        menu: {button: [{type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}]}
        replies:
          click:
            V1001_TODAY_MUSIC: {text: 今天的歌是《晴天》}
        ```
    Source: doc/offiaccount/Custom_Menus/Custom_Menu_Push_Events (EventKey is the key of the button).
    """
    section = section_of(account)
    if section is None or MENU not in account.sections:
        return
    keys = {each.key for each in senders(account)}
    for key in mapping(section.get(_CLICK)):
        if key not in keys:
            fix = "remove the reply, or give a button this key"
            yield Violation(path=(_CLICK, key), on_key=True, detail=f'no button sends "{shown(key)}"', fix=fix)
    for index, listed_key in _elsewhere(section):
        if listed_key not in keys:
            fix = "remove it from the list, or give a button this key"
            yield Violation(path=(_ELSEWHERE, index), detail=f'no button sends "{shown(listed_key)}"', fix=fix)


@rule("WX603", section=SECTION)
def key_answered_twice(account: Account) -> Iterator[Violation]:
    """A key is answered here and elsewhere.

    What: a key stands under ``click`` and under ``handled_elsewhere``.
    Why: a tap is answered once. Which of the two is meant can't be told.
    Bad:
        ```yaml
        menu: {button: [{type: click, name: 我的订单, key: V2001_ORDERS}]}
        replies:
          click:
            V2001_ORDERS: {text: 您没有订单}
          handled_elsewhere: [V2001_ORDERS]
        ```
    Good:
        ```yaml
        menu: {button: [{type: click, name: 我的订单, key: V2001_ORDERS}]}
        replies:
          handled_elsewhere: [V2001_ORDERS]
        ```
    Source: wxdeploy's own.
    """
    section = section_of(account) or {}
    answered = mapping(section.get(_CLICK))
    for index, key in _elsewhere(section):
        if key in answered:
            yield Violation(
                path=(_ELSEWHERE, index),
                detail=f'"{shown(key)}" has a reply under click',
                fix="remove it here, or there",
            )


@rule("WX604", section=SECTION, severity=Severity.WARNING)
def keyword_shadowed(account: Account) -> Iterator[Violation]:
    """A keyword is never reached.

    What: the first keyword that matches a text wins, and one further up matches every text that this one does.
    Why: nobody ever gets the reply.
    Bad:
        ```yaml
        replies:
          keywords:
            - {match: 价格, mode: contain, reply: {text: 价目表}}
            - {match: 团购价格, mode: contain, reply: {text: 团购请致电}}
        ```
    Good:
        ```yaml
        replies:
          keywords:
            - {match: 团购价格, mode: contain, reply: {text: 团购请致电}}
            - {match: 价格, mode: contain, reply: {text: 价目表}}
        ```

        ```yaml
        replies:
          keywords:
            - {match: 价格, mode: equal, reply: {text: 价目表}}
            - {match: 价格, mode: contain, reply: {text: 您想知道什么的价格}}
        ```
    Source: wxdeploy's own order; doc/service/api/notify/autoreplies/api_getcurrentautoreplyinfo (contain, equal).
    """
    above: list[tuple[int, Keyword]] = []
    for index, entry in enumerate(listed((section_of(account) or {}).get("keywords"))):
        word, mode = mapping(entry).get("match"), mapping(entry).get("mode")
        if not isinstance(word, str) or not word or mode not in tuple(Mode):
            continue  # the schema says so
        keyword = Keyword(word, Mode(str(mode)), Text(""))
        if by := next(((number, each) for number, each in above if _covers(each, keyword)), None):
            number, first = by
            yield Violation(
                path=("keywords", index, "match"),
                detail=f'every text that "{shown(word)}" ({keyword.mode}) matches is answered by keyword {number}, '
                f'"{shown(first.match)}" ({first.mode})',
                fix="remove this one"
                if first.match == keyword.match and first.mode is keyword.mode
                else f"move this one above keyword {number}, or remove it",
            )
        above.append((index + 1, keyword))


def _elsewhere(section: Mapping[str, JsonValue]) -> Iterator[tuple[int, str]]:
    for index, key in enumerate(listed(section.get(_ELSEWHERE))):
        if isinstance(key, str):
            yield index, key


def _covers(first: Keyword, second: Keyword) -> bool:
    """Whether every text that ``second`` matches is matched by ``first``."""
    if first.mode is Mode.CONTAIN:
        return first.match in second.match
    return second.mode is Mode.EQUAL and first.match == second.match


RULES = (key_without_reply, reply_without_button, key_answered_twice, keyword_shadowed)
