"""Tokens that somebody else issues: whoever hands one in, a program, or a central service."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from wxdeploy.client.desk import Desk
from wxdeploy.client.exchange import LOG, Log, Pause
from wxdeploy.client.grant import Grant, printed
from wxdeploy.client.http import Http
from wxdeploy.client.program import Place, run
from wxdeploy.client.retry import POLICY, Policy
from wxdeploy.client.token import FixedToken, SharedToken, TokenSource
from wxdeploy.model.credential import TokenCommand, TokenOrigin, TokenService
from wxdeploy.model.errors import CredentialError
from wxdeploy.model.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """With what tokens are fetched: where programs run, and the ``pause``, ``log`` and ``policy`` of ``Exchange``."""

    place: Place
    pause: Pause = asyncio.sleep
    log: Log = LOG
    policy: Policy = POLICY
    clock: Callable[[], float] = time.time


class Issuer(Protocol):
    """Who hands out tokens."""

    async def ask(self, rejected: Secret | None) -> Grant:
        """A token; another one than ``rejected``, where WeChat has refused that."""
        ...


@dataclass(frozen=True, slots=True)
class _Command:
    """A program that is asked."""

    command: TokenCommand
    means: Means
    purpose: str

    async def ask(self, rejected: Secret | None) -> Grant:
        hidden = () if rejected is None else (rejected,)
        content = await run(self.command.argv, self.means.place, purpose=self.purpose, hidden=hidden)
        grant = printed(content, f"the command for {self.purpose}")
        return grant if grant.expires_in is not None else Grant(grant.token, self.command.expires_in)


@dataclass(frozen=True, slots=True)
class _Service:
    """A service that is asked."""

    service: TokenService
    means: Means

    async def ask(self, rejected: Secret | None) -> Grant:  # noqa: ARG002 - it is never shown to the service
        means = self.means
        return await Desk(service=self.service, pause=means.pause, log=means.log, policy=means.policy).ask()


@dataclass(frozen=True, slots=True)
class _Handed:
    """A token that was handed in, and that nobody can be asked for again."""

    token: FixedToken

    async def ask(self, rejected: Secret | None) -> Grant:
        return Grant(self.token.hand() if rejected is None else self.token.refuse(), None)


def handed_out(origin: TokenOrigin, means: Means) -> TokenSource:
    """The source of an access token that the account's entry names."""
    if isinstance(origin, Secret):
        return FixedToken(origin)
    return IssuedToken(issuer_of(origin, means, "the access token"), means.clock)


def issuer_of(origin: TokenOrigin, means: Means, purpose: str) -> Issuer:
    """Who hands out the token of an entry; ``purpose`` says in errors what it is."""
    if isinstance(origin, TokenCommand):
        return _Command(origin, means, purpose)
    if isinstance(origin, TokenService):
        return _Service(origin, means)
    return _Handed(FixedToken(origin, purpose))


class IssuedToken(SharedToken):
    """A token that a program or a service keeps: asked for once a run, and once more where it is refused."""

    def __init__(self, issuer: Issuer, clock: Callable[[], float] = time.time) -> None:
        super().__init__(None, clock)
        self._issuer = issuer

    async def _fetch(self, http: Http, rejected: Secret | None) -> tuple[Secret, float | None]:  # noqa: ARG002
        grant = await self._issuer.ask(rejected)
        if grant.token == rejected:
            raise same_again("access token")
        return grant.token, grant.expires_in


def same_again(what: str) -> CredentialError:
    """What is told where whoever issues tokens has no other than the one that was refused."""
    return CredentialError(
        f"the {what} that WeChat has just refused was handed out a second time",
        fix="Its issuer holds a token that has ended: probably a second system fetches /cgi-bin/token for this appid, "
        "which ends every other token of it. Let only one system fetch tokens, and all others ask that one.",
    )
