"""Rules that look at more than one kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from wxdeploy.kinds.base import Account, Violation, rule
from wxdeploy.kinds.conditional_menu import CONDITIONAL_MENU
from wxdeploy.kinds.targeting.audience import Candidate, Decision, decide
from wxdeploy.wechat.matchrules import PLATFORM_NAMES

if TYPE_CHECKING:
    from wxdeploy.model.jsonvalue import JsonValue, Path

_DEFAULT = "default"
_MENU = "menu"
_BUTTON = re.compile(r"button\[(\d{1,3})\](?:\.sub_button\[(\d{1,3})\])?", re.ASCII)


@rule("WX801", section="expectations")
def expectation_fails(account: Account) -> Iterator[Violation]:
    """A follower would not see what an expectation says.

    What: an entry of ``expectations`` says which menu, or which button, followers with these tags on this platform
    see, and the sections of this account give them another. ``tags`` are in the order in which they were given to the
    follower: only the last one counts. ``menu`` is the name of a personalised menu or ``default``; any other key is a
    button's path with the name that it has there.
    Why: who sees what depends on the order of all personalised menus. A change to one of them can take a menu away from
    followers whom nobody thought of, and the account would publish it without a word.
    Bad:
        ```yaml
        menu: {button: [{type: click, name: 今日歌曲, key: V1001}]}
        tags: [{name: VIP}]
        conditional_menus:
          - name: vip
            matchrule: {tag: VIP}
            button: [{type: click, name: 会员专享, key: V2001}]
        expectations:
          - given: {tags: [VIP], platform: ios}
            expect: {menu: default}
        ```
    Good:
        ```yaml
        menu: {button: [{type: click, name: 今日歌曲, key: V1001}]}
        tags: [{name: VIP}]
        conditional_menus:
          - name: vip
            matchrule: {tag: VIP}
            button: [{type: click, name: 会员专享, key: V2001}]
        expectations:
          - given: {tags: [VIP], platform: ios}
            expect: {menu: vip, "button[0]": 会员专享}
          - given: {platform: android}
            expect: {menu: default}
        ```
    Source: doc/offiaccount/Custom_Menus/Personalized_menu_interface (how WeChat matches).
    """
    cases = tuple(_items(account.sections.get("expectations")))
    if not cases:
        return
    declared = CONDITIONAL_MENU.parse(account.sections.get(CONDITIONAL_MENU.section))
    candidates = [(each.name, each.spec.rule) for each in declared]
    menus = {each.name: CONDITIONAL_MENU.document(each.spec) for each in reversed(declared)}
    for index, case in enumerate(cases):
        given, expected = case.get("given"), case.get("expect")
        if not isinstance(expected, Mapping):
            continue
        decision = _decided(given if isinstance(given, Mapping) else {}, candidates)
        seen = menus[decision.winner] if decision.winner else account.sections.get(_MENU)
        for key, wanted in expected.items():
            at = _BUTTON.fullmatch(key)
            if not isinstance(wanted, str) or (key != _MENU and at is None):
                continue  # the schema says so
            found = _name_at(seen, at) if at else decision.winner or _DEFAULT
            if found != wanted:
                fix = _other_name(wanted, [name for name, _ in candidates]) if key == _MENU else _MEND
                yield _violation((index, "expect", key), wanted, found, decision, fix)


RULES = (expectation_fails,)


_MEND = "mend the personalised menus or their order, or the expectation if this is what followers are to see now"


def _violation(path: Path, wanted: str, found: str | None, decision: Decision, fix: str) -> Violation:
    key = path[-1]
    sees = f"they see the menu {decision.winner!r}" if decision.winner else "they see the default menu"
    why = "; ".join(f"{each.menu}: {each.why}" for each in decision.considered)
    what = "" if key == _MENU else f", where {key} is {found!r}" if found is not None else f", which has no {key}"
    return Violation(
        path=path, detail=f"expected {key} to be {wanted!r}, but {sees}{what}{f' ({why})' if why else ''}", fix=fix
    )


def _other_name(wanted: str, menus: Sequence[str]) -> str:
    names = (_DEFAULT, *menus)
    if wanted in names:
        return _MEND
    near = get_close_matches(wanted, names, n=1)
    instead = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(map(repr, names))}"
    return f"no menu is called {wanted!r}; {instead}"


def _decided(given: Mapping[str, JsonValue], candidates: Sequence[Candidate]) -> Decision:
    tags = given.get("tags")
    names = [str(tag) for tag in tags] if isinstance(tags, Sequence) and not isinstance(tags, str) else []
    platform = given.get("platform")
    shown = PLATFORM_NAMES.get(str(platform), str(platform)) if platform is not None else None
    return decide(candidates, names, shown)


def _items(section: JsonValue) -> Iterator[Mapping[str, JsonValue]]:
    if isinstance(section, Sequence) and not isinstance(section, str):
        yield from (item for item in section if isinstance(item, Mapping))


def _name_at(menu: JsonValue, at: re.Match[str]) -> str | None:
    """The name of the button at a path; None where there is no button."""
    here = menu
    for key, index in zip(("button", "sub_button"), at.groups(), strict=True):
        if index is not None:
            buttons = here.get(key) if isinstance(here, Mapping) else None
            is_list = isinstance(buttons, Sequence) and not isinstance(buttons, str)
            here = buttons[int(index)] if is_list and int(index) < len(buttons) else None  # type: ignore[arg-type, index]
    name = here.get("name") if isinstance(here, Mapping) else None
    return name if isinstance(name, str) else None
