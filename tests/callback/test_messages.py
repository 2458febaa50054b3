"""XML in and out: what WeChat sends is understood, what it does not send is refused, what is written can be read."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from contextlib import suppress

import defusedxml.ElementTree
import pytest
import wechatpy
from callback.pushed import ACCOUNT, EVENTS, FOLLOWER, MESSAGES, NOW, body
from hypothesis import given
from hypothesis import strategies as st

from wxdeploy.callback.message import MalformedError, Message, parse, read
from wxdeploy.callback.passive import reply_to, write
from wxdeploy.model.replies import Article, Image, Keyword, Mode, Music, News, Replies, Text, Video, Voice

MESSAGE = Message(follower=FOLLOWER, account=ACCOUNT, created=NOW, type="text")


@pytest.mark.parametrize("fields", EVENTS.values(), ids=EVENTS)
def test_every_event_is_read(fields):
    message = parse(body(fields))
    assert (message.follower, message.account, message.created) == (FOLLOWER, ACCOUNT, NOW)
    assert message.is_event
    assert message.event == fields["Event"]
    assert message.key == fields.get("EventKey", "")
    assert message.button_key == ("V1001" if message.key == "V1001" else "")


@pytest.mark.parametrize("fields", MESSAGES.values(), ids=MESSAGES)
def test_every_message_is_read(fields):
    message = parse(body(fields))
    assert not message.is_event
    assert message.type == fields["MsgType"]
    assert message.content == fields.get("Content", "")
    assert message.identity == (FOLLOWER, "23456789012345678")


def test_a_message_and_an_event_are_told_from_their_repeats():
    assert parse(body(MESSAGES["text"], number="1")).identity != parse(body(MESSAGES["text"], number="2")).identity
    click = EVENTS["click"]
    assert parse(body(click)).identity == parse(body(click)).identity
    assert parse(body(click)).identity != parse(body(click, created=NOW + 1)).identity
    assert parse(body(EVENTS["subscribe by code"])).identity != parse(body(EVENTS["scan"])).identity


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><xml><A>&b;</A></xml>'
REFUSED = {
    "nothing": b"",
    "no XML": b'{"ToUserName": "x"}',
    "cut short": body(MESSAGES["text"])[:-3],
    "another root": body(MESSAGES["text"]).replace(b"xml>", b"html>"),
    "a bomb": BOMB,
    "an entity of a file": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Content>&a;</Content></xml>',
    "a document type": b'<!DOCTYPE xml SYSTEM "http://192.0.2.1/x.dtd"><xml></xml>',
    "a document type in front of a message": b"<!DOCTYPE xml>" + body(MESSAGES["text"]),
    "an unknown entity": b"<xml><A>&b;</A></xml>",
    "another encoding": "<?xml version='1.0' encoding='utf-16'?><xml/>".encode("utf-16"),
    "no UTF-8": b"<xml><A>\xff</A></xml>",
    "a name twice": body({**MESSAGES["text"]}).replace(b"</xml>", b"<MsgId>2</MsgId></xml>"),
    "a sender without end": body(MESSAGES["text"], follower="o" * 10_000),
    "no sender": body(MESSAGES["text"], follower=""),
    "no time": body(MESSAGES["text"]).replace(str(NOW).encode(), b"soon"),
    "a time of many digits": body(MESSAGES["text"]).replace(str(NOW).encode(), b"9" * 5000),
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_what_wechat_never_sends_is_refused(data):
    with pytest.raises(MalformedError):
        parse(data)


@pytest.mark.parametrize("encoding", ["gbk", "utf-16", "latin-1", "nonsense", "idna"])
def test_the_declared_encoding_counts_for_nothing(encoding):
    data = f"<?xml version='1.0' encoding='{encoding}'?><xml><A>好</A></xml>".encode()
    assert read(data) == {"A": "好"}


def test_a_follower_may_write_of_document_types():
    assert parse(body({"MsgType": "text", "Content": "<!DOCTYPE html>"})).content == "<!DOCTYPE html>"


PIECES = ["<!", "DOCTYPE", "doctype", "ENTITY", " a ", "[", "]", ">", '"b"', "&a;", "&#60;", "<![CDATA[", "]]>", "<!--",
          "-->", "<?x ?>", "\ufeff"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_whatever_is_read_the_defused_parser_would_read_too(text):
    """So that nothing is believed to be free of a document type that is not."""
    for each in (f"{text}<xml><A>1</A></xml>", f"<xml><A>{text}</A></xml>"):
        try:
            found = read(each.encode())
        except MalformedError:
            continue
        root = defusedxml.ElementTree.fromstring(each, forbid_dtd=True)
        assert found == {element.tag: "" if len(element) else element.text or "" for element in root}


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    for each in (data, b"<xml>" + data + b"</xml>", b"<?xml version='1.0' encoding='" + data + b"'?><xml/>"):
        with suppress(MalformedError):
            assert all(isinstance(text, str) for text in read(each).values())


REPLIES = {
    "text": Text("第一行\n第二行 <a href='x'>&]]>]]&gt;"),
    "image": Image("media"),
    "voice": Voice("media"),
    "video": Video("media", "t", "d"),
    "music": Music(
        thumb_media_id="thumb", title="t", description="d", musicurl="https://e.com/a", hqmusicurl="https://e.com/b"
    ),
    "news": News((Article(title="t", description="d", picurl="https://e.com/p?a&b", url="https://e.com/"),)),
}


@pytest.mark.parametrize(("kind", "reply"), REPLIES.items(), ids=REPLIES)
def test_every_reply_is_written_as_the_page_says(kind, reply):
    root = ElementTree.fromstring(write(reply, MESSAGE, now=NOW + 1))
    found = {element.tag: element.text for element in root}
    assert (found["ToUserName"], found["FromUserName"]) == (FOLLOWER, ACCOUNT)
    assert (found["CreateTime"], found["MsgType"]) == (str(NOW + 1), kind)
    match reply:
        case Text(content):
            assert found["Content"] == content
        case Image() | Voice():
            assert root.findtext(f"{kind.capitalize()}/MediaId") == "media"
        case Video():
            assert [element.text for element in root.find("Video")] == ["media", "t", "d"]
        case Music():
            assert {element.tag: element.text for element in root.find("Music")} == {
                "Title": "t",
                "Description": "d",
                "MusicUrl": "https://e.com/a",
                "HQMusicUrl": "https://e.com/b",
                "ThumbMediaId": "thumb",
            }
        case News():
            assert found["ArticleCount"] == "1"
            assert root.findtext("Articles/item/PicUrl") == "https://e.com/p?a&b"


def test_what_is_left_out_of_a_reply_is_not_written():
    assert write(Music(thumb_media_id="t"), MESSAGE, now=1).count(b"Title") == 0
    assert write(Video("m"), MESSAGE, now=1).count(b"Description") == 0


@given(st.text())
def test_any_text_is_written_as_xml_that_says_the_same(text):
    written = ElementTree.fromstring(write(Text(text), MESSAGE, now=1)).findtext("Content")
    kept = "".join(
        sign
        for sign in text
        if sign in "\t\n\r" or (sign >= " " and sign not in "\ufffe\uffff" and not "\ud800" <= sign <= "\udfff")
    )
    assert written == kept.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("fields", MESSAGES.values(), ids=MESSAGES)
def test_an_sdk_reads_the_messages_of_these_tests(fields):
    """So that what the tests push is what others take for WeChat's."""
    assert wechatpy.parse_message(body(fields)).type == fields["MsgType"]


TEXTS = {name: Text(name) for name in ("welcome", "scene", "key", "contains", "equals", "image", "default")}
DECLARED = Replies(
    subscribe=TEXTS["welcome"],
    click={"V1001": TEXTS["key"]},
    keywords=(Keyword("价格表", Mode.EQUAL, TEXTS["equals"]), Keyword("价格", Mode.CONTAIN, TEXTS["contains"])),
    scan={"123123": TEXTS["scene"]},
    messages={"image": TEXTS["image"]},
    default=TEXTS["default"],
)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (EVENTS["subscribe"], "welcome"),
        (EVENTS["subscribe by code"], "scene"),
        ({**EVENTS["subscribe by code"], "EventKey": "qrscene_7"}, "welcome"),
        (EVENTS["scan"], "scene"),
        (EVENTS["click"], "key"),
        (EVENTS["scancode_waitmsg"], "key"),
        (EVENTS["pic_weixin"], "key"),
        (EVENTS["location_select"], "key"),
        ({**EVENTS["click"], "EventKey": "other"}, None),
        ({**EVENTS["view"], "EventKey": "V1001"}, None),
        (EVENTS["unsubscribe"], None),
        (EVENTS["location"], None),
        (EVENTS["template"], None),
        ({"Event": "something_new", "EventKey": "V1001"}, None),
        ({"MsgType": "text", "Content": "价格表"}, "equals"),
        ({"MsgType": "text", "Content": "问价格"}, "contains"),
        ({"MsgType": "text", "Content": "你好"}, "default"),
        (MESSAGES["image"], "image"),
        (MESSAGES["voice"], "default"),
        ({"MsgType": "something_new"}, "default"),
    ],
)
def test_the_reply_that_is_declared(fields, expected):
    assert reply_to(DECLARED, parse(body(fields))) == (TEXTS[expected] if expected else None)


@pytest.mark.parametrize("fields", [*EVENTS.values(), *MESSAGES.values()])
def test_where_nothing_is_declared_nothing_is_said(fields):
    assert reply_to(Replies(), parse(body(fields))) is None
