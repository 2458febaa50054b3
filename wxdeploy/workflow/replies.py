"""What changes about the replies between two states of the files.

No call sets a reply, so that no plan has a change of one: against a git revision it is one of the files, as all are;
beside a plan it is told, since whoever reviews the one reviews the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wxdeploy.kinds.base import stated
from wxdeploy.model.address import Address
from wxdeploy.model.diagnostic import Diagnostic, Severity
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.operation import Action, Change
from wxdeploy.model.replies import SECTION, Replies, document
from wxdeploy.model.resource import DesiredState

_NAMED = 10
_ADDRESS = Address(SECTION, "callback")


@stated("WX910", severity=Severity.WARNING)
def replies_changed() -> None:
    """The replies are not as at the base revision.

    What: ``wxdeploy plan --base REV`` finds other replies in the files than there were at the revision.
    Why: no call sets a reply, so that applying the plan changes none: followers get the new ones once the callback has
    these files. Whoever reviews the plan should know that they belong to the change.
    Bad: a reply that was reworded, reviewed by nobody since the plan shows none.
    Good: ``wxdeploy diff`` beside the plan: it shows each reply as it was and as it is.
    Source: doc/offiaccount/Message_Management/Passive_user_reply_message (replies are answers of the callback).
    """


RULES = (replies_changed,)


def change_of(was: DesiredState, now: DesiredState, then: str) -> Iterator[Change]:
    """The change of the replies since ``then``, without its edits; none where they are the same."""
    before, after = _document(was.replies), _document(now.replies)
    if before == after:
        return
    action, reason = Action.UPDATE, f"they are not as at {then}"
    if before is None:
        action, reason = Action.CREATE, f"there were none at {then}"
    elif after is None:
        action, reason = Action.DELETE, "they are not declared any more: the callback is left to answer otherwise"
    yield Change(address=_ADDRESS, action=action, reason=reason, before=before, after=after, harmless=True)


def told(was: DesiredState, now: DesiredState) -> tuple[Diagnostic, ...]:
    """The warning that the replies changed; none where they are the same."""
    if was.replies == now.replies:
        return ()
    names = list(_changed(_document(was.replies) or {}, _document(now.replies) or {}))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    detail = f"changed since: {', '.join(names[:_NAMED])}{more}; no call sets them"
    return (
        replies_changed.found(
            detail, "see them with wxdeploy diff; the callback needs these files", account=now.account
        ),
    )


def _document(replies: Replies | None) -> Mapping[str, JsonValue] | None:
    return document(replies) if replies else None


def _changed(before: Mapping[str, JsonValue], after: Mapping[str, JsonValue], within: str = "") -> Iterator[str]:
    """What differs, by the names that the section has for it: ``subscribe``, ``click.V1001``, ``keywords``."""
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if not within and name in ("click", "scan", "messages"):
            yield from _changed(_mapping(old), _mapping(new), f"{name}.")
        else:
            yield within + name


def _mapping(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, Mapping) else {}
