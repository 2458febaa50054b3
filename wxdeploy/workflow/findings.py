"""What answers of an account mean to the one who asks how it is: judgements, and the words for them; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from wxdeploy.execution.hosts import Remote
from wxdeploy.kinds.base import Kind
from wxdeploy.kinds.menu.wire import CONSOLE, read
from wxdeploy.model.checkup import Check, Verdict
from wxdeploy.model.credential import Authorizer, TokenCommand, TokenService
from wxdeploy.model.errors import ApiError, RemoteError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.wechat import limits
from wxdeploy.wechat.errcodes import Code

AnyKind: TypeAlias = Kind[Any]

UNPERMITTED = frozenset({Code.UNAUTHORIZED_API, Code.UNAUTHORIZED_TO_COMPONENT})
"""Return codes that say that the account, or the platform that acts for it, may not make a call."""

_LATER = "It is not failing for that: run doctor again, or look at API permissions in the console of the account."
_CALLBACK = "Callback"
_QUOTA = "Quota"

TOKEN_OK = Check(
    code="token", severity=Verdict.OK, title="Access token", detail="there is one, and the account takes it"
)
ALLOWED = Check(
    code="allow-list",
    severity=Verdict.OK,
    title="IP allow list",
    detail="the address of this machine may call the account",
)
UNSEEN = Check(
    code="account",
    severity=Verdict.UNKNOWN,
    title="Everything else",
    detail="permissions, menus, quotas and the clock were not looked at: nothing can be asked of the account",
    remedy="Mend what is above, then run doctor again.",
)
NO_CALLS = Check(
    code="quota", severity=Verdict.OK, title=_QUOTA, detail="the plan of now would make no call, so none is needed"
)


def resolved(remote: Remote) -> Check:
    """Where the credentials come from, all of them found."""
    match remote.token:
        case None:
            embedded = remote.base_url is None
            source = "the sandbox needs none" if embedded else "`secret`, through /cgi-bin/stable_token"
        case Authorizer():
            source = f"the third-party platform {remote.token.component_appid}, by a refresh token"
        case TokenCommand():
            source = "a program that hands out tokens"
        case TokenService():
            source = "a service that hands out tokens"
        case _:
            source = "an access token that was handed in, which can't be renewed"
    return Check(code="credentials", severity=Verdict.OK, title="Credentials", detail=f"found: {source}")


def foreign(found: Check, host: str) -> Check:
    """A refused token on another host than the official one: it may know none but its own."""
    more = f" {host} may know no other tokens than it has issued itself: for a drill, give the account a `secret`."
    return replace(found, remedy=found.remedy + more)


def unneeded(found: Check) -> Check:
    """A permission that is missing and that the configuration makes no use of."""
    return replace(found, detail=f"{found.detail} The configuration of the account makes no use of it.")


def menus(answers: Mapping[str, Mapping[str, JsonValue]]) -> Sequence[Check]:
    """Who made the menu that followers see, and whether they see it."""
    if not {"menu.get", "selfmenu.get"} <= answers.keys():
        return ()
    reading = read(answers, {})
    checks = [
        Check(
            code="menu-closed",
            severity=Verdict.WARNING,
            title="Menu switched off",
            detail=found.detail,
            remedy=found.fix,
        )
        for found in reading.warnings
    ]
    live = next(iter(reading.objects), None)
    if live is not None and live.state["origin"] == CONSOLE:
        checks.append(
            Check(
                code="console-menu",
                severity=Verdict.WARNING,
                title="Menu of the web console",
                detail="followers see a menu that was made in the web console; once replaced, no call can put it back",
                remedy="Keep it with wxdeploy pull; apply replaces it with --allow-delete alone.",
            )
        )
    elif not checks:
        detail = "followers see the menu that was made through the API" if live is not None else "there is no menu"
        checks.append(Check(code="console-menu", severity=Verdict.OK, title="Menu of the web console", detail=detail))
    return checks


def quota_unknown(why: str) -> Check:
    """There is nothing to count."""
    return Check(
        code="quota",
        severity=Verdict.UNKNOWN,
        title=_QUOTA,
        detail=why,
        remedy="Mend that first; doctor then asks for each call of the plan.",
    )


def quota_unasked(call: str, error: RemoteError) -> Check:
    """What is left of a call could not be learned."""
    found = Check.of(error, code="quota", title=f"{_QUOTA} of {call}", severity=Verdict.UNKNOWN)
    return replace(found, remedy=found.remedy or _LATER)


def quota(call: str, wanted: int, answer: Mapping[str, JsonValue]) -> Check:
    """Whether what is left of a call today is enough for the plan."""
    title = f"{_QUOTA} of {call}"
    figures = answer.get("quota")
    known = figures if isinstance(figures, Mapping) else {}
    limit, remain = _figure(known.get("daily_limit")), _figure(known.get("remain"))
    if not limit or remain is None:
        return Check(
            code="quota",
            severity=Verdict.UNKNOWN,
            title=title,
            detail="openapi/quota/get answers without figures",
            remedy="Look at API permissions in the console of the account.",
        )
    detail = f"the plan makes {wanted}, {remain} of {limit} are left today"
    if remain >= wanted:
        return Check(code="quota", severity=Verdict.OK, title=title, detail=detail)
    return Check(
        code="quota",
        severity=Verdict.ERROR,
        title=title,
        detail=detail,
        remedy="Apply after 00:00 Beijing time, when the count starts anew, or less at a time with --target.",
    )


def callback_unresolved(why: str, fix: str) -> Check:
    """The callback's own credentials are not there."""
    return Check(code="callback", severity=Verdict.ERROR, title=_CALLBACK, detail=why, remedy=fix)


def callback_unasked(error: RemoteError) -> Check:
    """WeChat did not look at the callback: none is set there, or it could not be asked."""
    if isinstance(error, ApiError) and error.errcode == Code.INVALID_CHECK_URL:
        found = Check.of(error, code="callback", title=_CALLBACK)
        remedy = "Enter the address, the token and the key as 服务器配置 in the console of the account, and enable it."
        return replace(found, remedy=remedy)
    return Check.of(error, code="callback", title=_CALLBACK, severity=Verdict.UNKNOWN)


def reachability(answer: Mapping[str, JsonValue], url: str) -> Check:
    """What WeChat saw of the callback that its own console names, which no call tells."""
    found, lost = _rows(answer.get("dns")), [_is_lost(row) for row in _rows(answer.get("ping"))]
    where = f"; see that it is {url}" if url else ""
    if not found:
        return Check(
            code="callback",
            severity=Verdict.ERROR,
            title=_CALLBACK,
            detail="WeChat can't resolve the name of the address that the console has as 服务器地址(URL)",
            remedy=f"Mend its DNS record, or the address in the console{where}.",
        )
    count = f"{len(found)} address{'' if len(found) == 1 else 'es'}"
    if lost and all(lost):
        return Check(
            code="callback",
            severity=Verdict.WARNING,
            title=_CALLBACK,
            detail=f"WeChat resolves its name to {count}, and its pings to them are lost",
            remedy="Many servers drop pings: if messages arrive, nothing is wrong. Else open port 80 or 443 to the "
            "addresses of /cgi-bin/getcallbackip.",
        )
    detail = f"WeChat resolves its name to {count}" + (", which answer its pings" if lost and not any(lost) else "")
    return Check(code="callback", severity=Verdict.OK, title=_CALLBACK, detail=detail)


def clock(skew: float | None, *, embedded: bool) -> Check:
    """Whether this machine's clock agrees with the host's, by the date of its answers."""
    title = "Clock"
    if skew is None:
        severity = Verdict.OK if embedded else Verdict.UNKNOWN
        detail = (
            "the sandbox in this process goes by the same clock" if embedded else "no answer of the host has a date"
        )
        return Check(code="clock", severity=severity, title=title, detail=detail)
    if abs(skew) <= limits.CLOCK_SKEW_SECONDS:
        return Check(
            code="clock", severity=Verdict.OK, title=title, detail="this machine's clock agrees with the host's"
        )
    side = "behind" if skew > 0 else "ahead of"
    return Check(
        code="clock",
        severity=Verdict.WARNING,
        title=title,
        detail=f"this machine's clock is {abs(skew):.0f} s {side} the host's: certificates and the ends of tokens are "
        "judged wrongly",
        remedy="Let it be set over the network (NTP).",
    )


def _rows(value: JsonValue) -> list[Mapping[str, JsonValue]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _is_lost(row: Mapping[str, JsonValue]) -> bool:
    return str(row.get("package_loss")).startswith("100")


def _figure(value: JsonValue) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
