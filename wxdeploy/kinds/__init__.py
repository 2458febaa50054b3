"""One folder per kind of resource; ``KINDS`` is the only list of them, in the order in which they are read."""

from __future__ import annotations

from typing import Any

from wxdeploy.kinds.base import Kind
from wxdeploy.kinds.menu import MENU

KINDS: tuple[Kind[Any], ...] = (MENU,)
