"""The signature that WeChat puts on each request to a callback, and that a callback puts on an encrypted answer."""

from __future__ import annotations

import hashlib
import hmac

from wxdeploy.model.secret import Secret


def sign(token: Secret, *parts: str) -> str:
    """40 hexadecimal digits: SHA-1 over the token and the parts (timestamp, nonce, perhaps the ciphertext), sorted.

    SHA-1 and the form are WeChat's, not a choice (doc/service/guide/dev/push).
    """
    text = "".join(sorted((token.reveal(), *parts)))
    return hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def is_signed(signature: str, token: Secret, *parts: str) -> bool:
    """Whether the signature is the one of these parts; takes as long whatever the first difference is."""
    expected = sign(token, *parts)
    return hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), expected.encode("ascii"))
