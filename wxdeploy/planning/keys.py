"""Keys that a change takes from the menus: what the account's callback may still expect, or answers in vain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wxdeploy.kinds.base import stated
from wxdeploy.kinds.buttons.spec import Menu, leaves
from wxdeploy.kinds.buttons.walk import shown
from wxdeploy.kinds.targeting.menus import KIND as CONDITIONAL
from wxdeploy.kinds.targeting.menus import Personalised, live_menus
from wxdeploy.model.diagnostic import Diagnostic, Severity
from wxdeploy.model.operation import Change, Op
from wxdeploy.model.resource import DesiredState, LiveState
from wxdeploy.wechat.buttons import KEY_TYPES

if TYPE_CHECKING:
    from wxdeploy.model.replies import Replies

_MENU = "menu"
_NAMED = 10

Menus = Mapping[str, Sequence[Any]]
"""Kind -> the menus of that kind, as values."""


@stated("WX909", severity=Severity.WARNING)
def key_lost() -> None:
    """A key loses its button.

    What: a button that sends a key is removed, or sends another key from now on, and no other menu of the account has a
    button with the old one.
    Why: keys are what menus and the callback agree on. Whoever answers the old one answers nobody, reports that count
    by key break off, and a new key has to be known to the callback before the first tap. Phones show the old menu for
    up to five minutes after they opened the account last.
    Bad: a key that was renamed in the menu, and not where it is answered.
    Good: the callback taught the new key beside the old one first, then the menu changed, then the old key forgotten.
    Source: doc/offiaccount/Custom_Menus/Custom_Menu_Push_Events (EventKey).
    """


RULES = (key_lost,)


def lost_keys(
    before: Menus, after: Menus, changes: Iterable[Change], replies: Replies | None, account: str
) -> tuple[Diagnostic, ...]:
    """What is to be known of the keys that some menu sends before and none after."""
    old, new = names_by_key(before), names_by_key(after)
    lost = {key: name for key, name in old.items() if key not in new}
    renamed = {key: now for key, now in _renamed(changes) if key in lost}
    gone = [key for key in lost if key not in renamed]
    told = (*_of_renamed(renamed, lost, replies), *_of_gone(gone, lost, replies))
    return tuple(key_lost.found(detail, fix, account=account) for detail, fix in told)


def live_menus_of(live: LiveState) -> Menus:
    """The menus that followers see now; personalised ones that were not read are found in the answer of menu/get."""
    menus: dict[str, Sequence[Any]] = {
        kind: [each.spec for each in live.readings[kind].objects]
        for kind in (_MENU, CONDITIONAL)
        if kind in live.readings
    }
    if CONDITIONAL not in menus and _MENU in menus:
        menus[CONDITIONAL] = [each.spec for each in live_menus(live.answers.get("menu.get"), {})]
    return menus


def live_and_desired(desired: DesiredState, live: LiveState) -> tuple[Menus, Menus]:
    """The menus that followers see now, and those that they see once everything is as desired."""
    before = live_menus_of(live)
    if desired.resources.get(_MENU) == ():
        return before, {}  # menu/delete takes every menu along
    return before, {**before, **declared(desired)}


def declared(state: DesiredState) -> Menus:
    """The menus that the files of an account declare, of the kinds that are managed."""
    return {
        kind: [each.spec for each in state.resources[kind]] for kind in (_MENU, CONDITIONAL) if kind in state.resources
    }


def names_by_key(menus: Menus) -> dict[str, str]:
    """Every key that some button sends, and the name of the first such button."""
    specs = [spec for kind in (_MENU, CONDITIONAL) for spec in menus.get(kind, ())]
    bodies: Iterable[Menu] = (spec.menu if isinstance(spec, Personalised) else spec for spec in specs)
    found: dict[str, str] = {}
    for leaf in (leaf for body in bodies for leaf in leaves(body.button) if leaf.type in KEY_TYPES):
        key = leaf.fields.get("key")
        if isinstance(key, str) and key:
            found.setdefault(key, leaf.name)
    return found


def _renamed(changes: Iterable[Change]) -> Iterator[tuple[str, str]]:
    """Old key and new one of each button that stays and sends another."""
    for edit in (edit for change in changes for edit in change.edits):
        if (
            edit.op is Op.CHANGE
            and edit.field == "key"
            and isinstance(edit.before, str)
            and isinstance(edit.after, str)
        ):
            yield edit.before, edit.after


def _of_renamed(
    renamed: Mapping[str, str], names: Mapping[str, str], replies: Replies | None
) -> Iterator[tuple[str, str]]:
    for old, new in renamed.items():
        sends = f'"{shown(names[old])}" sends "{shown(new)}" and no longer "{shown(old)}"'
        if replies is None:
            yield f"{sends}; the callback still expects the old key", "let the callback answer the new key first"
        elif old in replies.click:
            yield f"{sends}; the reply to the old key stays, and nobody gets it", "rename the reply too, or remove it"
        else:
            yield f"{sends}; what answers elsewhere still expects the old key", "let it answer the new key first"


def _of_gone(gone: Sequence[str], names: Mapping[str, str], replies: Replies | None) -> Iterator[tuple[str, str]]:
    kept = [key for key in gone if replies and key in replies.click]
    if kept:
        what = "the replies stay, and nobody gets them" if len(kept) > 1 else "the reply stays, and nobody gets it"
        yield f"{_listed(kept, names)}; {what}", "remove what stands under replies.click too"
    rest = [key for key in gone if key not in kept]
    if rest:
        expects = "the callback may still expect them" if len(rest) > 1 else "the callback may still expect it"
        yield f"{_listed(rest, names)}; {expects}", "see that nothing else counts on it: reports, another program"


def _listed(keys: Sequence[str], names: Mapping[str, str]) -> str:
    told = ", ".join(f'"{shown(key)}" of {shown(names[key])}' for key in keys[:_NAMED])
    return told + (f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else "")
