"""The mappings of the section's plain data, whatever its shape, each with its path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from wxdeploy.kinds.base import Account, walked
from wxdeploy.kinds.buttons.walk import listed
from wxdeploy.kinds.template.spec import SECTION
from wxdeploy.model.jsonvalue import JsonValue, Path
from wxdeploy.wechat.templates import RETIRED


class Part:
    """A mapping, or one of its fields, as it is written: its name and its path from the section."""

    def __init__(self, name: str, path: Path, body: Mapping[str, JsonValue]) -> None:
        self.name = name
        self.path = path
        self.body = body

    def text(self, key: str) -> str:
        """The value under a key, where it is a text; else nothing."""
        value = self.body.get(key)
        return value if isinstance(value, str) else ""

    def at(self, *steps: str | int) -> Path:
        """A path below this part."""
        return (*self.path, *steps)

    @cached_property
    def fields(self) -> tuple[Part, ...]:
        """The fields of a mapping, in order."""
        data = self.body.get("data")
        return tuple(
            Part(placeholder, self.at("data", placeholder), field)
            for placeholder, field in (data.items() if isinstance(data, Mapping) else ())
            if isinstance(field, Mapping)
        )

    @property
    def keywords(self) -> tuple[str, ...]:
        """The keywords that are asked for when the template is added."""
        return tuple(each for each in listed(self.body.get("keyword_name_list")) if isinstance(each, str))

    @property
    def links(self) -> Iterator[tuple[Path, str]]:
        """The texts that may hold variables of the application."""
        if url := self.text("url"):
            yield self.at("url"), url
        program = self.body.get("miniprogram")
        pagepath = program.get("pagepath") if isinstance(program, Mapping) else None
        if isinstance(pagepath, str):
            yield self.at("miniprogram", "pagepath"), pagepath

    @cached_property
    def title(self) -> str:
        """The title of a mapping."""
        return str(self.body.get("title", "")).strip()

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The labels of the fields that a follower sees, sorted."""
        return tuple(sorted(each.text("label").strip() for each in self.fields if each.name not in RETIRED))


@walked
def mappings(account: Account) -> Iterator[Part]:
    """Every mapping, in order."""
    section = account.sections.get(SECTION)
    for name, body in section.items() if isinstance(section, Mapping) else ():
        if isinstance(body, Mapping):
            yield Part(name, (name,), body)


@walked
def fields(account: Account) -> Iterator[tuple[Part, Part]]:
    """Every field of every mapping, with the mapping."""
    for mapping in mappings(account):
        for field in mapping.fields:
            yield mapping, field
