"""The wire between WeChat and a callback: signatures, encryption, XML.

Sources: doc/service/guide/dev/push (signature) and doc/service/guide/dev/push/encryption (AES-256-CBC with the first 16
bytes of the key as the vector; 16 random bytes, the length, the message, the appid, padded to blocks of 32).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from wxdeploy.wechat.callback import AES_BLOCK, RANDOM_BYTES

_LENGTH = 4
Fields = Mapping[str, Any]
"""The elements of a message by name: a text, a number, or elements again; a list repeats its element."""


class UnreadableError(ValueError):
    """An answer that WeChat could not read; the text says why."""


def signature(*parts: str) -> str:
    """The hexadecimal SHA-1 of the sorted parts; the token is one of them."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - the protocol's


@dataclass(frozen=True, slots=True)
class Seal:
    """Encryption with an account's EncodingAESKey, 43 characters of Base64; ValueError where it is none."""

    encoding_aes_key: str
    appid: str

    def __post_init__(self) -> None:
        if len(self.key) != AES_BLOCK:
            raise ValueError("the EncodingAESKey has 43 characters of A-Z, a-z and 0-9")

    @property
    def key(self) -> bytes:
        """The key itself, 32 bytes where it is well-formed."""
        try:
            return base64.b64decode(self.encoding_aes_key + "=", validate=True)
        except binascii.Error:
            return b""

    def encrypt(self, message: bytes) -> str:
        """The Base64 of the encrypted message."""
        plain = (
            secrets.token_bytes(RANDOM_BYTES) + len(message).to_bytes(_LENGTH, "big") + message + self.appid.encode()
        )
        padding = AES_BLOCK - len(plain) % AES_BLOCK
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()

    def decrypt(self, text: str) -> bytes:
        """The message; raises ``UnreadableError`` for anything but one that was encrypted for this account."""
        try:
            sealed = base64.b64decode(text, validate=True)
        except ValueError:
            raise UnreadableError("what stands in Encrypt is no Base64") from None
        if not sealed or len(sealed) % AES_BLOCK:
            raise UnreadableError("what stands in Encrypt is no whole number of blocks")
        decryptor = self._cipher().decryptor()
        plain: bytes = decryptor.update(sealed) + decryptor.finalize()
        padding = plain[-1]
        if not 0 < padding <= AES_BLOCK or plain[-padding:] != bytes([padding]) * padding:
            raise UnreadableError("it was encrypted with another EncodingAESKey, or padded otherwise")
        body = plain[RANDOM_BYTES:-padding]
        length = int.from_bytes(body[:_LENGTH], "big")
        message, appid = body[_LENGTH : _LENGTH + length], body[_LENGTH + length :]
        if appid != self.appid.encode():
            raise UnreadableError("it was encrypted for another appid")
        return message

    def _cipher(self) -> Any:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        return Cipher(algorithms.AES(self.key), modes.CBC(self.key[:RANDOM_BYTES]))


def sealed_answer(fields: Fields, seal: Seal, token: str) -> bytes:
    """The message inside an encrypted answer; raises ``UnreadableError`` where its signature is wrong."""
    parts = [str(fields.get(name, "")) for name in ("TimeStamp", "Nonce", "Encrypt")]
    if not hmac.compare_digest(signature(token, *parts).encode(), str(fields.get("MsgSignature", "")).encode()):
        raise UnreadableError("its MsgSignature is wrong")
    return seal.decrypt(parts[-1])


def write(fields: Fields) -> bytes:
    """The XML of a message, texts in CDATA as WeChat writes them."""
    return f"<xml>{_elements(fields)}</xml>".encode()


def _elements(fields: Fields) -> str:
    parts = []
    for name, value in fields.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, Mapping):
                inside = _elements(each)
            elif isinstance(each, str):
                inside = "<![CDATA[" + each.replace("]]>", "]]]]><![CDATA[>") + "]]>"
            else:
                inside = str(each)
            parts.append(f"<{name}>{inside}</{name}>")
    return "".join(parts)


def read(text: bytes) -> dict[str, Any]:
    """The elements of a message; raises ``UnreadableError`` for what is no XML of the protocol."""
    from defusedxml import ElementTree
    from defusedxml.common import DefusedXmlException

    try:
        root = ElementTree.fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise UnreadableError("it is no well-formed XML") from None
    if root.tag != "xml":
        raise UnreadableError(f"its outermost element is {root.tag}, and not xml")
    return _fields(root)


def _fields(element: Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for child in element:
        value: Any = _fields(child) if len(child) else (child.text or "")
        if child.tag in found:
            before = found[child.tag]
            found[child.tag] = [*(before if isinstance(before, list) else [before]), value]
        else:
            found[child.tag] = value
    return found
