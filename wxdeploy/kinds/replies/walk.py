"""The replies of the section's plain data, whatever its shape, and the keys that the menus of the account send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wxdeploy.kinds.base import Account, walked
from wxdeploy.kinds.buttons.walk import CONDITIONAL, MENU, Button, leaves, listed, personalised, shown
from wxdeploy.model.jsonvalue import JsonValue, Path
from wxdeploy.model.replies import SECTION
from wxdeploy.wechat.buttons import KEY_TYPES


@dataclass(frozen=True, slots=True)
class Part:
    """One reply: its type, what stands under it, the path of that from the section, and what a person calls it."""

    kind: str
    value: JsonValue
    path: Path
    who: str

    @property
    def pieces(self) -> Iterator[tuple[Path, Mapping[str, JsonValue]]]:
        """The mappings that hold the reply's fields: one, or each article of news."""
        if isinstance(self.value, Mapping):
            yield self.path, self.value
        for index, item in enumerate(listed(self.value)):
            if isinstance(item, Mapping):
                yield (*self.path, index), item

    @property
    def texts(self) -> Iterator[tuple[Path, str]]:
        """Every text in the reply."""
        if isinstance(self.value, str):
            yield self.path, self.value
        for path, piece in self.pieces:
            yield from (((*path, key), text) for key, text in piece.items() if isinstance(text, str))


@dataclass(frozen=True, slots=True)
class Sender:
    """A button that sends a key: the section and the path of that key, and what a person calls the button."""

    key: str
    section: str
    path: Path
    who: str


def section_of(account: Account) -> Mapping[str, JsonValue] | None:
    """The section where it is a mapping; None where the account has none that can be looked at."""
    section = account.sections.get(SECTION)
    return section if isinstance(section, Mapping) else None


def mapping(value: JsonValue) -> Mapping[str, JsonValue]:
    """The value where it is a mapping; nothing in all other cases."""
    return value if isinstance(value, Mapping) else {}


def replies(section: JsonValue) -> Iterator[Part]:
    """Every reply, in the order in which a file is written."""
    body = mapping(section)
    yield from _reply(body.get("subscribe"), ("subscribe",), "the reply to new followers")
    for name, words in (("click", "the key"), ("scan", "the scene"), ("messages", "messages of type")):
        for key, value in mapping(body.get(name)).items():
            yield from _reply(value, (name, key), f'the reply to {words} "{shown(key)}"')
    for index, entry in enumerate(listed(body.get("keywords"))):
        if isinstance(entry, Mapping):
            word = entry.get("match")
            who = f'the reply to "{shown(word)}"' if isinstance(word, str) else f"the reply of keyword {index + 1}"
            yield from _reply(entry.get("reply"), ("keywords", index, "reply"), who)
    yield from _reply(body.get("default"), ("default",), "the default reply")


@walked
def senders(account: Account) -> Iterator[Sender]:
    """Every button, of any menu of the account, whose tap sends a key."""
    yield from (_sender(button, MENU, ()) for button in _sending(account))
    for index, menu in personalised(account):
        name = mapping(menu.sections[MENU]).get("name")
        within = f'in the menu "{shown(name)}"' if isinstance(name, str) else f"in personalised menu {index + 1}"
        for button in _sending(menu):
            found = _sender(button, CONDITIONAL, (index,))
            yield Sender(found.key, found.section, found.path, f"{found.who} {within}")


def _sending(account: Account) -> Iterator[Button]:
    return (each for each in leaves(account) if each.fields.get("type") in KEY_TYPES and each.filled("key"))


def _sender(button: Button, section: str, before: Path) -> Sender:
    return Sender(button.text("key"), section, (*before, *button.at("key")), button.who)


def _reply(value: JsonValue, path: Path, who: str) -> Iterator[Part]:
    for kind, body in mapping(value).items():
        yield Part(kind, body, (*path, kind), who)
