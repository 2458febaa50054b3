"""Rules about how many buttons a menu has, on how many levels, and that each has a name and something to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wxdeploy.kinds.base import Account, Violation, rule
from wxdeploy.kinds.buttons.rule import leaf_rule, list_rule, menu_rule, name_rule
from wxdeploy.kinds.buttons.walk import CONDITIONAL, FIRST, MENU, Button, body, is_empty_list, listed
from wxdeploy.model.jsonvalue import JsonValue, Path
from wxdeploy.wechat import limits
from wxdeploy.wechat.buttons import FIELDS
from wxdeploy.wechat.errcodes import Code

_WRAPPERS = ("menu", "selfmenu_info", "is_menu_open")
_MORE = f"add 1 to {limits.BUTTONS.value} buttons under `button`"


@rule("WX201", section="menu")
def no_buttons(account: Account) -> Iterator[Violation]:
    """A menu has no buttons.

    What: `button` is missing, or its list is empty.
    Why: a menu has one to three first-level buttons; the account would answer 40016. An empty list is not the way to
    remove a menu either: that is `menu: absent`.
    Bad:
        ```yaml
        menu:
          button: []
        ```
    Good:
        ```yaml
        menu: absent
        ```
    Source: doc/service/api/custommenu/api_createcustommenu.
    """
    yield from _without(account.sections.get(MENU), MENU, (), f"{_MORE}, or write `menu: absent` to remove the menu")
    for index, menu in enumerate(listed(account.sections.get(CONDITIONAL))):
        yield from _without(menu, CONDITIONAL, (index,), f"{_MORE}, or take the menu out of the list")


def _without(menu: JsonValue, section: str, path: Path, fix: str) -> Iterator[Violation]:
    answer = f"the account would answer {Code.INVALID_BUTTON_COUNT:d}"
    if not isinstance(menu, Mapping):
        return
    if is_empty_list(menu.get("button")):
        detail = f"`button` is an empty list; {answer}"
        yield Violation(section=section, path=(*path, "button"), detail=detail, fix=fix)
    elif "button" not in menu and not any(key in menu for key in _WRAPPERS):
        yield Violation(section=section, path=path, detail=f"there is no `button`; {answer}", fix=fix)


@menu_rule("WX202")
def too_many_buttons(account: Account) -> Iterator[Violation]:
    """A menu has more than three first-level buttons.

    What: `button` has a fourth button.
    Why: a phone shows three columns; the account would answer 40016 and keep the menu that it has.
    Bad:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: SONG}
            - {type: click, name: 歌手简介, key: SINGER}
            - {type: click, name: 赞一下, key: GOOD}
            - {type: view, name: 搜索, url: "https://www.example.com/"}
        ```
    Good:
        ```yaml
        menu:
          button:
            - name: 音乐
              sub_button:
                - {type: click, name: 今日歌曲, key: SONG}
                - {type: click, name: 歌手简介, key: SINGER}
            - {type: click, name: 赞一下, key: GOOD}
            - {type: view, name: 搜索, url: "https://www.example.com/"}
        ```
    Source: doc/service/api/custommenu/api_createcustommenu.
    """
    columns = listed(body(account).get("button"))
    if len(columns) > limits.BUTTONS.value:
        yield Violation(
            path=("button", limits.BUTTONS.value),
            detail=f"it has {len(columns)}, {limits.BUTTONS.value} are allowed; "
            f"the account would answer {Code.INVALID_BUTTON_COUNT:d}",
            fix="move buttons that belong together into the `sub_button` of one, or remove this one",
        )


@list_rule("WX203")
def too_many_sub_buttons(button: Button) -> Iterator[Violation]:
    """A first-level button opens more than five buttons.

    What: `sub_button` has a sixth button.
    Why: a list holds five lines; the account would answer 40023 and keep the menu that it has.
    Bad:
        ```yaml
        menu:
          button:
            - name: 门店
              sub_button:
                - {type: click, name: 北京, key: BEIJING}
                - {type: click, name: 上海, key: SHANGHAI}
                - {type: click, name: 广州, key: GUANGZHOU}
                - {type: click, name: 深圳, key: SHENZHEN}
                - {type: click, name: 成都, key: CHENGDU}
                - {type: click, name: 杭州, key: HANGZHOU}
        ```
    Good:
        ```yaml
        menu:
          button:
            - name: 门店
              sub_button:
                - {type: click, name: 北京, key: BEIJING}
                - {type: click, name: 上海, key: SHANGHAI}
                - {type: view, name: 全部门店, url: "https://www.example.com/stores"}
        ```
    Source: doc/service/api/custommenu/api_createcustommenu.
    """
    children = listed(button.fields.get("sub_button"))
    if button.level == FIRST and len(children) > limits.SUB_BUTTONS.value:
        yield Violation(
            path=(*button.at("sub_button"), limits.SUB_BUTTONS.value),
            detail=f"{button.who} has {len(children)}, {limits.SUB_BUTTONS.value} are allowed; "
            f"the account would answer {Code.INVALID_SUB_BUTTON_COUNT:d}",
            fix="remove this one, move it to another list, or let one button open a page with all of them",
        )


@list_rule("WX204")
def third_level(button: Button) -> Iterator[Violation]:
    """A menu has a third level.

    What: a second-level button has buttons of its own in `sub_button`.
    Why: a menu has two levels; the account would answer 40022. (An empty `sub_button` is accepted: the API itself
    returns one with every button.)
    Bad:
        ```yaml
        menu:
          button:
            - name: 门店
              sub_button:
                - name: 北京
                  sub_button:
                    - {type: click, name: 朝阳店, key: CHAOYANG}
        ```
    Good:
        ```yaml
        menu:
          button:
            - name: 北京门店
              sub_button:
                - {type: click, name: 朝阳店, key: CHAOYANG, sub_button: []}
        ```
    Source: doc/service/api/custommenu/api_createcustommenu (two levels); return code 40022, whose cause is inferred.
    """
    if button.level != FIRST:
        yield Violation(
            path=button.at("sub_button"),
            detail=f"{button.who} has buttons of its own; the account would answer {Code.INVALID_SUB_LEVEL:d}",
            fix="move them up one level, next to this button, and give this one a `type` or remove it",
            on_key=True,
        )


@leaf_rule("WX205")
def nothing_to_do(button: Button) -> Iterator[Violation]:
    """A button does nothing when it is tapped.

    What: a button has neither a `type` nor buttons in `sub_button`.
    Why: the account would answer 40017 on the first level and 40024 on the second (65308 in a personalised menu).
    Bad:
        ```yaml
        menu:
          button:
            - {name: 搜索, url: "https://www.example.com/search"}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: view, name: 搜索, url: "https://www.example.com/search"}
        ```
    Source: doc/service/api/custommenu/api_createcustommenu; return codes 40017, 40024, 65308.
    """
    children = button.fields.get("sub_button")
    if "type" in button.fields or ("sub_button" in button.fields and not is_empty_list(children)):
        return
    answer = button.answer(Code.INVALID_BUTTON_TYPE, Code.INVALID_SUB_BUTTON_TYPE)
    guess = next((name for name, fields in FIELDS.items() if all(button.filled(field) for field in fields)), None)
    fix = f"add `type: {guess}`" if guess else "add a `type` (view opens a page, click asks the account's server)"
    if button.level == FIRST:
        fix += ", or put the buttons that it opens into `sub_button`"
    yield Violation(path=button.path, detail=f"{button.who} has no `type`; {answer}", fix=fix)


@name_rule("WX206")
def no_name(button: Button) -> Iterator[Violation]:
    """A button has no name.

    What: `name` is missing, empty, or holds nothing but blanks.
    Why: there would be nothing to read on the button; the account would answer 40018 on the first level and 40025 on
    the second.
    Bad:
        ```yaml
        menu:
          button:
            - {type: click, name: "", key: V1001_TODAY_MUSIC}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 今日歌曲, key: V1001_TODAY_MUSIC}
        ```
    Source: doc/service/api/custommenu/api_createcustommenu (required); the answer to an empty one is inferred from the
    meaning of the return codes.
    """
    missing = "name" not in button.fields
    if missing or button.blank("name"):
        answer = button.answer(Code.INVALID_BUTTON_NAME, Code.INVALID_SUB_BUTTON_NAME)
        yield Violation(
            path=button.path if missing else button.at("name"),
            detail=f"{button.who} has {'no' if missing else 'an empty'} `name`; {answer}",
            fix="add `name:` with the text that the button shows",
        )


RULES = (no_buttons, too_many_buttons, too_many_sub_buttons, third_level, nothing_to_do, no_name)
