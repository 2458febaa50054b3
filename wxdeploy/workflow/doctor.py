"""Examine every account: what is wrong and how to mend it. Reads only; one account's trouble stops no other."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from wxdeploy.client.account import AccountClient
from wxdeploy.client.retry import QUICK, RENEWED_BY_TOKEN
from wxdeploy.config.credentials import callback
from wxdeploy.execution.fetch import fetch
from wxdeploy.execution.hosts import Hosts, Remote
from wxdeploy.kinds import KINDS
from wxdeploy.model.checkup import CONFIGURATION, AccountCheckup, Check, Checkup, Verdict
from wxdeploy.model.diagnostic import Diagnostic, Severity
from wxdeploy.model.errors import ApiError, ConfigurationError, CredentialError, RemoteError, WxdeployError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.wechat.endpoints import BY_CALL, ENDPOINTS, OFFICIAL_HOST
from wxdeploy.wechat.errcodes import Code
from wxdeploy.workflow import findings
from wxdeploy.workflow.load import Configuration, Configured
from wxdeploy.workflow.machine import machine
from wxdeploy.workflow.plan import replan, with_required
from wxdeploy.workflow.world import World, each, hosts_of, remote_of

PROBES: Mapping[str, str] = {
    "menu.get": "Menus",
    "selfmenu.get": "Menu that followers see",
    "tag.get": "Tags",
    "template.list": "Template messages",
}
"""The harmless reads, by endpoint, and what each shows the permission for; the first is made before the others."""

_BY_ADDRESS = frozenset({Code.IP_NOT_ALLOWED, Code.COMPONENT_IP_NOT_ALLOWED})
_BY_PEOPLE = frozenset(
    {
        Code.IP_CONFIRMATION_OPEN,
        Code.IP_CONFIRMATION_AWAITED,
        Code.IP_NEEDS_CONFIRMATION,
        Code.ADMIN_AWAITED,
        Code.ADMIN_AWAITED_RETRY_LATER,
        Code.IP_REFUSED_FOR_A_DAY,
        Code.IP_REFUSED_FOR_AN_HOUR,
    }
)
_BY_TOKEN = RENEWED_BY_TOKEN | {Code.INVALID_APPSECRET, Code.INVALID_APPID, Code.APPSECRET_FROZEN}


async def doctor(configuration: Configuration, world: World) -> Checkup:
    """Examine this machine and every account, side by side."""
    root, here = configuration.project.root, machine(world)  # looked at before the token cache is used and mended
    async with hosts_of(root, world, read_only=True, policy=QUICK) as hosts:
        accounts = await each(configuration.accounts, world, lambda item: _examined(item, hosts, world))
    return Checkup(machine=here, accounts=accounts)


async def _examined(configured: Configured, hosts: Hosts, world: World) -> AccountCheckup:
    account = configured.account
    checks = [_configuration(configured)]

    def checkup(appid: str | None = None, host: str | None = None) -> AccountCheckup:
        return AccountCheckup(account=account.name, appid=appid, host=host, checks=tuple(checks))

    try:
        remote = remote_of(account, world.environ)
    except ConfigurationError as error:
        checks.append(_unresolved(error))
        return checkup()
    checks.append(findings.resolved(remote))
    host = remote.base_url or "sandbox"
    try:
        client = await hosts.client(remote)
        checks.extend(await _Patient(configured, remote, client, world).examined())
    except WxdeployError as error:
        checks.append(Check.of(error, code="host", title="Host"))
    return checkup(remote.appid, host)


def _configuration(configured: Configured) -> Check:
    title = "Configuration"
    if configured.desired is not None:
        return Check(code=CONFIGURATION, severity=Verdict.OK, title=title, detail="the files of the account are valid")
    errors = [found for found in configured.findings if found.severity is Severity.ERROR]
    return Check(
        code=CONFIGURATION,
        severity=Verdict.ERROR,
        title=title,
        detail=f"{len(errors)} error{'' if len(errors) == 1 else 's'} in the files: {_places(errors)}",
        remedy="Run wxdeploy validate: it shows each with its fix.",
    )


def _unresolved(error: ConfigurationError) -> Check:
    return Check(
        code="credentials",
        severity=Verdict.ERROR,
        title="Credentials",
        detail="; ".join(found.detail or found.summary for found in error.diagnostics),
        remedy="; ".join(dict.fromkeys(found.fix for found in error.diagnostics)),
    )


def _places(errors: list[Diagnostic]) -> str:
    shown = [f"{found.code}{f' at {found.span}' if found.span else ''}" for found in errors[:3]]
    return ", ".join(shown) + (" …" if len(errors) > len(shown) else "")


@dataclass(slots=True)
class _Patient:
    """One account under examination; ``answers`` and ``errors`` are those of its reads, each made once."""

    configured: Configured
    remote: Remote
    client: AccountClient
    world: World
    answers: dict[str, Mapping[str, JsonValue]] = field(default_factory=dict)
    errors: dict[str, RemoteError] = field(default_factory=dict)

    async def examined(self) -> list[Check]:
        """Everything that needs a call; nothing more once the account lets nobody in."""
        first = next(iter(PROBES))
        try:
            await self.client.authenticate()
        except RemoteError as error:
            return self._shut(error)
        await self._look(first)
        if (shut := self.errors.get(first)) is not None and _lets_nobody_in(shut):
            return self._shut(shut)
        await asyncio.gather(*(self._look(endpoint) for endpoint in PROBES if endpoint != first))
        checks = [findings.TOKEN_OK]
        if self.remote.base_url == OFFICIAL_HOST:
            checks.append(findings.ALLOWED)
        checks.extend(self._permission(endpoint, title) for endpoint, title in PROBES.items())
        checks.extend(findings.menus(self.answers))
        checks.extend(await self._quotas())
        if self.configured.account.callback:
            checks.append(await self._callback())
        checks.append(findings.clock(self.client.skew, embedded=self.remote.base_url is None))
        return checks

    async def _look(self, endpoint: str) -> None:
        try:
            self.answers[endpoint] = await self.client.call(endpoint)
        except RemoteError as error:
            self.errors[endpoint] = error

    async def _read(self, endpoint: str, _body: JsonValue) -> Mapping[str, JsonValue]:
        if endpoint not in self.answers and endpoint not in self.errors:
            await self._look(endpoint)
        if endpoint in self.errors:
            raise self.errors[endpoint]
        return self.answers[endpoint]

    def _shut(self, error: RemoteError) -> list[Check]:
        """Why nothing can be asked of the account."""
        code, title = "token", "Access token"
        errcode = error.errcode if isinstance(error, ApiError) else None
        if errcode in _BY_ADDRESS:
            code, title = "allow-list", "IP allow list"
        elif errcode in _BY_PEOPLE:
            code, title = "confirmation", "Confirmation by an administrator"
        elif errcode is None and not isinstance(error, CredentialError):
            code, title = "network", "Network"
        found = Check.of(error, code=code, title=title)
        if code == "token" and self.remote.token is not None and self.remote.base_url != OFFICIAL_HOST:
            found = findings.foreign(found, self.remote.base_url or "the sandbox")
        return [found, findings.UNSEEN]

    def _permission(self, endpoint: str, title: str) -> Check:
        code = f"permission.{endpoint.partition('.')[0]}"
        if endpoint in self.answers:
            detail = f"{ENDPOINTS[endpoint].call} answers"
            return Check(code=code, severity=Verdict.OK, title=title, detail=detail)
        error = self.errors[endpoint]
        unpermitted = isinstance(error, ApiError) and error.errcode in findings.UNPERMITTED
        wanted = any(endpoint in kind.reads for kind in self._kinds())
        severity = Verdict.WARNING if unpermitted and not wanted else Verdict.ERROR
        found = Check.of(error, code=code, title=title, severity=severity)
        return findings.unneeded(found) if severity is Verdict.WARNING else found

    def _kinds(self) -> tuple[findings.AnyKind, ...]:
        desired = self.configured.desired
        return with_required(kind for kind in KINDS if desired and kind.name in desired.resources)

    async def _quotas(self) -> list[Check]:
        """What is left of each call that the plan of now would make."""
        desired, kinds = self.configured.desired, self._kinds()
        if desired is None:
            return [findings.quota_unknown("the configuration is invalid, so there is no plan to count the calls of")]
        try:
            live = await fetch(self._read, kinds)
        except RemoteError as error:
            return [findings.quota_unknown(f"there is no plan to count the calls of: {error.message}")]
        plan = replan(desired, live, kinds, self.remote.appid)
        wanted = Counter(operation.call.call for operation in plan.operations)
        if not wanted:
            return [findings.NO_CALLS]
        return list(await asyncio.gather(*(self._quota(call, count) for call, count in wanted.items())))

    async def _quota(self, call: str, wanted: int) -> Check:
        try:
            answer = await self.client.call("quota.get", {"cgi_path": BY_CALL[call].path})
        except RemoteError as error:
            return findings.quota_unasked(call, error)
        return findings.quota(call, wanted, answer)

    async def _callback(self) -> Check:
        try:
            declared = callback(self.configured.account, self.world.environ)
        except ConfigurationError as error:
            unset = "; ".join(found.detail or found.summary for found in error.diagnostics)
            return findings.callback_unresolved(unset, error.diagnostics[0].fix)
        try:
            answer = await self.client.call("callback.check", {"action": "all", "check_operator": "DEFAULT"})
        except RemoteError as error:
            return findings.callback_unasked(error)
        return findings.reachability(answer, declared.url)


def _lets_nobody_in(error: RemoteError) -> bool:
    return not isinstance(error, ApiError) or error.errcode in _BY_ADDRESS | _BY_PEOPLE | _BY_TOKEN
