"""What a kind of resource is made of, and what a rule is.

A kind is a record of pure functions. Its live state comes from answers that were fetched beforehand (``reads`` names
the calls), so that one answer can serve several kinds, all reads of an account run side by side, and a recorded answer
is as good as a fresh one. ``reconcile`` takes the place of separate create, update and delete functions because an
ordered list (personalised menus) has to be planned as a whole.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Generic, TypeVar

from wxdeploy.model.address import Address
from wxdeploy.model.diagnostic import Diagnostic, Severity
from wxdeploy.model.jsonvalue import JsonValue, Path
from wxdeploy.model.operation import ApiCall, Change
from wxdeploy.model.plan import Audience, Unmanaged
from wxdeploy.model.resource import LiveObject, Reading, Resource
from wxdeploy.model.source import Span

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a kind may look at while it plans: the desired and the live state of every kind, and who asks for it."""

    desired: Mapping[str, tuple[Resource[Any], ...]]
    live: Mapping[str, Reading[Any]]
    prune: frozenset[str] = frozenset()
    source: str = "the configuration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Generic[S]):
    """One call, the index of the change it serves among this kind's, and this kind's objects once it is done.

    ``last`` puts it behind the steps of every kind that requires this one: nothing is deleted while it is in use.
    ``others`` holds the objects of other kinds as the call leaves them, where it touches those too (``menu/delete``).
    """

    call: ApiCall
    change: int
    live: tuple[LiveObject[S], ...]
    note: str = ""
    last: bool = False
    others: Mapping[str, tuple[LiveObject[Any], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation(Generic[S]):
    """What a kind wants done: changes (their edits are found by ``planning``), the steps, and what is left alone.

    ``audiences`` are the followers for whom something changes, ``warnings`` what a reviewer should know besides; one of
    severity error says of an object that it is not as declared and that no call can settle it.
    """

    changes: tuple[Change, ...] = ()
    steps: tuple[Step[S], ...] = ()
    unmanaged: tuple[Unmanaged, ...] = ()
    audiences: tuple[Audience, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Declared(Generic[S]):
    """One object of a section: its name, its value and its path in the section."""

    name: str
    spec: S
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """What a rule found, before it is placed: ``path`` is counted from ``section`` (None: that of the rule).

    ``on_key`` asks for the place of the key instead of the value's.
    """

    path: Path
    detail: str
    fix: str
    on_key: bool = False
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What a rule may look at: the sections of one account as plain data, after variables and before parsing.

    The data may be of any shape: a rule passes over what is not of the shape it looks at, for the schema reports that.
    """

    sections: Mapping[str, JsonValue]
    walks: dict[Callable[[Account], Iterable[Any]], tuple[Any, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )


def walked(walk: Callable[[Account], Iterable[S]]) -> Callable[[Account], tuple[S, ...]]:
    """Let a walk over the sections be made once for an account, whichever rules ask for what it finds."""

    @wraps(walk)
    def found(account: Account) -> tuple[S, ...]:
        known = account.walks.get(walk)
        if known is None:
            known = account.walks[walk] = tuple(walk(account))
        return known

    return found


Check = Callable[[Account], Iterable[Violation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: ``doc`` is its page, and what ``wxdeploy explain`` prints.

    ``section`` is the section that the paths of its violations are counted from, unless they name another. ``check``
    is None where the finding is made on the way (while a file is read, while a plan is made) and not by looking at the
    sections.
    """

    code: str
    name: str
    section: str
    severity: Severity
    since: str
    doc: str
    check: Check | None

    def found(
        self,
        detail: str,
        fix: str,
        *,
        span: Span | None = None,
        path: Path = (),
        account: str | None = None,
        address: Address | None = None,
    ) -> Diagnostic:
        """A finding of this rule, with the rule's own code, severity and summary."""
        return Diagnostic(
            code=self.code,
            severity=self.severity,
            summary=self.summary,
            detail=detail,
            fix=fix,
            span=span,
            path=path,
            account=account,
            address=address,
        )

    @property
    def summary(self) -> str:
        """The first line of the page, without its full stop."""
        return self.doc.partition("\n")[0].rstrip(".")


def rule(
    code: str, *, section: str, severity: Severity = Severity.ERROR, since: str = "0.1.0"
) -> Callable[[Check], Rule]:
    """Make a ``Rule`` of a function and its docstring; registers nothing."""

    def make(check: Check) -> Rule:
        return _rule(code, check, section=section, severity=severity, since=since, check=check)

    return make


def stated(
    code: str, *, severity: Severity = Severity.ERROR, since: str = "0.1.0"
) -> Callable[[Callable[[], None]], Rule]:
    """Make a ``Rule`` of a docstring alone, for what is found on the way; registers nothing."""

    def make(page: Callable[[], None]) -> Rule:
        return _rule(code, page, section="", severity=severity, since=since, check=None)

    return make


def _rule(
    code: str, page: Callable[..., object], *, section: str, severity: Severity, since: str, check: Check | None
) -> Rule:
    name = page.__name__.strip("_").replace("_", "-")
    doc = inspect.getdoc(page) or ""
    return Rule(code=code, name=name, section=section, severity=severity, since=since, doc=doc, check=check)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[S]):
    """All that is particular to one kind of resource.

    ``parse`` turns a section that passed validation into objects (none where the section asks for removal);
    ``document`` is the canonical form of an object as a user would write it, and both sides of a diff go through it;
    ``read`` sees the answers to ``reads`` and the readings of the kinds in ``requires``; ``section_of`` is the inverse
    of ``parse`` for what was read. ``restored``, where it is not that, is the section that brings objects of an earlier
    reading back, given those that are live now (a rename is told by ids that both have). The objects of an ``ordered``
    kind are one list and can't be planned one by one.
    """

    name: str
    section: str
    schema: str
    requires: tuple[str, ...]
    reads: tuple[str, ...]
    parse: Callable[[JsonValue], tuple[Declared[S], ...]]
    document: Callable[[S], JsonValue]
    read: Callable[[Mapping[str, JsonValue], Mapping[str, Reading[Any]]], Reading[S]]
    reconcile: Callable[[Setting], Reconciliation[S]]
    section_of: Callable[[tuple[LiveObject[S], ...]], JsonValue]
    rules: tuple[Rule, ...]
    ordered: bool = False
    restored: Callable[[tuple[LiveObject[S], ...], tuple[LiveObject[S], ...]], JsonValue] | None = None
