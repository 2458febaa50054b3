"""Which accounts of a project a command is about: by name, by label, and which share of them."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wxdeploy.model.errors import UsageError
from wxdeploy.model.record import Record

if TYPE_CHECKING:
    from wxdeploy.config.project import Account, Project
    from wxdeploy.model.shard import Shard

MOST_SHARDS = 1000
_SHARD = r"([0-9]{1,4})/([0-9]{1,4})"
_REQUIREMENT = r"(?s)\s*([A-Za-z_][A-Za-z0-9_.-]*)\s*(!?=)(.*)"
_EXAMPLE = "write --select region=north, --select region=north,south or --select region!=north"


class Requirement(Record):
    """What is asked of one label: to have one of the values, or (``wanted`` false) none of them."""

    label: str
    values: tuple[str, ...]
    wanted: bool

    def met_by(self, account: Account) -> bool:
        """Whether the account is such a one; one without the label has none of the values."""
        return (account.labels.get(self.label) in self.values) is self.wanted


class Selection(Record):
    """As on the command line: ``names`` are names and globs (or), ``labels`` requirements (and), ``shard`` ``I/N``."""

    names: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    shard: str | None = None

    def of(self, project: Project) -> tuple[tuple[Account, ...], Shard | None]:
        """The accounts that it is about in the order of the project, and the shard that they are.

        A shard may be empty; all else that fits no account raises ``UsageError``.
        """
        part = shard(self.shard) if self.shard is not None else None
        requirements = [_requirement(text) for text in self.labels]
        if not project.accounts:
            return (), part  # what is wrong with the file has more to say than that an account is missing
        accounts = named(project, self.names)
        for requirement in requirements:
            _check(requirement, project)
            accounts = tuple(account for account in accounts if requirement.met_by(account))
        if not accounts:
            raise UsageError(f"no account fits {' and '.join((*self.names, *self.labels))}", fix="ask for less at once")
        if part is None:
            return accounts, None
        part = part.of([account.name for account in accounts])
        return tuple(account for account in accounts if part.holds(_identity(account))), part


ALL = Selection()
"""Every account."""


def named(project: Project, patterns: Sequence[str]) -> tuple[Account, ...]:
    """The accounts of these names and globs; all of them where there is none."""
    names = list(project.accounts)
    for pattern in patterns:
        if not any(fnmatch.fnmatchcase(name, pattern) for name in names):
            from difflib import get_close_matches

            close = get_close_matches(pattern, names, n=1)
            fix = f"write {close[0]}" if close else f"the accounts are {', '.join(names[:20])}"
            raise UsageError(f"no account is called {pattern}", fix=fix)
    return tuple(
        account
        for name, account in project.accounts.items()
        if not patterns or any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
    )


def _identity(account: Account) -> str:
    """What decides the shard: the appid, or the name where only the environment knows the appid."""
    return account.appid if account.appid and "${" not in account.appid else account.name


def shard(text: str) -> Shard:
    """The shard of ``I/N``, of accounts that are not known yet; raises ``UsageError`` for one that there is not."""
    found = re.fullmatch(_SHARD, text)
    index, count = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= index <= count <= MOST_SHARDS:
        fix = f"write the number of this one and of all: --shard 1/4 to --shard 4/4; there can be {MOST_SHARDS}"
        raise UsageError(f"--shard {text} names no part of the accounts", fix=fix)
    from wxdeploy.model.shard import Shard

    return Shard(index, count)


def _requirement(text: str) -> Requirement:
    found = re.fullmatch(_REQUIREMENT, text)
    values = tuple(value.strip() for value in found[3].split(",")) if found else ()
    if found is None or not all(values):
        raise UsageError(f"--select {text} can't be understood", fix=_EXAMPLE)
    return Requirement(label=found[1], values=values, wanted=found[2] == "=")


def _check(requirement: Requirement, project: Project) -> None:
    """Raise for a label or a value that no account has: it is mistyped, and would choose too few or too many."""
    labels = {label for account in project.accounts.values() for label in account.labels}
    if requirement.label not in labels:
        fix = (
            f"the labels are {', '.join(sorted(labels)[:20])}" if labels else "give accounts `labels` to select them by"
        )
        raise UsageError(f"no account has a label {requirement.label}", fix=_near(requirement.label, labels) or fix)
    there = {account.labels.get(requirement.label) for account in project.accounts.values()} - {None}
    for value in requirement.values:
        if value not in there:
            known = {each for each in there if each is not None}
            fix = _near(value, known) or f"the values are {', '.join(sorted(known)[:20])}"
            raise UsageError(f"no account has the label {requirement.label} with the value {value}", fix=fix)


def _near(text: str, known: set[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(text, sorted(known), n=1)
    return f"write {close[0]}" if close else ""
