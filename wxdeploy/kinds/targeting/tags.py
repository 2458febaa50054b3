"""A tag as a value, and which live tag each declared one is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from wxdeploy.kinds import names
from wxdeploy.model.address import Address
from wxdeploy.wechat import limits

if TYPE_CHECKING:
    from wxdeploy.kinds.reconciliation import Setting
    from wxdeploy.model.jsonvalue import JsonValue
    from wxdeploy.model.resource import LiveObject, Reading, Resource

KIND = names.TAG


class Tag(NamedTuple):
    """A tag's name, and the names that it had before."""

    name: str
    was: tuple[str, ...] = ()


def tag_id(live: LiveObject[Tag]) -> str:
    """The id of a live tag, as rules write it."""
    return str(live.remote["id"])


def starred() -> LiveObject[Tag]:
    """WeChat's own tag that every account has: a rule can name it, and nothing can be done to it."""
    from wxdeploy.model.resource import LiveObject

    return LiveObject(
        address=Address(KIND, limits.STARRED_TAG_NAME),
        spec=Tag(limits.STARRED_TAG_NAME),
        remote={"id": limits.STARRED_TAG_ID},
    )


def names_by_id(tags: Iterable[LiveObject[Tag]]) -> dict[str, str]:
    """What rules may call each live tag, WeChat's own among them."""
    return {tag_id(each): each.spec.name for each in (starred(), *tags)}


class Tags(NamedTuple):
    """The tags of an account as they will be: ``found`` by name, and how they come about.

    ``renamed`` are those of ``found`` that have another name yet, ``new`` the names of tags to be created, ``left`` the
    live tags that nothing declares. WeChat's own is among those ``found`` alone.
    """

    found: Mapping[str, LiveObject[Tag]]
    renamed: Mapping[str, LiveObject[Tag]] = MappingProxyType({})
    new: tuple[str, ...] = ()
    left: tuple[LiveObject[Tag], ...] = ()

    def name_of(self, number: str) -> str | None:
        """The name that the tag of this id will have."""
        return next((name for name, live in self.found.items() if tag_id(live) == number), None)


def settle(setting: Setting) -> Tags:
    """Which live tag each declared one is: by its name, else by one that it had before.

    Where tags are not managed, they stay as they are.
    """
    reading: Reading[Tag] = setting.live[KIND]
    live = {each.spec.name: each for each in reversed(reading.objects)}
    declared: Sequence[Resource[Tag]] = setting.desired.get(KIND, ())
    names = {each.spec.name for each in declared}
    renamed: dict[str, LiveObject[Tag]] = {}
    new: list[str] = []
    taken = set(names)
    for tag in (each.spec for each in declared if each.spec.name not in live):
        old = next((name for name in tag.was if name in live and name not in taken), None)
        if old is None:
            new.append(tag.name)
        else:
            taken.add(old)
            renamed[tag.name] = live[old]
    found = {name: each for name, each in live.items() if each not in renamed.values()} | renamed
    left = tuple(each for each in reading.objects if each.spec.name not in taken)
    return Tags(found={limits.STARRED_TAG_NAME: starred(), **found}, renamed=renamed, new=tuple(new), left=left)


def document(tag: Tag) -> dict[str, JsonValue]:
    """The canonical document."""
    return {"name": tag.name}
