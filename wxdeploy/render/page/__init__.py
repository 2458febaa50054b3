"""One self-contained page with phones that can be tapped: no network, no script and no style but its own."""

from __future__ import annotations

from wxdeploy.render.page.plan import plan_page
from wxdeploy.render.page.preview import preview_page

__all__ = ["plan_page", "preview_page"]
