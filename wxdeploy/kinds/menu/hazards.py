"""What can be dangerous about the default menu, and what is worth a word about the live one."""

from __future__ import annotations

from wxdeploy.kinds.base import stated
from wxdeploy.model.diagnostic import Severity


@stated("WX902")
def console_menu_replaced() -> None:
    """A menu made in the web console would be replaced.

    What: the followers see a menu that was made by hand in the web console (公众平台), and the plan sends another one
    with ``menu/create``.
    Why: creating a menu through the API switches the console's menu off, and no call puts it back: its texts, pictures,
    voices and videos can't be sent through the API. Somebody made it on purpose, and may not know of this project.
    Bad: ``wxdeploy apply`` over a console-made menu that nobody has looked at.
    Good: ``wxdeploy pull`` it first, agree with its owner, then ``wxdeploy apply --allow-delete``.
    Source: doc/service/api/custommenu/api_getcurrentselfmenuinfo; community thread 000ee807268d80895a61faf0c63c00.
    """


@stated("WX904")
def not_creatable() -> None:
    """The menu holds buttons that the API can't create.

    What: the menu to be sent has a button of a type that only the web console can make (text, img, photo, voice, video,
    news).
    Why: ``menu/create`` answers 40024 (40017 on the first level) and nothing is changed. Such a button can be pulled
    and kept as long as nothing in the menu changes, since then nothing has to be sent.
    Bad: a pulled console menu in which another button was edited.
    Good: every button of a type of the API, ``text`` for instance as ``click`` with a reply to its key.
    Source: community thread 000642614700c06e7a5173cfc6b800 (staff); doc/service/api/custommenu/api_createcustommenu.
    """


@stated("WX905", severity=Severity.WARNING)
def menu_closed() -> None:
    """The account's menu is switched off.

    What: ``get_current_selfmenu_info`` answers ``is_menu_open: 0`` although a menu was published through the API.
    Why: followers see no menu, whatever is published, until it is switched on in the web console.
    Bad: an account with a published menu and ``is_menu_open: 0``.
    Good: the menu switched on in the web console (公众平台 › 自定义菜单).
    Source: doc/service/api/custommenu/api_getcurrentselfmenuinfo.
    """


@stated("WX908")
def menus_taken_along() -> None:
    """Personalised menus that are not managed would be deleted.

    What: `menu` is `absent`, `conditional_menus` is not given, and the account has personalised menus.
    Why: ``menu/delete`` removes the default menu and all personalised menus; there is no call that removes the default
    menu alone.
    Bad: ``menu: absent`` for an account whose personalised menus somebody made by another tool.
    Good: ``wxdeploy pull`` first, then ``menu: absent`` with ``conditional_menus: []``, as a change that is reviewed.
    Source: doc/service/api/custommenu/api_deletemenu.
    """


RULES = (console_menu_replaced, not_creatable, menu_closed, menus_taken_along)
