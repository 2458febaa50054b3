"""From a folder to what each of its accounts asks for, and everything that is wrong with it; offline."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from wxdeploy.config.selection import ALL, Selection
from wxdeploy.kinds import KINDS
from wxdeploy.model.diagnostic import Diagnostic, Severity, order_of
from wxdeploy.model.errors import ConfigurationError, UsageError
from wxdeploy.model.record import Record

if TYPE_CHECKING:
    from wxdeploy.config.project import Account, Project
    from wxdeploy.lint.engine import Looked
    from wxdeploy.lint.registry import Registry
    from wxdeploy.model.resource import DesiredState
    from wxdeploy.model.section import Section
    from wxdeploy.model.shard import Shard


@cache
def rulebook() -> Registry:
    """Every rule there is."""
    from wxdeploy.config.rules import RULES as LOADING
    from wxdeploy.execution.rules import RULES as READING
    from wxdeploy.kinds.menu.rules_ids import RULES as IDS
    from wxdeploy.kinds.replies.rules import RULES as REPLIES
    from wxdeploy.lint.cross import RULES as CROSS
    from wxdeploy.lint.registry import build
    from wxdeploy.planning.keys import RULES as KEYS
    from wxdeploy.planning.safety import RULES as SAFETY
    from wxdeploy.workflow.replies import RULES as CHANGED

    return build(LOADING, READING, CROSS, SAFETY, KEYS, IDS, REPLIES, CHANGED, *(kind.rules for kind in KINDS))


class Checked(Record):
    """What an account's files say: its sections, or (None) nothing, since ``findings`` has an error.

    ``found`` are the findings together with what comments silence.
    """

    sections: Mapping[str, Section] | None
    findings: tuple[Diagnostic, ...]
    found: tuple[Diagnostic, ...]


class Configured:
    """One account. It is checked when somebody first asks what it declares, or what is wrong with it.

    So a run over many accounts asks the first ones how they are while it looks at the files of the last. ``aims`` are
    the kinds and names that it is narrowed to, none for all.
    """

    def __init__(
        self, account: Account, aims: Mapping[str, frozenset[str]], check: Callable[[Account], Checked]
    ) -> None:
        self.account = account
        self.aims = aims
        self._check = check

    @cached_property
    def checked(self) -> Checked:
        """What its files say."""
        return self._check(self.account)

    @cached_property
    def desired(self) -> DesiredState | None:
        """What the account asks for; None where an error is found."""
        return narrowed(self.whole, self.aims) if self.aims else self.whole

    @cached_property
    def whole(self) -> DesiredState | None:
        """What the account asks for, whatever it is narrowed to."""
        from wxdeploy.config.resolve import desired

        sections = self.checked.sections
        return None if sections is None else desired(self.account, sections, KINDS)

    @property
    def sections(self) -> Mapping[str, Section] | None:
        """Its sections, or (None) nothing, since there is an error."""
        return self.checked.sections

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """What is wrong with it."""
        return self.checked.findings

    def found(self) -> tuple[Diagnostic, ...]:
        """What is wrong with it, and what comments silence; what it declares is not kept, for one who asks no more."""
        return self._check(self.account).found

    @property
    def name(self) -> str:
        """The account's name."""
        return self.account.name


class Configuration:
    """A project whose files were read, and the chosen accounts.

    ``targets`` are what the run is narrowed to, ``aims`` the kinds of these, none for all; ``shard`` says which share
    of a fleet these accounts are.
    """

    def __init__(
        self,
        project: Project,
        accounts: tuple[Configured, ...],
        *,
        aims: frozenset[str],
        shard: Shard | None,
        targets: tuple[str, ...],
    ) -> None:
        self.project = project
        self.accounts = accounts
        self.aims = aims
        self.shard = shard
        self.targets = targets

    @cached_property
    def findings(self) -> tuple[Diagnostic, ...]:
        """Every finding over all of the accounts, and over the files as such."""
        return _findings(self)

    @property
    def is_valid(self) -> bool:
        """Whether there is no error among the findings."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles: reading makes none, and it would walk again and again over all that was read.

    All of it then counts as old, or the collector would walk over it at once.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.freeze()
            gc.unfreeze()
            gc.enable()


@_uncollected()
def load(
    directory: Path, environ: Mapping[str, str], *, chosen: Selection = ALL, targets: Sequence[str] = ()
) -> Configuration:
    """Read the project around ``directory``; ``chosen`` says which accounts it is about.

    ``targets`` are kinds (``menu``) and declared objects (``tag.VIP``); what is not among them is not managed, none for
    all. Raises ``ConfigurationError`` where there is no project to speak of, ``UsageError`` for an account or a target
    that there is not.
    """
    from wxdeploy.config.project import find_root, load_project
    from wxdeploy.lint.engine import Looked

    aims = aims_of(targets)
    project = load_project(find_root(directory))
    if not project.accounts:
        raise ConfigurationError(project.diagnostics or (_no_account(project),))
    chosen_accounts, shard = chosen.of(project)
    looked = Looked(remembers=bool(project.shared))
    accounts = tuple(
        Configured(account, aims, lambda account: _checked(project, account, environ, looked))
        for account in chosen_accounts
    )
    _refuse_undeclared(accounts, aims)
    return Configuration(project, accounts, aims=frozenset(aims), shard=shard, targets=tuple(targets))


@_uncollected()
def _findings(configuration: Configuration) -> tuple[Diagnostic, ...]:
    from wxdeploy.config.bound import bounded
    from wxdeploy.config.yaml_rules import idle_silence
    from wxdeploy.lint import engine

    project, accounts = configuration.project, configuration.accounts
    shared = (found for found in project.diagnostics if found.account is None)
    readers = Counter(document.file for each in accounts for document in each.account.documents)
    found = engine.merge(
        (*shared, *(finding for each in accounts for finding in each.found())),
        lambda file: readers.get(file, len(accounts)),
    )
    findings = engine.silence(found, project.silences([each.account for each in accounts]), idle_silence)
    if len(accounts) < len(project.accounts):
        # A comment is idle only if no account at all needs it.
        findings = tuple(finding for finding in findings if finding.code != idle_silence.code)
    return bounded(findings)


def _no_account(project: Project) -> Diagnostic:
    from wxdeploy.config.schema_rules import missing_key

    return missing_key.found(
        "`accounts` names no account",
        "add one, such as `demo: {appid: wx0000000000000001, api: sandbox, files: [menu.yaml]}`",
        span=project.file.sources.find(("accounts",)),
        path=("accounts",),
    )


def _checked(project: Project, account: Account, environ: Mapping[str, str], looked: Looked) -> Checked:
    from wxdeploy.config.bound import bounded
    from wxdeploy.config.resolve import resolve
    from wxdeploy.config.yaml_rules import idle_silence
    from wxdeploy.lint import engine
    from wxdeploy.lint.checks import checks

    resolved = resolve(project, account, environ)
    # What a rule says of a text whose variable could not be filled in is said of the wrong text.
    unfilled = {each.span for each in resolved.diagnostics}
    linted = engine.lint(resolved.sections, checks(frozenset(resolved.sections)), account.rules, account.name, looked)
    loaded = (*project.findings(account.name), *resolved.diagnostics, *_unknown_rules(account))
    made = engine.weigh(loaded, rulebook(), account.rules) if loaded else ()
    found = tuple(sorted((*made, *(each for each in linted if each.span not in unfilled)), key=order_of))
    loud = engine.silence(found, project.silences([account]), idle_silence)
    loud = tuple(each for each in loud if each.code != idle_silence.code)
    broken = any(each.severity is Severity.ERROR for each in loud)
    return Checked(sections=None if broken else resolved.sections, findings=bounded(loud), found=found)


def _unknown_rules(account: Account) -> Iterator[Diagnostic]:
    if not account.rules:
        return
    from wxdeploy.config.project_rules import no_such_rule
    from wxdeploy.lint.registry import unknown_overrides

    registry = rulebook()
    for pattern in unknown_overrides(account.rules, registry):
        near = registry.near(pattern)
        yield no_such_rule.found(
            f"`{pattern}` stands for no rule",
            f"write {near.code}, or a pattern such as WX2xx" if near else "write a code such as WX262, or WX2xx",
            span=account.sources.find_key(("rules", pattern)),
            path=("accounts", account.name, "rules", pattern),
            account=account.name,
        )


def aims_of(targets: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """Kind -> the names aimed at, none for all of the kind."""
    names = {kind.name: kind for kind in KINDS}
    aims: dict[str, frozenset[str]] = {}
    for target in targets:
        kind, _, name = target.partition(".")
        if kind not in names:
            from difflib import get_close_matches

            near = get_close_matches(kind, names, n=1)
            raise UsageError(
                f"there is nothing called {target!r} to aim at",
                fix=f"did you mean {near[0]!r}?" if near else f"the kinds are: {', '.join(names)}",
            )
        if name and names[kind].ordered:
            raise UsageError(
                f"{kind} is one ordered list, and {target!r} aims at a part of it",
                fix=f"aim at all of it: --target {kind}",
            )
        whole = kind in aims and not aims[kind]
        aims[kind] = frozenset() if whole or not name else aims.get(kind, frozenset()) | {name}
    return aims


def _refuse_undeclared(accounts: Sequence[Configured], aims: Mapping[str, frozenset[str]]) -> None:
    """Raise ``UsageError`` for a name that is aimed at and that no account declares."""
    if not any(aims.values()):
        return
    states = [each.whole for each in accounts if each.whole]
    for kind, names in aims.items():
        declared = {resource.address.name for state in states for resource in state.resources.get(kind, ())}
        for name in names - declared:
            from difflib import get_close_matches

            near = get_close_matches(name, declared, n=1)
            raise UsageError(
                f"no account declares {kind}.{name}",
                fix=f"did you mean {kind}.{near[0]}?" if near else f"aim at all of the kind: --target {kind}",
            )


def narrowed(state: DesiredState | None, aims: Mapping[str, frozenset[str]]) -> DesiredState | None:
    """The state with nothing managed but what is aimed at."""
    if state is None:
        return None

    resources = {
        kind: tuple(each for each in declared if not aims[kind] or each.address.name in aims[kind])
        for kind, declared in state.resources.items()
        if kind in aims
    }
    # What is declared and not aimed at must not look undeclared.
    return state._replace(resources=resources, prune=frozenset(kind for kind in state.prune if not aims.get(kind)))
