"""From a project to the callbacks that it declares, served and renewed when its files change."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wxdeploy.callback.app import RESERVED, create_app
from wxdeploy.callback.encryption import Cipher
from wxdeploy.callback.followers import FILE_NAME, FollowerRecord
from wxdeploy.callback.outbound import checked
from wxdeploy.callback.site import Site, Sites
from wxdeploy.config import files
from wxdeploy.config.credentials import Callback, callback
from wxdeploy.config.project import Account, Project, find_root, load_project
from wxdeploy.config.project_rules import unsafe_api
from wxdeploy.config.schema_rules import missing_key, other_shape
from wxdeploy.config.selection import ALL, Selection
from wxdeploy.kinds.base import Rule
from wxdeploy.model.diagnostic import Diagnostic, Severity
from wxdeploy.model.errors import ConfigurationError, UsageError, WxdeployError
from wxdeploy.model.replies import Replies
from wxdeploy.render.escape import terminal
from wxdeploy.render.findings import finding_line
from wxdeploy.wechat.callback import ENCODING_AES_KEY, TOKEN
from wxdeploy.workflow.load import Configured, load
from wxdeploy.workflow.world import state_of

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from wxdeploy.callback.metrics import Metrics

LOG = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""How often the files are looked at."""


@dataclass(slots=True)
class Served:
    """The callbacks of a project, and what is needed to renew them: where it is, whose they are, the environment."""

    directory: Path
    environ: Mapping[str, str]
    chosen: Selection = ALL
    sites: Sites = field(init=False)
    _patterns: tuple[str, ...] = field(init=False, default=())
    _seen: Mapping[str, tuple[int, int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.directory = find_root(self.directory)
        self.sites = Sites(self._read())

    def record(self) -> FollowerRecord:
        """The record of followers in the project's ``.wxdeploy``, opened."""
        return FollowerRecord(record_of(self.directory))

    def app(self, record: FollowerRecord) -> Starlette:
        """The application, which closes the record when it ends."""
        return create_app(self.sites, record=record, background=[self.watch])

    async def watch(self, metrics: Metrics) -> None:
        """Renew what is served whenever the files change, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if outcome := await asyncio.to_thread(self.renew):
                metrics.reloaded(outcome)

    def renew(self) -> str:
        """Look at the files once: ``taken`` or ``invalid`` where they changed, else nothing.

        What can't be used is logged, every finding of it, and what was served before still is.
        """
        if self._stamps() == self._seen:
            return ""
        try:
            renewed = self._read()
        except WxdeployError as error:
            found = error.diagnostics if isinstance(error, ConfigurationError) else ()
            why = "".join(f"\n  {terminal(finding_line(each.to_json()))}" for each in found) or f" {error.message}"
            LOG.warning("the files changed and can't be used, so that the last good ones are still served:%s", why)
            self.sites.is_current = False
            return "invalid"
        self.sites.replace(renewed)
        LOG.warning("the files changed, and are served as they are now")
        return "taken"

    def _read(self) -> tuple[Site, ...]:
        self._patterns = _patterns(load_project(self.directory))
        self._seen = self._stamps()  # before they are read: what changes meanwhile is a change
        return sites(self.directory, self.environ, self.chosen)

    def _stamps(self) -> Mapping[str, tuple[int, int]]:
        """When each file of the project changed last, in nanoseconds, and its size."""
        names = [files.PROJECT_FILE]
        for pattern in self._patterns:
            found = files.find(self.directory, pattern)
            names += () if isinstance(found, files.Refusal) else found
        stamps = {}
        for name in names:
            try:
                status = (self.directory / name).stat()
            except OSError:
                continue
            stamps[name] = (status.st_mtime_ns, status.st_size)
        return stamps


def sites(directory: Path, environ: Mapping[str, str], chosen: Selection = ALL) -> tuple[Site, ...]:
    """The callbacks of the chosen accounts; one without is left out, unless it was chosen by name.

    Raises ``ConfigurationError`` where the files or the environment are wrong, ``UsageError`` where there is none.
    """
    configuration = load(directory, environ, chosen=chosen)
    served = [each for each in configuration.accounts if each.account.callback or each.account.name in chosen.names]
    names = {None, *(each.account.name for each in served)}
    errors = tuple(
        found for found in configuration.findings if found.severity is Severity.ERROR and found.account in names
    )
    if errors:
        raise ConfigurationError(errors)
    if not served:
        raise UsageError(
            "no account has a callback",
            fix="write `callback: {token: ${env:WX_CB_TOKEN}}` into the entry of the account in wxdeploy.yaml",
        )
    known = {each.account.name: credentials_of(each.account, environ) for each in served}
    paths = _paths({name: each.url for name, each in known.items()})
    return tuple(_site(each, known[each.account.name], paths[each.account.name]) for each in served)


def app_from(project: str | Path = ".", account: str | None = None) -> Starlette:
    """The application of a project's callbacks, of one account or (None) of all that have one.

    Raises as ``sites`` does. The secrets are taken from the environment of this process.
    """
    served = Served(Path(project), os.environ, Selection(names=(account,)) if account else ALL)
    return served.app(served.record())


def record_of(root: Path) -> Path:
    """The file with the times of followers, of the project in ``root``."""
    return state_of(root, FILE_NAME)


def credentials_of(account: Account, environ: Mapping[str, str]) -> Callback:
    """The account's callback, with all of it looked at. Raises ``ConfigurationError`` for all that is wrong."""
    known = callback(account, environ)
    if findings := tuple(_faults(account, known)):
        raise ConfigurationError(findings)
    return known


def _faults(account: Account, known: Callback) -> Iterator[Diagnostic]:
    def fault(rule: Rule, key: str, detail: str, fix: str) -> Diagnostic:
        span = account.sources.find(("callback", key)) or account.sources.find(())
        path = ("accounts", account.name, "callback", key)
        return rule.found(detail, fix, span=span, path=path, account=account.name)

    key = known.encoding_aes_key
    if known.token is None:
        yield fault(missing_key, "token", f"the callback of `{account.name}` has no `token`",
                    "add `token: ${env:WX_CB_TOKEN}` under `callback`, and set that variable to the 令牌(Token) of the "
                    "console")  # fmt: skip
    elif not TOKEN.fullmatch(known.token.reveal()):
        yield fault(other_shape, "token", "`token` is not 3 to 32 letters and digits",
                    "copy the 令牌(Token) from the console of the account")  # fmt: skip
    if key is None and known.mode != "plain":
        yield fault(missing_key, "encoding_aes_key", f"the mode {known.mode} needs an `encoding_aes_key`",
                    "add `encoding_aes_key: ${env:WX_CB_AES}`, and set that variable to the 消息加解密密钥 of the "
                    "console")  # fmt: skip
    elif key is not None and not ENCODING_AES_KEY.fullmatch(key.reveal()):
        yield fault(other_shape, "encoding_aes_key", "`encoding_aes_key` is not 43 letters and digits",
                    "copy the 消息加解密密钥(EncodingAESKey) from the console of the account")  # fmt: skip
    if not _is_address(known.url):
        yield fault(other_shape, "url", "`url` is no address",
                    "write it as the console has it, such as https://cb.example.com/wx")  # fmt: skip
    if known.forward:
        try:
            checked(known.forward)
        except UsageError as error:
            yield fault(unsafe_api, "forward", error.message, error.fix)


def _is_address(url: str) -> bool:
    try:
        return bool(not url or urlsplit(url).hostname)
    except ValueError:
        return False


def _paths(urls: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """Where each account answers: at its name, and at the path of the address that the console names.

    Raises ``UsageError`` where two would answer at one place.
    """
    owners: dict[str, str] = {}
    paths: dict[str, tuple[str, ...]] = {}
    for name, url in urls.items():
        paths[name] = tuple(dict.fromkeys((f"/{name}", urlsplit(url).path or f"/{name}")))
        for path in paths[name]:
            if path in RESERVED or owners.setdefault(path, name) != name:
                other = owners.get(path)
                raise UsageError(
                    f"{name} and {other} would both answer at {path}" if other else f"{name} can't answer at {path}",
                    fix="give each callback's `url` a path of its own, or serve them apart with --account",
                )
    return paths


def _site(configured: Configured, known: Callback, paths: tuple[str, ...]) -> Site:
    assert known.token is not None  # noqa: S101 - it was looked at
    key = known.encoding_aes_key if known.mode != "plain" else None
    return Site(
        account=configured.account.name,
        appid=known.appid,
        token=known.token,
        mode=known.mode,
        cipher=Cipher(key, known.appid) if key else None,
        paths=paths,
        replies=(configured.desired and configured.desired.replies) or Replies(),
        forward=known.forward or None,
    )


def _patterns(project: Project) -> tuple[str, ...]:
    return (*([project.listed.file] if project.listed else ()), *project.patterns)
