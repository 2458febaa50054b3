"""Rules about the type of a button and the fields that it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from wxdeploy.kinds.base import Violation
from wxdeploy.kinds.buttons.rule import button_rule, leaf_rule, program_rule
from wxdeploy.kinds.buttons.walk import CONSOLE_FIELDS, Button, shown
from wxdeploy.wechat.appids import APPID
from wxdeploy.wechat.buttons import ALL_FIELDS, CONSOLE_ONLY, FIELDS
from wxdeploy.wechat.errcodes import Code

_REFUSED: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "key": (Code.INVALID_BUTTON_KEY, Code.INVALID_SUB_BUTTON_KEY),
        "url": (Code.INVALID_BUTTON_URL, Code.INVALID_SUB_BUTTON_URL),
        "media_id": (Code.INVALID_BUTTON_MEDIA_ID, Code.INVALID_SUB_BUTTON_MEDIA_ID),
        "article_id": (Code.INVALID_ARTICLE_ID, Code.INVALID_ARTICLE_ID),
        "appid": (Code.INVALID_WEAPP_APPID, Code.INVALID_WEAPP_APPID),
        "pagepath": (Code.INVALID_PAGEPATH, Code.INVALID_PAGEPATH),
    }
)
"""Field -> the return codes for one that is missing or not valid, on the first and on the second level."""

_USER: Mapping[str, str] = MappingProxyType(
    {
        "key": "click",
        "url": "view",
        "media_id": "media_id",
        "article_id": "article_id",
        "appid": "miniprogram",
        "pagepath": "miniprogram",
    }
)
"""Field -> the type that is most often meant where the field is given."""

_ACTIONS = frozenset({*ALL_FIELDS, *CONSOLE_FIELDS})
_KNOWN = _ACTIONS | {"type", "name", "sub_button"}


@button_rule("WX210")
def unknown_type(button: Button) -> Iterator[Violation]:
    """A button's type does not exist.

    What: `type` is none of the official types.
    Why: the account would answer 40017 on the first level and 40024 on the second. Types are written in lower case.
    Bad:
        ```yaml
        menu:
          button:
            - {type: link, name: 官网, url: "https://www.example.com/"}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: view, name: 官网, url: "https://www.example.com/"}
        ```
    Source: doc/service/api/custommenu/api_createcustommenu.
    """
    kind = button.fields.get("type")
    if not isinstance(kind, str) or kind in FIELDS or kind in CONSOLE_ONLY:
        return
    answer = button.answer(Code.INVALID_BUTTON_TYPE, Code.INVALID_SUB_BUTTON_TYPE)
    yield Violation(
        path=button.at("type"),
        detail=f'{button.who} has the type "{shown(kind)}"; {answer}',
        fix=f"write `type: {_meant(button, kind)}`",
    )


def _meant(button: Button, kind: str) -> str:
    from difflib import get_close_matches

    if like := get_close_matches(re.sub(r"[\s-]", "_", kind.strip().lower()), FIELDS, n=1, cutoff=0.75):
        return like[0]
    by_fields = [name for name, fields in FIELDS.items() if all(button.filled(field) for field in fields)]
    return "miniprogram" if "miniprogram" in by_fields else next(iter(by_fields), "view` or `type: click")


@leaf_rule("WX211")
def field_missing(button: Button) -> Iterator[Violation]:
    """A button lacks what its type needs.

    What: a field that the type requires is missing or empty: `key` for click and the other types that ask the account's
    server, `url` for view, `url`, `appid` and `pagepath` for miniprogram, `media_id` for media_id, `article_id` for
    article_id and article_view_limited. The usual slip is `key` instead of `url` on a view button.
    Why: the account would answer, on the first and on the second level, 40019 and 40026 (key), 40020 and 40027 (url),
    40117 and 40118 (media_id), 53600 (article_id), 40166 (appid), 40165 (pagepath).
    Bad:
        ```yaml
        menu:
          button:
            - {type: view, name: 搜索, key: "https://www.example.com/search"}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: view, name: 搜索, url: "https://www.example.com/search"}
        ```
    Source: doc/service/api/custommenu/api_createcustommenu; 40019, 40020, 40026 and 40027 were seen for missing fields
    (community thread 0002484be086c00a9761f57f161c00), the other answers are inferred from the codes' meaning.
    """
    kind = button.text("type")
    missing = [field for field in FIELDS.get(kind, ()) if button.blank(field) or not _is_there(button, field)]
    stray = _slip(button) if missing else None
    for field in missing:
        answer = button.answer(*_REFUSED[field])
        detail = f"{button.who} is a {kind} button without `{field}`"
        if stray:
            fix = f"rename `{stray}` to `{field}`, or {_otherwise(stray)}"
            detail += f", but with `{stray}`"
            yield Violation(path=button.at(stray), detail=f"{detail}; {answer}", fix=fix, on_key=True)
        else:
            place = field if field in button.fields else "type"
            yield Violation(path=button.at(place), detail=f"{detail}; {answer}", fix=f"add `{field}:`")


def _is_there(button: Button, field: str) -> bool:
    """Whether the field is given, or a mistyped key that stands for it, which is one mistake and found as such."""
    if field in button.fields:
        return True
    from difflib import get_close_matches

    unknown = [key for key in button.fields if key not in _KNOWN]
    return bool(unknown and get_close_matches(field, unknown, n=1))


@leaf_rule("WX212")
def field_without_meaning(button: Button) -> Iterator[Violation]:
    """A button has a field that its type does not know.

    What: a field that belongs to another type is filled in: `url` on a click button, `key` on a view button. An empty
    one is let through.
    Why: either the type or the field is not what was meant. The documentation does not say what the account does with
    such a field: it may ignore it or refuse the menu.
    Bad:
        ```yaml
        menu:
          button:
            - {type: click, name: 搜索, key: SEARCH, url: "https://www.example.com/search"}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: view, name: 搜索, url: "https://www.example.com/search"}
        ```
    Source: doc/service/api/custommenu/api_createcustommenu (the fields of each type).
    """
    kind = button.text("type")
    for field in _unknown(button):
        if field != _slip(button):
            yield Violation(
                path=button.at(field),
                detail=f"{button.who} is a {kind} button with `{field}`; "
                "what the account does with it is not documented",
                fix=f"remove `{field}`, or {_otherwise(field)}",
                on_key=True,
            )


def _unknown(button: Button) -> list[str]:
    """The filled fields that the button's type, where it is one of the API's, has no use for."""
    used = FIELDS.get(button.text("type"))
    if used is None:
        return []
    return [field for field in button.fields if field in _ACTIONS and field not in used and button.fields[field]]


def _slip(button: Button) -> str | None:
    """The field that was written in place of the one required field that is missing, where it looks like that."""
    needed = FIELDS.get(button.text("type"), ())
    missing = [field for field in needed if field not in button.fields or button.blank(field)]
    return next(iter(_unknown(button)), None) if len(missing) == 1 else None


def _otherwise(field: str) -> str:
    if field in CONSOLE_FIELDS:
        return f"leave the button to the web console, where buttons with `{field}` are made"
    return f"write `type: {_USER[field]}` if that is what the button is meant to be"


@program_rule("WX213")
def appid_shape(button: Button) -> Iterator[Violation]:
    """A mini program's appid does not look like one.

    What: `appid` is not wx and 16 hexadecimal digits in lower case. The usual slip is the original id (原始 ID) that
    starts with gh_.
    Why: the account would answer 40166. (A well-formed appid of a mini program that is not linked to the account is
    refused too; that can't be seen offline.)
    Bad:
        ```yaml
        menu:
          button:
            - type: miniprogram
              name: 小程序
              url: https://www.example.com/
              appid: gh_3dfda90e39d6
              pagepath: pages/index/index
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
    Source: doc/service/api/custommenu/api_createcustommenu (lower case); gh_: community thread
    000e0c4249047051b92b235505b000.
    """
    appid = button.text("appid")
    if not appid.strip() or APPID.fullmatch(appid):
        return
    fix = "write the appid from the mini program's console (开发管理 › 开发设置): wx and 16 hexadecimal digits"
    if APPID.fullmatch(appid.strip().lower()):
        fix = f"write `appid: {appid.strip().lower()}`"
    said = "the original id, not the appid" if appid.startswith("gh_") else "not wx and 16 lower-case hex digits"
    answer = button.answer(Code.INVALID_WEAPP_APPID, Code.INVALID_WEAPP_APPID)
    yield Violation(path=button.at("appid"), detail=f'{button.who} has "{shown(appid)}", {said}; {answer}', fix=fix)


@program_rule("WX214")
def pagepath_is_address(button: Button) -> Iterator[Violation]:
    """A mini program's page is given as a web address.

    What: `pagepath` starts with http:// or https://.
    Why: it names a page inside the mini program, as its app.json does; the account would answer 40165. The web page for
    clients that know no mini programs goes into `url`.
    Bad:
        ```yaml
        menu:
          button:
            - type: miniprogram
              name: 小程序
              url: https://www.example.com/
              appid: wx286b93c14bbf93aa
              pagepath: https://www.example.com/pages/index/index
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
    Source: doc/service/api/custommenu/api_createcustommenu; the answer is inferred from the code's meaning.
    """
    pagepath = button.text("pagepath")
    if pagepath.lstrip().lower().startswith(("http://", "https://")):
        answer = button.answer(Code.INVALID_PAGEPATH, Code.INVALID_PAGEPATH)
        yield Violation(
            path=button.at("pagepath"),
            detail=f'{button.who} has "{shown(pagepath)}"; {answer}',
            fix="write the page's path in the mini program, like `pages/index/index`; the address belongs to `url`",
        )


RULES = (unknown_type, field_missing, field_without_meaning, appid_shape, pagepath_is_address)
