"""What has to be done to the templates of an account: adding is all that can be, deleting what is asked for by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from wxdeploy.kinds.reconciliation import Reconciliation, Setting, Step
from wxdeploy.kinds.template import states
from wxdeploy.kinds.template.findings import findings, obstacle
from wxdeploy.kinds.template.matching import Match, State, left_over, matches
from wxdeploy.kinds.template.spec import KIND, Template, as_added, document
from wxdeploy.kinds.template.wire import id_of, in_order, industry_of, made
from wxdeploy.model.operation import Action, ApiCall, Capture, Change, Deferred, Hazard
from wxdeploy.model.plan import Unmanaged
from wxdeploy.model.resource import LiveObject
from wxdeploy.wechat import limits
from wxdeploy.wechat.endpoints import ENDPOINTS
from wxdeploy.wechat.errcodes import Code

_ADD = ENDPOINTS["template.add"].call
_DELETE = ENDPOINTS["template.delete"].call


def reconcile(setting: Setting) -> Reconciliation[Template]:
    """Add what is missing and can be, delete (under ``prune``) what no mapping may stand for, and say all the rest."""
    objects = setting.live[KIND].objects
    found = matches(setting.desired[KIND], objects)
    others = left_over(found, objects)
    doomed = others if KIND in setting.prune else ()
    new = [each for each in found if each.state is State.MISSING and obstacle(each.wanted, objects) is None]
    excess = len(objects) + len(new) - limits.TEMPLATES.value
    early = doomed[: max(excess, 0)]
    course = _Course(in_order(objects))
    for live in early:
        course.delete(live, f"first: an account has room for {limits.TEMPLATES.value} templates only")
    for index, match in enumerate(new):
        room = index < len(new) - (excess - len(early))
        course.add(match, () if room else _no_slot(match, len(objects), len(new)))
    for live in doomed[len(early) :]:
        course.delete(live, "", last=True)
    unmanaged = (*(_unmanaged(live) for live in others if live not in doomed), *_industries(objects))
    return Reconciliation(
        changes=tuple(course.changes),
        steps=tuple(course.steps),
        unmanaged=unmanaged,
        warnings=tuple(finding for match in found for finding in findings(match, objects)),
    )


@dataclass(slots=True)
class _Course:
    """The changes and calls so far, and what they leave."""

    live: tuple[LiveObject[Template], ...]
    changes: list[Change] = field(default_factory=list)
    steps: list[Step[Template]] = field(default_factory=list)

    def add(self, match: Match, hazards: tuple[Hazard, ...]) -> None:
        address, wanted = match.resource.address, match.wanted
        self.changes.append(
            Change(
                address=address,
                action=Action.CREATE,
                reason=f'the account has no template "{wanted.title}" with {_labels(wanted)}; '
                f"number {wanted.template_id_short} of the library is added with {', '.join(wanted.keyword_name_list)}",
                before=None,
                after=document(wanted),
                hazards=hazards,
            )
        )
        body = {"template_id_short": wanted.template_id_short, "keyword_name_list": list(wanted.keyword_name_list)}
        self.live = in_order((*self.live, made(as_added(wanted))))
        captures = (Capture(Deferred(address, "template_id"), ("template_id",)),)
        self._step(ApiCall(_ADD, body, captures), "it gets an id of its own: run wxdeploy export for the senders")

    def delete(self, old: LiveObject[Template], why_now: str, *, last: bool = False) -> None:
        self.changes.append(
            Change(
                address=old.address,
                action=Action.DELETE,
                reason=f"no mapping stands for {id_of(old)}, and prune names templates; senders that use this id would "
                f"get {Code.INVALID_TEMPLATE_ID:d}, and no call brings it back",
                before=document(old.spec),
                after=None,
            )
        )
        self.live = tuple(each for each in self.live if each is not old)
        self._step(ApiCall(_DELETE, {"template_id": id_of(old)}), why_now, last=last)

    def _step(self, call: ApiCall, note: str, *, last: bool = False) -> None:
        self.steps.append(Step(call=call, change=len(self.changes) - 1, live=self.live, note=note, last=last))


def _no_slot(match: Match, live: int, new: int) -> tuple[Hazard, ...]:
    allowed = limits.TEMPLATES.value
    return (
        Hazard(
            code=states.no_template_slot.code,
            message=f"there is no room for {match.resource.address.name}: {live} of {allowed} templates are in use and "
            f"{new} would be added; the account would answer {Code.TOO_MANY_TEMPLATES:d}",
            fix="delete templates that nobody sends, with `prune: [templates]` or in the web console, then plan again",
            permit=None,
        ),
    )


def _unmanaged(live: LiveObject[Template]) -> Unmanaged:
    return Unmanaged(KIND, live.spec.title, f"{id_of(live)}, with {_labels(live.spec)}")


def _industries(objects: Sequence[LiveObject[Template]]) -> Iterator[Unmanaged]:
    """The industries or categories that templates are listed under: a change of one would delete its templates."""
    listed = [industry_of(live) for live in objects]
    for industry in sorted({each for each in listed if each}):
        count = listed.count(industry)
        of = f"{count} template{'' if count == 1 else 's'}"
        yield Unmanaged("industry", industry, f"{of} of it; industries and categories are shown and never changed")


def _labels(template: Template) -> str:
    return ", ".join(each.label for each in template.shown) or "no fields"
