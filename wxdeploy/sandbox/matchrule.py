"""The rule of a personalised menu: which ones are taken, how they are shown, whom they match.

Source: doc/service/api/custommenu/api_addconditionalmenu and offiaccount/Custom_Menus/Personalized_menu_interface.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wxdeploy.sandbox.request import Json, Refusal, number
from wxdeploy.wechat.errcodes import Code
from wxdeploy.wechat.matchrules import PLATFORM_NAMES, REMOVED


def given(rule: Mapping[str, object], field: str) -> bool:
    """Whether the rule says anything in this field: clients that always send every field leave it empty."""
    return rule.get(field) not in (None, "")


def checked_rule(rule: object, tag_exists: Callable[[int], bool]) -> Json:
    """The rule as menu/get will show it: ``group_id`` for ``tag_id``, numbers as strings; or the code of a refusal."""
    if not isinstance(rule, dict):
        raise Refusal(Code.EMPTY_MATCHRULE)
    if any(given(rule, field) for field in REMOVED):
        raise Refusal(Code.PRIVATE_MATCHRULE)
    shown: Json = {}
    # The old name is still taken: SDKs that know only group_id are in use (silenceper/wechat, wechatpy).
    tag = next((rule[field] for field in ("tag_id", "group_id") if given(rule, field)), None)
    if tag is not None:
        tag_id = number(tag)
        if tag_id is None or not tag_exists(tag_id):
            raise Refusal(Code.INVALID_TAG_ID)
        shown["group_id"] = str(tag_id)
    if given(rule, "client_platform_type"):
        platform = str(number(rule["client_platform_type"]))
        if platform not in PLATFORM_NAMES:
            raise Refusal(Code.INVALID_ARGS)
        shown["client_platform_type"] = platform
    if not shown:
        raise Refusal(Code.EMPTY_MATCHRULE)
    known = ("tag_id", "group_id", "client_platform_type", *REMOVED)
    return shown | {field: value for field, value in rule.items() if field not in known}


def matches(rule: Mapping[str, object], *, tag: int | None, platform: str | None) -> bool:
    """Whether a follower falls under the rule; ``tag`` is the one that was given to them last.

    All fields must agree; a rule with a withdrawn field, or with none that is known, matches nobody.
    """
    if any(given(rule, field) for field in REMOVED):
        return False
    conditions = [
        value == rule[field]
        for field, value in (("group_id", None if tag is None else str(tag)), ("client_platform_type", platform))
        if given(rule, field)
    ]
    return bool(conditions) and all(conditions)
