"""What changes, and the calls that change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from wxdeploy.model.address import Address
from wxdeploy.model.jsonvalue import JsonValue, Path
from wxdeploy.model.source import Span


class Action(StrEnum):
    """What happens to an object."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    RENAME = "rename"


class Op(StrEnum):
    """What happens to a part of an object."""

    ADD = "add"
    REMOVE = "remove"
    MOVE = "move"
    CHANGE = "change"


class Origin(StrEnum):
    """Which side a difference comes from, told by a third state that both once agreed on."""

    CONFIGURATION = "configuration"
    ACCOUNT = "account"
    BOTH = "both"


class Edit(NamedTuple):
    """One semantic edit; all the edits of a change rebuild ``after`` from ``before`` exactly.

    ``path`` is where the part stands afterwards (for a removal: where it stood). An addition carries the part as
    ``after``, a removal as ``before``; a move carries the old and the new path; a change names the ``field`` and its
    two values (None: not there). ``span`` is where the part is written.
    """

    op: Op
    path: Path
    field: str | None = None
    before: JsonValue = None
    after: JsonValue = None
    span: Span | None = None


class Hazard(NamedTuple):
    """A reason not to go on without a decision of its own.

    ``permit`` is the option that takes the decision, or None where nothing on the command line can.
    """

    code: str
    message: str
    fix: str
    permit: str | None


class Change(NamedTuple):
    """One object as it is and as it is to be, in canonical documents (None: not there).

    ``harmless`` is said of a deletion that takes nothing away which can't be had again; any other is guarded.
    ``origin`` is None where there is no third state to tell it by. ``takes_along`` are the live objects that go with
    it since no call spares them. ``span`` is where the object is written, of one that goes the section that asks for
    that.
    """

    address: Address
    action: Action
    reason: str
    before: JsonValue
    after: JsonValue
    edits: tuple[Edit, ...] = ()
    hazards: tuple[Hazard, ...] = ()
    harmless: bool = False
    origin: Origin | None = None
    takes_along: tuple[Address, ...] = ()
    span: Span | None = None


class Deferred(NamedTuple):
    """A value that exists only after another object was created, as it stands in the body of a call."""

    address: Address
    attribute: str

    def to_json(self) -> dict[str, JsonValue]:
        """The form in which a body holds it."""
        return {"$deferred": {"kind": self.address.kind, "name": self.address.name, "attribute": self.attribute}}

    @classmethod
    def from_json(cls, value: JsonValue) -> Deferred | None:
        """The deferred value that ``value`` stands for, or None where it is plain data."""
        if not (isinstance(value, Mapping) and value.keys() == {"$deferred"}):
            return None
        what = value["$deferred"]
        if not (isinstance(what, Mapping) and what.keys() == {"kind", "name", "attribute"}):
            return None
        return cls(Address(str(what["kind"]), str(what["name"])), str(what["attribute"]))


def settle(body: JsonValue, find: Callable[[Deferred], JsonValue]) -> JsonValue:
    """``body`` with every deferred value in it replaced by what ``find`` answers.

    An id that WeChat answers as a number is text where a body refers to it (``tag_id`` of a rule in
    doc/service/api/custommenu/api_addconditionalmenu), as it is for an object that was live before.
    """
    if deferred := Deferred.from_json(body):
        value = find(deferred)
        return str(value) if isinstance(value, int) else value
    if isinstance(body, Mapping):
        return {key: settle(value, find) for key, value in body.items()}
    if isinstance(body, Sequence) and not isinstance(body, str):
        return [settle(value, find) for value in body]
    return body


class Capture(NamedTuple):
    """A value to keep from the answer to a call: ``pointer`` leads to it, ``deferred`` is what it settles."""

    deferred: Deferred
    pointer: tuple[str, ...]


class ApiCall(NamedTuple):
    """One literal call: ``POST /cgi-bin/menu/create`` and the JSON body (None: no body)."""

    call: str
    body: JsonValue = None
    captures: tuple[Capture, ...] = ()


class Operation(NamedTuple):
    """One call, the index of the change it serves, and the account's fingerprint before and after it."""

    call: ApiCall
    change: int
    live_before: str
    live_after: str
    note: str = ""


class Outcome(StrEnum):
    """What became of an operation."""

    APPLIED = "applied"
    SKIPPED = "skipped"
    FAILED = "failed"
    NOT_TRIED = "not-tried"
    UNKNOWN = "unknown"
