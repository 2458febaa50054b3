"""What the kinds are called, and the sections that declare them, for those who need to know no more."""

from __future__ import annotations

TAG, TAGS = "tag", "tags"
CONDITIONAL_MENU, CONDITIONAL_MENUS = "conditional_menu", "conditional_menus"
TEMPLATE, TEMPLATES = "template", "templates"
