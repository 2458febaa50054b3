"""What may not happen without a decision of its own, for every kind alike."""

from __future__ import annotations

from wxdeploy.kinds.base import stated
from wxdeploy.model.address import Address
from wxdeploy.model.diagnostic import Severity
from wxdeploy.model.operation import Action, Change, Hazard

ALLOW_DELETE = "--allow-delete"


@stated("WX901")
def deletion() -> None:
    """A live object would be deleted.

    What: the plan deletes an object that can't be had back as it was: the default menu, the last personalised menu, a
    tag with followers, a template.
    Why: a deletion is the one mistake that running the tool again does not mend, so it is a decision of its own.
    Bad: ``menu: absent`` in a file that was meant for another account, and ``wxdeploy apply --yes``.
    Good: the plan read by somebody, then ``wxdeploy apply --allow-delete``.
    Source: doc/service/api/custommenu/api_deletemenu (menu/delete removes the personalised menus too).
    """


@stated("WX903")
def protected() -> None:
    """A protected object would be deleted.

    What: the plan deletes, or replaces for good, an object that ``protect`` names in wxdeploy.yaml, or something else
    that takes it along: no menu/delete spares the personalised menus.
    Why: ``protect`` stands for "never, whatever the options": a pipeline that always passes ``--allow-delete`` stops
    here.
    Bad: ``protect: [menu]`` and ``menu: absent``.
    Good: the object taken out of ``protect`` in a change of its own, which is reviewed as one.
    Source: this project's own promise.
    """


@stated("WX906", severity=Severity.WARNING)
def interrupted() -> None:
    """An earlier run was cut off in the middle of a call.

    What: the journal of the account ends with a call that was about to be sent, and nothing says what came of it: the
    process was killed, or the machine went down.
    Why: whether the call took effect was unknown from then on. The account has been read now, and the message says
    which; the plan is made of what was read, so nothing is done twice.
    Bad: a pipeline that is cancelled in the middle of ``wxdeploy apply``.
    Good: ``wxdeploy apply`` run to its end, as often as it takes: it does what is left.
    Source: this project's own promise.
    """


@stated("WX907", severity=Severity.WARNING)
def not_restorable() -> None:
    """Part of a snapshot can't be put back.

    What: ``wxdeploy rollback`` reads a snapshot that holds something which no call of the API can make again: a button
    that only the web console can make (text, img, photo, voice, video, news), a personalised menu whose rule asks for a
    field that WeChat removed.
    Why: the account refuses to take it; whoever rolls back has to know before that not all of it comes back.
    Bad: rolling back to a menu made in the web console, and believing that its pictures are back.
    Good: such a menu made again by hand in the web console, and the rest rolled back with ``--target``.
    Source: community thread 000642614700c06e7a5173cfc6b800 (staff); doc/service/api/custommenu/api_addconditionalmenu.
    """


RULES = (deletion, protected, interrupted, not_restorable)


def guard(change: Change, protect: frozenset[str]) -> Change:
    """``change`` with every hazard that holds for any kind; a protected object turns permits into refusals.

    Guarding it again changes nothing, unless more is protected by now.
    """
    hazards = change.hazards
    if change.action is Action.DELETE and not change.harmless:
        hazards += (
            Hazard(
                code=deletion.code,
                message=f"{change.address} would be deleted",
                fix="read the plan, then apply with --allow-delete",
                permit=ALLOW_DELETE,
            ),
        )
    refusals = []
    if _is_protected(change.address, protect) and (
        change.action is Action.DELETE or any(each.permit for each in hazards)
    ):
        refusals.append(f"{change.address} is protected")
    if along := _protected_along(change, protect):
        refusals.append(f"{change.address} would take along what is protected: {', '.join(map(str, along))}")
    if refusals:
        never = (
            Hazard(
                code=protected.code,
                message=message,
                fix="take it out of protect in wxdeploy.yaml, in a change of its own",
                permit=None,
            )
            for message in refusals
        )
        hazards = (*(each for each in hazards if each.permit is None), *never)
    return change._replace(hazards=tuple(dict.fromkeys(hazards)))


def _is_protected(address: Address, protect: frozenset[str]) -> bool:
    return address.kind in protect or str(address) in protect


def _protected_along(change: Change, protect: frozenset[str]) -> tuple[Address, ...]:
    """What goes along and is protected.

    What is live may be called otherwise in the files: while a protected name of the kind is none of those that go
    along, any of them may be meant.
    """
    names = {str(each) for each in change.takes_along}
    elsewhere = {each.partition(".")[0] for each in protect - names if "." in each}
    return tuple(each for each in change.takes_along if _is_protected(each, protect) or each.kind in elsewhere)
