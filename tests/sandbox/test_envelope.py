"""The envelope of a push: how it is signed, sealed and written."""

from __future__ import annotations

import pytest

from wxdeploy.sandbox.envelope import Seal, UnreadableError, read, signature, write

APPID = "wx0000000000000001"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


def test_the_official_vectors() -> None:
    """doc/service/guide/dev/push and dev/push/encryption, with the token AAAAA and a key of 43 letters A."""
    assert signature("AAAAA", "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"
    sealed = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
    assert signature("AAAAA", "1713424427", "415670741", sealed) == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"
    seal = Seal("A" * 43, "wxba5fad812f8e6fb9")
    assert seal.decrypt(sealed) == b'{"demo_resp":"good luck"}'
    with pytest.raises(UnreadableError, match="another appid"):
        Seal("A" * 43, APPID).decrypt(sealed)


@pytest.mark.parametrize("length", [0, 1, 15, 31, 32, 33, 4096])
def test_what_is_sealed_is_unsealed(length: int) -> None:
    seal = Seal(KEY, APPID)
    assert seal.decrypt(seal.encrypt(b"x" * length)) == b"x" * length


@pytest.mark.parametrize("text", ["", "!", "AAAA", "A" * 43 + "=", "é"])
def test_what_was_not_sealed_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        Seal(KEY, APPID).decrypt(text)


def test_texts_survive_the_xml() -> None:
    fields = {"Content": "a]]>b <&> \n 你好", "Image": {"MediaId": "m"}, "Count": "1"}
    assert read(write(fields)) == fields
