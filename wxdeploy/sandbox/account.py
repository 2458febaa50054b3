"""The rules of an account's menus: what a call changes, what it answers, when it is refused.

Sources: the pages under doc/service/api/custommenu (create, get, delete, get_current_selfmenu_info, addconditional,
delconditional, trymatch) and the reports quoted where they decide.
"""

from __future__ import annotations

from dataclasses import dataclass

from wxdeploy.sandbox.buttons import Button, as_menu, as_selfmenu, checked_buttons, domains
from wxdeploy.sandbox.matchrule import checked_rule, matches
from wxdeploy.sandbox.request import Json, Refusal, number
from wxdeploy.sandbox.state import State
from wxdeploy.wechat import limits
from wxdeploy.wechat.errcodes import Code


@dataclass(frozen=True, slots=True)
class Account:
    """One account within one transaction."""

    state: State
    appid: str

    def create_menu(self, body: Json) -> None:
        """menu/create: replaces the default menu and nothing else; a console-made menu is disabled by it.

        A ``matchrule`` in the body is ignored, and the default menu replaced for everyone (community thread
        000ce859ec8898b5297ad66645c000). Personalised menus stay (CSDN 91586716 shows a default menu newer than them).
        """
        self.state.put_menu(self.appid, checked_buttons(body))
        self.state.put_console_menu(self.appid, None)

    def menus(self) -> Json:
        """menu/get: menus made through the API; 46003 if there is none, though a console-made one be shown.

        The default menu's id is there once there are personalised menus; without them their key is absent too.
        """
        default = self.state.menu(self.appid)
        if default is None:
            raise Refusal(Code.MENU_NOT_EXIST)
        conditional = self.state.conditional_menus(self.appid)
        answer: Json = {"menu": {"button": as_menu(default.buttons)}}
        if conditional:
            answer["menu"]["menuid"] = default.menuid
            answer["conditionalmenu"] = [
                {"button": as_menu(menu.buttons), "matchrule": menu.matchrule, "menuid": menu.menuid}
                for menu in conditional
            ]
        return answer

    def selfmenu(self) -> Json:
        """get_current_selfmenu_info: what followers see, were it made through the API or in the web console.

        Personalised menus are not in it. Where there is no menu the second key is absent.
        """
        buttons = self.state.console_menu(self.appid)
        if buttons is None:
            default = self.state.menu(self.appid)
            if default is None:
                return {"is_menu_open": 0}
            buttons = default.buttons
        return {"is_menu_open": 1, "selfmenu_info": {"button": as_selfmenu(buttons)}}

    def delete_menus(self) -> None:
        """menu/delete: takes away the default menu and all personalised ones; right also where there are none."""
        self.state.remove_menus(self.appid)

    def add_conditional_menu(self, body: Json) -> int:
        """menu/addconditional: asks for a default menu made through the API; the same rule twice makes two menus."""
        if self.state.menu(self.appid) is None:
            raise Refusal(Code.NO_DEFAULT_MENU)
        buttons = checked_buttons(body)
        rule = checked_rule(body.get("matchrule"), self.has_tag)
        linked = {host for menu in self.state.conditional_menus(self.appid) for host in domains(menu.buttons)}
        if not limits.CONDITIONAL_DOMAINS.accepts(linked | set(domains(buttons))):
            raise Refusal(Code.TOO_MANY_DOMAINS)
        return self.state.add_conditional_menu(self.appid, buttons, rule)

    def delete_conditional_menu(self, menuid: object) -> None:
        """menu/delconditional: anything that is not the id of a personalised menu is 65301, the default menu's too."""
        found = number(menuid)
        if found is None or not self.state.remove_conditional_menu(self.appid, found):
            raise Refusal(Code.NO_SUCH_CONDITIONAL_MENU)

    def menu_of(self, user_id: object) -> Json:
        """menu/trymatch: the buttons that a follower sees."""
        return {"button": as_menu(self.seen_by(user_id)[1])}

    def seen_by(self, user_id: object) -> tuple[int, list[Button]]:
        """Id and buttons of the newest personalised menu whose rule the follower meets, else of the default menu.

        Of a follower's tags only the one given last counts (offiaccount/Custom_Menus/Personalized_menu_interface).
        """
        default = self.state.menu(self.appid)
        if default is None:
            raise Refusal(Code.NO_DEFAULT_MENU)
        follower = self.state.follower(self.appid, user_id) if isinstance(user_id, str) else None
        if follower is None:
            raise Refusal(Code.NO_SUCH_USER)
        tag = follower.tags[-1] if follower.tags else None
        for menu in self.state.conditional_menus(self.appid):
            if matches(menu.matchrule, tag=tag, platform=follower.platform):
                return menu.menuid, menu.buttons
        return default.menuid, default.buttons

    def has_tag(self, tag_id: int) -> bool:
        """Whether the account has this tag, the starred group included."""
        return tag_id == limits.STARRED_TAG_ID or self.state.tag_name(self.appid, tag_id) is not None
