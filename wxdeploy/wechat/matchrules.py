"""The fields of a personalised menu's rule, and the platforms by name.

Source: doc/service/api/custommenu/api_addconditionalmenu and offiaccount/Custom_Menus/Personalized_menu_interface, read
2026-10.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PLATFORM = "client_platform_type"

PLATFORMS: Mapping[str, str] = MappingProxyType({"ios": "1", "android": "2", "other": "3"})
"""Platform by name -> ``client_platform_type``."""

PLATFORM_NAMES: Mapping[str, str] = MappingProxyType({number: name for name, number in PLATFORMS.items()})
"""``client_platform_type`` -> platform by name."""

TAG_IDS = ("tag_id", "group_id")
"""The tag's id: the field of today, and its old name, which answers still have (WxJava issues 136, 365)."""

REMOVED = ("sex", "country", "province", "city", "language")
"""Fields that can't be used since 2021-12 (announcement 11632637451RQs8y): a new rule with one is refused, and a live
menu with one matches nobody, though it is still listed."""
