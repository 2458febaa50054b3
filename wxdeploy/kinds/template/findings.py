"""What a plan says of each mapping besides the calls: what no call can settle, and what a reviewer should know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wxdeploy.kinds.base import Rule
from wxdeploy.kinds.template import states
from wxdeploy.kinds.template.matching import Fit, Match, State, differences, fit, renamed
from wxdeploy.kinds.template.spec import Template, as_added, console_text
from wxdeploy.kinds.template.wire import id_of, is_test_account
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.jsonvalue import Path
from wxdeploy.model.resource import LiveObject
from wxdeploy.wechat import limits
from wxdeploy.wechat.errcodes import Code
from wxdeploy.wechat.template_fields import type_of
from wxdeploy.wechat.templates import is_historical


def findings(match: Match, objects: Sequence[LiveObject[Template]]) -> Iterator[Diagnostic]:
    """The findings about one mapping; one of severity error is what no call can settle."""
    match match.state:
        case State.FITTING:
            yield from _notes(match)
        case State.OTHER_FIELDS:
            yield from _other_fields(match)
        case State.MISSING:
            yield from _missing(match, objects)
        case State.AMBIGUOUS:
            yield _ambiguous(match)
        case State.GONE:
            yield _gone(match)


def obstacle(wanted: Template, objects: Sequence[LiveObject[Template]]) -> str | None:
    """Why no call can add a template; None where one can."""
    number = wanted.template_id_short
    if number and is_historical(number):
        answer = f"WeChat would answer {Code.HISTORICAL_LIBRARY_CLOSED:d}"
        return f"{number} is of the historical library, to which nothing can be added any more; {answer}"
    if is_test_account(objects):
        return "no template here has an industry or an example, as in a test account, where they are typed in by hand"
    if not number or not wanted.keyword_name_list:
        return "the mapping does not say how to add it"
    return None


def _missing(match: Match, objects: Sequence[LiveObject[Template]]) -> Iterator[Diagnostic]:
    why = obstacle(match.wanted, objects)
    if why is None:
        return
    titles = sorted({live.spec.title for live in objects})
    near = f"; the account has {_few(titles)}" if titles else "; the account has no templates"
    yield _found(match, states.template_missing, f"{why}{near}", _how_to_get(match.wanted, objects), ("title",))


def _how_to_get(wanted: Template, objects: Sequence[LiveObject[Template]]) -> str:
    if is_test_account(objects):
        lines = " and ".join(console_text(wanted).split("\n"))
        most = limits.TEST_ACCOUNT_TEMPLATES.value
        what = f"模板标题 {wanted.title}, 模板内容, each on a line: {lines}"
        return f"add it on the test account's page (模板消息接口, {most} at most): {what}"
    labels = ", ".join(each.label for each in wanted.shown)
    if wanted.template_id_short and is_historical(wanted.template_id_short):
        return (
            f"take one of today's library (广告与服务 › 模板消息) with {labels}, and write its number and keywords here"
        )
    return f"write `template_id_short` and `keyword_name_list`, or add it in the web console with {labels}"


def _other_fields(match: Match) -> Iterator[Diagnostic]:
    live = match.live
    assert live is not None  # noqa: S101 - the state says so
    fix = "write the live fields into the mapping, or declare these under a second name: no call changes a template"
    for each in differences(match.wanted, live.spec):
        yield _found(match, states.template_fields_differ, f"{each.detail} ({id_of(live)})", fix, each.path)


def _ambiguous(match: Match) -> Diagnostic:
    listed = "; ".join(f"{id_of(live)} with {_labels(live.spec)}" for live in match.candidates)
    fitting = fit(match.wanted, match.candidates[0].spec) is not Fit.TITLE
    which = "has its fields" if fitting else "is called the same, while none has its fields"
    return _found(
        match,
        states.template_ambiguous,
        f'each of {len(match.candidates)} templates "{match.wanted.title}" {which}: {listed}',
        "pin one in a file of this account alone: `template_id: …`",
        ("title",),
    )


def _gone(match: Match) -> Diagnostic:
    wanted = match.wanted
    fix = "find out who or what deleted it, then remove the pin, so that it is looked for by its title and fields"
    if match.candidates:
        listed = ", ".join(id_of(live) for live in match.candidates)
        fix = f"where it was replaced by {listed}, pin that one and tell the senders its id"
    return _found(
        match,
        states.pinned_template_gone,
        f"{wanted.template_id} was deleted outside; it is not added again, since a new one would have another id",
        fix,
        ("template_id",),
    )


def _notes(match: Match) -> Iterator[Diagnostic]:
    wanted, live = match.wanted, match.live
    assert live is not None  # noqa: S101 - the state says so
    if names := renamed(wanted, live.spec):
        told = "; ".join(f"{each.detail}{_other_type(match, each.path)}" for each in names)
        fix = "nothing, if senders take placeholders from `wxdeploy export`"
        yield _found(match, states.other_placeholders, told, fix, ("data",))
    order, shown = ([each.label for each in one.shown] for one in (as_added(wanted), live.spec))
    if order != shown:
        detail = f"{', '.join(shown)} in the account, {', '.join(order)} in the mapping"
        yield _found(match, states.other_order, detail, "write the fields in the account's order", ("data",))
    if wanted.title != live.spec.title:
        detail = f'{id_of(live)} is called "{live.spec.title}"'
        fix = "write the live title, or pin the template that is meant"
        yield _found(match, states.other_title, detail, fix, ("title",))


def _other_type(match: Match, path: Path) -> str:
    """A note where a field is of another type in this account, and takes other values."""
    assert match.live is not None  # noqa: S101 - the state says so
    mine = str(path[-1])
    label = next(each.label for each in match.wanted.shown if each.placeholder == mine)
    theirs = next(each.placeholder for each in match.live.spec.shown if each.label == label)
    kinds = [type_of(theirs) or "untyped", type_of(mine) or "untyped"]
    return f" ({kinds[0]} takes other values than {kinds[1]})" if kinds[0] != kinds[1] else ""


def _found(match: Match, rule: Rule, detail: str, fix: str, path: Path) -> Diagnostic:
    resource = match.resource
    return rule.found(
        f"{resource.address.name}: {detail}",
        fix,
        span=resource.sources.find(path),
        path=(resource.address.name, *path),
        address=resource.address,
    )


def _labels(template: Template) -> str:
    return ", ".join(f"{each.label} ({each.placeholder})" for each in template.shown) or "no fields"


def _few(titles: Sequence[str]) -> str:
    shown = ", ".join(titles[:5])
    return shown if len(titles) <= 5 else f"{shown} and {len(titles) - 5} more"
