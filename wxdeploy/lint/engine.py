"""Runs the rules over the sections of one account and places what they find; pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from wxdeploy.kinds.base import Account, Check, Rule, Things, Violation
from wxdeploy.model.diagnostic import Diagnostic, order_of

if TYPE_CHECKING:
    from wxdeploy.model.jsonvalue import JsonValue
    from wxdeploy.model.section import Section
    from wxdeploy.model.silence import Silence
    from wxdeploy.model.source import Span


_Looks: TypeAlias = tuple[tuple[Rule, Callable[[Any], Iterable[Violation]]], ...]
"""Rules that look at things of one sort, each with how it looks at one."""

_REMEMBERED = 4096
"""Different things of one sort whose findings are remembered; a fleet that shares its files has fewer."""


class Looked:
    """What was looked at already: accounts that share files have the very same sections, or the same things in them.

    Where no files are shared, sections are never the same, and ``remembers`` (them) would keep all of them alive.
    """

    def __init__(self, *, remembers: bool = True) -> None:
        self._remembers = remembers
        self._known: dict[tuple[tuple[str, int], ...], tuple[tuple[Rule, Violation], ...]] = {}
        self._kept: list[Mapping[str, JsonValue]] = []
        self._at_fault: dict[Things[Any], dict[Hashable, _Looks]] = {}

    def at(self, sections: Mapping[str, Section], rules: Iterable[Rule]) -> tuple[tuple[Rule, Violation], ...]:
        """Every violation, with its rule; the same rules have to be asked about the same sections."""
        if not self._remembers:
            return tuple(self._violations(Account({name: section.value for name, section in sections.items()}), rules))
        key = tuple((name, id(section.value)) for name, section in sections.items())
        found = self._known.get(key)
        if found is None:
            values = {name: section.value for name, section in sections.items()}
            found = self._known[key] = tuple(self._violations(Account(values), rules))
            self._kept.append(values)  # so that no other value can get their places in memory
        return found

    def _violations(self, account: Account, rules: Iterable[Rule]) -> Iterator[tuple[Rule, Violation]]:
        wholes, of_each = _sorted(tuple(rules))
        for rule, check in wholes:
            for violation in check(account):
                yield rule, violation
        for things, looks in of_each.items():
            known = self._at_fault.setdefault(things, {})
            for where, thing in things.walk(account):
                likeness = things.likeness(thing) if things.likeness else None
                finding = looks if likeness is None else known.get(likeness)
                if finding is None:
                    finding = tuple([each for each in looks if any(each[1](thing))])
                    if len(known) < _REMEMBERED:
                        known[likeness] = finding
                for rule, look in finding:
                    for violation in look(thing):
                        yield rule, things.place(violation, where)


@lru_cache(maxsize=64)  # one for each set of sections
def _sorted(rules: tuple[Rule, ...]) -> tuple[tuple[tuple[Rule, Check], ...], Mapping[Things[Any], _Looks]]:
    """The rules that look at an account as a whole, and those that look at one thing at a time, by the things."""
    wholes = tuple((rule, rule.check) for rule in rules if rule.check and not rule.each)
    of_each: dict[Things[Any], _Looks] = {}
    for rule in rules:
        if rule.each:
            of_each[rule.each.things] = (*of_each.get(rule.each.things, ()), (rule, rule.each.look))
    return wholes, of_each


def lint(
    sections: Mapping[str, Section],
    rules: Iterable[Rule],
    overrides: Mapping[str, str],
    account: str,
    looked: Looked | None = None,
) -> tuple[Diagnostic, ...]:
    """What every rule with a check finds in one account, with the severities that the project gives, by place."""
    found = [
        rule.found(
            violation.detail,
            violation.fix,
            span=_place(sections.get(violation.section or rule.section), violation),
            path=violation.path,
            account=account,
        )
        for rule, violation in (looked or Looked()).at(sections, rules)
    ]
    return weigh(found, rules, overrides) if found else ()


def weigh(
    diagnostics: Iterable[Diagnostic], rules: Iterable[Rule], overrides: Mapping[str, str]
) -> tuple[Diagnostic, ...]:
    """Findings with the severities that the project gives, by place, without those it turns off.

    ``lint`` does this itself; findings made on the way (while a file is read, while a plan is made) come here too.
    """
    from wxdeploy.lint.registry import severity_of

    weighed = []
    known = {rule.code: rule for rule in rules}
    for diagnostic in diagnostics:
        rule = known.get(diagnostic.code)
        severity = diagnostic.severity if rule is None else severity_of(rule, overrides)
        if severity is not None:
            weighed.append(diagnostic._replace(severity=severity))
    return tuple(sorted(weighed, key=order_of))


def merge(diagnostics: Iterable[Diagnostic], readers: Callable[[str], int]) -> tuple[Diagnostic, ...]:
    """Findings over many accounts, each once, with the accounts that it holds for.

    ``readers`` says how many accounts read a file. A finding of all of these is the file's, and names none of them.
    """
    holders: dict[Diagnostic, dict[str | None, None]] = {}
    for diagnostic in diagnostics:
        holders.setdefault(diagnostic._replace(account=None), {})[diagnostic.account] = None
    merged = (_held_by(tuple(names), diagnostic, readers) for diagnostic, names in holders.items())
    return tuple(sorted(merged, key=order_of))


def _held_by(names: tuple[str | None, ...], diagnostic: Diagnostic, readers: Callable[[str], int]) -> Diagnostic:
    if len(names) == 1:
        return diagnostic._replace(account=names[0])
    known = tuple(name for name in names if name is not None)
    if diagnostic.span is None or len(known) < len(names) or len(known) >= readers(diagnostic.span.file):
        return diagnostic
    return diagnostic._replace(accounts=known)


def silence(diagnostics: Iterable[Diagnostic], silences: Iterable[Silence], unused: Rule) -> tuple[Diagnostic, ...]:
    """Findings without those a comment silences, and one of ``unused`` for each comment that silences nothing.

    Run over the findings of all accounts together: a comment is of use if one account needs it.
    """
    comments = tuple(silences)
    kept: list[Diagnostic] = []
    used: set[tuple[str, int, str]] = set()
    wanted = {_key(comment.span, comment.line, comment.code) for comment in comments}
    for diagnostic in diagnostics:
        span = diagnostic.span
        if span is not None and (key := _key(span, span.line, diagnostic.code)) in wanted:
            used.add(key)
        else:
            kept.append(diagnostic)
    idle = (comment for comment in comments if _key(comment.span, comment.line, comment.code) not in used)
    kept.extend(
        unused.found(
            f"{comment.code} finds nothing on line {comment.line}",
            "remove the comment, or move it to the line of the finding that it is meant for",
            span=comment.span,
        )
        for comment in idle
    )
    return tuple(sorted(kept, key=order_of))


def _key(span: Span, line: int, code: str) -> tuple[str, int, str]:
    return (span.file, line, code)


def _place(section: Section | None, violation: Violation) -> Span | None:
    if section is None:
        return None
    find = section.sources.find_key if violation.on_key else section.sources.find
    return find(violation.path)
