"""The files of one account merged, their variables filled in, and the state that they ask for; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from wxdeploy.config import project_rules
from wxdeploy.config.documents import Document
from wxdeploy.config.places import below
from wxdeploy.config.project import Account, Project
from wxdeploy.config.schemas import check_value, properties
from wxdeploy.config.variables import Variables, varying
from wxdeploy.model.diagnostic import Diagnostic, order_of
from wxdeploy.model.jsonvalue import JsonValue, Path
from wxdeploy.model.record import Record
from wxdeploy.model.section import Section
from wxdeploy.model.source import SourceMap, Span

if TYPE_CHECKING:
    from wxdeploy.kinds.base import Kind
    from wxdeploy.model.replies import Replies
    from wxdeploy.model.resource import DesiredState

_REPLIES = "replies"
_WITH_IDS = (_REPLIES, "menu", "conditional_menus")
_OVERRIDE = "override"


class Resolved(Record):
    """The sections of one account after merging and variables, and what was found on the way."""

    sections: Mapping[str, Section]
    diagnostics: tuple[Diagnostic, ...] = ()


def resolve(project: Project, account: Account, environ: Mapping[str, str]) -> Resolved:
    """The sections of one account; what is wrong with the files as such is in ``project.findings``."""
    findings: list[Diagnostic] = []
    owners = _owners(account, findings)
    variables = variables_of(account, environ)
    sections: dict[str, Section] = {}
    for name, (document, value) in owners.items():
        sources = below(document.sources, (name,))
        held, ids = _noted(project, document, name, value)
        filled = variables.fill(value, sources, held)
        section = Section(name, filled, sources, document.sources.find_key((name,)))
        sections[name] = section
        if name in account.waiting.get(document.file, ()):
            found = check_value({name: section.value}, document.sources, "account")
            findings.extend(one._replace(path=one.path[1:], account=account.name) for one in found)
        if ids:
            findings.extend(_shared_ids(ids, name, sources, account))
    findings.extend(variables.diagnostics)
    return Resolved(sections=MappingProxyType(sections), diagnostics=tuple(sorted(findings, key=order_of)))


def _noted(
    project: Project, document: Document, name: str, value: JsonValue
) -> tuple[frozenset[int], tuple[tuple[Path, str], ...]]:
    """What in a section holds variables, and the ids that are written out where others read the file too.

    Found once for the accounts that share a file, and kept for no other.
    """
    shared = document.file in project.shared
    known = project.noted.get((document.file, name)) if shared else None
    if known is None:
        ids = tuple(_literal_ids(name, value)) if shared and name in _WITH_IDS else ()
        known = (varying(value) if document.varies else frozenset(), ids)
        if shared:
            project.noted[document.file, name] = known
    return known


def _literal_ids(name: str, section: JsonValue) -> Iterator[tuple[Path, str]]:
    from wxdeploy.kinds.menu import rules_ids as in_menus
    from wxdeploy.kinds.replies import rules_ids as in_replies

    return in_replies.literal_ids(section) if name == _REPLIES else in_menus.literal_ids(section)


def _shared_ids(
    ids: Iterable[tuple[Path, str]], name: str, sources: SourceMap, account: Account
) -> Iterator[Diagnostic]:
    """The ids that one account alone has, in a section of a file that others read too."""
    from wxdeploy.kinds.buttons.walk import shown
    from wxdeploy.kinds.menu.rules_ids import shared_button_id
    from wxdeploy.kinds.replies.rules_ids import shared_media_id

    rule = shared_media_id if name == _REPLIES else shared_button_id
    for path, value in ids:
        what = "an article" if path[-1] == "article_id" else "a material"
        yield rule.found(
            f'"{shown(value)}" is {what} of one account, and several accounts read this file',
            f"write a variable, such as ${{{path[-1]}}}, and set it under `vars` of each account",
            span=sources.find(path),
            path=path,
            account=account.name,
        )


def desired(account: Account, sections: Mapping[str, Section], kinds: Iterable[Kind[Any]]) -> DesiredState:
    """What the sections ask for; only for an account without errors."""
    from wxdeploy.model.address import Address
    from wxdeploy.model.resource import DesiredState, Resource

    known = tuple(kinds)
    resources: dict[str, tuple[Resource[Any], ...]] = {}
    places: dict[str, Span] = {}
    for kind in known:
        if section := sections.get(kind.section):
            parsed = kind.parse(section.value)
            resources[kind.name] = tuple(
                Resource(Address(kind.name, declared.name), declared.spec, below(section.sources, declared.path))
                for declared in parsed
            )
            if section.place:
                places[kind.name] = section.place
            for declared in parsed:
                if declared.path and (place := section.sources.find_key(declared.path)):
                    places[str(Address(kind.name, declared.name))] = place
    declared_replies = sections.get(_REPLIES)
    if declared_replies and declared_replies.place:
        places[_REPLIES] = declared_replies.place
    names = {kind.section: kind.name for kind in known}

    def of_kind(entry: str) -> str:
        """``tags.VIP``, as sections are called, is ``tag.VIP``, as kinds are."""
        head, dot, rest = entry.partition(".")
        return names.get(head, head) + dot + rest

    return DesiredState(
        account=account.name,
        resources=MappingProxyType(resources),
        replies=_replies(declared_replies) if declared_replies else None,
        prune=frozenset(map(of_kind, account.prune)),
        protect=frozenset(map(of_kind, account.protect)),
        places=MappingProxyType(places),
    )


def _replies(section: Section) -> Replies:
    from wxdeploy.model.replies import parse

    return parse(section.value)


def variables_of(account: Account, environ: Mapping[str, str]) -> Variables:
    """The account's variables; ``diagnostics`` of them collects what is wrong."""
    return Variables(account.name, account.vars, account.sources, environ)


def _owners(account: Account, findings: list[Diagnostic]) -> dict[str, tuple[Document, JsonValue]]:
    """The document that each section is taken from, and the section's value."""
    known = properties("account") - {_OVERRIDE}
    owners: dict[str, tuple[Document, JsonValue]] = {}
    for document in account.documents:
        if not isinstance(document.value, Mapping):
            continue
        listed = document.value.get(_OVERRIDE)
        names = enumerate(listed) if isinstance(listed, list) else ()
        override = {at: name for at, name in names if isinstance(name, str) and name in known}
        findings.extend(_idle(account, document, owners, override))
        for name, value in document.value.items():
            if name not in known:
                continue
            if name in owners and name not in override.values():
                findings.append(_twice(account, name, owners[name][0], document))
            else:
                owners[name] = (document, value)
    return owners


def _twice(account: Account, name: str, first: Document, second: Document) -> Diagnostic:
    return project_rules.section_twice.found(
        f"`{name}` stands at {first.sources.find_key((name,))} already, and only one of the two can be published",
        f"remove one of them, or write `override: [{name}]` in {second.file} if it is meant to replace the other",
        span=second.sources.find_key((name,)),
        account=account.name,
    )


def _idle(
    account: Account, document: Document, owners: Mapping[str, object], override: Mapping[int, str]
) -> Iterator[Diagnostic]:
    held = document.value if isinstance(document.value, Mapping) else {}
    for index, name in override.items():
        if name in held and name in owners:
            continue
        where = "no earlier file of the account has a section" if name in held else "this file has no section"
        yield project_rules.idle_override.found(
            f"{where} `{name}`",
            "remove the name here, or put the files of the account in another order",
            span=document.sources.find((_OVERRIDE, index)),
            account=account.name,
        )
