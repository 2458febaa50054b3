"""``wxdeploy.yaml``: the accounts, what they have in common, and the files of each."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import urlsplit

from wxdeploy.config import file_rules, files, project_rules
from wxdeploy.config.documents import Document, load
from wxdeploy.config.files import PROJECT_FILE, Refusal
from wxdeploy.config.places import Place, Places, descend, over, source_map
from wxdeploy.config.schemas import check, check_sections
from wxdeploy.model.diagnostic import Diagnostic, order_of
from wxdeploy.model.errors import ConfigurationError
from wxdeploy.model.hosts import is_loopback
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.jsonvalue import Path as DataPath
from wxdeploy.model.record import Record
from wxdeploy.model.source import SourceMap, Span

if TYPE_CHECKING:
    from wxdeploy.model.silence import Silence

SANDBOX = "sandbox"
_FROM_ENVIRONMENT = r"\$\{env:[A-Za-z_][A-Za-z0-9_]*\}"
_SECRETS: tuple[DataPath, ...] = (
    ("secret",),
    ("access_token",),
    ("authorizer", "component_access_token"),
    ("authorizer", "refresh_token"),
    ("callback", "token"),
    ("callback", "encoding_aes_key"),
)
# What is one choice among several: the parts of two can't be mixed.
_UNMIXED = frozenset({"access_token", "component_access_token", "on_refresh"})


class Account(NamedTuple):
    """One account as written, with the defaults merged in; variables are not filled in yet.

    ``api`` is ``sandbox``, a base address, or None for the official host. ``waiting`` names, by file, the sections that
    the schema can judge only once their variables are known. Places are counted from the account.
    """

    name: str
    appid: str = ""
    secret: str | None = None
    access_token: JsonValue = None
    authorizer: Mapping[str, JsonValue] | None = None
    api: str | None = None
    documents: tuple[Document, ...] = ()
    waiting: Mapping[str, frozenset[str]] = MappingProxyType({})
    vars: Mapping[str, str] = MappingProxyType({})
    labels: Mapping[str, str] = MappingProxyType({})
    prune: tuple[str, ...] = ()
    protect: tuple[str, ...] = ()
    callback: Mapping[str, str] = MappingProxyType({})
    rules: Mapping[str, str] = MappingProxyType({})
    sources: SourceMap = SourceMap()


class Project(Record):
    """A project: its accounts in the order of the files, every file that one of them reads, and what is wrong.

    ``listed`` is the accounts file, where there is one. ``diagnostics`` are those of it and of ``wxdeploy.yaml``
    (``account`` is set where one account alone is concerned); each document holds its own. ``findings`` puts together
    what concerns one account. ``shared`` are the files that several accounts read, ``patterns`` the globs that all
    accounts name their files by. ``noted`` keeps, of each section of a shared file, what accounts would find alike.
    """

    root: Path
    accounts: Mapping[str, Account]
    documents: Mapping[str, Document]
    file: Document
    noted: dict[tuple[str, str], tuple[frozenset[int], tuple[tuple[DataPath, str], ...]]]
    listed: Document | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    shared: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()

    def findings(self, account: str) -> tuple[Diagnostic, ...]:
        """What is wrong with the project as a whole, with one account's entry, or with a file that it reads."""
        own = [found for found in self.diagnostics if found.account in (None, account)]
        documents = self.accounts[account].documents if account in self.accounts else ()
        own.extend(found for document in documents for found in document.diagnostics)
        return tuple(sorted(own, key=order_of))

    def silences(self, accounts: Iterable[Account]) -> tuple[Silence, ...]:
        """The silencing comments of the project's files and of those that the accounts read, each once."""
        read = {document.file: document for account in accounts for document in account.documents}
        return tuple(
            silence
            for document in (self.file, *([self.listed] if self.listed else ()), *read.values())
            for silence in document.silences
        )


def find_root(start: Path) -> Path:
    """The nearest folder with a ``wxdeploy.yaml``, from ``start`` upwards."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    other = next(
        (folder / "wxdeploy.yml" for folder in (start, *start.parents) if (folder / "wxdeploy.yml").is_file()), None
    )
    fix = (
        f"rename {other} to {PROJECT_FILE}" if other else "run `wxdeploy init` to write one, or name its folder with -C"
    )
    detail = f"neither {start} nor a folder above it holds a file {PROJECT_FILE}"
    raise ConfigurationError((file_rules.no_project.found(detail, fix, span=Span(PROJECT_FILE, 1, 1)),))


def load_project(root: Path) -> Project:
    """The project in a folder, all of its files read; what is wrong with them is in the answer, nothing is raised."""
    data = files.read(root, PROJECT_FILE)
    if isinstance(data, Diagnostic):
        empty = load(b"", PROJECT_FILE)
        return Project(root=root, accounts={}, documents={}, file=empty, noted={}, diagnostics=(data,))
    document = load(data, PROJECT_FILE)
    findings = [*document.diagnostics]
    if not findings or document.value:
        findings.extend(check(document, "project"))
    listed = _listed(root, document, findings)
    reader = _Reader(root)
    accounts: dict[str, Account] = {}
    for name, value, sources in _accounts(document, listed):
        if name in accounts:
            from wxdeploy.config import accounts_file

            first = accounts[name].sources.find(())
            findings.append(accounts_file.twice(name, sources.find(()), first))
        else:
            accounts[name] = reader.account(name, value, sources)
    findings.extend(reader.findings)
    findings.extend(_appid_twice(accounts))
    return Project(
        root=root,
        accounts=MappingProxyType(accounts),
        documents=MappingProxyType(reader.documents),
        file=document,
        listed=listed,
        diagnostics=tuple(sorted((_of_account(found, accounts) for found in findings), key=order_of)),
        shared=_shared(accounts.values()),
        noted={},
        patterns=tuple(reader.found),
    )


def _shared(accounts: Iterable[Account]) -> frozenset[str]:
    readers = Counter(document.file for account in accounts for document in account.documents)
    return frozenset(file for file, count in readers.items() if count > 1)


def _of_account(found: Diagnostic, accounts: Mapping[str, Account]) -> Diagnostic:
    """The finding under its account's name, where it stands in that account's entry."""
    if found.account is None and found.path[:1] == ("accounts",) and len(found.path) > 1 and found.path[1] in accounts:
        return found._replace(account=str(found.path[1]))
    return found


def _listed(root: Path, document: Document, findings: list[Diagnostic]) -> Document | None:
    """The accounts file, where the project names one; what is wrong with it is added to ``findings``."""
    name = document.value.get("accounts_file") if isinstance(document.value, Mapping) else None
    if not isinstance(name, str):
        return None
    from wxdeploy.config import accounts_file

    found = accounts_file.read(root, name, document.sources.find(("accounts_file",)))
    if isinstance(found, Diagnostic):
        findings.append(found)
        return None
    findings.extend(found.diagnostics)
    return found


def _accounts(document: Document, listed: Document | None) -> Iterator[tuple[str, dict[str, Any], SourceMap]]:
    """Each account's entry with the defaults merged in, and the places of both."""
    value = document.value if isinstance(document.value, Mapping) else {}
    defaults = value.get("defaults")
    base = defaults if isinstance(defaults, Mapping) else {}
    base_place = descend(cast("Places", document.sources.values).root, ("defaults",)) or (1, 1, {})
    for name, own, place in _entries(document):
        merged, around = _merged(base, base_place, own, place)
        yield name, merged, source_map(PROJECT_FILE, around)
    if listed is None:
        return
    rest = source_map(PROJECT_FILE, base_place)
    for name, own, place in _entries(listed):
        merged, _ = _merged(base, base_place, own, place)
        yield name, merged, over(source_map(listed.file, place), rest)


def _entries(document: Document) -> Iterator[tuple[str, Mapping[str, JsonValue], Place]]:
    """What a file says of each account, and where."""
    accounts = document.value.get("accounts") if isinstance(document.value, Mapping) else None
    place = descend(cast("Places", document.sources.values).root, ("accounts",))
    if isinstance(accounts, Mapping) and place is not None and isinstance(places := place[2], dict):
        for name, own in accounts.items():
            if isinstance(own, Mapping):
                yield name, own, places[name]


def _merged(
    base: Mapping[str, JsonValue], base_place: Place, own: Mapping[str, JsonValue], own_place: Place
) -> tuple[dict[str, Any], Place]:
    """Mappings merge key by key; all else of ``own`` replaces."""
    value: dict[str, Any] = {**base, **own}
    below = base_place[2] if isinstance(base_place[2], dict) else {}
    above = own_place[2] if isinstance(own_place[2], dict) else {}
    children = {**below, **above}
    for key in base.keys() & own.keys():
        first, second = base[key], own[key]
        if isinstance(first, Mapping) and isinstance(second, Mapping) and key not in _UNMIXED:
            value[key], place = _merged(first, below[key], second, above[key])
            children[key] = (place[0], place[1], place[2], above[key][3], above[key][4])
    return value, (own_place[0], own_place[1], children)


class _Reader:
    """Reads each file once, whichever accounts name it; ``findings`` collects what is wrong with the accounts."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.documents: dict[str, Document] = {}
        self.findings: list[Diagnostic] = []
        self.found: dict[str, tuple[str, ...] | Refusal] = {}
        self._real: dict[str, str] = {}
        self._waiting: dict[str, frozenset[str]] = {}

    def account(self, name: str, value: dict[str, Any], sources: SourceMap) -> Account:
        """The record of one account, of whatever in its entry is well-formed."""
        documents = self._files(name, _texts(value.get("files")), sources)
        self._secrets(name, value, sources)
        self._api(name, value.get("api"), sources)
        if "access_token" in value or "authorizer" in value:
            from wxdeploy.config import tokens

            self.findings.extend(tokens.faults(name, value, sources))
        return Account(
            name=name,
            appid=_text(value.get("appid")) or "",
            secret=_text(value.get("secret")),
            access_token=value.get("access_token"),
            authorizer=held if isinstance(held := value.get("authorizer"), Mapping) else None,
            api=_text(value.get("api")),
            documents=documents,
            waiting={doc.file: self._waiting[doc.file] for doc in documents if self._waiting[doc.file]},
            vars=_words(value.get("vars")),
            labels=_words(value.get("labels")),
            prune=tuple(_texts(value.get("prune")).values()),
            protect=tuple(_texts(value.get("protect")).values()),
            callback=_words(value.get("callback")),
            rules={
                key: word for key, word in _words(value.get("rules")).items() if word in ("error", "warning", "off")
            },
            sources=sources,
        )

    def _files(self, account: str, patterns: Mapping[int, str], sources: SourceMap) -> tuple[Document, ...]:
        taken: dict[str, Document] = {}
        for index, pattern in patterns.items():
            if pattern not in self.found:
                self.found[pattern] = files.find(self.root, pattern)
            found = self.found[pattern]
            if isinstance(found, Refusal):
                rule = file_rules.outside_project if found.outside else file_rules.no_such_file
                path: DataPath = ("files", index)
                span = sources.find(path)
                self.findings.append(
                    rule.found(found.detail, found.fix, span=span, path=("accounts", account, *path), account=account)
                )
                continue
            for name in found:
                # A file that two links or patterns lead to is one file.
                if (real := self._real.get(name)) is None:
                    real = self._real[name] = os.path.realpath(self.root / name)
                if real not in taken:
                    taken[real] = self._document(name)
        return tuple(taken.values())

    def _document(self, name: str) -> Document:
        shown = files.display(name)
        if name not in self.documents:
            data = files.read(self.root, name)
            if isinstance(data, Diagnostic):
                document, waiting = load(b"", shown)._replace(diagnostics=(data,)), frozenset[str]()
            else:
                document, waiting = _checked(load(data, shown))
            self.documents[name] = document
            self._waiting[document.file] = waiting
        return self.documents[name]

    def _secrets(self, account: str, value: dict[str, Any], sources: SourceMap) -> None:
        for path in _SECRETS:
            held: Any = value
            for step in path:
                held = held.get(step) if isinstance(held, Mapping) else None
            if held is None or isinstance(held, (list, Mapping)):
                continue
            if isinstance(held, str) and re.fullmatch(_FROM_ENVIRONMENT, held):
                continue
            name = f"WX_{account}_{path[-1]}".upper()
            self.findings.append(
                project_rules.literal_secret.found(
                    f"`{path[-1]}` has to come from the environment, and something else is written here",
                    f"write ${{env:{re.sub('[^A-Z0-9_]', '_', name)}}} and set that variable; "
                    "if a real secret stood here, reset it in the account's console",
                    span=sources.find(path),
                    path=("accounts", account, *path),
                    account=account,
                )
            )

    def _api(self, account: str, api: object, sources: SourceMap) -> None:
        if not isinstance(api, str) or "${" in api or not (why := unsafe_api(api)):
            return
        self.findings.append(
            project_rules.unsafe_api.found(
                why,
                "write `sandbox`, or an address such as https://api2.weixin.qq.com",
                span=sources.find(("api",)),
                path=("accounts", account, "api"),
                account=account,
            )
        )


@lru_cache(maxsize=256)  # a fleet has one
def unsafe_api(api: str) -> str | None:
    """Why an address can't be used as the host of the API; None where it can."""
    if api == SANDBOX:
        return None
    if why := unsafe_url(api, f"`{api}`", wanted="neither `sandbox` nor an address that begins with https://"):
        return why
    parts = urlsplit(api)
    return f"`{api}` holds more than a host, a port and a path" if parts.query or parts.fragment else None


def unsafe_url(url: str, called: str, wanted: str = "no address that begins with https://") -> str | None:
    """Why the access token can't be sent to an address, or asked for at it; None where it can."""
    from wxdeploy.model.url import parse  # most projects name no address

    parsed = parse(url)
    if parsed.user if parsed else "@" in url:
        return "the address holds a user name, which is no place for one"  # and what it is called may be itself
    if not url.lower().startswith(("https://", "http://")) or any(sign.isspace() for sign in url):
        return f"{called} is {wanted}"
    if parsed is None:
        return f"{called} is no address"
    if parsed.scheme == "http" and not is_loopback(parsed.host):
        return f"{called} would send the access token over the network unencrypted"
    return None


def _checked(document: Document) -> tuple[Document, frozenset[str]]:
    """A resource file with what the schema says of it; paths are then counted from its sections."""
    findings, waiting = document.diagnostics, frozenset[str]()
    if document.value or not findings:
        findings, waiting = check_sections(document, "account")
    return document._replace(diagnostics=tuple(sorted(findings, key=order_of))), waiting


def _appid_twice(accounts: Mapping[str, Account]) -> Iterator[Diagnostic]:
    first: dict[tuple[str, str | None], Account] = {}
    for account in accounts.values():
        if not account.appid or "${" in account.appid:
            continue
        other = first.setdefault((account.appid, account.api), account)
        if other is not account:
            yield project_rules.appid_twice.found(
                f"`{account.name}` and `{other.name}` ({other.sources.find(('appid',))}) both are {account.appid}",
                "correct the appid of one of the two, or make them one account",
                span=account.sources.find(("appid",)),
                path=("accounts", account.name, "appid"),
                account=account.name,
            )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: object) -> dict[int, str]:
    """The texts of a list, by index; none where it is no list."""
    return {index: item for index, item in enumerate(value) if isinstance(item, str)} if isinstance(value, list) else {}


def _words(value: object) -> Mapping[str, str]:
    """The texts of a mapping; none where it is no mapping."""
    items = value.items() if isinstance(value, Mapping) else ()
    return MappingProxyType({key: item for key, item in items if isinstance(item, str)})
