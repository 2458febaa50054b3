"""What may not happen without a decision of its own, for every kind alike."""

from __future__ import annotations

from dataclasses import replace

from wxdeploy.kinds.base import stated
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

    What: the plan deletes, or replaces for good, an object that ``protect`` names in wxdeploy.yaml.
    Why: ``protect`` stands for "never, whatever the options": a pipeline that always passes ``--allow-delete`` stops
    here.
    Bad: ``protect: [menu]`` and ``menu: absent``.
    Good: the object taken out of ``protect`` in a change of its own, which is reviewed as one.
    Source: this project's own promise.
    """


RULES = (deletion, protected)


def guard(change: Change, protect: frozenset[str]) -> Change:
    """``change`` with every hazard that holds for any kind; a protected object turns permits into refusals."""
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
    if _is_protected(change, protect) and (change.action is Action.DELETE or any(each.permit for each in hazards)):
        never = Hazard(
            code=protected.code,
            message=f"{change.address} is protected",
            fix="take it out of protect in wxdeploy.yaml, in a change of its own",
            permit=None,
        )
        hazards = (*(each for each in hazards if each.permit is None), never)
    return replace(change, hazards=hazards)


def _is_protected(change: Change, protect: frozenset[str]) -> bool:
    return change.address.kind in protect or str(change.address) in protect
