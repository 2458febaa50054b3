"""The vectors of the official page, and an SDK that nobody here wrote, both ways."""

from __future__ import annotations

import base64
import secrets

import pytest
from callback.pushed import APPID, KEY, TOKEN
from cryptography.hazmat.primitives.ciphers import Cipher as AesCipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException

from wxdeploy.callback.encryption import Cipher, UndecryptableError
from wxdeploy.callback.signature import is_signed, sign
from wxdeploy.callback.site import envelope
from wxdeploy.model.secret import Secret

SECRET = Secret(TOKEN)
ENCRYPTED = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
KEYS = st.binary(min_size=32, max_size=32).map(lambda key: base64.b64encode(key).decode().rstrip("="))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("1714036504", "1514711492"), "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        (("1714037059", "486452656"), "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
        (("1713424427", "415670741", ENCRYPTED), "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"),
    ],
)
def test_the_signatures_of_the_official_page(parts, expected):
    assert sign(SECRET, *parts) == expected
    assert is_signed(expected, SECRET, *parts)


@pytest.mark.parametrize("wrong", ["", "F464B24FC39322E44B38AA78F5EDD27BD1441696", "f464", "签名", "\ud800", "0" * 40])
def test_another_signature_is_wrong(wrong):
    assert not is_signed(wrong, SECRET, "1714036504", "1514711492")


def test_the_message_of_the_official_page():
    assert Cipher(Secret(KEY), APPID).decrypt(ENCRYPTED) == b'{"demo_resp":"good luck"}'
    assert (
        Cipher(Secret(KEY), APPID, random=lambda: b"707722b803182950").encrypt(b'{"demo_resp":"good luck"}')
        == ENCRYPTED
    )


@given(
    key=KEYS,
    text=st.text(alphabet=st.characters(codec="utf-8"), max_size=300),
    appid=st.from_regex(r"\Awx[0-9a-f]{16}\Z"),
)
def test_what_an_sdk_encrypts_is_decrypted_and_the_other_way_round(key, text, appid):
    ours, theirs = Cipher(Secret(key), appid), PrpCrypto(base64.b64decode(key + "="))
    assert ours.decrypt(theirs.encrypt(text, appid).decode()) == text.encode()
    assert theirs.decrypt(ours.encrypt(text.encode()), appid) == text


@given(st.binary(max_size=5000))
def test_decrypting_undoes_encrypting(message):
    cipher = Cipher(Secret(KEY), APPID)
    assert cipher.decrypt(cipher.encrypt(message)) == message


def test_an_encrypted_answer_is_read_by_an_sdk():
    answer = envelope(Cipher(Secret(KEY), APPID), SECRET, "<xml>好</xml>".encode(), timestamp="1713424427", nonce="n1")
    signature = answer.decode().split("<MsgSignature><![CDATA[")[1][:40]
    assert WeChatCrypto(TOKEN, KEY, APPID).decrypt_message(answer, signature, "1713424427", "n1") == "<xml>好</xml>"


def test_another_appid_is_refused_by_both():
    theirs = WeChatCrypto(TOKEN, KEY, "wx0000000000000001")
    with pytest.raises(UndecryptableError):
        Cipher(Secret(KEY), APPID).decrypt(PrpCrypto(theirs.key).encrypt("x", theirs.app_id).decode())
    with pytest.raises(InvalidAppIdException):
        PrpCrypto(theirs.key).decrypt(Cipher(Secret(KEY), APPID).encrypt(b"x"), theirs.app_id)


def raw(plain: bytes) -> str:
    """A plaintext of any shape, encrypted under the key of the tests."""
    key = base64.b64decode(KEY + "=")
    encryptor = AesCipher(AES(key), CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def padded(content: bytes, last: bytes) -> bytes:
    return content + bytes(-len(content + last) % 32) + last


SOUND = bytes(16) + (5).to_bytes(4, "big") + b"hello" + APPID.encode()
BROKEN = {
    "padding of nought": padded(SOUND, b"\0"),
    "padding longer than a block": padded(SOUND, bytes([33]) * 33),
    "padding that differs": SOUND + bytes(20) + bytes([21]),
    "padding of more than a block behind the right appid": SOUND + bytes([53]) * 53,
    "padding longer than all": bytes([32]) * 16,
    "a length beyond the end": padded(bytes(16) + b"\xff\xff\xff\xff" + b"hello", b"\1"),
    "no appid": padded(bytes(16) + (5).to_bytes(4, "big") + b"hello", bytes([7]) * 7),
    "half an appid": SOUND[:-8] + bytes([29]) * 29,
    "nothing": bytes([32]) * 32,
}


@pytest.mark.parametrize("plain", BROKEN.values(), ids=BROKEN)
def test_a_broken_plaintext_says_one_thing(plain):
    with pytest.raises(UndecryptableError) as caught:
        Cipher(Secret(KEY), APPID).decrypt(raw(plain))
    assert caught.value.message == "the message is not encrypted with this EncodingAESKey for this appid"


@given(
    st.one_of(
        st.text(max_size=90), st.binary(min_size=1, max_size=160).map(lambda data: base64.b64encode(data).decode())
    )
)
def test_garbage_says_the_same(text):
    with pytest.raises(UndecryptableError, match="not encrypted with this EncodingAESKey"):
        Cipher(Secret(KEY), APPID).decrypt(text)


@pytest.mark.parametrize("key", ["", "A" * 42, "A" * 44, "!" * 43, "A" * 42 + "="])
def test_a_key_that_is_none(key):
    with pytest.raises(ValueError, match="43"):
        Cipher(Secret(key), APPID)


def test_two_encryptions_of_one_message_differ():
    cipher = Cipher(Secret(base64.b64encode(secrets.token_bytes(32)).decode()[:43]), APPID)
    assert cipher.encrypt(b"x") != cipher.encrypt(b"x")
