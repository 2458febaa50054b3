"""What a kind of resource is made of, and what a rule is.

A kind is a record of pure functions. Its live state comes from answers that were fetched beforehand (``reads`` names
the calls), so that one answer can serve several kinds, all reads of an account run side by side, and a recorded answer
is as good as a fresh one. ``reconcile`` takes the place of separate create, update and delete functions because an
ordered list (personalised menus) has to be planned as a whole.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from wxdeploy.model.diagnostic import Diagnostic, Severity
from wxdeploy.model.jsonvalue import JsonValue, Path
from wxdeploy.model.record import Record

if TYPE_CHECKING:
    from wxdeploy.kinds.reconciliation import Reconciliation, Setting
    from wxdeploy.model.address import Address
    from wxdeploy.model.resource import LiveObject, Reading
    from wxdeploy.model.source import Span

S = TypeVar("S")


class Declared(NamedTuple, Generic[S]):
    """One object of a section: its name, its value and its path in the section."""

    name: str
    spec: S
    path: Path


class Violation(NamedTuple):
    """What a rule found, before it is placed: ``path`` is counted from ``section`` (None: that of the rule).

    ``on_key`` asks for the place of the key instead of the value's.
    """

    path: Path
    detail: str
    fix: str
    on_key: bool = False
    section: str | None = None


class Account:
    """What a rule may look at: the sections of one account as plain data, after variables and before parsing.

    The data may be of any shape: a rule passes over what is not of the shape it looks at, for the schema reports that.
    """

    def __init__(self, sections: Mapping[str, JsonValue]) -> None:
        self.sections = sections
        self.walks: dict[Callable[[Account], Iterable[Any]], tuple[Any, ...]] = {}


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


class Things(Record, Generic[S]):
    """Things of one sort, which rules look at one at a time: those that ``walk`` finds in an account, with where it is.

    ``place`` puts what was found in a thing to where that is. Where many are alike, ``likeness`` is all that decides
    whether a rule finds something: one that finds nothing in a thing finds nothing in any that is like it. None is like
    nothing.
    """

    walk: Callable[[Account], Iterable[tuple[int | None, S]]]
    place: Callable[[Violation, int | None], Violation]
    likeness: Callable[[S], Hashable] | None = None


class Each(Record, Generic[S]):
    """How a rule looks at one thing at a time."""

    things: Things[S]
    look: Callable[[S], Iterable[Violation]]

    def check(self, account: Account) -> Iterator[Violation]:
        """What is wrong with any of them."""
        for where, thing in self.things.walk(account):
            for violation in self.look(thing):
                yield self.things.place(violation, where)


class Rule(Record):
    """One rule: ``page`` is its page as the source has it, indented.

    ``section`` is the section that the paths of its violations are counted from, unless they name another. ``check``
    is None where the finding is made on the way (while a file is read, while a plan is made) and not by looking at the
    sections. ``each`` says the same as ``check`` of a rule that looks at one thing at a time.
    """

    code: str
    name: str
    section: str
    severity: Severity
    since: str
    page: str
    check: Check | None
    each: Each[Any] | None = None

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
        return self.page.partition("\n")[0].strip().rstrip(".")

    @property
    def doc(self) -> str:
        """The page, which is also what ``wxdeploy explain`` prints."""
        return inspect.cleandoc(self.page)


def rule(
    code: str, *, section: str, severity: Severity = Severity.ERROR, since: str = "0.1.0"
) -> Callable[[Check], Rule]:
    """Make a ``Rule`` of a function and its docstring; registers nothing."""

    def make(check: Check) -> Rule:
        return _rule(code, check, section=section, severity=severity, since=since, check=check)

    return make


def rule_of_each(
    code: str, each: Each[Any], page: Callable[..., object], *, section: str, severity: Severity, since: str
) -> Rule:
    """Make a ``Rule`` of a look at one thing at a time; ``page`` has its name and its docstring. Registers nothing."""
    return _rule(code, page, section=section, severity=severity, since=since, check=each.check, each=each)


def stated(
    code: str, *, severity: Severity = Severity.ERROR, since: str = "0.1.0"
) -> Callable[[Callable[[], None]], Rule]:
    """Make a ``Rule`` of a docstring alone, for what is found on the way; registers nothing."""

    def make(page: Callable[[], None]) -> Rule:
        return _rule(code, page, section="", severity=severity, since=since, check=None)

    return make


def _rule(
    code: str,
    page: Callable[..., object],
    *,
    section: str,
    severity: Severity,
    since: str,
    check: Check | None,
    each: Each[Any] | None = None,
) -> Rule:
    return Rule(
        code=code,
        name=page.__name__.strip("_").replace("_", "-"),
        section=section,
        severity=severity,
        since=since,
        page=page.__doc__ or "",
        check=check,
        each=each,
    )


class Kind(Record, Generic[S]):
    """All that is particular to one kind of resource.

    ``parse`` turns a section that passed validation into objects (none where the section asks for removal);
    ``document`` is the canonical form of an object as a user would write it, and both sides of a diff go through it;
    ``read`` sees the answers to ``reads`` and the readings of the kinds in ``requires``; ``section_of`` is the inverse
    of ``parse`` for what was read. ``restored``, where it is not that, is the section that brings objects of an earlier
    reading back, given those that are live now (a rename is told by ids that both have). The objects of an ``ordered``
    kind are one list and can't be planned one by one. ``linted`` names the sections that its rules look at: where none
    of them is declared, no rule has anything to say. ``written`` is the document as canonical JSON, where the kind has
    it at hand.

    To know the kinds costs every command, so the functions import what only some need, and ``load_rules`` the rules.
    """

    name: str
    section: str
    linted: tuple[str, ...]
    schema: str
    requires: tuple[str, ...]
    reads: tuple[str, ...]
    parse: Callable[[JsonValue], tuple[Declared[S], ...]]
    document: Callable[[S], JsonValue]
    read: Callable[[Mapping[str, JsonValue], Mapping[str, Reading[Any]]], Reading[S]]
    reconcile: Callable[[Setting], Reconciliation[S]]
    section_of: Callable[[tuple[LiveObject[S], ...]], JsonValue]
    load_rules: Callable[[], tuple[Rule, ...]]
    ordered: bool = False
    written: Callable[[S], str] | None = None
    restored: Callable[[tuple[LiveObject[S], ...], tuple[LiveObject[S], ...]], JsonValue] | None = None

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule about this kind."""
        return self.load_rules()
