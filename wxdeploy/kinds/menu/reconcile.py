"""What brings the default menu to what is declared: one call that replaces it, or one that removes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wxdeploy.kinds.buttons.spec import Menu, document, leaves
from wxdeploy.kinds.menu import hazards
from wxdeploy.kinds.menu.wire import API, CONSOLE, DEFAULT
from wxdeploy.kinds.reconciliation import Reconciliation, Setting, Step
from wxdeploy.kinds.targeting.audience import bereft
from wxdeploy.kinds.targeting.menus import KIND, is_of_api, live_menus
from wxdeploy.model.address import Address
from wxdeploy.model.operation import Action, ApiCall, Change, Hazard
from wxdeploy.model.resource import LiveObject
from wxdeploy.wechat.buttons import CONSOLE_ONLY
from wxdeploy.wechat.endpoints import ENDPOINTS

_CREATE = ENDPOINTS["menu.create"].call
_DELETE = ENDPOINTS["menu.delete"].call


def reconcile(setting: Setting) -> Reconciliation[Menu]:
    """The one call that is needed, if any."""
    desired: Menu | None = next((each.spec for each in setting.desired["menu"]), None)
    live: LiveObject[Menu] | None = next(iter(setting.live["menu"].objects), None)
    if desired is None:
        return _removal(live, setting) if live else Reconciliation()
    after = document(desired)
    before = document(live.spec) if live else None
    reason = f"the menu differs from {setting.source}" if live else "the account has no menu"
    if before == after:
        # The same buttons: only personalised menus ask who made them (65303).
        if live is None or is_of_api(live) or not setting.desired.get(KIND):
            return Reconciliation()
        reason = "it was made in the web console, and personalised menus need one that was made through the API"
    change = Change(
        address=DEFAULT,
        action=Action.UPDATE if live else Action.CREATE,
        reason=reason,
        before=before,
        after=after,
        hazards=_hazards(desired, live),
    )
    created = LiveObject(address=DEFAULT, spec=desired, state={"origin": API})
    return Reconciliation(changes=(change,), steps=(Step(call=ApiCall(_CREATE, after), change=0, live=(created,)),))


def _removal(live: LiveObject[Menu], setting: Setting) -> Reconciliation[Menu]:
    along = _taken_along(live, setting)
    change = Change(
        address=DEFAULT,
        action=Action.DELETE,
        reason=f"{setting.source} says menu: absent",
        before=document(live.spec),
        after=None,
        hazards=() if KIND in setting.desired else tuple(_unmanaged(along)),
        takes_along=along,
    )
    note = "menu/delete removes every personalised menu too"
    return Reconciliation(
        changes=(change,),
        steps=(Step(call=ApiCall(_DELETE), change=0, live=(), note=note, last=True, others={KIND: ()}),),
        # Where personalised menus are managed, whoever plans them says who sees what.
        audiences=() if KIND in setting.desired else bereft(setting.live[KIND].objects if KIND in setting.live else ()),
    )


def _taken_along(live: LiveObject[Menu], setting: Setting) -> tuple[Address, ...]:
    """The personalised menus that menu/delete removes too; where they were not read, as the answer names them."""
    if reading := setting.live.get(KIND):
        return tuple(each.address for each in reading.objects)
    answer = live.raw.get("menu.get") if isinstance(live.raw, Mapping) else None
    return tuple(each.address for each in live_menus(answer, {}))


def _unmanaged(along: tuple[Address, ...]) -> Iterator[Hazard]:
    """What is taken along though nobody asked for it."""
    names = [each.name for each in along]
    if names:
        count = f"{len(names)} personalised menu{'s' if len(names) > 1 else ''}"
        yield Hazard(
            code=hazards.menus_taken_along.code,
            message=f"menu/delete takes {count} along, which no file manages: {', '.join(names)}",
            fix="save them with: wxdeploy pull; then apply with --allow-delete",
            permit="--allow-delete",
        )


def _hazards(desired: Menu, live: LiveObject[Menu] | None) -> tuple[Hazard, ...]:
    found = []
    if live and live.state["origin"] == CONSOLE:
        found.append(
            Hazard(
                code=hazards.console_menu_replaced.code,
                message="the live menu was made in the web console; once replaced, no API call can put it back",
                fix="save it with: wxdeploy pull; then apply with --allow-delete",
                permit="--allow-delete",
            )
        )
    console_only = [leaf.name for leaf in leaves(desired.button) if leaf.type in CONSOLE_ONLY]
    if console_only:
        found.append(
            Hazard(
                code=hazards.not_creatable.code,
                message="the API can't create: " + ", ".join(console_only),
                fix="turn each into a type of the API (text: a click button with a reply), or leave the menu as it is",
                permit=None,
            )
        )
    return tuple(found)
