"""What has to be done to the list of personalised menus, planned as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from wxdeploy.kinds.conditional_menu.draft import Draft, as_live, draft, is_settled
from wxdeploy.kinds.conditional_menu.hazards import hazards
from wxdeploy.kinds.conditional_menu.sequence import Call, Spot, Verb, winner
from wxdeploy.kinds.conditional_menu.viewers import audiences, said
from wxdeploy.kinds.conditional_menu.wire import body
from wxdeploy.kinds.reconciliation import Reconciliation, Setting, Step
from wxdeploy.kinds.targeting.menus import KIND, Personalised, document, labelled
from wxdeploy.model.address import Address
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.operation import Action, ApiCall, Change
from wxdeploy.wechat import limits
from wxdeploy.wechat.endpoints import ENDPOINTS
from wxdeploy.wechat.errcodes import Code

_ADD = ENDPOINTS["conditional.add"].call
_DELETE = ENDPOINTS["conditional.delete"].call


def reconcile(setting: Setting) -> Reconciliation[Personalised]:
    """The fewest calls, each with the change that it serves."""
    if is_settled(setting):
        return Reconciliation()
    plan = draft(setting)
    with_default = not plan.desired and setting.desired.get("menu") == () and bool(setting.live["menu"].objects)
    story = _Story(plan, with_default=with_default, source=setting.source)
    changes = story.changes()
    steps = () if with_default else tuple(story.steps())
    found = hazards(plan, setting, story.owner) if steps else {}
    return Reconciliation(
        changes=tuple(
            change._replace(hazards=found.get(owner, ())) for owner, change in zip(story.owners, changes, strict=True)
        ),
        steps=steps,
        audiences=audiences(plan, setting, with_default=with_default),
    )


class _Story(NamedTuple):
    """The course told as changes. A change is known by the spot of the menu that is published, or else deleted."""

    draft: Draft
    with_default: bool
    source: str

    @property
    def genuine(self) -> tuple[int, ...]:
        """The desired menus that differ from what is live, or stand elsewhere."""
        pairing = self.draft.pairing
        unchanged = pairing.same - pairing.moved
        return tuple(index for index in range(len(self.draft.desired)) if index not in unchanged)

    @property
    def owners(self) -> tuple[Spot, ...]:
        """The changes in order: the desired menus, then those that go."""
        paired = set(self.draft.pairing.origin.values())
        gone = (index for index in range(len(self.draft.live)) if index not in paired)
        return (*(Spot(True, index) for index in self.genuine), *(Spot(False, index) for index in gone))

    def owner(self, spot: Spot) -> Spot:
        """The change that a call serves: its menu's own, or the lowest one, because of which all above it go along."""
        new = spot.index if spot.published else self.draft.replacement(spot.index)
        if new is None:
            return spot
        return Spot(True, new if new in self.genuine else max(self.genuine))

    def changes(self) -> tuple[Change, ...]:
        costs = Counter(self.owner(call.spot) for call in self.draft.course.calls)
        return tuple(
            self._wanted(owner.index, costs[owner]) if owner.published else self._gone(owner.index)
            for owner in self.owners
        )

    def steps(self) -> Iterator[Step[Personalised]]:
        place = {owner: index for index, owner in enumerate(self.owners)}
        for call, state in zip(self.draft.course.calls, self.draft.states[1:], strict=True):
            yield Step(
                call=self._call(call),
                change=place[self.owner(call.spot)],
                live=labelled(as_live(self.draft.menu(spot)) for spot in state),
                note=self._note(call, state),
            )

    def _call(self, call: Call) -> ApiCall:
        if call.verb is Verb.ADD:
            return ApiCall(_ADD, body(self.draft.desired[call.spot.index], self.draft.tags))
        return ApiCall(_DELETE, {"menuid": self.draft.live[call.spot.index].remote["menuid"]})

    def _wanted(self, index: int, cost: int) -> Change:
        name, menu = self.draft.names[index], self.draft.desired[index]
        old = self.draft.pairing.origin.get(index)
        return Change(
            address=Address(KIND, name),
            action=Action.CREATE if old is None else Action.UPDATE,
            reason=f"{self._why(index)}; {self._cost(index, cost)}",
            before=None if old is None else _document(name, self.draft.live[old].spec),
            after=_document(name, menu),
        )

    def _why(self, index: int) -> str:
        old = self.draft.pairing.origin.get(index)
        if old is None:
            return "no live menu is like it"
        menu, before = self.draft.desired[index], self.draft.live[old].spec
        parts = [
            part
            for part, differs in (("rule", menu.rule != before.rule), ("buttons", menu.menu != before.menu))
            if differs
        ]
        if parts:
            return f"its {' and '.join(parts)} {'differ' if 'buttons' in parts else 'differs'}"
        return f"it has another place in the order, number {index + 1} of {len(self.draft.desired)}"

    def _cost(self, index: int, cost: int) -> str:
        along = [other for other in self._along() if self.owner(Spot(True, other)) == Spot(True, index)]
        if not along:
            return _calls(cost)
        names = ", ".join(self.draft.names[other] for other in along)
        return f"{_calls(cost)}, {2 * len(along)} of them to republish {names}, unchanged, above it"

    def _along(self) -> list[int]:
        """The desired menus that are published again only because of another's change."""
        genuine = self.genuine
        return [index for index in range(len(self.draft.desired)) if index not in {*genuine, *self.draft.course.kept}]

    def _gone(self, index: int) -> Change:
        live = self.draft.live[index]
        cost = "menu/delete takes it along" if self.with_default else _calls(1)
        return Change(
            address=Address(KIND, self.draft.live_names[index]),
            action=Action.DELETE,
            reason=f"{self._fate(index)}; {cost}",
            before=_document(self.draft.live_names[index], live.spec),
            after=None,
            harmless=bool(self.draft.desired or live.spec.rule.removed),
        )

    def _fate(self, index: int) -> str:
        rule = self.draft.live[index].spec.rule
        if rule.removed:
            return f"its rule uses {' and '.join(rule.removed)}, which WeChat removed: it matches nobody"
        if not self.draft.desired:
            return f"{self.source} asks for no personalised menus"
        twin = self.draft.twin(index)
        if twin is not None:
            return f"a duplicate: its rule is that of {self.draft.names[twin]}"
        return f"no menu of {self.source} has its rule"

    def _note(self, call: Call, state: tuple[Spot, ...]) -> str:
        owner = self.owner(call.spot)
        name = self.draft.name(call.spot)
        along = owner.published and self.draft.names[owner.index] != name
        if call.verb is Verb.ADD:
            return f"{name} republished unchanged, to stay above {self.draft.name(owner)}" if along else ""
        if call.forced:
            return _forced(self.draft, name, state)
        if not owner.published:
            return ""
        return f"the old {'copy of ' if along else ''}{name} is deleted once the new one is published"


def _forced(plan: Draft, name: str, state: tuple[Spot, ...]) -> str:
    """Why a menu is deleted before the one that comes in its place is published, and who notices."""
    note = (
        f"{name} is deleted first: all menus together may link to {limits.CONDITIONAL_DOMAINS.value} domains only "
        f"({Code.TOO_MANY_DOMAINS:d})"
    )
    live, desired = plan.items
    ends = plan.states[0], plan.states[-1]
    bare = [
        group
        for group in plan.groups
        if winner(group, state, live, desired) is None and all(winner(group, end, live, desired) for end in ends)
    ]
    return f"{note}; until theirs is published, the default menu is seen by {said(bare)}" if bare else note


def _document(name: str, menu: Personalised) -> Mapping[str, JsonValue]:
    return {"name": name, **document(menu)}


def _calls(count: int) -> str:
    return f"{count} call" if count == 1 else f"{count} calls"
