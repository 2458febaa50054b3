"""What is declared and what is live."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from wxdeploy.model.address import Address
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.source import SourceMap, Span

if TYPE_CHECKING:
    from wxdeploy.model.replies import Replies

S = TypeVar("S")


class Resource(NamedTuple, Generic[S]):
    """One declared object. ``sources`` is counted from the object's own root."""

    address: Address
    spec: S
    sources: SourceMap = SourceMap()


class DesiredState(NamedTuple):
    """What the files of one account ask for.

    ``resources`` has an entry for each managed kind, an empty one where its section asks for removal; a kind without an
    entry is not managed. ``prune`` names the kinds whose undeclared live objects are deleted, ``protect`` what is never
    deleted (``menu``, ``tag.VIP``). ``source`` is what asks for it, in the words of reasons. ``replies`` are the
    callback's, which no call sets; None where there is no such section. ``places`` says where each object (``tag.VIP``)
    and the section of each kind (``tag``) is written.
    """

    account: str
    resources: Mapping[str, tuple[Resource[Any], ...]]
    prune: frozenset[str] = frozenset()
    protect: frozenset[str] = frozenset()
    replies: Replies | None = None
    source: str = "the configuration"
    places: Mapping[str, Span] = MappingProxyType({})

    def place_of(self, address: Address) -> Span | None:
        """Where the object is written; of one that is not declared, the section that says so by its silence."""
        return self.places.get(str(address)) or self.places.get(address.kind)


class LiveObject(NamedTuple, Generic[S]):
    """One object of the account.

    ``remote`` holds the ids WeChat gave it (they differ from account to account and from publication to publication);
    ``state`` the facts that are not configuration and yet count as the state of the account, such as where a menu was
    made. ``raw`` is the answer it was read from.
    """

    address: Address
    spec: S
    remote: Mapping[str, JsonValue] = MappingProxyType({})
    state: Mapping[str, JsonValue] = MappingProxyType({})
    raw: JsonValue = None


class Reading(NamedTuple, Generic[S]):
    """What was read of one kind, in the order that matters to it."""

    objects: tuple[LiveObject[S], ...] = ()
    warnings: tuple[Diagnostic, ...] = ()


class LiveState(NamedTuple):
    """What was read of one account: kind -> reading, and the raw answers by endpoint id."""

    readings: Mapping[str, Reading[Any]]
    answers: Mapping[str, JsonValue] = MappingProxyType({})
