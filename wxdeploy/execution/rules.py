"""What can be wrong with reading an account."""

from __future__ import annotations

from wxdeploy.kinds.base import stated
from wxdeploy.model.diagnostic import Severity


@stated("WX930", severity=Severity.WARNING)
def not_permitted() -> None:
    """A part of the account may not be read.

    What: the account answers 48001 to the call that reads tags, personalised menus or templates, and ``wxdeploy pull``
    leaves that part out.
    Why: these calls are for verified accounts, templates for verified service accounts alone; another account has
    nothing there that could be pulled.
    Bad: a ``templates`` section for a subscription account.
    Good: no such section for an account without the permission; the web console lists what it has (接口权限).
    Source: doc/service/api/usermanage/tag/api_gettags, doc/service/api/notify/template/api_getalltemplates (who may
    call); community thread 000c865e80c1783ec6de1d2e75b800.
    """


RULES = (not_permitted,)
