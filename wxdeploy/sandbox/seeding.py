"""Putting accounts into a state, as by hand in the web console and by followers on their phones."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wxdeploy.sandbox import autoreplies
from wxdeploy.sandbox.buttons import Button
from wxdeploy.sandbox.chats import Chat
from wxdeploy.sandbox.platform_rows import Callback
from wxdeploy.sandbox.receivers import Receiver
from wxdeploy.sandbox.request import Json, number
from wxdeploy.sandbox.state import State
from wxdeploy.sandbox.store import Store
from wxdeploy.sandbox.template_rows import Kind, Template
from wxdeploy.sandbox.templates import PLACEHOLDER_NAME, content_of, placeholders
from wxdeploy.wechat import limits
from wxdeploy.wechat.appids import APPID
from wxdeploy.wechat.matchrules import PLATFORMS, REMOVED
from wxdeploy.wechat.templates import ONE_TIME_CONTENT, ONE_TIME_TITLE

# Followers follow one second after another from here on: the same seed makes the same answers.
_FIRST_SUBSCRIPTION = 1_700_000_000

_SECTIONS = (
    "menu",
    "conditional_menus",
    "console_menu",
    "tags",
    "followers",
    "templates",
    "test_account",
    "callback",
    "chats",
    "platforms",
    "autoreplies",
)
_RECEIVER = ("url", "token", "encoding_aes_key", "mode")
_TEMPLATE_TEXTS = ("template_id", "title", "content", "primary_industry", "deputy_industry", "example")
_COLON = "："


def seed(store: Store, data: Mapping[str, Any]) -> None:
    """Put the accounts that ``data`` names into the state that it gives, whatever they held before.

    ``data`` maps an appid to any of ``menu`` and ``console_menu`` (each ``{"button": [...]}``), ``conditional_menus``
    (a list of ``{"matchrule", "button"}``, the first with the highest priority), ``tags`` (names or ``{"name",
    "id"}``), ``followers`` (openid -> ``{"tags": [in the order given], "platform"}``), ``templates``,
    ``test_account`` (true or false) and ``callback``, the message push of the account's console: ``url``, ``token``,
    ``mode`` and ``encoding_aes_key``, and for callback/check ``{"ips": [what its name stands for], "lost": whether
    pings are}``. ``chats`` are what customer-service staff and followers wrote: a list of ``{"openid", "text",
    "time": seconds, "worker", "opercode"}``. ``platforms`` (appid -> refresh token) are the third-party platforms that
    the account has authorised, ``autoreplies`` the replies of the console, in the form of the answer of
    get_current_autoreply_info. Tags are referred to by name or id.

    A template is ``{"title", "content"}``, with ``template_id``, ``primary_industry``, ``deputy_industry`` and
    ``example`` if they matter; ``placeholders`` (placeholder -> label, or ``{"label", "values": [the only ones
    taken]}``) may stand in for ``content``. It is one of the category library, or with ``"historical": true`` of the
    historical one; in a test account, one that was typed in. ``{"one_time_subscription": true}`` is the row that
    one-time subscriptions leave behind.

    What the API would refuse today but live accounts hold is taken: long names, rules with withdrawn fields or with a
    tag that is gone, links to too many domains. With both menus the console's is the one shown, and menu/get answers
    the older one of the API (WxJava #2857). A ValueError names the place of what can't be understood, and then nothing
    is changed.
    """
    with store.transaction() as state:
        for appid, account in _mapping(data, "seed").items():
            if not APPID.fullmatch(appid):
                raise ValueError(f"{appid}: expected an appid, wx and 16 hexadecimal digits")
            _Seeder(state, appid, {limits.STARRED_TAG_NAME: limits.STARRED_TAG_ID}).put(account)


def follow(state: State, appid: str, openid: str, follower: Mapping[str, Any], now: float) -> None:
    """Add a follower as a seed describes one; ValueError names the place of what can't be understood."""
    tags = {tag.name: tag.id for tag in state.tags(appid)}
    _Seeder(state, appid, tags).follower(openid, follower, int(now))


@dataclass(frozen=True, slots=True)
class _Seeder:
    state: State
    appid: str
    tags: dict[str, int]
    """The tags so far, by name."""

    def put(self, account: object) -> None:
        sections = _known(account, self.appid, _SECTIONS)
        self.state.empty_account(self.appid)
        # Tags first: followers and rules refer to them.
        for index, tag in enumerate(_list(sections.get("tags"), f"{self.appid}.tags")):
            self._tag(tag, f"{self.appid}.tags[{index}]")
        self._menus(sections)
        followers = _mapping(sections.get("followers") or {}, f"{self.appid}.followers")
        for index, (openid, follower) in enumerate(followers.items()):
            self.follower(openid, follower, _FIRST_SUBSCRIPTION + index)
        if sections.get("callback") is not None:
            self._callback(sections["callback"], f"{self.appid}.callback")
        for index, chat in enumerate(_list(sections.get("chats"), f"{self.appid}.chats")):
            self._chat(chat, f"{self.appid}.chats[{index}]")
        for platform, token in _mapping(sections.get("platforms") or {}, f"{self.appid}.platforms").items():
            path = f"{self.appid}.platforms.{platform}"
            if not APPID.fullmatch(platform):
                raise ValueError(f"{path}: expected an appid, wx and 16 hexadecimal digits")
            refresh_token = _text(token, path)
            self.state.platforms.put_refresh_tokens(platform, self.appid, refresh_token, refresh_token)
        if sections.get("autoreplies") is not None:
            info = _autoreplies(sections["autoreplies"], f"{self.appid}.autoreplies")
            self.state.autoreplies.put(self.appid, info)
        test_account = _flag(sections, "test_account", self.appid)
        if test_account:
            self.state.templates.make_test_account(self.appid)
        for index, template in enumerate(_list(sections.get("templates"), f"{self.appid}.templates")):
            self._template(template, index, test_account=test_account)

    def _tag(self, tag: object, path: str) -> None:
        fields = {"name": tag} if isinstance(tag, str) else _known(tag, path, ("name", "id"))
        name = fields.get("name")
        if not isinstance(name, str) or not name:
            raise ValueError(f"{path}.name: expected a text")
        tag_id = number(fields["id"]) if "id" in fields else None
        if (tag_id, name) == (limits.STARRED_TAG_ID, limits.STARRED_TAG_NAME):
            return
        if "id" in fields and (tag_id is None or tag_id < 0 or tag_id in limits.RESERVED_TAG_IDS):
            raise ValueError(f"{path}.id: expected a number that WeChat does not reserve")
        if name in self.tags:
            raise ValueError(f"{path}.name: there are two tags {name!r}")
        if tag_id in self.tags.values():
            raise ValueError(f"{path}.id: there are two tags {tag_id}")
        self.tags[name] = self.state.add_tag(self.appid, name, tag_id)

    def _callback(self, callback: object, path: str) -> None:
        fields = _known(callback, path, ("ips", "lost", *_RECEIVER))
        ips = [_text(ip, f"{path}.ips[{index}]") for index, ip in enumerate(_list(fields.get("ips"), f"{path}.ips"))]
        self.state.platforms.put_callback(self.appid, Callback(tuple(ips), _flag(fields, "lost", path)))
        receiver = {name: _text(fields[name], f"{path}.{name}") for name in _RECEIVER if name in fields}
        if receiver:
            self._receiver(receiver, path)

    def _receiver(self, fields: Mapping[str, str], path: str) -> None:
        for name in ("url", "token"):
            _text(fields.get(name), f"{path}.{name}")
        try:
            self.state.receivers.put(self.appid, Receiver(**fields).checked(self.appid))
        except ValueError as error:
            raise ValueError(f"{path}.{error}") from None

    def _chat(self, chat: object, path: str) -> None:
        fields = _known(chat, path, ("openid", "text", "time", "worker", "opercode"))
        time, opercode = number(fields.get("time")), number(fields.get("opercode", limits.CUSTOMER_SENT))
        if time is None or opercode is None:
            raise ValueError(f"{path}: expected a time in seconds, and an opercode that is a number")
        texts = {name: _text(fields.get(name), f"{path}.{name}") for name in ("openid", "text", "worker")}
        self.state.chats.add(self.appid, Chat(time=time, opercode=opercode, **texts))

    def _menus(self, sections: Json) -> None:
        if sections.get("menu") is not None:
            self.state.put_menu(self.appid, _menu(sections["menu"], f"{self.appid}.menu"))
        if sections.get("console_menu") is not None:
            self.state.put_console_menu(self.appid, _menu(sections["console_menu"], f"{self.appid}.console_menu"))
        menus = _list(sections.get("conditional_menus"), f"{self.appid}.conditional_menus")
        if menus and sections.get("menu") is None:
            raise ValueError(f"{self.appid}.conditional_menus: personalised menus need a menu beside them")
        # The newest menu is matched first, so the first of the list is published last.
        for index in reversed(range(len(menus))):
            path = f"{self.appid}.conditional_menus[{index}]"
            menu = _known(menus[index], path, ("name", "matchrule", "button"))
            rule = self._rule(menu.get("matchrule"), f"{path}.matchrule")
            self.state.add_conditional_menu(self.appid, _buttons(menu.get("button"), f"{path}.button"), rule)

    def _rule(self, rule: object, path: str) -> Json:
        fields = _known(rule, path, ("tag", "tag_id", "group_id", "client_platform_type", *REMOVED))
        if not fields:
            raise ValueError(f"{path}: expected at least one field")
        shown: Json = {}
        for field in ("tag", "tag_id", "group_id"):
            if field in fields:
                shown["group_id"] = str(self._tag_id(fields[field], f"{path}.{field}", by_name=field == "tag"))
        if "client_platform_type" in fields:
            shown["client_platform_type"] = _platform(fields["client_platform_type"], f"{path}.client_platform_type")
        return shown | {field: str(fields[field]) for field in REMOVED if field in fields}

    def follower(self, openid: object, follower: object, subscribed: int) -> None:
        """Add a follower of this time."""
        if not isinstance(openid, str) or not openid:
            raise ValueError(f"{self.appid}.followers: expected openids that are texts")
        path = f"{self.appid}.followers.{openid}"
        fields = _known(follower or {}, path, ("tags", "platform"))
        platform = fields.get("platform")
        shown = None if platform is None else _platform(platform, f"{path}.platform")
        self.state.add_follower(self.appid, openid, shown, subscribed)
        for position, tag in enumerate(_list(fields.get("tags"), f"{path}.tags")):
            place = f"{path}.tags[{position}]"
            tag_id = self._tag_id(tag, place, by_name=isinstance(tag, str) and tag in self.tags)
            if tag_id not in self.tags.values():
                raise ValueError(f"{place}: there is no tag {tag!r}")
            self.state.give_tag(self.appid, openid, tag_id)

    def _template(self, template: object, index: int, *, test_account: bool) -> None:
        path = f"{self.appid}.templates[{index}]"
        fields = _known(template, path, (*_TEMPLATE_TEXTS, "placeholders", "historical", "one_time_subscription"))
        kind = _template_kind(fields, path, test_account=test_account)
        if kind is Kind.ONE_TIME:
            fields = {"title": ONE_TIME_TITLE, "content": ONE_TIME_CONTENT} | fields
        listed: dict[str, tuple[str, ...]] = {}
        if "placeholders" in fields:
            if "content" in fields:
                raise ValueError(f"{path}: expected either content or placeholders")
            fields["content"] = _content(fields["placeholders"], f"{path}.placeholders", listed)
        texts = {name: _text(fields.get(name, ""), f"{path}.{name}") for name in _TEMPLATE_TEXTS}
        for name in ("title", "content"):
            if not texts[name]:
                raise ValueError(f"{path}.{name}: expected a text")
        if not placeholders(texts["content"]):
            raise ValueError(f"{path}.content: expected a placeholder, as in {{{{thing1.DATA}}}}")
        texts["template_id"] = texts["template_id"] or _template_id(path)
        if self.state.templates.find(self.appid, texts["template_id"]) is not None:
            raise ValueError(f"{path}.template_id: there are two templates {texts['template_id']!r}")
        self.state.templates.add(self.appid, Template(kind=kind, listed=listed, **texts))

    def _tag_id(self, tag: object, path: str, *, by_name: bool) -> int:
        found = number(tag) if not by_name else self.tags.get(tag) if isinstance(tag, str) else None
        if found is None:
            raise ValueError(f"{path}: there is no tag {tag!r}")
        return found


def _autoreplies(value: object, path: str) -> Json:
    """The console's auto-replies, in the form of the answer of get_current_autoreply_info."""
    info = _known(value, path, (*autoreplies.FLAGS, *autoreplies.SINGLE, autoreplies.KEYWORDS))
    for name in autoreplies.FLAGS:
        if info.setdefault(name, 0) not in (0, 1):
            raise ValueError(f"{path}.{name}: expected 0 or 1")
    for name in autoreplies.SINGLE:
        if name in info:
            _autoreply(info[name], f"{path}.{name}", autoreplies.TYPES)
    if autoreplies.KEYWORDS in info:
        place = f"{path}.{autoreplies.KEYWORDS}"
        rules = _list(_known(info[autoreplies.KEYWORDS], place, ("list",)).get("list"), f"{place}.list")
        for index, rule in enumerate(rules):
            _keyword_rule(rule, f"{place}.list[{index}]")
    return info


def _keyword_rule(value: object, path: str) -> None:
    rule = _known(value, path, autoreplies.RULE)
    if rule.get("reply_mode") not in autoreplies.REPLY_MODES:
        raise ValueError(f"{path}.reply_mode: expected one of {', '.join(autoreplies.REPLY_MODES)}")
    for index, keyword in enumerate(_list(rule.get("keyword_list_info"), f"{path}.keyword_list_info")):
        place = f"{path}.keyword_list_info[{index}]"
        if _known(keyword, place, ("type", "match_mode", "content")).get("match_mode") not in autoreplies.MATCH_MODES:
            raise ValueError(f"{place}.match_mode: expected one of {', '.join(autoreplies.MATCH_MODES)}")
        _text(keyword.get("content"), f"{place}.content")
    for index, reply in enumerate(_list(rule.get("reply_list_info"), f"{path}.reply_list_info")):
        _autoreply(reply, f"{path}.reply_list_info[{index}]", (*autoreplies.TYPES, autoreplies.NEWS))


def _autoreply(value: object, path: str, types: tuple[str, ...]) -> None:
    reply = _known(value, path, ("type", "content", "news_info"))
    if reply.get("type") not in types:
        raise ValueError(f"{path}.type: expected one of {', '.join(types)}")
    if reply["type"] == autoreplies.NEWS:  # without a content in the sample of the page
        articles = _known(reply.get("news_info"), f"{path}.news_info", ("list",)).get("list")
        for index, article in enumerate(_list(articles, f"{path}.news_info.list")):
            _known(article, f"{path}.news_info.list[{index}]", autoreplies.ARTICLE)
    else:
        _text(reply.get("content"), f"{path}.content")


def _menu(menu: object, path: str) -> list[Button]:
    return _buttons(_known(menu, path, ("button",)).get("button"), f"{path}.button")


def _buttons(buttons: object, path: str) -> list[Button]:
    if not isinstance(buttons, list) or not buttons:
        raise ValueError(f"{path}: expected a list of buttons")
    return [_button(button, f"{path}[{index}]") for index, button in enumerate(buttons)]


def _button(button: object, path: str) -> Button:
    """The button as it is stored: children in a list, though given as ``{"list": [...]}``, leaves without any."""
    fields = _mapping(button, path)
    if not isinstance(fields.get("name"), str):
        raise ValueError(f"{path}.name: expected a text")  # noqa: TRY004 - what is wrong is the seed, not the program
    children = fields.get("sub_button")
    if isinstance(children, Mapping):
        children = _known(children, f"{path}.sub_button", ("list",)).get("list")
    stored = {field: value for field, value in fields.items() if field != "sub_button"}
    if children:
        stored.pop("type", None)
        stored["sub_button"] = _buttons(children, f"{path}.sub_button")
        if any("sub_button" in child for child in stored["sub_button"]):
            raise ValueError(f"{path}.sub_button: a menu has two levels")
    elif not isinstance(stored.get("type"), str):
        raise ValueError(f"{path}.type: expected a text")
    return stored


def _template_kind(fields: Json, path: str, *, test_account: bool) -> Kind:
    historical, one_time = _flag(fields, "historical", path), _flag(fields, "one_time_subscription", path)
    if one_time:
        if historical:
            raise ValueError(f"{path}.historical: the row of one-time subscriptions is of no library")
        return Kind.ONE_TIME
    if not test_account:
        return Kind.HISTORICAL if historical else Kind.CATEGORY
    for name in ("primary_industry", "deputy_industry", "example", "historical"):
        if fields.get(name):
            raise ValueError(f"{path}.{name}: the templates of a test account have none")
    return Kind.TYPED_IN


def _content(fields: object, path: str, listed: dict[str, tuple[str, ...]]) -> str:
    """The content that these placeholders make; adds to ``listed`` the values that they are bound to."""
    labels: dict[str, str] = {}
    for key, field in _mapping(fields, path).items():
        place = f"{path}.{key}"
        if not PLACEHOLDER_NAME.fullmatch(key):
            raise ValueError(f"{place}: expected a name of letters and digits")
        entry = {"label": field} if isinstance(field, str) else _known(field, place, ("label", "values"))
        labels[key] = _text(entry.get("label"), f"{place}.label")
        if "values" in entry:
            values = _list(entry["values"], f"{place}.values")
            listed[key] = tuple(_text(value, f"{place}.values[{index}]") for index, value in enumerate(values))
    return content_of(((label, key) for key, label in labels.items()), _COLON)


def _template_id(place: str) -> str:
    """An id in the form of real ones, the same for the same place in a seed."""
    return base64.urlsafe_b64encode(hashlib.sha256(place.encode()).digest()).decode().rstrip("=")


def _platform(platform: object, path: str) -> str:
    found = PLATFORMS.get(platform) if isinstance(platform, str) else None
    found = found or str(number(platform))
    if found not in PLATFORMS.values():
        raise ValueError(f"{path}: expected one of {', '.join(PLATFORMS)}, not {platform!r}")
    return found


def _flag(fields: Json, name: str, path: str) -> bool:
    value = fields.get(name, False)
    if not isinstance(value, bool):
        raise ValueError(f"{path}.{name}: expected true or false")  # noqa: TRY004 - what is wrong is the seed
    return value


def _text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{path}: expected a text")  # noqa: TRY004 - what is wrong is the seed, not the program
    return value


def _mapping(value: object, path: str) -> Json:
    if not isinstance(value, Mapping):
        raise ValueError(f"{path}: expected a mapping")  # noqa: TRY004 - what is wrong is the seed, not the program
    if not all(isinstance(key, str) for key in value):
        raise ValueError(f"{path}: expected keys that are texts")
    return dict(value)


def _known(value: object, path: str, keys: Iterable[str]) -> Json:
    fields = _mapping(value, path)
    for key in fields:
        if key not in keys:
            raise ValueError(f"{path}.{key}: unknown key")
    return fields


def _list(value: object, path: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise ValueError(f"{path}: expected a list")  # noqa: TRY004 - what is wrong is the seed, not the program
    return value
