"""What is found about personalised menus while the account is read: WX31x."""

from __future__ import annotations

from wxdeploy.kinds.base import stated
from wxdeploy.model.diagnostic import Severity


@stated("WX310", severity=Severity.WARNING)
def dead_rule() -> None:
    """A live personalised menu matches nobody any more.

    What: the rule of a live menu uses sex, country, province, city or language.
    Why: WeChat removed these fields in December 2021: such a menu is still listed, but no follower sees it, and it
    can't be published again. It goes as soon as `conditional_menus` is managed, and is never pulled.
    Bad:
        ```text
        GET /cgi-bin/menu/get
        {"menu": ..., "conditionalmenu": [{"button": [...], "matchrule": {"sex": "1"}, "menuid": 208396993}]}
        ```
    Good:
        ```text
        GET /cgi-bin/menu/get
        {"menu": ..., "conditionalmenu": [{"button": [...], "matchrule": {"group_id": "101"}, "menuid": 208396993}]}
        ```
    Source: announcement 11632637451RQs8y; doc/service/api/custommenu/api_addconditionalmenu.
    """


RULES = (dead_rule,)
