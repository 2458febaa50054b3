"""What has to be done to the tags of an account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from wxdeploy.kinds.reconciliation import Reconciliation, Setting, Step
from wxdeploy.kinds.tag import rules
from wxdeploy.kinds.tag.wire import followers, in_order, made, menus_with
from wxdeploy.kinds.targeting import menus
from wxdeploy.kinds.targeting.tags import KIND, Tag, Tags, document, settle, tag_id
from wxdeploy.model.address import Address
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.operation import Action, ApiCall, Capture, Change, Deferred, Hazard
from wxdeploy.model.plan import Unmanaged
from wxdeploy.model.resource import LiveObject
from wxdeploy.wechat import limits
from wxdeploy.wechat.endpoints import ENDPOINTS
from wxdeploy.wechat.errcodes import Code

_CREATE = ENDPOINTS["tag.create"].call
_UPDATE = ENDPOINTS["tag.update"].call
_DELETE = ENDPOINTS["tag.delete"].call


def reconcile(setting: Setting) -> Reconciliation[Tag]:
    """Create, rename and (under ``prune``) delete, so that no tag goes while a rule names it."""
    tags = settle(setting)
    users = {live.spec.name: _users(live, setting) for live in tags.left}
    prune = KIND in setting.prune
    doomed = [live for live in tags.left if prune and not users[live.spec.name]]
    excess = len(setting.live[KIND].objects) + len(tags.new) - limits.TAGS.value
    early = [live for live in doomed if not menus_with(live)][: max(excess, 0)]
    course = _Course(in_order(setting.live[KIND].objects), _live_menus(setting))
    for live in early:
        course.delete(live, "first: an account has room for so many tags only")
    for resource in setting.desired[KIND]:
        tag: Tag = resource.spec
        if tag.name in tags.renamed:
            course.rename(tags.renamed[tag.name], tag.name)
        elif tag.name in tags.new:
            course.create(tag.name, _no_room(tag.name) if excess > len(early) else ())
    for live in doomed:
        if live not in early:
            course.delete(live, "", last=True)
    return Reconciliation(
        changes=tuple(course.changes),
        steps=tuple(course.steps),
        unmanaged=tuple(
            _unmanaged(live, users[live.spec.name], prune=prune) for live in tags.left if live not in doomed
        ),
        warnings=tuple(_suspicion(tags, doomed)),
    )


@dataclass(slots=True)
class _Course:
    """The changes and calls so far, and what they leave."""

    live: tuple[LiveObject[Tag], ...]
    menus: tuple[LiveObject[Any], ...] | None
    changes: list[Change] = field(default_factory=list)
    steps: list[Step[Tag]] = field(default_factory=list)

    def create(self, name: str, hazards: tuple[Hazard, ...]) -> None:
        address = Address(KIND, name)
        self.changes.append(
            Change(
                address=address,
                action=Action.CREATE,
                reason="no live tag has this name",
                before=None,
                after=document(Tag(name)),
                hazards=hazards,
            )
        )
        self.live = in_order((*self.live, made(name)))
        captures = (Capture(Deferred(address, "id"), ("tag", "id")),)
        self._step(ApiCall(_CREATE, {"tag": {"name": name}}, captures))

    def rename(self, old: LiveObject[Tag], name: str) -> None:
        self.changes.append(
            Change(
                address=Address(KIND, name),
                action=Action.RENAME,
                reason=f"it was called {old.spec.name}; it keeps its id and its {_counted(old)}",
                before=document(old.spec),
                after=document(Tag(name)),
            )
        )
        new = made(name, has_followers=bool(old.state.get("followers")))
        self.live = in_order(new if each is old else each for each in self.live)
        self.menus = None if self.menus is None else menus.retagged(self.menus, old.spec.name, name)
        self._step(ApiCall(_UPDATE, {"tag": {"id": old.remote["id"], "name": name}}))

    def delete(self, old: LiveObject[Tag], why_now: str, *, last: bool = False) -> None:
        self.changes.append(
            Change(
                address=old.address,
                action=Action.DELETE,
                reason=_loss(old),
                before=document(old.spec),
                after=None,
                hazards=_too_many_followers(old),
                harmless=followers(old) == 0,
            )
        )
        self.live = tuple(each for each in self.live if each is not old)
        self._step(ApiCall(_DELETE, {"tag": {"id": old.remote["id"]}}), why_now, last=last)

    def _step(self, call: ApiCall, note: str = "", *, last: bool = False) -> None:
        others = {menus.KIND: self.menus} if self.menus is not None and call.call == _UPDATE else {}
        change = len(self.changes) - 1
        self.steps.append(Step(call=call, change=change, live=self.live, note=note, last=last, others=others))


def _live_menus(setting: Setting) -> tuple[LiveObject[Any], ...] | None:
    reading = setting.live.get(menus.KIND)
    return None if reading is None else reading.objects


def _users(live: LiveObject[Tag], setting: Setting) -> tuple[str, ...]:
    """The personalised menus that need a tag which nothing declares: declared ones, and live ones that will stay."""
    declared = tuple(
        each.address.name
        for each in setting.desired.get(menus.KIND, ())
        if each.spec.rule.tag == live.spec.name or each.spec.rule.tag_id == tag_id(live)
    )
    all_go = setting.desired.get("menu") == ()  # and the personalised ones with it
    stay = () if all_go or menus.KIND in setting.desired else menus_with(live)
    return declared + stay


def _unmanaged(live: LiveObject[Tag], users: Sequence[str], *, prune: bool) -> Unmanaged:
    detail = _counted(live)
    if prune and users:
        detail += f"; prune leaves it, since {_named(users)} {'use' if len(users) > 1 else 'uses'} it"
    return Unmanaged(KIND, live.spec.name, detail)


def _named(users: Sequence[str]) -> str:
    return "the personalised menu" + ("s " if len(users) > 1 else " ") + " and ".join(users)


def _suspicion(tags: Tags, doomed: Sequence[LiveObject[Tag]]) -> Iterator[Diagnostic]:
    if len(doomed) == 1 and len(tags.new) == 1 and not tags.renamed:
        old, new = doomed[0], tags.new[0]
        yield rules.probable_rename.found(
            f"{old.spec.name} goes and {new} comes: its {_counted(old)} would not be carried over",
            f"if it is the same tag under another name, write `was: {old.spec.name}` beside `name: {new}`",
            address=Address(KIND, new),
        )


def _no_room(name: str) -> tuple[Hazard, ...]:
    return (
        Hazard(
            code=rules.too_many_tags.code,
            message=f"the account has no room for {name}: {limits.TAGS.value} tags are allowed; "
            f"it would answer {Code.TOO_MANY_TAGS:d}",
            fix="delete tags that nobody needs, with `prune: [tags]` or in the web console, then plan again",
            permit=None,
        ),
    )


def _too_many_followers(live: LiveObject[Tag]) -> tuple[Hazard, ...]:
    count = followers(live)
    if count <= limits.TAG_DELETE_FOLLOWERS.value:
        return ()
    return (
        Hazard(
            code=rules.too_many_followers.code,
            message=f"{live.spec.name} has {count} followers, and WeChat deletes no tag with more than "
            f"{limits.TAG_DELETE_FOLLOWERS.value}: it would answer {Code.TAG_HAS_TOO_MANY_FOLLOWERS:d}",
            fix="take the tag from followers first (tags/members/batchuntagging), or declare it so that it stays",
            permit=None,
        ),
    )


def _counted(live: LiveObject[Tag]) -> str:
    count = followers(live)
    return f"{count} follower" + ("" if count == 1 else "s")


def _loss(live: LiveObject[Tag]) -> str:
    why = "nothing declares it, and prune names tags"
    count = followers(live)
    if not count:
        return f"{why}; no follower has it"
    return f"{why}; its {_counted(live)} {'lose' if count > 1 else 'loses'} it for good"
