"""Rules about what the account takes, and what is hardly meant: warnings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wxdeploy.kinds.base import Account, Violation
from wxdeploy.kinds.buttons.rule import link_rule, list_rule, menu_rule, name_rule, program_rule
from wxdeploy.kinds.buttons.walk import CONSOLE_FIELDS, FIRST, Button, leaves, lists, shown, whole
from wxdeploy.model.cells import cut, fits
from wxdeploy.model.diagnostic import Severity
from wxdeploy.wechat import limits
from wxdeploy.wechat.buttons import ALL_FIELDS, FIELDS, KEY_TYPES

_ACTIONS = frozenset({"type", *ALL_FIELDS, *CONSOLE_FIELDS})
_EMOJI = "[\U0001f000-\U0001faff\u2600-\u27bf\u2b05-\u2b55\u231a\u231b\u23e9-\u23fa\ufe0f\u20e3]"


@list_rule("WX260", severity=Severity.WARNING)
def action_beside_list(button: Button) -> Iterator[Violation]:
    """A button with a list has an action too.

    What: a button has buttons in `sub_button` and a `type`, or a field of one, as well.
    Why: a tap opens the list: the account ignores the rest without a word. Either the action or the list was meant.
    Bad:
        ```yaml
        menu:
          button:
            - type: click
              name: 菜单
              key: MENU
              sub_button:
                - {type: view, name: 搜索, url: "https://www.example.com/search"}
        ```
    Good:
        ```yaml
        menu:
          button:
            - name: 菜单
              sub_button:
                - {type: view, name: 搜索, url: "https://www.example.com/search"}
        ```
    Source: doc/service/api/custommenu/api_createcustommenu; live menus that hold both.
    """
    if button.level != FIRST:
        return
    ignored = [field for field, value in button.fields.items() if value and field in _ACTIONS]
    if ignored:
        named = " and ".join(f"`{field}`" for field in ignored)
        yield Violation(
            path=button.at(ignored[0]),
            detail=f"{button.who} opens a list: the account ignores {named}",
            fix=f"remove {named}, or make the action a button of the list",
            on_key=True,
        )


@name_rule("WX261", severity=Severity.WARNING)
def name_cut(button: Button) -> Iterator[Violation]:
    """A name is longer than the phone shows.

    What: a first-level name is wider than 4 Chinese characters, or a second-level name wider than 8 (a Latin letter is
    half as wide).
    Why: the account takes it, but the phone cuts it and shows an ellipsis in place of the rest. Names that the account
    would refuse as too long are left to the rules about that.
    Bad:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲榜, key: V1001_TODAY_MUSIC}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}
        ```
    Source: doc/service/api/custommenu/api_createcustommenu; community thread 00044c334a0618d87a4c6d76a59400.
    """
    name = button.text("name")
    limit, width = (
        (limits.NAME, limits.NAME_CELLS) if button.level == FIRST else (limits.SUB_NAME, limits.SUB_NAME_CELLS)
    )
    if not fits(name, width) and limit.accepts(name):
        yield Violation(
            path=button.at("name"),
            detail=f'{button.who} is shown as "{shown(cut(name, width))}"',
            fix=f"shorten it to {width // 2} Chinese characters or {width} Latin ones",
        )


@link_rule("WX262", severity=Severity.WARNING)
def http_link(button: Button) -> Iterator[Violation]:
    """A link is not encrypted.

    What: `url` starts with http:// instead of https://.
    Why: the account takes it, but anyone between the follower and the site can read and change the page, and much of
    what pages use in WeChat works with https alone.
    Bad:
        ```yaml
        menu:
          button:
            - {type: view, name: 搜索, url: "http://www.example.com/search"}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: view, name: 搜索, url: "https://www.example.com/search"}
        ```
    Source: doc/service/api/custommenu/api_createcustommenu takes both.
    """
    url = button.link
    if url.lstrip().lower().startswith("http://") and "url" in FIELDS.get(button.text("type"), ()):
        yield Violation(
            path=button.at("url"),
            detail=f'{button.who} opens "{shown(url)}"',
            fix="write https://, if the site answers there",
        )


@menu_rule("WX263", severity=Severity.WARNING)
def key_shared(account: Account) -> Iterator[Violation]:
    """Buttons with different names send the same key.

    What: two buttons of one type have one `key`, but different names.
    Why: the account's server gets the key and nothing else: it can't tell them apart and answers both alike. Mostly one
    is a copy of the other whose key was forgotten.
    Bad:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}
            - {type: click, name: 歌手简介, key: V1001_TODAY_MUSIC}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}
            - {type: click, name: 歌手简介, key: V1001_TODAY_SINGER}
        ```
    Source: the events of a menu (doc/service/guide/product/menu/Custom_Menu_Push_Events) hold the key alone.
    """
    first: dict[tuple[str, str], Button] = {}
    for button in leaves(account):
        kind, key = button.text("type"), button.text("key")
        if kind not in KEY_TYPES or not key.strip():
            continue
        other = first.setdefault((kind, key), button)
        if other.text("name") != button.text("name"):
            yield Violation(
                path=button.at("key"),
                detail=f'{other.who} and {button.who} both send "{shown(key)}"',
                fix="give each its own key, or both one name",
            )


@name_rule("WX264", severity=Severity.WARNING)
def emoji_in_name(button: Button) -> Iterator[Violation]:
    """A name holds an emoji.

    What: `name` holds an emoji.
    Why: the account takes it, but it costs 4 bytes or more of the name, every system draws it differently, and an old
    one shows an empty box.
    Bad:
        ```yaml
        menu:
          button:
            - {type: click, name: 🎁礼物, key: GIFT}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 礼物, key: GIFT}
        ```
    Source: community thread 0008a464f4cf607ffd6f434d251800 (taken as raw UTF-8).
    """
    name = button.text("name")
    if not name.isalpha() and (emoji := re.search(_EMOJI, name)):  # most names are Chinese characters alone
        yield Violation(
            path=button.at("name"),
            detail=f"{button.who} holds U+{ord(emoji[0]):04X}, which phones draw differently",
            fix="leave it out, or silence this rule here if it was tried on the phones that matter",
        )


@menu_rule("WX265", severity=Severity.WARNING)
def name_twice(account: Account) -> Iterator[Violation]:
    """Two buttons side by side have one name.

    What: two first-level buttons, or two buttons of one list, have the same name.
    Why: the account takes it, but followers can't tell them apart. Mostly one is a copy of the other whose name was
    forgotten.
    Bad:
        ```yaml
        menu:
          button:
            - {type: view, name: 搜索, url: "https://www.example.com/search"}
            - {type: view, name: 搜索, url: "https://www.example.com/help"}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: view, name: 搜索, url: "https://www.example.com/search"}
            - {type: view, name: 帮助, url: "https://www.example.com/help"}
        ```
    Source: doc/service/api/custommenu/api_createcustommenu does not forbid it.
    """
    for row in lists(account):
        seen: set[str] = set()
        for button in row:
            name = button.text("name").strip()
            if name and name in seen:
                yield Violation(
                    path=button.at("name"),
                    detail=f"another button beside {button.who} is called the same",
                    fix="give it a name of its own, or remove it",
                )
            seen.add(name)


@program_rule("WX266", severity=Severity.WARNING)
def pagepath_with_slash(button: Button) -> Iterator[Violation]:
    """A mini program's page starts with a slash.

    What: `pagepath` starts with `/`.
    Why: app.json and the official samples name pages without a leading slash. Whether the account and every client take
    one with it is not documented; 40165 is the answer to a page that does not exist.
    Bad:
        ```yaml
        menu:
          button:
            - type: miniprogram
              name: 小程序
              url: https://www.example.com/
              appid: wx286b93c14bbf93aa
              pagepath: /pages/index/index
        ```
    Good:
        ```yaml
        menu:
          button:
            - type: miniprogram
              name: 小程序
              url: https://www.example.com/
              appid: wx286b93c14bbf93aa
              pagepath: pages/index/index
        ```
    Source: doc/service/api/custommenu/api_createcustommenu (sample).
    """
    pagepath = button.text("pagepath")
    if pagepath.startswith("/"):
        yield Violation(
            path=button.at("pagepath"),
            detail=f'{button.who} has "{shown(pagepath)}"',
            fix=f"write `pagepath: {whole(pagepath.lstrip('/'))}`",
        )


RULES = (
    action_beside_list,
    name_cut,
    http_link,
    key_shared,
    emoji_in_name,
    name_twice,
    pagepath_with_slash,
)
