"""A test of any callback, from outside: what does it answer to the handshake, to every tap, to a forged signature?"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from wxdeploy.callback.encryption import UndecryptableError
from wxdeploy.callback.message import MalformedError, read, tree
from wxdeploy.callback.outbound import Outbound, Reached, Unreached
from wxdeploy.callback.signature import is_signed
from wxdeploy.callback.stimulus import Seal, Stimulus
from wxdeploy.model.errors import WxdeployError
from wxdeploy.model.probed import HANDSHAKE, Finding, Outcome, Trial, Verdict
from wxdeploy.wechat.callback import NOTHING_TO_SAY, REPLY_ELEMENTS

AT_ONCE = 4
"""Requests under way at once, at most: a test of a callback in use is no load on it."""

PROBE_ACCOUNT = "gh_wxdeployprobe"
_OK = 200
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing to try.

    ``name`` is what a person calls it, ``buttons`` are those that a follower would tap for it. ``is_awaited``: the
    follower waits for a reply, or one is declared, so that none is a fault.
    """

    name: str
    stimulus: Stimulus
    buttons: tuple[str, ...] = ()
    is_awaited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Prober:
    """Tries cases on one callback, as a follower with this openid of the account with this original id.

    Without an openid one is made up, another at each run, so that a callback that de-duplicates has never seen it.
    """

    outbound: Outbound
    seal: Seal
    openid: str = field(default_factory=lambda: "oWxProbe" + "".join(secrets.choice(_LETTERS) for _ in range(20)))
    account: str = PROBE_ACCOUNT
    concurrency: int = AT_ONCE
    clock: Callable[[], float] = time.time

    async def run(self, cases: Sequence[Case]) -> tuple[tuple[Trial, ...], tuple[Finding, ...]]:
        """Every case tried, and what was found besides; nothing is tried of a callback that can't be reached."""
        handshake = await self._handshake()
        if handshake.verdict is Verdict.UNKNOWN:
            return (), (handshake,)
        now = int(self.clock())
        slots = asyncio.Semaphore(self.concurrency)

        async def one(index: int, case: Case) -> Trial:
            async with slots:
                return await self._try(case, now - index)

        trials = tuple(await asyncio.gather(*(one(index, case) for index, case in enumerate(cases))))
        return trials, (handshake, await self._forged_handshake(), await self._forged(cases, trials, now - len(cases)))

    async def _handshake(self) -> Finding:
        echo = str(secrets.randbits(63))
        query = self.seal.query(at=int(self.clock()), nonce=_nonce())
        answer = await self.outbound.send(urlencode({**query, "echostr": echo}).encode())
        code, title = HANDSHAKE, "Verification of the address"
        if isinstance(answer, Unreached):
            verdict = Verdict.FAILED if answer.is_late else Verdict.UNKNOWN
            return Finding(code=code, title=title, verdict=verdict, detail=answer.reason, seconds=answer.seconds)
        if answer.status == _OK and answer.body == echo.encode():
            return Finding(
                code=code, title=title, verdict=Verdict.OK, detail="echostr comes back", seconds=answer.seconds
            )
        detail = f"HTTP {answer.status} and something else than echostr: the console would not accept the address"
        return Finding(code=code, title=title, verdict=Verdict.FAILED, detail=detail, seconds=answer.seconds)

    async def _forged_handshake(self) -> Finding:
        echo = str(secrets.randbits(63))
        query = {**self.seal.query(at=int(self.clock()), nonce=_nonce()), "signature": "0" * 40, "echostr": echo}
        answer = await self.outbound.send(urlencode(query).encode())
        is_accepted = isinstance(answer, Reached) and echo.encode() in answer.body
        return _forgery("forged-handshake", "Verification with a wrong signature", accepted=is_accepted, answer=answer)

    async def _forged(self, cases: Sequence[Case], trials: Sequence[Trial], created: int) -> Finding:
        """The first message that got a reply, once more, with a signature that no token makes.

        In secure mode ``signature`` stays right: it says nothing of the body, so that whoever looks at it alone takes
        any body from one who overheard a single query.
        """
        code, title = "forged-message", "Message with a wrong signature"
        answered = next(
            (case for case, trial in zip(cases, trials, strict=True) if trial.outcome is Outcome.ANSWERED), None
        )
        if answered is None:
            detail = "nothing gets a reply, so that none can show whether a forged message would get one"
            return Finding(code=code, title=title, verdict=Verdict.UNKNOWN, detail=detail)
        query, body = self._push(answered.stimulus, created)
        names = {"plain": ("signature",), "secure": ("msg_signature",)}
        forged = {**query, **dict.fromkeys(names.get(self.seal.mode, ("signature", "msg_signature")), "0" * 40)}
        answer = await self.outbound.send(urlencode(forged).encode(), body)
        is_accepted = isinstance(answer, Reached) and self._judge(answer)[0] is Outcome.ANSWERED
        return _forgery(code, title, accepted=is_accepted, answer=answer)

    async def _try(self, case: Case, created: int) -> Trial:
        query, body = self._push(case.stimulus, created)
        answer = await self.outbound.send(urlencode(query).encode(), body)
        outcome, detail = self._judge(answer)
        return Trial(
            name=case.name,
            event=case.stimulus.event or case.stimulus.type,
            key=case.stimulus.fields.get("EventKey", case.stimulus.fields.get("Content", "")),
            buttons=case.buttons,
            outcome=outcome,
            is_fault=outcome in _FAULTS or (outcome is Outcome.EMPTY and case.is_awaited),
            detail=detail,
            seconds=answer.seconds,
        )

    def _push(self, stimulus: Stimulus, created: int) -> tuple[dict[str, str], bytes]:
        xml = stimulus.xml(follower=self.openid, account=self.account, created=created, number=secrets.randbits(62))
        at = int(self.clock())
        return self.seal.push(xml, at=at, nonce=_nonce(), openid=self.openid, account=self.account)

    def _judge(self, answer: Reached | Unreached) -> tuple[Outcome, str]:
        """What an answer is worth, and why."""
        if isinstance(answer, Unreached):
            return (Outcome.SLOW if answer.is_late else Outcome.ERROR), answer.reason
        if answer.status != _OK:
            return Outcome.ERROR, f"HTTP {answer.status}"
        if answer.body.strip() in (b"", NOTHING_TO_SAY):
            return Outcome.EMPTY, "it has nothing to say"
        try:
            return self._reply(tree(self._opened(answer.body)))
        except MalformedError:
            return (
                Outcome.WRONG,
                "the answer is no XML of WeChat's form: the follower reads that the account has a fault",
            )
        except UndecryptableError:
            return Outcome.WRONG, "the answer is not encrypted with this encoding_aes_key for this appid"
        except _UnsealedError as error:
            return Outcome.WRONG, error.message

    def _opened(self, body: bytes) -> bytes:
        fields = read(body)
        if "Encrypt" not in fields:
            if self.seal.mode == "secure":
                raise _UnsealedError("the answer is not encrypted, and the mode is secure")
            return body
        if self.seal.cipher is None:
            raise _UnsealedError("the answer is encrypted, and the mode is plain")
        parts = [fields.get(name, "") for name in ("TimeStamp", "Nonce", "Encrypt")]
        if not is_signed(fields.get("MsgSignature", ""), self.seal.token, *parts):
            raise _UnsealedError("the encrypted answer is not signed with the token")
        return self.seal.cipher.decrypt(fields["Encrypt"])

    def _reply(self, root: Element) -> tuple[Outcome, str]:
        kind = root.findtext("MsgType", "")
        if kind not in REPLY_ELEMENTS:
            return Outcome.WRONG, "the answer has no MsgType of a reply"
        if root.findtext("ToUserName") != self.openid or root.findtext("FromUserName") != self.account:
            return (
                Outcome.WRONG,
                "the answer is not from the account to the follower: To- and FromUserName change places",
            )
        missing = ["/".join(path) for path in REPLY_ELEMENTS[kind] if root.find("/".join(path)) is None]
        if not (root.findtext("CreateTime") or "").isdecimal():
            missing.append("CreateTime")
        if missing:
            return Outcome.WRONG, f"the answer, a reply of type {kind}, lacks {', '.join(missing)}"
        return Outcome.ANSWERED, f"a reply of type {kind}"


class _UnsealedError(WxdeployError):
    """An answer that is not encrypted or signed as the mode has it."""


_FAULTS = frozenset({Outcome.WRONG, Outcome.SLOW, Outcome.ERROR})


def _forgery(code: str, title: str, *, accepted: bool, answer: Reached | Unreached) -> Finding:
    if accepted:
        detail = "accepted: anybody can pretend to be WeChat; the callback has to compare the signature"
        return Finding(code=code, title=title, verdict=Verdict.INSECURE, detail=detail, seconds=answer.seconds)
    return Finding(code=code, title=title, verdict=Verdict.OK, detail="refused", seconds=answer.seconds)


def _nonce() -> str:
    return str(secrets.randbelow(10**10))
