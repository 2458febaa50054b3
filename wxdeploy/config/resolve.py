"""The files of one account merged, their variables filled in, and the state that they ask for; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from wxdeploy.config import project_rules, schema_rules
from wxdeploy.config.documents import Document
from wxdeploy.config.places import below
from wxdeploy.config.project import Account, Project, unsafe_api
from wxdeploy.config.schemas import check_value, properties
from wxdeploy.config.variables import Variables
from wxdeploy.model.diagnostic import Diagnostic, order_of
from wxdeploy.model.errors import ConfigurationError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.section import Section
from wxdeploy.model.source import SourceMap, Span

if TYPE_CHECKING:
    from wxdeploy.kinds.base import Kind
    from wxdeploy.model.credential import Authorizer, TokenOrigin
    from wxdeploy.model.resource import DesiredState
    from wxdeploy.model.secret import Secret

_REPLIES = "replies"
_OVERRIDE = "override"
_APPID = re.compile(r"wx[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Resolved:
    """The sections of one account after merging and variables, and what was found on the way."""

    sections: Mapping[str, Section]
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an account is called with; ``access_token`` is one that was handed in ready, or who hands it out."""

    appid: str
    secret: Secret | None = None
    access_token: TokenOrigin | None = None
    authorizer: Authorizer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """The account's callback, ready to be used; ``url`` and ``forward`` are empty where none is written."""

    appid: str
    url: str
    token: Secret | None
    encoding_aes_key: Secret | None
    mode: str
    forward: str = ""


def resolve(project: Project, account: Account, environ: Mapping[str, str]) -> Resolved:
    """The sections of one account; what is wrong with the files as such is in ``project.findings``."""
    findings: list[Diagnostic] = []
    owners = _owners(account, findings)
    variables = _variables(account, environ)
    sections: dict[str, Section] = {}
    for name, (document, value) in owners.items():
        sources = below(document.sources, (name,))
        filled = variables.fill(value, sources) if document.varies else value
        section = Section(name, filled, sources, document.sources.find_key((name,)))
        sections[name] = section
        if name in account.waiting.get(document.file, ()):
            found = check_value({name: section.value}, document.sources, "account")
            findings.extend(replace(one, path=one.path[1:], account=account.name) for one in found)
        if name == _REPLIES and document.file in project.shared:
            findings.extend(_shared_ids(value, sources, account))
    findings.extend(variables.diagnostics)
    return Resolved(MappingProxyType(sections), tuple(sorted(findings, key=order_of)))


def _shared_ids(section: JsonValue, sources: SourceMap, account: Account) -> Iterator[Diagnostic]:
    from wxdeploy.kinds.buttons.walk import shown
    from wxdeploy.kinds.replies.rules_ids import literal_ids, shared_media_id

    for path, value in literal_ids(section):
        yield shared_media_id.found(
            f'"{shown(value)}" is a material of one account, and several accounts read this file',
            f"write a variable, such as ${{{path[-1]}}}, and set it under `vars` of each account",
            span=sources.find(path),
            path=path,
            account=account.name,
        )


def desired(account: Account, sections: Mapping[str, Section], kinds: Iterable[Kind[Any]]) -> DesiredState:
    """What the sections ask for; only for an account without errors."""
    from wxdeploy.model.address import Address
    from wxdeploy.model.replies import parse as parse_replies
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
        replies=parse_replies(declared_replies.value) if declared_replies else None,
        prune=frozenset(map(of_kind, account.prune)),
        protect=frozenset(map(of_kind, account.protect)),
        places=MappingProxyType(places),
    )


def credentials(account: Account, environ: Mapping[str, str]) -> Credentials:
    """What the account is called with; raises where the environment lacks it."""
    from wxdeploy.config.tokens import Origins
    from wxdeploy.model.secret import Secret

    variables = _variables(account, environ)
    appid, secret = (
        variables.text(text, account.sources.find((key,)), ("accounts", account.name, key)) if text else None
        for key, text in (("appid", account.appid), ("secret", account.secret))
    )
    origins = Origins(account.name, variables, account.sources)
    token = origins.token(account.access_token, "access_token")
    authorizer = origins.authorizer(account.authorizer) if account.authorizer else None
    if authorizer and authorizer.refresh_token is None and (secret or token):
        authorizer = None  # credentials of the account's own leave the platform of the defaults aside
    findings = list(variables.diagnostics)
    if not findings and not _APPID.fullmatch(appid or ""):
        findings.append(
            schema_rules.other_shape.found(
                "the appid is not `wx` and 16 digits or letters from a to f",
                "copy it from the account's console, under 设置与开发 / 开发接口管理",
                span=account.sources.find(("appid",)),
                path=("accounts", account.name, "appid"),
                account=account.name,
            )
        )
    if findings:
        raise ConfigurationError(tuple(findings))
    return Credentials(appid or "", Secret(secret) if secret else None, token, authorizer)


def api(account: Account, environ: Mapping[str, str]) -> str | None:
    """``sandbox``, the base address of the API, or None for the official host; raises where it can't be used."""
    if account.api is None:
        return None
    variables = _variables(account, environ)
    place, path = account.sources.find(("api",)), ("accounts", account.name, "api")
    address = variables.text(account.api, place, path)
    findings = list(variables.diagnostics)
    if not findings and (why := unsafe_api(address)):
        fix = "write `sandbox`, or an address such as https://api2.weixin.qq.com"
        findings.append(project_rules.unsafe_api.found(why, fix, span=place, path=path, account=account.name))
    if findings:
        raise ConfigurationError(tuple(findings))
    return address


def callback(account: Account, environ: Mapping[str, str]) -> Callback:
    """The account's callback with its secrets; raises where the environment lacks one."""
    from wxdeploy.model.secret import Secret

    variables = _variables(account, environ)
    words = {
        key: variables.text(text, account.sources.find(("callback", key)), ("accounts", account.name, "callback", key))
        for key, text in account.callback.items()
    }
    appid = variables.text(account.appid, account.sources.find(("appid",)), ("accounts", account.name, "appid"))
    if variables.diagnostics:
        raise ConfigurationError(tuple(variables.diagnostics))
    token, key = words.get("token"), words.get("encoding_aes_key")
    return Callback(
        appid=appid,
        url=words.get("url", ""),
        token=Secret(token) if token else None,
        encoding_aes_key=Secret(key) if key else None,
        mode=words.get("mode", "plain"),
        forward=words.get("forward", ""),
    )


def _variables(account: Account, environ: Mapping[str, str]) -> Variables:
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
