"""Personalised menus as the API shows and takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wxdeploy.kinds.buttons.spec import document as menu_document
from wxdeploy.kinds.conditional_menu import rules_plan
from wxdeploy.kinds.targeting.menus import Personalised, live_menus, platform_number
from wxdeploy.kinds.targeting.tags import KIND as TAG
from wxdeploy.kinds.targeting.tags import Tags, names_by_id, tag_id
from wxdeploy.model.address import Address
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.operation import Deferred
from wxdeploy.model.resource import Reading
from wxdeploy.wechat.matchrules import PLATFORM


def read(answers: Mapping[str, JsonValue], known: Mapping[str, Reading[Any]]) -> Reading[Personalised]:
    """The live personalised menus in order of priority, their tags by name.

    ``state["dead"]`` marks those whose rule matches nobody any more.
    """
    objects = live_menus(answers["menu.get"], names_by_id(known[TAG].objects))
    warnings = tuple(
        rules_plan.dead_rule.found(
            f"{each.address.name} asks for {' and '.join(each.spec.rule.removed)} and matches nobody",
            "nothing has to be done: it is deleted as soon as conditional_menus is managed, and never pulled",
            address=each.address,
        )
        for each in objects
        if each.spec.rule.removed
    )
    return Reading(objects=objects, warnings=warnings)


def body(menu: Personalised, tags: Tags) -> dict[str, JsonValue]:
    """The body of ``menu/addconditional``; a tag that is yet to be created stands there as a deferred value."""
    rule: dict[str, JsonValue] = {}
    if menu.rule.tag is not None:
        live = tags.found.get(menu.rule.tag)
        rule["tag_id"] = tag_id(live) if live else Deferred(Address(TAG, menu.rule.tag), "id").to_json()
    elif menu.rule.tag_id is not None:
        rule["tag_id"] = menu.rule.tag_id
    if number := platform_number(menu.rule):
        rule[PLATFORM] = number
    return {**menu_document(menu.menu), "matchrule": {**rule, **menu.rule.others}}
