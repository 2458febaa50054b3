"""Rules about what is pasted from an answer of the API, or left behind by a menu made in the web console."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from wxdeploy.kinds.base import Account, Violation, rule
from wxdeploy.kinds.buttons.rule import leaf_rule, menu_rule
from wxdeploy.kinds.buttons.walk import Button, body, buttons, shown
from wxdeploy.model.jsonvalue import JsonValue, Path
from wxdeploy.wechat.buttons import CONSOLE_ONLY, WITHDRAWN
from wxdeploy.wechat.errcodes import Code

_MATERIAL = "upload it as permanent material and write `type: media_id` with its `media_id`"
_INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        "text": "write `type: click` with a `key`, and let the account's server answer that key with the text",
        "news": "publish the article and write `type: article_id` with its `article_id`",
        **dict.fromkeys(("img", "photo", "voice", "video"), _MATERIAL),
    }
)
_ANSWERS = ("selfmenu_info", "is_menu_open", "conditionalmenu")


@leaf_rule("WX240")
def console_type(button: Button) -> Iterator[Violation]:
    """A button is of a type that only the web console can make.

    What: `type` is text, img, photo, voice, video or news: such buttons are made by hand in the web console (公众平台),
    and come back from get_current_selfmenu_info.
    Why: the API does not take them: the account would answer 40024 (40017 on the first level). What followers get can
    be had otherwise: a text as the answer to a click, a picture, voice or video as media_id, an article as article_id.
    Where a pulled menu keeps one, silence this rule on its line, with the reason.
    Bad:
        ```yaml
        menu:
          button:
            - {type: text, name: 联系我们, value: "电话：010-12345678"}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 联系我们, key: CONTACT}
        ```
    Source: doc/service/api/custommenu/api_getcurrentselfmenuinfo; community thread 000642614700c06e7a5173cfc6b800.
    """
    kind = button.text("type")
    if kind in CONSOLE_ONLY:
        answer = button.answer(Code.INVALID_BUTTON_TYPE, Code.INVALID_SUB_BUTTON_TYPE)
        yield Violation(
            path=button.at("type"),
            detail=f"{button.who} is of the type {kind}; {answer}",
            fix=_INSTEAD[kind],
        )


@leaf_rule("WX241")
def withdrawn_type(button: Button) -> Iterator[Violation]:
    """A button is of a type that was withdrawn.

    What: `type` is view_limited.
    Why: since articles are published from the draft box it opens none, and the official list of types has it no more.
    What the account answers to it is not documented. Where a pulled menu keeps one, silence this rule on its line.
    Bad:
        ```yaml
        menu:
          button:
            - {type: view_limited, name: 图文消息, media_id: MEDIA_ID2}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: article_view_limited, name: 图文消息, article_id: ARTICLE_ID2}
        ```
    Source: doc/service/api/custommenu/api_createcustommenu; doc/subscription/guide/product/menu/intro.
    """
    if button.text("type") in WITHDRAWN:
        yield Violation(
            path=button.at("type"),
            detail=f"{button.who} is of the type {button.text('type')}, which opens no article any more",
            fix="write `type: article_view_limited`, and for `media_id` the `article_id` of the published article",
        )


@rule("WX242", section="menu")
def wrapped_twice(account: Account) -> Iterator[Violation]:
    """A menu is wrapped in menu a second time.

    What: below the section `menu` there is `menu` again, as in an answer of menu/get that was pasted whole.
    Why: menu/create takes the buttons without the wrapping; the account would answer 40016.
    Bad:
        ```yaml
        menu:
          menu:
            button:
              - {type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC, sub_button: []}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC, sub_button: []}
        ```
    Source: community thread oCJUswyS1-p9c_zSWFYmoj05Z6Mo.
    """
    if "menu" in body(account):
        yield Violation(
            path=("menu",),
            detail=f"the account would answer {Code.INVALID_BUTTON_COUNT:d}",
            fix="remove this inner `menu:` and move its `button` up one level",
            on_key=True,
        )


@menu_rule("WX243")
def button_twice(account: Account) -> Iterator[Violation]:
    """A list of buttons is wrapped in button a second time.

    What: `button` is not a list, but holds `button` again.
    Why: the account would answer 40017.
    Bad:
        ```yaml
        menu:
          button:
            button:
              - {type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}
        ```
    Source: community thread oCJUsw6feXJAsqtE0sqMgK72Ojvk.
    """
    inner = body(account).get("button")
    if isinstance(inner, Mapping) and "button" in inner:
        yield Violation(
            path=("button", "button"),
            detail=f"the account would answer {Code.INVALID_BUTTON_TYPE:d}",
            fix="remove this inner `button:` and move its list up one level",
            on_key=True,
        )


@menu_rule("WX244")
def list_in_list(account: Account) -> Iterator[Violation]:
    """A list of buttons is wrapped in list.

    What: `sub_button` (or `button`) is not a list, but holds one under `list`.
    Why: get_current_selfmenu_info answers in that shape, but menu/create does not take it: the account would answer
    40016. `wxdeploy pull` writes it as configuration.
    Bad:
        ```yaml
        menu:
          button:
            - name: 菜单
              sub_button:
                list:
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
    Source: doc/service/api/custommenu/api_getcurrentselfmenuinfo; community thread 000c2e19ae8900602fcd1cd6d5d000.
    """
    if _is_wrapped(body(account).get("button")):
        yield _in_list("the menu", ("button",))
    for button in buttons(account):
        if _is_wrapped(button.fields.get("sub_button")):
            yield _in_list(button.who, button.at("sub_button"))


def _is_wrapped(value: JsonValue) -> bool:
    return bool(value) and isinstance(value, Mapping) and "list" in value


def _in_list(who: str, path: Path) -> Violation:
    return Violation(
        path=(*path, "list"),
        detail=f"in {who}; the account would answer {Code.INVALID_BUTTON_COUNT:d}",
        fix=f"remove `list:` and put its buttons right under `{path[-1]}`",
        on_key=True,
    )


@rule("WX245", section="menu")
def pasted_answer(account: Account) -> Iterator[Violation]:
    """A whole answer of the API stands in place of a menu.

    What: the section holds `selfmenu_info`, `is_menu_open` or `conditionalmenu`, as the answers of
    get_current_selfmenu_info and menu/get do.
    Why: menu/create takes the buttons alone: the account would answer 40016, or leave the rest out without a word.
    Bad:
        ```yaml
        menu:
          is_menu_open: 1
          selfmenu_info:
            button:
              - {type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}
        ```
    Source: doc/service/api/custommenu/api_getcurrentselfmenuinfo, doc/service/api/custommenu/api_getmenu; community
    thread 000c2e19ae8900602fcd1cd6d5d000.
    """
    found = [key for key in body(account) if key in _ANSWERS]
    if not found:
        return
    named = " and ".join(f"`{key}`" for key in found)
    fix = "keep nothing but `button` and its list; `wxdeploy pull` writes a live menu as configuration"
    if "conditionalmenu" in found:
        fix = (
            "remove `conditionalmenu`: personalised menus are not part of the default menu; keep `button` and its list"
        )
    yield Violation(path=(found[0],), detail=f"{named} can't be sent to menu/create", fix=fix, on_key=True)


@rule("WX246", section="menu")
def matchrule_in_default_menu(account: Account) -> Iterator[Violation]:
    """The default menu has a matchrule.

    What: `matchrule`, which says who sees a personalised menu, stands in the default menu.
    Why: the account would answer that all is well, ignore the rule and show this menu to every follower in place of the
    default menu. No error code ever tells.
    Bad:
        ```yaml
        menu:
          button:
            - {type: click, name: 会员日, key: VIP_DAY}
          matchrule: {tag_id: "101"}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}
        ```
    Source: community thread 000ce859ec8898b5297ad66645c000.
    """
    if "matchrule" in body(account):
        yield Violation(
            path=("matchrule",),
            detail="the account would ignore it without a word, and replace the menu of every follower by this one",
            fix="make it a personalised menu, or remove `matchrule` if every follower is meant",
            on_key=True,
        )


@rule("WX247", section="menu")
def menuid_in_menu(account: Account) -> Iterator[Violation]:
    """The default menu has a menuid.

    What: `menuid`, which menu/get adds to its answer, stands in the configuration.
    Why: the account gives a new one at every publication, so that it says nothing about the menu that is wanted; what
    menu/create does with it is not documented.
    Bad:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}
          menuid: 208396938
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}
        ```
    Source: doc/service/api/custommenu/api_getmenu.
    """
    menu = body(account)
    if "menuid" in menu:
        value = menu["menuid"]
        given = f" ({shown(str(value))})" if isinstance(value, str | int) else ""
        yield Violation(
            path=("menuid",),
            detail=f"the account gives it{given}, anew at every publication",
            fix="remove `menuid`",
            on_key=True,
        )


RULES = (
    console_type,
    withdrawn_type,
    wrapped_twice,
    button_twice,
    list_in_list,
    pasted_answer,
    matchrule_in_default_menu,
    menuid_in_menu,
)
