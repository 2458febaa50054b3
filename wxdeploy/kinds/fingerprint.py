"""The fingerprint of an account: what its live state is reduced to, to tell whether it moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wxdeploy.kinds.base import Kind
from wxdeploy.model.jsonvalue import canonical, digest_of
from wxdeploy.model.resource import LiveObject, Reading, Resource


def live_fingerprint(kinds: Iterable[Kind[Any]], readings: Mapping[str, Reading[Any]]) -> str:
    """The digest of everything that ``kinds`` read, in the order that matters to each.

    Ids that WeChat hands out are not part of it: they are not known before the call that makes them.
    """
    return _of_all(_texts(kinds, readings))


def live_digests(kinds: Iterable[Kind[Any]], readings: Mapping[str, Reading[Any]]) -> tuple[str, dict[str, str]]:
    """``live_fingerprint``, and a digest of each object by its address.

    That one is of the ids that WeChat gave it too, and so tells which object moved, or was made anew.
    """
    texts = _texts(kinds, readings)
    objects = {
        str(each.address): digest_of(f"{text[:-1]},{canonical(dict(each.remote))}]")
        for name, listed in texts.items()
        for each, text in zip(readings[name].objects, listed, strict=True)
    }
    return _of_all(texts), objects


def object_digests(kinds: Iterable[Kind[Any]], readings: Mapping[str, Reading[Any]]) -> dict[str, str]:
    """The second of ``live_digests``."""
    return live_digests(kinds, readings)[1]


def desired_fingerprint(kinds: Iterable[Kind[Any]], resources: Mapping[str, tuple[Resource[Any], ...]]) -> str:
    """The digest of what the files ask for, kind by kind; a kind that is not managed does not count."""
    texts = {
        kind.name: [f"[{canonical(each.address.name)},{_document(kind, each.spec)}]" for each in resources[kind.name]]
        for kind in kinds
        if kind.name in resources
    }
    return _of_all(texts)


def _texts(kinds: Iterable[Kind[Any]], readings: Mapping[str, Reading[Any]]) -> dict[str, list[str]]:
    """Kind -> each of its objects as canonical JSON, from which the digests are put together: it is written once."""
    return {kind.name: [_live(kind, each) for each in readings[kind.name].objects] for kind in kinds}


def _live(kind: Kind[Any], item: LiveObject[Any]) -> str:
    state = canonical(dict(item.state)) if item.state else "{}"
    return f"[{canonical(item.address.name)},{_document(kind, item.spec)},{state}]"


def _document(kind: Kind[Any], spec: Any) -> str:
    return kind.written(spec) if kind.written else canonical(kind.document(spec))


def _of_all(texts: Mapping[str, list[str]]) -> str:
    """The digest of the canonical JSON of kind -> objects."""
    return digest_of("{" + ",".join(f"{canonical(name)}:[{','.join(texts[name])}]" for name in sorted(texts)) + "}")
