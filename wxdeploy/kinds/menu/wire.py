"""The two answers the live menu is read from.

``menu/get`` knows only what was made through the API and can be stale; ``get_current_selfmenu_info`` shows what the
followers see, in another shape and without a mark of who made it. Only the two together tell a console-made menu.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wxdeploy.kinds.buttons.spec import Button, Menu, buttons_of, menu_of
from wxdeploy.kinds.menu.hazards import menu_closed
from wxdeploy.model.address import Address
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.resource import LiveObject, Reading

DEFAULT = Address("menu", "default")
API = "api"
CONSOLE = "console"


def read(answers: Mapping[str, JsonValue], _known: Mapping[str, Reading[Any]]) -> Reading[Menu]:
    """The live default menu from the answers of both reads.

    ``state["origin"]`` is ``console`` where the followers see another menu than the API's: where ``menu/get`` has none
    (46003) or one that differs (it was seen to answer a menu that the console had replaced: WxJava issue 2857).
    """
    published = _published(answers["menu.get"])
    shown, is_open = _shown(answers["selfmenu.get"])
    raw = {"menu.get": answers["menu.get"], "selfmenu.get": answers["selfmenu.get"]}
    warnings: tuple[Diagnostic, ...] = ()
    if published is not None and not is_open:
        detail = "get_current_selfmenu_info answers is_menu_open 0: followers see no menu"
        fix = "switch the menu on in the web console (公众平台 › 自定义菜单)"
        warnings = (menu_closed.found(detail, fix, address=DEFAULT),)
    if shown and (published is None or not _agree(published.button, shown)):
        live = LiveObject(address=DEFAULT, spec=Menu(shown), state={"origin": CONSOLE}, raw=raw)
    elif published is not None:
        live = LiveObject(address=DEFAULT, spec=published, state={"origin": API}, raw=raw)
    else:
        return Reading(warnings=warnings)
    return Reading(objects=(live,), warnings=warnings)


def _published(answer: JsonValue) -> Menu | None:
    body = answer.get("menu") if isinstance(answer, Mapping) else None
    menu = menu_of(body) if isinstance(body, Mapping) else None
    return menu if menu and menu.button else None


def _shown(answer: JsonValue) -> tuple[tuple[Button, ...], bool]:
    if not isinstance(answer, Mapping):
        return (), False
    info = answer.get("selfmenu_info")
    buttons = buttons_of(info.get("button")) if isinstance(info, Mapping) else ()
    return buttons, str(answer.get("is_menu_open")) != "0"


def _agree(published: tuple[Button, ...], shown: tuple[Button, ...]) -> bool:
    """Whether both answers speak of one menu; a field that one of them leaves out does not count."""
    return len(published) == len(shown) and all(map(_same, published, shown))


def _same(one: Button, other: Button) -> bool:
    both = one.fields.keys() & other.fields.keys()
    return all(one.fields[key] == other.fields[key] for key in both) and _agree(one.sub_button, other.sub_button)
