"""The fingerprint of an account: what its live state is reduced to, to tell whether it moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wxdeploy.kinds.base import Kind
from wxdeploy.model.jsonvalue import digest
from wxdeploy.model.resource import LiveObject, Reading, Resource


def live_fingerprint(kinds: Iterable[Kind[Any]], readings: Mapping[str, Reading[Any]]) -> str:
    """The digest of everything that ``kinds`` read, in the order that matters to each.

    Ids that WeChat hands out are not part of it: they are not known before the call that makes them.
    """
    return digest({kind.name: [_live(kind, each) for each in readings[kind.name].objects] for kind in kinds})


def object_digests(kinds: Iterable[Kind[Any]], readings: Mapping[str, Reading[Any]]) -> dict[str, str]:
    """Address -> digest of each object and the ids that WeChat gave it: tells which one moved, or was made anew."""
    return {
        str(each.address): digest([*_live(kind, each), dict(each.remote)])
        for kind in kinds
        for each in readings[kind.name].objects
    }


def desired_fingerprint(kinds: Iterable[Kind[Any]], resources: Mapping[str, tuple[Resource[Any], ...]]) -> str:
    """The digest of what the files ask for, kind by kind; a kind that is not managed does not count."""
    return digest(
        {
            kind.name: [[each.address.name, kind.document(each.spec)] for each in resources[kind.name]]
            for kind in kinds
            if kind.name in resources
        }
    )


def _live(kind: Kind[Any], item: LiveObject[Any]) -> list[Any]:
    return [item.address.name, kind.document(item.spec), dict(item.state)]
