"""Bring live accounts into YAML, such that the plan after it is empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from wxdeploy.kinds import KINDS
from wxdeploy.kinds.base import Kind
from wxdeploy.model.diagnostic import Diagnostic, Severity
from wxdeploy.model.errors import ConfigurationError, WxdeployError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.plan import Failure
from wxdeploy.model.replies import SECTION, Replies, document
from wxdeploy.model.resource import LiveState
from wxdeploy.workflow.load import Configuration, Configured, rulebook
from wxdeploy.workflow.plan import with_required
from wxdeploy.workflow.world import World, each, hosts_of, remote_of

if TYPE_CHECKING:
    from wxdeploy.client.account import AccountClient
    from wxdeploy.execution.hosts import Hosts

_REASON = "live in the account when it was pulled"


@dataclass(frozen=True, slots=True)
class Pulled:
    """One live account as the sections of a resource file, or the reason why it could not be read."""

    account: str
    sections: Mapping[str, JsonValue]
    warnings: tuple[Diagnostic, ...] = ()
    error: Failure | None = None

    @property
    def failed(self) -> bool:
        """Whether the account could not be read."""
        return self.error is not None


async def pull(configuration: Configuration, world: World) -> tuple[Pulled, ...]:
    """Read every account whole, managed or not, or the kinds that are aimed at; nothing is written."""
    kinds = [kind for kind in KINDS if not configuration.aims or kind.name in configuration.aims]
    async with hosts_of(configuration.project.root, world, read_only=True) as hosts:
        return await each(configuration.accounts, world, lambda item: _pulled(item, kinds, hosts, world))


async def _pulled(configured: Configured, kinds: Sequence[Kind[Any]], hosts: Hosts, world: World) -> Pulled:
    from wxdeploy.execution.fetch import fetch_permitted

    name = configured.account.name
    try:
        check_entry(configured)
        client = await hosts.client(remote_of(configured.account, world.environ))
        live, left_out = await fetch_permitted(client.call, with_required(kinds))
        replies, unspoken = await _replies(client, live) if kinds == list(KINDS) else (None, ())
    except WxdeployError as error:
        return Pulled(name, {}, error=Failure.of(error))
    readings = [(kind, live.readings[kind.name]) for kind in kinds if kind.name in live.readings]
    sections = {kind.section: kind.section_of(reading.objects) for kind, reading in readings if reading.objects}
    warnings = (warning for _, reading in readings for warning in reading.warnings)
    if replies:
        sections[SECTION] = replies
    return Pulled(name, sections, (*left_out, *warnings, *unspoken))


async def _replies(client: AccountClient, live: LiveState) -> tuple[JsonValue, tuple[Diagnostic, ...]]:
    """The console's auto-replies as a section, None without any, and what of them is left out.

    The keys of live buttons are answered by a program that nobody here knows: beside replies they have to be named.
    """
    from wxdeploy.execution.fetch import ask_permitted
    from wxdeploy.kinds.replies import console
    from wxdeploy.planning.keys import live_menus_of, names_by_key

    answer, refused = await ask_permitted(client.call, "autoreply.get", SECTION)
    found, left_out = console.read(answer)
    if found == Replies():
        return None, (*refused, *left_out)
    keys = tuple(names_by_key(live_menus_of(live)))
    return document(replace(found, handled_elsewhere=keys)), (*refused, *left_out)


def check_entry(configured: Configured) -> None:
    """Raise where the account's entry is wrong, or the file that it stands in; its own files may be, or be missing."""
    from wxdeploy.config.file_rules import no_such_file
    from wxdeploy.config.files import PROJECT_FILE

    entry = configured.account.sources.find(())
    files = {PROJECT_FILE, entry.file if entry else PROJECT_FILE}
    errors = tuple(
        finding
        for finding in configured.findings
        if finding.severity is Severity.ERROR
        and finding.span
        and finding.span.file in files
        and finding.code != no_such_file.code
    )
    if errors:
        raise ConfigurationError(errors)


def yaml_of(sections: Mapping[str, JsonValue], *, schema: str | None) -> str:
    """The sections as a resource file.

    What a live account holds is kept even where a rule speaks against it, since it works there: each such line gets the
    comment that silences the rule.
    """
    from wxdeploy.config.emit import dump

    lines = dump(dict(sections), schema=schema).split("\n")
    for line, codes in _errors_by_line(lines).items():
        lines[line - 1] += f"  # wxdeploy: ignore[{','.join(codes)}] {_REASON}"
    return "\n".join(lines)


def _errors_by_line(lines: Iterable[str]) -> dict[int, list[str]]:
    from wxdeploy.config.documents import load
    from wxdeploy.config.places import below
    from wxdeploy.config.schemas import check
    from wxdeploy.lint.engine import lint
    from wxdeploy.model.section import Section

    document = load("\n".join(lines).encode(), "pulled.yaml")
    assert isinstance(document.value, Mapping)  # noqa: S101 - it was written as one just now
    sections = {name: Section(name, value, below(document.sources, (name,))) for name, value in document.value.items()}
    found = (*check(document, "account"), *lint(sections, rulebook(), {}, ""))
    errors: dict[int, list[str]] = {}
    for finding in found:
        if finding.severity is Severity.ERROR and finding.span:
            codes = errors.setdefault(finding.span.line, [])
            if finding.code not in codes:
                codes.append(finding.code)
    return dict(sorted(errors.items()))
