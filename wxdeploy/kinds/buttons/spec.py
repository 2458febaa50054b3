"""The default menu as a value, and its canonical document.

The canonical document is where every difference that means nothing disappears: an empty ``sub_button``, fields beside
a filled ``sub_button`` (the server ignores them), the order of keys. Fields that are not known here are kept, so that
what WeChat adds tomorrow is shown as a difference and not dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from wxdeploy.model.jsonvalue import canonical, canonical_object
from wxdeploy.wechat.buttons import ALL_FIELDS, CONSOLE_TEMPORARY

if TYPE_CHECKING:
    from wxdeploy.model.jsonvalue import JsonValue

ABSENT = "absent"
"""The section's value that asks for the menu's removal."""

_ORDER = ("type", "name", *ALL_FIELDS, "value")
_RANKS = {key: rank for rank, key in enumerate(_ORDER)}
_TEXTS_ALONE = {str}
_IGNORED_BESIDE_CHILDREN = frozenset({"type", *ALL_FIELDS})


@dataclass(frozen=True)
class Button:
    """One button: ``fields`` in canonical order, ``sub_button`` empty on a leaf."""

    fields: Mapping[str, JsonValue]
    sub_button: tuple[Button, ...] = ()

    @property
    def name(self) -> str:
        """The title on the phone."""
        return str(self.fields.get("name", ""))

    @property
    def type(self) -> str | None:
        """What a tap does, or None on a parent."""
        kind = self.fields.get("type")
        return kind if isinstance(kind, str) else None

    @cached_property
    def written(self) -> str:
        """Its document as canonical JSON."""
        if not self.sub_button:
            return canonical(dict(self.fields))
        fields = {key: canonical(value) for key, value in self.fields.items()}
        return canonical_object({**fields, "sub_button": _listed(self.sub_button)})


class Menu(NamedTuple):
    """The first-level buttons, and what stands beside them in the body (nothing, as documented)."""

    button: tuple[Button, ...]
    others: Mapping[str, JsonValue] = MappingProxyType({})


def menu_of(body: Mapping[str, JsonValue]) -> Menu:
    """The menu in a body of ``menu/create`` or in the ``menu`` of an answer of ``menu/get``."""
    others = {key: value for key, value in body.items() if key not in ("button", "menuid")}
    return Menu(buttons_of(body.get("button")), MappingProxyType(dict(sorted(others.items()))))


def buttons_of(value: JsonValue) -> tuple[Button, ...]:
    """The buttons of a list of them; ``{"list": [...]}``, as ``get_current_selfmenu_info`` writes lists, is one too."""
    if not isinstance(value, list):  # what files and answers hold, and quickly told
        if isinstance(value, Mapping):
            value = value.get("list")
        if isinstance(value, str) or not isinstance(value, Sequence):
            return ()
    return tuple([_button(item) for item in value if isinstance(item, dict | Mapping)])


def document(menu: Menu) -> dict[str, JsonValue]:
    """The canonical document, which is also the body of ``menu/create``."""
    return {"button": [button_document(button) for button in menu.button], **menu.others}


def written(menu: Menu) -> dict[str, str]:
    """Its document, each value as canonical JSON; a button that many menus have is written once."""
    return {"button": _listed(menu.button), **{key: canonical(value) for key, value in menu.others.items()}}


def button_document(button: Button) -> dict[str, JsonValue]:
    """The canonical document of one button."""
    if not button.sub_button:
        return dict(button.fields)
    return {**button.fields, "sub_button": [button_document(child) for child in button.sub_button]}


def leaves(buttons: Sequence[Button]) -> tuple[Button, ...]:
    """Every button that a tap does something with."""
    return tuple(leaf for button in buttons for leaf in (button.sub_button or (button,)))


def _listed(buttons: Iterable[Button]) -> str:
    return f"[{','.join([each.written for each in buttons])}]"


def _button(raw: Mapping[str, JsonValue]) -> Button:
    children = raw.get("sub_button")
    if children == []:  # as answers of the API have it in every button without any
        raw = {key: value for key, value in raw.items() if key != "sub_button"}
    if {*map(type, raw.values())} == _TEXTS_ALONE:
        return _leaf(*raw.items())
    return _made(raw, buttons_of(children))


@lru_cache(maxsize=4096)
def _leaf(*fields: tuple[str, str]) -> Button:
    """A button of texts alone: one object for all that are equal, on both sides of a diff and in all accounts."""
    return _one_of_equals(*_made(dict(fields), ()).fields.items())


@lru_cache(maxsize=4096)
def _one_of_equals(*fields: tuple[str, str]) -> Button:
    return Button(MappingProxyType(dict(fields)))


def _made(raw: Mapping[str, JsonValue], children: tuple[Button, ...]) -> Button:
    dropped = {"sub_button"}
    kind = str(raw.get("type"))
    if children:
        dropped |= _IGNORED_BESIDE_CHILDREN
    elif kind in CONSOLE_TEMPORARY:
        dropped |= {"value"}
    elif kind == "news":
        # The articles behind a permanent id: their texts and addresses are WeChat's, and not written back.
        dropped |= {"news_info"}
    kept = sorted((_RANKS.get(key, len(_ORDER)), key) for key in raw if key not in dropped)
    return Button(MappingProxyType({key: raw[key] for _, key in kept}), children)
