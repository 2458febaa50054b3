"""What a menu may hold, and the three shapes in which the API shows it.

Source of the checks: doc/service/api/custommenu/api_createcustommenu (fields, sizes, return codes) and the table of
return codes, which has one set for first-level buttons and one for second-level buttons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from wxdeploy.sandbox.request import Json, Refusal
from wxdeploy.wechat import limits
from wxdeploy.wechat.appids import APPID
from wxdeploy.wechat.buttons import ALL_FIELDS, FIELDS
from wxdeploy.wechat.errcodes import Code

Button = Json

# No scheme, a misspelt one, "#" and a wholly percent-encoded address are refused (community threads 0004686fa24aa88d…,
# 000eecb7308fe08f…); which hosts are is not known, so any will do.
_WITH_HOST = re.compile(r"https?://[^\s/?#]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """What the API answers for a wrong button of this level."""

    name_limit: limits.Limit
    type: int
    name: int
    key: int
    url: int
    url_domain: int
    media_id: int


_FIRST = _Level(
    name_limit=limits.NAME,
    type=Code.INVALID_BUTTON_TYPE,
    name=Code.INVALID_BUTTON_NAME,
    key=Code.INVALID_BUTTON_KEY,
    url=Code.INVALID_BUTTON_URL,
    url_domain=Code.INVALID_BUTTON_URL_DOMAIN,
    media_id=Code.INVALID_BUTTON_MEDIA_ID,
)
_SECOND = _Level(
    name_limit=limits.SUB_NAME,
    type=Code.INVALID_SUB_BUTTON_TYPE,
    name=Code.INVALID_SUB_BUTTON_NAME,
    key=Code.INVALID_SUB_BUTTON_KEY,
    url=Code.INVALID_SUB_BUTTON_URL,
    url_domain=Code.INVALID_SUB_BUTTON_URL_DOMAIN,
    media_id=Code.INVALID_SUB_BUTTON_MEDIA_ID,
)


def checked_buttons(body: Json) -> list[Button]:
    """The buttons of a menu that the API would take, or the code it answers.

    A body without ``button`` is what one gets by posting the answer of menu/get (wrapped in ``menu``) or of
    get_current_selfmenu_info: 40016. ``{"button": {"button": [...]}}``: 40017 (community thread oCJUsw6feXJAsqtE…).
    """
    buttons = body.get("button")
    if isinstance(buttons, Mapping):
        raise Refusal(Code.INVALID_BUTTON_TYPE)
    if not isinstance(buttons, list) or not limits.BUTTONS.accepts(buttons):
        raise Refusal(Code.INVALID_BUTTON_COUNT)
    return [_first_level(button) for button in buttons]


def _first_level(button: object) -> Button:
    fields = _object(button, _FIRST)
    _check_name(fields, _FIRST)
    children = _children(fields)
    if not children:
        return _leaf(fields, _FIRST)
    if not limits.SUB_BUTTONS.accepts(children):
        raise Refusal(Code.INVALID_SUB_BUTTON_COUNT)
    # A type or key beside a filled sub_button is ignored, not refused (several live menus carry both).
    parent = {name: value for name, value in fields.items() if name != "type" and name not in ALL_FIELDS}
    parent["sub_button"] = [_second_level(child) for child in children]
    return parent


def _second_level(button: object) -> Button:
    fields = _object(button, _SECOND)
    _check_name(fields, _SECOND)
    if _children(fields):
        raise Refusal(Code.INVALID_SUB_LEVEL)
    return _leaf(fields, _SECOND)


def _object(button: object, level: _Level) -> Button:
    if not isinstance(button, dict):
        raise Refusal(level.type)
    return button


def _check_name(button: Button, level: _Level) -> None:
    name = button.get("name")
    if not isinstance(name, str) or not level.name_limit.accepts(name):
        raise Refusal(level.name)


def _children(button: Button) -> list[object]:
    value = button.get("sub_button")
    if value is None:
        return []
    if isinstance(value, Mapping):
        # The shape of get_current_selfmenu_info posted back (community thread 000c2e19ae890060…).
        raise Refusal(Code.INVALID_BUTTON_COUNT)
    if not isinstance(value, list):
        raise Refusal(Code.INVALID_SUB_BUTTON_COUNT)
    return value


def _leaf(button: Button, level: _Level) -> Button:
    """A button with an action. A type is asked for: 40017 and 40024 stand for a wrong and for a missing one."""
    kind = button.get("type")
    if not isinstance(kind, str) or kind not in FIELDS:
        raise Refusal(level.type)
    for field in FIELDS[kind]:
        _check_field(field, button.get(field), level)
    return {name: value for name, value in button.items() if name != "sub_button"}


def _check_field(field: str, value: object, level: _Level) -> None:
    text = value if isinstance(value, str) else ""
    if field == "url":
        if not limits.URL.accepts(text):
            raise Refusal(level.url)
        if not _WITH_HOST.match(text):
            raise Refusal(level.url_domain)
    elif field == "key":
        if not limits.KEY.accepts(text):
            raise Refusal(level.key)
    elif field == "appid":
        # A gh_ id in its place is the usual mistake (api error 40166).
        if not APPID.fullmatch(text):
            raise Refusal(Code.INVALID_WEAPP_APPID)
    elif not text:
        raise Refusal(
            {"media_id": level.media_id, "pagepath": Code.INVALID_PAGEPATH}.get(field, Code.INVALID_ARTICLE_ID)
        )


def as_menu(buttons: Iterable[Button]) -> list[Button]:
    """As in the answers of menu/get and menu/trymatch: every leaf has an empty ``sub_button``."""
    return [
        {**button, "sub_button": [{**child, "sub_button": []} for child in button.get("sub_button", ())]}
        for button in buttons
    ]


def as_selfmenu(buttons: Iterable[Button]) -> list[Button]:
    """As in the answer of get_current_selfmenu_info: children in ``{"list": [...]}``, leaves without ``sub_button``."""
    return [
        {**button, "sub_button": {"list": button["sub_button"]}} if "sub_button" in button else button
        for button in buttons
    ]


def domains(buttons: Iterable[Button]) -> Iterator[str]:
    """The host of every link, a mini program's fallback page included."""
    for button in buttons:
        yield from domains(button.get("sub_button", ()))
        url: Any = button.get("url")
        if isinstance(url, str) and (host := _host(url)):
            yield host


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        # A bracket out of place; it counts as one domain of its own.
        return url
