"""What the account would refuse, found while the plan is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from wxdeploy.kinds.conditional_menu import rules
from wxdeploy.kinds.conditional_menu.draft import Draft
from wxdeploy.kinds.conditional_menu.sequence import Spot, Verb
from wxdeploy.kinds.reconciliation import Setting
from wxdeploy.kinds.targeting.menus import is_of_api
from wxdeploy.model.operation import Hazard
from wxdeploy.wechat.errcodes import Code


def hazards(plan: Draft, setting: Setting, owner: Callable[[Spot], Spot]) -> Mapping[Spot, tuple[Hazard, ...]]:
    """The hazards of each change, by what ``owner`` says that a call serves."""
    found: dict[Spot, tuple[Hazard, ...]] = {}
    published = [call.spot for call in plan.course.calls if call.verb is Verb.ADD]
    for spot in published:
        found[owner(spot)] = (*found.get(owner(spot), ()), *_without_tag(plan, spot))
    if published and not _has_default(setting):
        first = owner(published[0])
        found[first] = (*found[first], _NO_DEFAULT)
    return found


_NO_DEFAULT = Hazard(
    code=rules.default_menu_missing.code,
    message="the account has no default menu that was made through the API; it would answer "
    f"{Code.NO_DEFAULT_MENU:d} to a personalised menu",
    fix="declare `menu` as well",
    permit=None,
)


def _has_default(setting: Setting) -> bool:
    """Whether there will be a default menu of the API when personalised ones are published."""
    if "menu" in setting.desired:
        return bool(setting.desired["menu"])
    return any(map(is_of_api, setting.live["menu"].objects))


def _without_tag(plan: Draft, spot: Spot) -> Iterator[Hazard]:
    rule = plan.desired[spot.index].rule
    if rule.tag_id is not None:
        what = f"no live tag has the id {rule.tag_id}"
        fix = "name the tag (`tag: ...`) and declare it under `tags`"
    elif rule.tag is not None and rule.tag not in plan.tags.found and rule.tag not in plan.tags.new:
        what, fix = f"the account has no tag {rule.tag}", f"declare it: `tags: [{{name: {rule.tag}}}]`"
    else:
        return
    yield _unknown(plan.name(spot), what, fix)


def _unknown(name: str, what: str, fix: str) -> Hazard:
    return Hazard(
        code=rules.unknown_tag.code,
        message=f"{name} can't be published: {what}; the account would answer {Code.INVALID_TAG_ID:d}",
        fix=fix,
        permit=None,
    )
