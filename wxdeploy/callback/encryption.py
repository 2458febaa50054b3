"""The encryption of messages: AES-256-CBC under the EncodingAESKey, as doc/service/guide/dev/push/encryption has it.

The plaintext is 16 random bytes, the length of the message in four bytes (big-endian), the message and the appid,
padded with PKCS#7 to blocks of 32 bytes. The initialisation vector is the first half of the key. Nothing here
authenticates: ``msg_signature`` does, and is checked before anything is decrypted.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher as AesCipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from wxdeploy.model.errors import WxdeployError
from wxdeploy.model.secret import Secret
from wxdeploy.wechat.callback import AES_BLOCK, ENCODING_AES_KEY, RANDOM_BYTES

_VECTOR_BYTES = 16  # a block of AES too
_LENGTH_BYTES = 4
_HEAD = RANDOM_BYTES + _LENGTH_BYTES


class UndecryptableError(WxdeployError):
    """A ciphertext that is not of this key and this appid; which of its parts is wrong is deliberately not told."""


class Cipher:
    """Encrypts and decrypts for one account. Raises ``ValueError`` for a key that is not one."""

    def __init__(
        self,
        encoding_aes_key: Secret,
        appid: str,
        *,
        random: Callable[[], bytes] = lambda: secrets.token_bytes(RANDOM_BYTES),
    ) -> None:
        text = encoding_aes_key.reveal()
        if not ENCODING_AES_KEY.fullmatch(text):
            raise ValueError("an EncodingAESKey has 43 letters and digits")
        key = base64.b64decode(f"{text}=")
        self._cipher = AesCipher(AES(key), CBC(key[:_VECTOR_BYTES]))
        self._appid = appid.encode("utf-8")
        self._random = random

    def encrypt(self, message: bytes) -> str:
        """The base64 of the ciphertext."""
        plain = b"".join((self._random(), len(message).to_bytes(_LENGTH_BYTES, "big"), message, self._appid))
        padding = AES_BLOCK - len(plain) % AES_BLOCK
        encryptor = self._cipher.encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()

    def decrypt(self, text: str) -> bytes:
        """The message in a ciphertext. Raises ``UndecryptableError``.

        Padding, length and appid are all looked at before any of them decides, so that neither the error nor the time
        tells which was wrong.
        """
        plain = self._plain(text)
        padding = plain[-1]
        differences = 0
        for position, byte in enumerate(reversed(plain[-AES_BLOCK:])):
            differences |= (position < padding) & (byte != padding)
        length = int.from_bytes(plain[RANDOM_BYTES:_HEAD], "big")
        appid = plain[_HEAD + length : len(plain) - padding]
        sound = (differences == 0) & (1 <= padding <= AES_BLOCK) & hmac.compare_digest(appid, self._appid)
        if not sound:
            raise UndecryptableError("the message is not encrypted with this EncodingAESKey for this appid")
        return plain[_HEAD : _HEAD + length]

    def _plain(self, text: str) -> bytes:
        try:
            data = base64.b64decode(text.encode("ascii"), validate=True)
        except ValueError:
            data = b""
        if not data or len(data) % _VECTOR_BYTES:
            raise UndecryptableError("the message is not encrypted with this EncodingAESKey for this appid")
        decryptor = self._cipher.decryptor()
        return decryptor.update(data) + decryptor.finalize()
