"""One account's callback: how its requests are opened and its answers closed; pure but for the clock it is handed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from wxdeploy.callback.encryption import Cipher, UndecryptableError
from wxdeploy.callback.message import MalformedError, Message, parse, read
from wxdeploy.callback.passive import character_data
from wxdeploy.callback.signature import is_signed, sign
from wxdeploy.model.errors import WxdeployError
from wxdeploy.model.replies import Replies
from wxdeploy.model.secret import Secret

FRESH_SECONDS = 600
"""A request signed longer ago (or further ahead) is a replay: what is remembered of messages is remembered as long."""


class Reason(StrEnum):
    """Why a request is refused: for the operator's log and metrics, never for the sender."""

    SIGNATURE = "signature"
    STALE = "stale"
    ENCRYPTION = "encryption"
    NOT_ENCRYPTED = "not_encrypted"
    ENCRYPTED = "encrypted"
    XML = "xml"
    TOO_LARGE = "too_large"
    SLOW = "slow"


class RefusedRequestError(WxdeployError):
    """A request that is not answered."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"the request is refused: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What one account's callback answers, and how it is spoken to.

    ``mode`` is ``plain``, ``compatible`` or ``secure``; ``cipher`` is there in all but the first. ``paths`` are those
    that it answers at, ``forward`` is where requests go that no declared reply answers.
    """

    account: str
    appid: str
    token: Secret
    mode: str
    cipher: Cipher | None
    paths: tuple[str, ...]
    replies: Replies = field(default_factory=Replies)
    forward: str | None = None

    def verify(self, query: Mapping[str, str], *, now: float) -> None:
        """Refuse a request whose query is not signed with the token, or was signed too long ago.

        Raises ``RefusedRequestError``.
        """
        self._authentic(query, "signature", now=now)

    def open(self, query: Mapping[str, str], body: bytes, *, now: float) -> Opened:
        """The message in a request. Raises ``RefusedRequestError``.

        Nothing is decrypted, and nothing but the envelope parsed, before the signature is known to be right.
        """
        if query.get("encrypt_type", "raw") in ("", "raw"):
            if self.mode == "secure":
                raise RefusedRequestError(Reason.NOT_ENCRYPTED)
            self._authentic(query, "signature", now=now)
            return Opened(_parsed(body))
        if self.cipher is None:
            self._authentic(query, "signature", now=now)
            raise RefusedRequestError(Reason.ENCRYPTED)
        try:
            encrypted = read(body).get("Encrypt", "")
        except MalformedError:
            encrypted = ""
        self._authentic(query, "msg_signature", encrypted, now=now)
        try:
            return Opened(_parsed(self.cipher.decrypt(encrypted)), self.cipher, query.get("nonce", ""))
        except UndecryptableError:
            raise RefusedRequestError(Reason.ENCRYPTION) from None

    def close(self, opened: Opened, reply: bytes, *, now: int) -> bytes:
        """The body of the answer: encrypted where the message was."""
        if opened.cipher is None:
            return reply
        return envelope(opened.cipher, self.token, reply, timestamp=str(now), nonce=opened.nonce)

    def _authentic(self, query: Mapping[str, str], name: str, *parts: str, now: float) -> None:
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not is_signed(query.get(name, ""), self.token, timestamp, nonce, *parts):
            raise RefusedRequestError(Reason.SIGNATURE)
        if not (timestamp.isascii() and timestamp.isdecimal() and abs(now - float(timestamp)) <= FRESH_SECONDS):
            raise RefusedRequestError(Reason.STALE)


@dataclass(frozen=True, slots=True)
class Opened:
    """A message, what its answer is to be encrypted with (None: nothing), and the nonce that goes with that."""

    message: Message
    cipher: Cipher | None = None
    nonce: str = ""


def envelope(cipher: Cipher, token: Secret, message: bytes, *, timestamp: str, nonce: str) -> bytes:
    """An encrypted answer: ``Encrypt`` with its signature (doc/service/guide/dev/push/encryption)."""
    encrypted = cipher.encrypt(message)
    parts = (
        f"<Encrypt>{character_data(encrypted)}</Encrypt>",
        f"<MsgSignature>{character_data(sign(token, timestamp, nonce, encrypted))}</MsgSignature>",
        f"<TimeStamp>{timestamp}</TimeStamp>",
        f"<Nonce>{character_data(nonce)}</Nonce>",
    )
    return f"<xml>{''.join(parts)}</xml>".encode()


def _parsed(body: bytes) -> Message:
    try:
        return parse(body)
    except MalformedError:
        raise RefusedRequestError(Reason.XML) from None


class Sites:
    """The callbacks that are served right now, by path; replaced as a whole when the files change.

    ``is_current``: they are those of the files as they stand, and not of the last good ones.
    """

    def __init__(self, sites: tuple[Site, ...]) -> None:
        self.is_current = True
        self._by_path: Mapping[str, Site] = {}
        self.replace(sites)

    @property
    def paths(self) -> tuple[str, ...]:
        """All paths that are answered at."""
        return tuple(self._by_path)

    def at(self, path: str) -> Site | None:
        """The callback at a path of a request."""
        return self._by_path.get(path)

    def replace(self, sites: tuple[Site, ...]) -> None:
        """Serve these from now on."""
        self._by_path = {path: site for site in sites for path in site.paths}
        self.is_current = True
