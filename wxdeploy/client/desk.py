"""A central token service of the user's: asked for a token over HTTP, with a transport of its own."""

from __future__ import annotations

import asyncio
import re
from contextlib import aclosing
from dataclasses import dataclass, field

from wxdeploy import __version__
from wxdeploy.client.carrier import Request
from wxdeploy.client.exchange import LOG, Log, Pause
from wxdeploy.client.grant import Grant, answered
from wxdeploy.client.http import HTTP_OK, silence
from wxdeploy.client.network import network
from wxdeploy.client.retry import POLICY, Policy, Trouble, next_wait
from wxdeploy.model.credential import TokenService
from wxdeploy.model.errors import CredentialError
from wxdeploy.model.hosts import is_loopback
from wxdeploy.model.url import Url, parse

LARGEST_ANSWER = 64 * 1024
"""Bytes that a service may answer; a token has a few hundred."""

SECONDS = 30.0
"""Seconds that one request may take."""

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110 section 5.1
_FIX = "Ask it by hand, and see that `url`, `headers` and `field` of `access_token` are right."


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Asks one service; ``seconds`` bound a request, ``pause`` waits between two."""

    service: TokenService
    pause: Pause = asyncio.sleep
    log: Log = LOG
    policy: Policy = POLICY
    seconds: float = field(default=SECONDS)

    async def ask(self) -> Grant:
        """A token from the service; again where it was out of reach, a redirect never followed.

        Raises ``CredentialError``, in which neither the headers nor the path nor anything of the answer stand, and
        ``UsageError`` for a proxy of the system that can't be used.
        """
        url, request = _request(self.service)
        who = f"the token service at {url.host}"
        troubles: list[Trouble] = []
        while True:
            outcome = await self._sent(url, request)
            if isinstance(outcome, bytes):
                self.log.info("%s: ok", who)
                return answered(outcome, self.service.field, who)
            why, passing = outcome
            troubles.append(Trouble.SILENT if passing else Trouble.FINAL)
            wait = next_wait(self.policy, troubles)
            if wait is None:
                raise CredentialError(f"{who} gave no token: {why}", fix=_FIX)
            self.log.info("%s: %s, again in %g s", who, why, wait)
            await self.pause(wait)

    async def _sent(self, url: Url, request: Request) -> bytes | tuple[str, bool]:
        """The body of a success, else why there is none and whether that can pass."""
        try:
            async with aclosing(network(url, 1, self.seconds)) as carrier:
                response = await carrier.exchange(request, largest=LARGEST_ANSWER, within=self.seconds)
        except OSError as fault:
            silent = silence(fault)
            return silent.reason, silent.passing
        status = response.status
        if 300 <= status < 400:
            return f"HTTP {status}, a redirect, which is not followed: it would carry the headers elsewhere", False
        if status != HTTP_OK:
            return f"HTTP {status}", status >= 500
        return response.content


def _request(service: TokenService) -> tuple[Url, Request]:
    url = parse(service.url)
    if url is None or url.user:
        raise CredentialError("the `url` of `access_token` is not an http or https address", fix=_FIX)
    if url.scheme == "http" and not is_loopback(url.host):
        raise CredentialError(
            f"plain http to {url.host} would send the access token unencrypted",
            fix="Use https; plain http is for this machine alone (127.0.0.1, ::1, localhost).",
        )
    headers = {"accept": "application/json", "accept-encoding": "identity", "user-agent": f"wxdeploy/{__version__}"}
    for name, value in service.headers.items():
        text = value.reveal()
        if not _NAME.fullmatch(name) or not text.isascii() or not text.isprintable():
            raise CredentialError(
                "a header of `access_token` holds what HTTP can't carry",
                fix="Names are letters, digits and -, values one line of ASCII: look at the variables they come from.",
            )
        headers[name.lower()] = text.strip()
    return url, Request("GET", url.target, headers)
