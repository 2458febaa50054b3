"""The application as WeChat meets it, and as an attacker does."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ElementTree

import pytest
from callback.pushed import (
    ACCOUNT,
    APPID,
    EVENTS,
    FOLLOWER,
    KEY,
    MESSAGES,
    NOW,
    TOKEN,
    Push,
    body,
    encrypted,
    plain,
    signature,
    signed,
)
from callback.test_messages import BOMB
from callback.test_signature_encryption import BROKEN, raw
from wechatpy.crypto import WeChatCrypto

from wxdeploy.callback.followers import LastSeen, last_seen
from wxdeploy.callback.message import LARGEST_BODY
from wxdeploy.callback.site import FRESH_SECONDS
from wxdeploy.model.replies import Replies, Text

REPLIES = Replies(subscribe=Text("欢迎"), click={"V1001": Text("晴天")}, default=Text("请点菜单"))
ANSWERED = {"click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin",
            "location_select", "subscribe", "subscribe by code"}  # fmt: skip
EVERYTHING = {**EVENTS, **MESSAGES}


def said(response) -> str:
    root = ElementTree.fromstring(response.content)
    assert response.status_code == 200
    assert (root.findtext("ToUserName"), root.findtext("FromUserName")) == (FOLLOWER, ACCOUNT)
    return root.findtext("Content")


def opened(response) -> bytes:
    """An encrypted answer, opened by the SDK."""
    root = ElementTree.fromstring(response.content)
    timestamp, nonce = root.findtext("TimeStamp"), root.findtext("Nonce")
    text = WeChatCrypto(TOKEN, KEY, APPID).decrypt_message(
        response.text, root.findtext("MsgSignature"), timestamp, nonce
    )
    return text.encode()


def test_the_address_is_verified(server):
    server.start()
    push = Push(signed(echostr="4375120948345356249<b>"))
    response = server.send(push, "GET")
    assert (response.status_code, response.text) == (200, "4375120948345356249<b>")
    assert response.headers["content-type"].startswith("text/plain")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert server.figure("verifications_total", account="shop") == 1
    wrong = server.send(Push({**push.query, "nonce": "1"}), "GET")
    assert (wrong.status_code, wrong.text) == (403, "refused\n")


@pytest.mark.parametrize(("name", "fields"), EVERYTHING.items(), ids=EVERYTHING)
@pytest.mark.parametrize("mode", ["plain", "secure", "compatible", "compatible, plain body"])
def test_every_event_and_message_is_answered(server, name, fields, mode):
    server.start(REPLIES, mode=mode.split(",")[0])
    xml = body(fields)
    if mode in ("plain", "compatible, plain body"):
        response = server.send(plain(xml))
    else:
        response = server.send(encrypted(xml, both=mode == "compatible"))
    if name in ANSWERED or name in MESSAGES:
        content = response.content if "plain" in mode else opened(response)
        assert ElementTree.fromstring(content).findtext("Content") == {
            "subscribe": "欢迎",
            "subscribe by code": "欢迎",
        }.get(name, "请点菜单" if name in MESSAGES else "晴天")
    else:
        assert (response.status_code, response.text) == (200, "success")


def test_where_nothing_is_declared_success_is_said(server):
    server.start()
    assert server.send(plain(body(MESSAGES["text"]))).text == "success"


@pytest.mark.parametrize("fields", [MESSAGES["text"], EVENTS["click"]])
def test_a_repeat_gets_the_same_answer_and_is_counted_apart(server, fields):
    server.start(REPLIES)
    first = server.send(plain(body(fields)))
    server.now += 5
    again = server.send(plain(body(fields), nonce="2", now=NOW + 5))
    assert again.content == first.content
    kind = fields.get("Event", fields.get("MsgType", ""))
    assert server.figure("messages_total", account="shop", kind=kind, outcome="repeated") == 1
    assert server.figure("messages_total", account="shop", kind=kind, outcome="answered") == 1


def test_an_encrypted_repeat_is_encrypted_afresh(server):
    server.start(REPLIES, mode="secure")
    push = encrypted(body(EVENTS["click"]))
    first, again = server.send(push), server.send(push)
    assert first.content != again.content
    assert b"<Nonce><![CDATA[415670741]]></Nonce>" in first.content, "the request's own"
    assert opened(first) == opened(again)


LONG_AGO, SOON = NOW - FRESH_SECONDS - 1, NOW + FRESH_SECONDS + 1
WRONG_KEY = "B" * 43
TEXT = body(MESSAGES["text"])


def sealed(ciphertext: str, **query: str) -> Push:
    """An envelope around any ciphertext, rightly signed."""
    stamp, nonce = str(NOW), "7"
    own = signed(nonce=nonce, encrypt_type="aes", msg_signature=signature(TOKEN, stamp, nonce, ciphertext), **query)
    return Push(own, f"<xml><Encrypt><![CDATA[{ciphertext}]]></Encrypt></xml>".encode())


def without(push: Push, *names: str) -> Push:
    return Push({name: value for name, value in push.query.items() if name not in names}, push.body)


SECURE = {
    "another token": encrypted(TEXT, token="BBBBB"),
    "another key": encrypted(TEXT, key=WRONG_KEY),
    "another appid": encrypted(TEXT, appid="wx0000000000000001"),
    "no message signature": without(encrypted(TEXT), "msg_signature"),
    "the plain signature for the message's": Push(
        {**encrypted(TEXT).query, "msg_signature": signed(nonce="415670741")["signature"]}, encrypted(TEXT).body
    ),
    "another body": Push(encrypted(TEXT).query, encrypted(body(EVENTS["click"])).body),
    "signed long ago": encrypted(TEXT, now=LONG_AGO),
    "signed in the future": encrypted(TEXT, now=SOON),
    "not encrypted": plain(TEXT),
    "no XML": Push(encrypted(TEXT).query, b"garbage"),
    "no body": Push(encrypted(TEXT).query),
    "a bomb": Push(encrypted(TEXT).query, BOMB),
    "no base64": sealed("!!!"),
    "nothing encrypted": sealed(""),
    "half a block": sealed("AAAA"),
    "an encrypted bomb": encrypted(BOMB),
    "encrypted garbage": encrypted(b"garbage"),
    "no time": without(encrypted(TEXT), "timestamp"),
    "a query of nothing": Push({}, TEXT),
    **{f"broken: {name}": sealed(raw(content)) for name, content in BROKEN.items()},
}
PLAIN = {
    "another token": plain(TEXT, token="BBBBB"),
    "no signature": without(plain(TEXT), "signature"),
    "no nonce": without(plain(TEXT), "nonce"),
    "signed long ago": plain(TEXT, now=LONG_AGO),
    "signed in the future": plain(TEXT, now=SOON),
    "a time that is none": Push(
        {**signed(), "timestamp": "soon", "signature": signature(TOKEN, "soon", "486452656")}, TEXT
    ),
    "encrypted": encrypted(TEXT),
    "no XML": plain(b"garbage"),
    "no body": plain(b""),
    "a bomb": plain(BOMB),
}


@pytest.mark.parametrize(
    ("mode", "push"),
    [*(("secure", each) for each in SECURE.values()), *(("plain", each) for each in PLAIN.values())],
    ids=[*(f"secure: {name}" for name in SECURE), *(f"plain: {name}" for name in PLAIN)],
)
def test_whatever_is_wrong_the_answer_is_the_same(server, mode, push, caplog):
    """Status, body and headers: nothing tells a sender whether it was signature, padding, appid or XML."""
    server.start(REPLIES, mode=mode)
    response = server.send(push)
    assert (response.status_code, response.text) == (403, "refused\n")
    assert dict(response.headers) == {
        "content-type": "text/plain; charset=utf-8",
        "content-length": "8",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
        "connection": "close",
    }
    assert "Traceback" not in caplog.text
    assert TOKEN not in caplog.text
    assert KEY not in caplog.text


def test_nothing_is_decrypted_before_its_signature_is_right(server, monkeypatch):
    """So that whoever has no token can't ask the decryption anything, whatever its time would tell."""
    import wxdeploy.callback.encryption as encryption

    asked = []
    monkeypatch.setattr(encryption.Cipher, "_plain", lambda *_: asked.append(1))
    server.start(REPLIES, mode="secure")
    for name in ("another token", "no message signature", "another body", "signed long ago", "not encrypted"):
        server.send(SECURE[name])
    assert asked == []


@pytest.mark.parametrize("push", [plain(b"x" * 10_000_000), plain(b"x" * (LARGEST_BODY + 1))])
def test_a_body_that_is_too_large(server, push):
    server.start(REPLIES)
    response = server.send(push)
    assert (response.status_code, response.text) == (413, "refused\n")
    assert server.figure("refused_total", account="shop", reason="too_large") == 1


def test_a_body_that_does_not_say_how_large_it_is(server):
    """Sent in parts: no more of it is kept than is accepted."""

    async def parts():
        for _ in range(1000):
            yield b"x" * 10_000

    server.start(REPLIES)
    assert server.send(Push(signed(), parts())).status_code == 413


def test_a_body_that_does_not_come(server, monkeypatch):
    from wxdeploy.callback import app

    async def never():
        yield b"<xml>"
        await asyncio.Event().wait()

    monkeypatch.setattr(app, "BODY_SECONDS", 0.02)
    server.start(REPLIES)
    assert server.send(Push(signed(), never())).status_code == 403
    assert server.figure("refused_total", account="shop", reason="slow") == 1


def test_a_replay_is_the_same_message_until_it_is_stale(server):
    server.start(REPLIES)
    push = plain(body(EVENTS["click"]))
    assert said(server.send(push)) == "晴天"
    server.now += FRESH_SECONDS
    assert said(server.send(push)) == "晴天"
    assert server.figure("messages_total", account="shop", kind="CLICK", outcome="repeated") == 1
    server.now += 1
    assert server.send(push).status_code == 403
    assert server.figure("refused_total", account="shop", reason="stale") == 1


def test_the_reason_of_a_refusal_is_for_the_operator_once_a_minute(server, caplog):
    server.start(REPLIES, mode="secure")
    for _ in range(5):
        server.send(SECURE["not encrypted"])
    (record,) = caplog.records
    assert record.message.startswith(
        "shop: a request is refused: it is not encrypted, and `mode` is secure; the console"
    )
    assert server.figure("refused_total", account="shop", reason="not_encrypted") == 5


@pytest.mark.parametrize(("method", "path", "status"), [("PUT", "/", 405), ("GET", "/elsewhere", 404)])
def test_what_is_not_there(server, method, path, status):
    server.start()
    response = server._runner.run(server._client.request(method, path))
    assert response.status_code == status


def test_health_and_metrics(server):
    sites = server.start(REPLIES)
    assert server.get("/healthz").json() == {"status": "ok", "configuration": "current"}
    server.send(plain(body({"Event": 'made"up\n', "EventKey": "x"})))
    server.send(plain(body(EVENTS["click"], created=NOW + 1)))
    assert server.figure("messages_total", account="shop", kind="other", outcome="nothing") == 1
    assert server.figure("answer_seconds_count", account="shop") == 2
    assert server.figure("answer_seconds_bucket", account="shop", le="+Inf") == 2
    sites.is_current = False
    assert server.get("/healthz").json()["configuration"] == "last good"
    assert server.figure("configuration_current") == 0


def test_when_a_follower_was_last_seen(server):
    server.start(REPLIES)
    server.now += 100
    for fields, created in [("text", NOW), ("click", NOW + 10), ("image", NOW - 5), ("template", NOW + 99)]:
        server.send(plain(body(EVERYTHING[fields], created=created, number=str(created))))
    server.send(plain(body(EVENTS["click"], follower="o2")))
    server.stop()
    assert last_seen(server.record, APPID, FOLLOWER) == LastSeen(message=NOW, event=NOW + 10)
    assert last_seen(server.record, APPID, "o2") == LastSeen(event=NOW)
    assert last_seen(server.record, APPID, "o3") == LastSeen()
    assert last_seen(server.record.with_name("none"), APPID, FOLLOWER) == LastSeen()
    assert server.record.stat().st_mode & 0o077 == 0


def test_a_time_that_is_still_to_come_is_kept_as_now(server):
    """Whoever can write a body could otherwise hold a follower's 48 hours open for ever."""
    server.start(REPLIES)
    server.send(plain(body(MESSAGES["text"], created=999_999_999_999)))
    server.stop()
    assert last_seen(server.record, APPID, FOLLOWER) == LastSeen(message=NOW)


def test_a_record_that_breaks_stops_no_answer(server, caplog):
    import sqlite3

    server.start(REPLIES)
    with sqlite3.connect(server.record) as other:
        other.execute("DROP TABLE followers")
    other.close()
    assert said(server.send(plain(body(EVENTS["click"])))) == "晴天"
    server.stop()
    assert "could not be kept" in caplog.text
