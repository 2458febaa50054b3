"""From an answer to a value or to the error that explains it.

Decided by the return code alone: the text beside it changes between calls (it ends in a request id) and between years.
What an error says comes from the table of return codes, or from ``_ADVICE`` where more is known than the table says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from types import MappingProxyType
from typing import NamedTuple

from wxdeploy.client.answer import Answer, Silence
from wxdeploy.client.redact import redact, veil
from wxdeploy.client.retry import RENEWED_BY_TOKEN, TROUBLES, Trouble
from wxdeploy.model.errors import ApiError, LostAnswerError, RemoteError, TransportError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.secret import Secret
from wxdeploy.wechat.endpoints import ENDPOINTS, Endpoint, Mode
from wxdeploy.wechat.errcodes import Code
from wxdeploy.wechat.errtable import lookup

# oplatform developers/dev/guide; the form with "hint" is the one of before 2020
_RID = re.compile(r"[\s,]*rid:\s*([0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8})\s*$")
_HINT = re.compile(r"[\s,]*hint:\s*\[[^\]]*\]\s*$")
# oplatform developers/basic_func/ip_whitelist: "invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist"
# for 61004 no source gives the wording, so an address behind `requestIP` is taken where there is one
_ADDRESS = re.compile(r"(?:invalid ip|requestIP:?) ([0-9A-Fa-f.:]{2,45})")

_STABLE = ENDPOINTS["token.stable"]
_LONGEST_TEXT = 300
_AWAITED = (
    "An administrator of the account has a message in WeChat and must confirm this machine's address there. "
    "Run it again after that, not before: every refusal blocks the address for an hour or a day."
)
_REFUSED = "Talk to the account's administrator first, then run it again when the block is over."

_ADVICE: Mapping[int, str] = MappingProxyType(
    {
        Code.SYSTEM_BUSY: "It was tried several times. WeChat is busy or failing: run it again later.",
        Code.RATE_LIMITED: "It was tried again after waiting. Run it again some minutes later, with less at a time.",
        Code.MENU_CLOSED: "It was tried several times. After a deletion this passes: run it again some minutes later. "
        "If it stays, the menu is switched off in the console, or the account may not use the menu API.",
        Code.INVALID_APPID: "Compare `appid` with the one in the developer platform: wx and 16 hexadecimal digits.",
        Code.INVALID_APPSECRET: "Compare `secret` with the AppSecret in the developer platform; a reset there ends the "
        "old one at once.",
        Code.APPSECRET_FROZEN: "An administrator must unfreeze the AppSecret in the developer platform; it works again "
        "about 10 minutes later.",
        Code.QUOTA_REACHED: "Stopped, because every further call is refused too. The count starts anew at 00:00 "
        "Beijing time; what is left of it stands in the console under API permissions. Nothing here clears a quota: "
        "that is allowed 10 times a month.",
        Code.UNAUTHORIZED_API: "The account has no permission for this call: it is unverified, or of a kind that lacks "
        "it. See API permissions in its console.",
        Code.UNAUTHORIZED_TO_COMPONENT: "The account did not grant the third-party platform the permission set of this "
        "call. Add the set to the platform, then let an administrator of the account authorise it anew.",
        Code.NOT_AUTHORIZED_BY_ACCOUNT: "An administrator of the account has to scan the third-party platform's "
        "authorisation page, again if the authorisation was withdrawn.",
        Code.COMPONENT_TOKEN_EXPIRED: "Hand in a fresh component_access_token from the system that keeps it (two hours "
        "at most).",
        Code.INVALID_REFRESH_TOKEN: "The account was authorised anew since, or the refresh token was lost: the current "
        "one is in the answer of /cgi-bin/component/api_get_authorizer_list. Store it where `refresh_token` is taken "
        "from.",
        Code.IP_CONFIRMATION_OPEN: _AWAITED,
        Code.IP_CONFIRMATION_AWAITED: _AWAITED,
        Code.IP_NEEDS_CONFIRMATION: _AWAITED,
        Code.ADMIN_AWAITED: _AWAITED,
        Code.ADMIN_AWAITED_RETRY_LATER: _AWAITED,
        Code.IP_REFUSED_FOR_A_DAY: f"{_REFUSED} It lasts 24 hours.",
        Code.IP_REFUSED_FOR_AN_HOUR: f"{_REFUSED} It lasts one hour.",
    }
)

_READ_BACK = "Run `wxdeploy plan`: it reads the account again and shows what is left to do."


class Failure(NamedTuple):
    """One attempt that failed: the sort of trouble, whether the call may have taken effect, and the error for it."""

    trouble: Trouble
    reached: bool
    error: RemoteError


def judge(
    endpoint: Endpoint, outcome: Answer | Silence, *, host: str, hidden: Sequence[Secret] = (), renewed: bool = False
) -> Mapping[str, JsonValue] | Failure:
    """The answer itself where the call succeeded or says that there is nothing, else what failed.

    ``host`` is named in errors; ``hidden`` are texts that no error may hold though the answer may repeat them;
    ``renewed`` says that the token was fetched anew for this attempt.
    """
    if isinstance(outcome, Silence):
        trouble = Trouble.SILENT if outcome.passing else Trouble.FINAL
        return Failure(trouble, outcome.reached, _unanswered(endpoint, outcome, host))
    if outcome.errcode == Code.OK and endpoint.mode is Mode.TOKEN:
        return outcome.value  # never kept nor shown, and a token in it may be the very one that was sent
    if outcome.errcode == Code.OK or outcome.errcode in endpoint.nothing_there:
        if not outcome.may_hold(secret.reveal() for secret in hidden):
            return outcome.value
        # An answer is kept (snapshots) and shown (pull): what it repeats of the request must not be the token.
        return {str(veil(key, hidden)): veil(part, hidden) for key, part in outcome.value.items()}
    error = api_error(endpoint, outcome, hidden=hidden, renewed=renewed)
    # "system busy" is also said in the middle of the work; every other code is a refusal before it
    reached = outcome.errcode == Code.SYSTEM_BUSY
    return Failure(TROUBLES.get(outcome.errcode, Trouble.FINAL), reached, error)


def api_error(endpoint: Endpoint, answer: Answer, *, hidden: Sequence[Secret] = (), renewed: bool = False) -> ApiError:
    """The error for a return code other than 0: its meaning and what to do, from the table."""
    errmsg, rid = _split(answer.value.get("errmsg"), hidden)
    code = answer.errcode
    row = lookup(code)
    said = f" ({errmsg})" if errmsg else ""
    if code == Code.INVALID_CREDENTIAL and endpoint is _STABLE:
        meaning, fix = "The AppSecret is wrong.", _ADVICE[Code.INVALID_APPSECRET]
    elif code in RENEWED_BY_TOKEN and renewed:
        meaning = "An access token that was fetched a moment ago is refused."
        fix = (
            "A second system probably fetches /cgi-bin/token for this appid, which ends every other token of it. Move "
            "that system to /cgi-bin/stable_token, or hand its token in as `access_token`."
        )
    elif code == Code.IP_NOT_ALLOWED:
        meaning, fix = _not_allowed(errmsg)
    elif code == Code.COMPONENT_IP_NOT_ALLOWED:
        meaning, fix = _not_registered(errmsg)
    elif row is None:
        meaning = "This return code is in no official table."
        fix = "Look it up with its request id (rid) in the developer platform."
    else:
        meaning, fix = row.meaning, _ADVICE.get(code, row.remedy)
    message = f"{endpoint.call} answered {code}{said}: {meaning}"
    return ApiError(call=endpoint.call, errcode=code, errmsg=errmsg, rid=rid, message=message, fix=fix)


def lost(endpoint: Endpoint, cause: RemoteError) -> LostAnswerError:
    """The error for a write whose outcome is unknown; ``cause`` is what the last attempt ran into."""
    if isinstance(cause, LostAnswerError):
        return cause
    advice = f" {cause.fix}" if isinstance(cause, ApiError) and cause.errcode != Code.SYSTEM_BUSY else ""
    return LostAnswerError(
        f"{endpoint.call} may have taken effect; its last attempt: {cause.message}",
        fix=_READ_BACK + advice,
    )


def _unanswered(endpoint: Endpoint, silence: Silence, host: str) -> RemoteError:
    if not silence.reached:
        return TransportError(
            f"{host} can't be reached: {silence.reason}",
            fix="Check the network, the proxy (HTTPS_PROXY) and the base URL, then run it again.",
        )
    if endpoint.mode is Mode.WRITE:
        return LostAnswerError(
            f"{endpoint.call} may have taken effect, {host} left it without an answer: {silence.reason}", fix=_READ_BACK
        )
    return TransportError(
        f"{endpoint.call} got no answer from {host}: {silence.reason}",
        fix="Nothing was changed by it. Check the base URL and the proxy, then run it again.",
    )


def _not_allowed(errmsg: str) -> tuple[str, str]:
    address = _address(errmsg)
    meaning = f"The address of this machine{f', {address},' if address else ''} is not on the account's IP allow list."
    return meaning, (
        f"An administrator adds {address or 'the address in the answer'} in the developer platform under basic "
        "information, IP allow list (IP白名单). It takes effect after some minutes. A pipeline needs a fixed address."
    )


def _not_registered(errmsg: str) -> tuple[str, str]:
    address = _address(errmsg)
    meaning = f"The address of this machine{f', {address},' if address else ''} is not on the platform's IP list."
    return meaning, (
        f"Whoever runs the third-party platform adds {address or 'the address'} in open.weixin.qq.com to its IP list "
        "(白名单IP地址列表); the account's own list does not count for it."
    )


def _address(errmsg: str) -> str | None:
    """The caller's address out of the API's own text: for people to read, decided by nowhere."""
    found = _ADDRESS.search(errmsg)
    if found is None:
        return None
    try:
        return str(ip_address(found[1]))
    except ValueError:
        return None


def _split(errmsg: JsonValue, hidden: Sequence[Secret]) -> tuple[str, str | None]:
    """The API's own text as one safe line, and the request id that stood at its end."""
    text = str(veil(errmsg, hidden)) if isinstance(errmsg, str) else ""
    found = _RID.search(text)
    text = _HINT.sub("", _RID.sub("", text))
    text = "".join(character if character.isprintable() else " " for character in redact(text))
    text = " ".join(text.split())
    if len(text) > _LONGEST_TEXT:
        text = text[:_LONGEST_TEXT] + "…"
    return text, found[1] if found else None
