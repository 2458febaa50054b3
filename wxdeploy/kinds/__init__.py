"""One folder per kind of resource; ``KINDS`` is the only list of them, in the order in which they are read."""

from __future__ import annotations

from typing import Any

from wxdeploy.kinds.base import Kind
from wxdeploy.kinds.conditional_menu import CONDITIONAL_MENU
from wxdeploy.kinds.menu import MENU
from wxdeploy.kinds.tag import TAG
from wxdeploy.kinds.template import TEMPLATE

KINDS: tuple[Kind[Any], ...] = (TAG, MENU, CONDITIONAL_MENU, TEMPLATE)
