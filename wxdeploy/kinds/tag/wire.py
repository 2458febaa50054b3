"""The live tags, as ``tags/get`` lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wxdeploy.kinds.targeting.menus import live_rules
from wxdeploy.kinds.targeting.tags import KIND, Tag
from wxdeploy.model.address import Address
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.resource import LiveObject, Reading
from wxdeploy.wechat import limits


def read(answers: Mapping[str, JsonValue], _known: Mapping[str, Reading[Any]]) -> Reading[Tag]:
    """The live tags of the account's own, by name.

    ``remote`` has the ``id``; ``raw`` the row of ``tags/get`` and, under ``menus``, the live personalised menus whose
    rule names the tag. That a tag has followers is part of the account's state, their number is not: it changes all
    day.
    """
    rows = [row for row in _rows(answers["tag.get"]) if row["id"] not in limits.RESERVED_TAG_IDS]
    users: dict[str, list[str]] = {}
    for name, rule in live_rules(answers["menu.get"], {str(row["id"]): str(row["name"]) for row in rows}):
        users.setdefault(rule.tag or "", []).append(name)
    return Reading(objects=in_order(_live(row, users.get(str(row["name"]), [])) for row in rows))


def in_order(tags: Iterable[LiveObject[Tag]]) -> tuple[LiveObject[Tag], ...]:
    """The tags by name: the order in which they were made means nothing."""
    return tuple(sorted(tags, key=lambda tag: tag.spec.name))


def followers(live: LiveObject[Tag]) -> int:
    """How many followers have the tag."""
    count = live.raw.get("count") if isinstance(live.raw, Mapping) else None
    return count if isinstance(count, int) else 0


def menus_with(live: LiveObject[Tag]) -> tuple[str, ...]:
    """The live personalised menus whose rule names the tag."""
    menus = live.raw.get("menus") if isinstance(live.raw, Mapping) else None
    return tuple(map(str, menus)) if isinstance(menus, Sequence) and not isinstance(menus, str) else ()


def made(name: str, *, has_followers: bool = False) -> LiveObject[Tag]:
    """A tag of the account's own, as reading it shows it."""
    return LiveObject(address=Address(KIND, name), spec=Tag(name), state={"followers": has_followers})


def _rows(answer: JsonValue) -> Iterable[Mapping[str, JsonValue]]:
    rows = answer.get("tags") if isinstance(answer, Mapping) else None
    if isinstance(rows, Sequence) and not isinstance(rows, str):
        for row in rows:
            if isinstance(row, Mapping) and isinstance(row.get("name"), str) and isinstance(row.get("id"), int):
                yield row


def _live(row: Mapping[str, JsonValue], menus: Sequence[str]) -> LiveObject[Tag]:
    name, count = str(row["name"]), row.get("count")
    return LiveObject(
        address=Address(KIND, name),
        spec=Tag(name),
        remote={"id": row["id"]},
        state={"followers": isinstance(count, int) and count > 0},
        raw={**row, "menus": list(menus)},
    )
