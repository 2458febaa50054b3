"""Who sees a menu, in words."""

from __future__ import annotations

from collections.abc import Mapping

from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.render.escape import terminal
from wxdeploy.render.taps import Words

_PLATFORMS = {"ios": "iOS", "android": "Android"}


def platform(name: str) -> Words:
    """A platform as people write it."""
    shown = _PLATFORMS.get(name, terminal(name))
    return Words("其他平台", "other platforms") if name == "other" else Words(shown, shown)


def menu_name(name: str | None) -> Words:
    """A personalised menu by its name, or the default menu."""
    return Words("默认菜单", "Default menu") if name is None else Words(terminal(name), terminal(name))


def seen_by(rule: JsonValue) -> Words:
    """Whom the rule of a personalised menu is for; without a rule, everyone whom no other menu is for."""
    if not isinstance(rule, Mapping) or not rule:
        return Words("其他所有关注者", "everyone else")
    zh, en = [], []
    for field, value in rule.items():
        text = terminal(str(value))
        if field == "tag":
            zh.append(f"标签 {text}")
            en.append(f"tag {text}")
        elif field == "client_platform_type":
            words = platform(str(value))
            zh.append(words.zh)
            en.append(words.en)
        else:
            zh.append(f"{terminal(field)} {text}")
            en.append(f"{terminal(field)} {text}")
    return Words(" · ".join(zh), " · ".join(en))


def group(tag: str | None, phone: str | None, *, others: bool) -> Words:
    """Followers by the tag that counts for them and their platform; ``others``: platforms are told apart."""
    rest = Words("其他任意平台", "any other platform") if others else Words("任意平台", "any platform")
    named = platform(phone) if phone else rest
    if tag is None:
        return Words(f"其他标签 · {named.zh}", f"any other tag · {named.en}")
    return Words(f"标签 {terminal(tag)} · {named.zh}", f"tag {terminal(tag)} · {named.en}")
