"""Rules about personalised menus beside each other: WX304, WX305, WX308."""

from __future__ import annotations

from collections.abc import Iterator

from wxdeploy.kinds.base import Account, Violation, rule
from wxdeploy.kinds.buttons.walk import CONDITIONAL
from wxdeploy.kinds.conditional_menu.entries import Entry, entries
from wxdeploy.kinds.targeting.menus import MatchRule


@rule("WX304", section=CONDITIONAL)
def never_shown(account: Account) -> Iterator[Violation]:
    """A personalised menu can never be shown.

    What: the rule of a menu higher in the list matches everyone whom this one's rule matches.
    Why: the first match wins, so nobody ever sees this menu. Mostly the two are in the wrong order: the narrower rule
    belongs above the wider one.
    Bad:
        ```yaml
        conditional_menus:
          - name: vip
            matchrule: {tag: VIP}
            button: [{type: click, name: 会员, key: VIP}]
          - name: vip-ios
            matchrule: {tag: VIP, client_platform_type: ios}
            button: [{type: click, name: 苹果会员, key: VIP_IOS}]
        ```
    Good:
        ```yaml
        conditional_menus:
          - name: vip-ios
            matchrule: {tag: VIP, client_platform_type: ios}
            button: [{type: click, name: 苹果会员, key: VIP_IOS}]
          - name: vip
            matchrule: {tag: VIP}
            button: [{type: click, name: 会员, key: VIP}]
        ```
    Source: offiaccount/Custom_Menus/Personalized_menu_interface (matched from the newest to the oldest).
    """
    above: list[tuple[Entry, MatchRule]] = []
    for entry in entries(account):
        now = entry.rule
        if now.is_empty or now.removed:
            continue
        wider = next((other for other, rule in above if _covers(rule, now) and rule != now), None)
        if wider and all(rule != now for _, rule in above):
            yield Violation(
                path=entry.at_rule(),
                detail=f"{wider.who} stands above {entry.who} and matches all whom this rule matches",
                fix=f"move {entry.who} above {wider.who}, or remove it",
                on_key=True,
            )
        above.append((entry, now))


@rule("WX305", section=CONDITIONAL)
def same_rule(account: Account) -> Iterator[Violation]:
    """Two personalised menus have one rule.

    What: the rules of two menus say the same.
    Why: the first match wins, so nobody ever sees the second one.
    Bad:
        ```yaml
        conditional_menus:
          - name: vip
            matchrule: {tag: VIP}
            button: [{type: click, name: 会员, key: VIP}]
          - name: vip-new
            matchrule: {tag: VIP}
            button: [{type: click, name: 会员日, key: VIP_DAY}]
        ```
    Good:
        ```yaml
        conditional_menus:
          - name: vip
            matchrule: {tag: VIP}
            button: [{type: click, name: 会员日, key: VIP_DAY}]
        ```
    Source: offiaccount/Custom_Menus/Personalized_menu_interface (matched from the newest to the oldest).
    """
    above: list[tuple[Entry, MatchRule]] = []
    for entry in entries(account):
        now = entry.rule
        if now.is_empty or now.removed:
            continue
        if twin := next((other for other, rule in above if rule == now), None):
            yield Violation(
                path=entry.at_rule(),
                detail=f"{entry.who} has the rule of {twin.who}, which stands above it",
                fix="remove one of the two, or give it a rule of its own",
                on_key=True,
            )
        above.append((entry, now))


@rule("WX308", section=CONDITIONAL)
def label_twice(account: Account) -> Iterator[Violation]:
    """Two personalised menus have one name.

    What: a `name` stands twice in `conditional_menus`.
    Why: the name is what plans, reports and expectations know a menu by. WeChat stores none, so any will do.
    Bad:
        ```yaml
        conditional_menus:
          - name: vip
            matchrule: {client_platform_type: ios}
            button: [{type: click, name: 苹果, key: IOS}]
          - name: vip
            matchrule: {client_platform_type: android}
            button: [{type: click, name: 安卓, key: ANDROID}]
        ```
    Good:
        ```yaml
        conditional_menus:
          - name: ios
            matchrule: {client_platform_type: ios}
            button: [{type: click, name: 苹果, key: IOS}]
          - name: android
            matchrule: {client_platform_type: android}
            button: [{type: click, name: 安卓, key: ANDROID}]
        ```
    Source: wxdeploy's own.
    """
    seen: set[str] = set()
    for entry in entries(account):
        name = entry.fields.get("name")
        if isinstance(name, str) and name:
            if name in seen:
                yield Violation(
                    path=entry.at("name"),
                    detail=f"{entry.who} stands above already",
                    fix="give each a name of its own; without one, a menu is called after its rule",
                )
            seen.add(name)


def _covers(wide: MatchRule, narrow: MatchRule) -> bool:
    """Whether everyone whom the one rule matches is matched by the other."""
    fields = ((wide.tag, narrow.tag), (wide.tag_id, narrow.tag_id), (wide.platform, narrow.platform))
    return all(one is None or one == other for one, other in fields) and not wide.others


RULES = (never_shown, same_rule, label_twice)
