"""The buttons of a menu's plain data, whatever its shape, each with its path and its name as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from wxdeploy.kinds.base import Account, walked
from wxdeploy.model.cells import cut
from wxdeploy.wechat.buttons import ALL_FIELDS, CONSOLE_ONLY, FIELDS

if TYPE_CHECKING:
    from wxdeploy.model.jsonvalue import JsonValue, Path

MENU, CONDITIONAL = "menu", "conditional_menus"
"""The sections that hold menus."""

FIRST, SECOND = 1, 2
"""The two levels of a menu."""

CONSOLE_FIELDS = ("value", "news_info")
"""What buttons that were made in the web console hold instead of ``ALL_FIELDS``."""

_TEXTS = frozenset({"name", *ALL_FIELDS, *CONSOLE_FIELDS})
_LEVELS = {FIRST: "first-level", SECOND: "second-level"}
_SHOWN_CELLS, _WHOLE_CELLS = 24, 160


class Button:
    """One button: its path from the section, its level, its fields, and the button that opens its list."""

    def __init__(self, path: Path, level: int, fields: Mapping[str, JsonValue], parent: Button | None) -> None:
        self.path = path
        self.level = level
        self.fields = fields
        self.parent = parent

    @cached_property
    def who(self) -> str:
        """What a person calls it."""
        name = self.fields.get("name")
        own = shown(name.strip()) if isinstance(name, str) else ""
        told = f'"{own}"' if own else f"{_LEVELS[self.level]} button {int(self.path[-1]) + 1}"
        if self.parent is None:
            return told
        around = self.parent.who
        return f'"{around.strip(chr(34))} › {own}"' if own and around.startswith('"') else f"{around} › {told}"

    def text(self, field: str) -> str:
        """The field, where it is a string; else the empty string."""
        value = self.fields.get(field)
        return value if isinstance(value, str) else ""

    def blank(self, field: str) -> bool:
        """Whether the field is a string with nothing in it but blanks."""
        value = self.fields.get(field)
        return isinstance(value, str) and not value.strip()

    def filled(self, field: str) -> bool:
        """Whether the field is a string with something in it."""
        return bool(self.text(field).strip())

    def at(self, field: str) -> Path:
        """The path of one field."""
        return (*self.path, field)

    @cached_property
    def is_list(self) -> bool:
        """Whether a tap opens a list of buttons, so that the button's own action is ignored."""
        return bool(listed(self.fields.get("sub_button")))

    @cached_property
    def link(self) -> str:
        """The filled ``url``, where a tap uses it or the type is not known yet; else nothing."""
        if self.is_list:
            return ""
        kind = self.text("type")
        used = "url" in FIELDS[kind] if kind in FIELDS else kind not in CONSOLE_ONLY
        return self.text("url") if used and self.filled("url") else ""

    def answer(self, first: int, second: int) -> str:
        """What the account would say: the codes differ between the levels."""
        return f"the account would answer {first if self.level == FIRST else second:d}"


def body(account: Account) -> Mapping[str, JsonValue]:
    """The default menu's section where it is a mapping; nothing in all other cases (``absent`` among them)."""
    section = account.sections.get(MENU)
    return section if isinstance(section, Mapping) else {}


def listed(value: JsonValue) -> Sequence[JsonValue]:
    """The value where it is a list; nothing in all other cases."""
    if isinstance(value, list):  # what a file holds, and quickly told
        return value
    return value if value is not None and isinstance(value, Sequence) and not isinstance(value, str) else ()


def is_empty_list(value: JsonValue) -> bool:
    """Whether the value is a list with nothing in it."""
    return isinstance(value, Sequence) and not isinstance(value, str) and not value


@walked
def lists(account: Account) -> Iterator[tuple[Button, ...]]:
    """The buttons that stand side by side: the first level, then the second level under each of its buttons."""
    columns = tuple(_level(body(account).get("button"), ("button",), FIRST, None))
    yield columns
    for column in columns:
        yield tuple(_level(column.fields.get("sub_button"), column.at("sub_button"), SECOND, column))


@walked
def buttons(account: Account) -> Iterator[Button]:
    """Every button of both levels, from top to bottom as it is written."""
    columns, *below = lists(account)
    for column, children in zip(columns, below, strict=True):
        yield column
        yield from children


@walked
def personalised(account: Account) -> Iterator[tuple[int, Account]]:
    """Each personalised menu as if it were the default one, with its place in the list."""
    for index, menu in enumerate(listed(account.sections.get(CONDITIONAL))):
        if isinstance(menu, Mapping):
            yield index, Account({MENU: menu})


@walked
def leaves(account: Account) -> Iterator[Button]:
    """Every button that has no list of buttons, and so has to do something itself."""
    return (button for button in buttons(account) if not button.is_list)


def texts(button: Button) -> Iterator[tuple[str, str]]:
    """The fields of a button that hold text, with the text."""
    for field, text in button.fields.items():
        if text and field in _TEXTS and isinstance(text, str):
            yield field, text


@lru_cache(maxsize=4096)  # accounts call their buttons alike
def shown(text: str) -> str:
    """A text as it can be named in a message: short, on one line, with what can't be seen made visible."""
    return cut(_visible(text), _SHOWN_CELLS)


def whole(text: str) -> str:
    """A text that is to be copied from a message: as ``shown``, but cut only where it is very long."""
    return cut(_visible(text), _WHOLE_CELLS)


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() or sign == "\u200d" else _escaped(sign) for sign in text)


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")


def _level(value: JsonValue, path: Path, level: int, parent: Button | None) -> Iterator[Button]:
    for index, item in enumerate(listed(value)):
        if isinstance(item, dict | Mapping):  # a dict, as files hold it, is quickly told
            yield Button((*path, index), level, item, parent)
