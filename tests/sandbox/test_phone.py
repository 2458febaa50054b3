"""Followers' phones: what a tap, a message or a follow pushes to a callback, and what is made of its answer.

The callbacks here are built on an SDK that shares nothing with the sandbox: its reading of the protocol is a second one.
"""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from cli.shell import environment, program
from listening import listening
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from wxdeploy.cli.exits import Exit
from wxdeploy.cli.group import call
from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.envelope import write
from wxdeploy.sandbox.events import original_id
from wxdeploy.sandbox.seeding import seed
from wxdeploy.sandbox.store import Store
from wxdeploy.wechat.callback import MESSAGES, TAP_EVENTS

APPID = "wx0000000000000001"
TOKEN = "tOken123"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
MENU = {
    "button": [
        {"type": "click", "name": "今日歌曲", "key": "SONG"},
        {
            "name": "菜单",
            "sub_button": [
                {"type": "view", "name": "搜索", "url": "https://example.com/?q=1&r=<2>"},
                {
                    "type": "miniprogram",
                    "name": "小程序",
                    "url": "https://example.com",
                    "appid": "wx286b93c14bbf93aa",
                    "pagepath": "pages/index",
                },
                {"type": "scancode_waitmsg", "name": "扫码", "key": "SCAN"},
            ],
        },
        {"type": "media_id", "name": "图片", "media_id": "MEDIA"},
    ]
}
VIP_MENU = {"button": [{"type": "click", "name": "会员", "key": "VIP_ONLY"}]}


@dataclass
class Callback(httpx.AsyncBaseTransport):
    """A callback on wechatpy, in the place of the network; ``answer`` is given what was pushed."""

    answer: Callable[[Any], httpx.Response]
    mode: str = "plain"
    requests: list[httpx.Request] = field(default_factory=list)
    pushed: list[Any] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        query = dict(parse_qsl(request.url.query.decode()))
        check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
        if request.method == "GET":
            return httpx.Response(200, text=query["echostr"])
        text = (await request.aread()).decode()
        if self.mode != "plain":
            crypto = WeChatCrypto(TOKEN, KEY, APPID)
            text = crypto.decrypt_message(text, query["msg_signature"], query["timestamp"], query["nonce"])
        message = parse_message(text)
        self.pushed.append(message)
        return self.answer(message)

    def encrypted(self, message: Any, text: str) -> httpx.Response:
        crypto = WeChatCrypto(TOKEN, KEY, APPID)
        return httpx.Response(200, text=crypto.encrypt_message(create_reply(text, message).render(), "nonce", "1"))


def says(text: str) -> Callable[[Any], httpx.Response]:
    return lambda message: httpx.Response(200, text=create_reply(text, message).render())


def raw(content: str, status: int = 200) -> Callable[[Any], httpx.Response]:
    return lambda message: httpx.Response(status, text=content)


@dataclass
class Follower:
    runner: asyncio.Runner
    store: Store

    def do(self, action: str, callback: httpx.AsyncBaseTransport, openid: str = "oA", **body: Any) -> Any:
        app = create_app(self.store, clock=lambda: 1_760_000_000.0, transport=callback)

        async def send() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
                return await client.post(
                    f"/sandbox/{action}", content=json.dumps({"appid": APPID, "openid": openid, **body})
                )

        response = self.runner.run(send())
        told = response.json()
        assert response.status_code == (400 if "error" in told else 200)
        return told

    def seed(self, mode: str = "plain", **account: Any) -> None:
        receiver = {"url": "https://cb.example.com/wx?from=1", "token": TOKEN, "mode": mode}
        if mode != "plain":
            receiver["encoding_aes_key"] = KEY
        followers = {"oA": {}, "oVip": {"tags": ["VIP"]}}
        rows = {"menu": MENU, "tags": ["VIP"], "followers": followers, "callback": receiver} | account
        seed(self.store, {APPID: rows})


@pytest.fixture
def phone() -> Iterator[Follower]:
    store = Store()
    with asyncio.Runner() as runner:
        follower = Follower(runner, store)
        follower.seed()
        yield follower
    store.close()


def test_a_tap_pushes_the_key_and_brings_the_reply(phone: Follower) -> None:
    callback = Callback(says("一首歌"))
    told = phone.do("tap", callback, button=[0])
    assert (told["outcome"], told["tries"], told["reply"]["Content"]) == ("replied", 1, "一首歌")
    (message,) = callback.pushed
    assert (message.event, message.key, message.source, message.target) == ("click", "SONG", "oA", original_id(APPID))
    assert dict(parse_qsl(callback.requests[0].url.query.decode()))["from"] == "1"


@pytest.mark.parametrize(
    ("button", "event", "key"),
    [
        (["菜单", "搜索"], "VIEW", "https://example.com/?q=1&r=<2>"),
        ([1, 1], "view_miniprogram", "pages/index"),
        ([1, 2], "scancode_waitmsg", "SCAN"),
    ],
)
def test_each_type_pushes_its_own_event(phone: Follower, button: list[Any], event: str, key: str) -> None:
    told = phone.do("tap", Callback(raw("success")), button=button)
    assert (told["pushed"]["Event"], told["pushed"]["EventKey"], told["outcome"]) == (event, key, "silent")
    assert ("MenuId" in told["pushed"]) == (event in ("VIEW", "view_miniprogram"))


@pytest.mark.parametrize("kind", sorted(TAP_EVENTS))
def test_every_type_that_pushes_is_understood_by_another_sdk(phone: Follower, kind: str) -> None:
    fields = {"key": "K", "url": "https://example.com", "appid": "wx286b93c14bbf93aa", "pagepath": "p"}
    phone.seed(menu={"button": [{"type": kind, "name": "一", **fields}]})
    callback = Callback(raw(""))
    assert phone.do("tap", callback, button=[0])["outcome"] == "silent"
    assert callback.pushed[0].source == "oA"


def test_a_tap_that_stays_on_the_phone_pushes_nothing(phone: Follower) -> None:
    callback = Callback(raw("success"))
    for button in ([1], [2]):
        assert phone.do("tap", callback, button=button)["outcome"] == "nothing pushed"
    assert callback.pushed == []
    assert phone.store.pushes(APPID) == []


def test_each_follower_taps_the_menu_that_they_see(phone: Follower) -> None:
    conditional = [{"matchrule": {"tag": "VIP"}, **VIP_MENU}]
    phone.seed(conditional_menus=conditional)
    callback = Callback(raw("success"))
    assert phone.do("tap", callback, "oVip", button=[0])["pushed"]["EventKey"] == "VIP_ONLY"
    assert phone.do("tap", callback, button=[0])["pushed"]["EventKey"] == "SONG"


@pytest.mark.parametrize("mode", ["compatible", "secure"])
def test_an_encrypted_push_is_answered_encrypted(phone: Follower, mode: str) -> None:
    phone.seed(mode)
    callback = Callback(lambda message: callback.encrypted(message, "密"), mode=mode)
    told = phone.do("tap", callback, button=[0])
    assert (told["outcome"], told["reply"]["Content"]) == ("replied", "密")
    body = callback.requests[0].content
    assert (b"SONG" in body) == (mode == "compatible")
    assert b"encrypt_type=aes" in callback.requests[0].url.query


def test_secure_mode_takes_no_plain_answer(phone: Follower) -> None:
    phone.seed("secure")
    told = phone.do("tap", Callback(says("明"), mode="secure"), button=[0])
    assert (told["outcome"], told["tries"]) == ("failed", 3)
    assert "plain text" in told["why"]


ELSE = "<xml><ToUserName>oA</ToUserName><FromUserName>{gh}</FromUserName><CreateTime>1</CreateTime>{rest}</xml>"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('{"text": "hello"}', "no well-formed XML"),
        ("<xml><ToUserName>", "no well-formed XML"),
        ("<html></html>", "html"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>', "no well-formed XML"),
        (ELSE.format(gh="gh_other", rest=""), "FromUserName"),
        (ELSE.format(gh="{gh}", rest="<MsgType>hello</MsgType>"), "MsgType"),
        (ELSE.format(gh="{gh}", rest="<MsgType>text</MsgType>"), "Content"),
        (ELSE.format(gh="{gh}", rest="<MsgType>image</MsgType><Image>x</Image>"), "Image/MediaId"),
    ],
)
def test_an_answer_that_is_no_reply_is_asked_for_three_times_and_then_fails(
    phone: Follower, content: str, why: str
) -> None:
    callback = Callback(raw(content.replace("{gh}", original_id(APPID))))
    told = phone.do("tap", callback, button=[0])
    assert (told["outcome"], told["tries"]) == ("failed", 3)
    assert why in told["why"]
    assert "该公众号暂时无法提供服务" in told["shown"]
    assert len({(each.key, each.time) for each in callback.pushed}) == 1, "a try is the same event again"
    (push,) = phone.store.pushes(APPID)
    assert (push.event, push.tries, push.outcome) == ("CLICK", 3, "failed")


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (httpx.ReadTimeout("x"), "within 5 seconds"),
        (httpx.ConnectError("x"), "could not be reached"),
        (httpx.RemoteProtocolError("x"), "broke off"),
    ],
)
def test_a_callback_out_of_reach_fails_after_three_tries(phone: Follower, fault: Exception, why: str) -> None:
    def refuse(_: Any) -> httpx.Response:
        raise fault

    told = phone.do("tap", Callback(refuse), button=[0])
    assert (told["outcome"], told["tries"]) == ("failed", 3)
    assert why in told["why"]


def test_a_later_try_can_be_answered(phone: Follower) -> None:
    answers = iter([raw("oops", 500), says("好了")])
    told = phone.do("tap", Callback(lambda message: next(answers)(message)), button=[0])
    assert (told["outcome"], told["tries"]) == ("replied", 2)


@pytest.mark.parametrize("count", [1, 2, 8, 9])
@pytest.mark.parametrize("action", ["tap", "send"])
def test_one_article_answers_a_message_and_eight_an_event(phone: Follower, action: str, count: int) -> None:
    def news(message: Any) -> httpx.Response:
        items = [{"Title": f"{index}"} for index in range(count)]
        head = {"ToUserName": message.source, "FromUserName": message.target, "CreateTime": 1, "MsgType": "news"}
        return httpx.Response(200, content=write({**head, "ArticleCount": count, "Articles": {"item": items}}))

    body = {"button": [0]} if action == "tap" else {"message": {"MsgType": "text", "Content": "价格"}}
    told = phone.do(action, Callback(news), **body)
    assert (told["outcome"] == "replied") == (count <= (8 if action == "tap" else 1))


@pytest.mark.parametrize("kind", sorted(MESSAGES))
def test_every_message_reaches_the_callback(phone: Follower, kind: str) -> None:
    callback = Callback(says("收到"))
    told = phone.do("send", callback, message={"MsgType": kind, **dict.fromkeys(MESSAGES[kind], "1")})
    assert told["reply"]["Content"] == "收到"
    assert callback.pushed[0].type == kind
    assert callback.pushed[0].id == told["pushed"]["MsgId"]


def test_two_messages_have_two_ids(phone: Follower) -> None:
    message = {"MsgType": "text", "Content": "价格"}
    first, second = (phone.do("send", Callback(raw("")), message=message)["pushed"]["MsgId"] for _ in range(2))
    assert first < second


def test_follow_and_unfollow(phone: Follower) -> None:
    callback = Callback(says("欢迎"))
    told = phone.do("follow", callback, "oNew", scene="shop-7", tags=["VIP"], platform="ios")
    assert (told["pushed"]["EventKey"], told["reply"]["Content"]) == ("qrscene_shop-7", "欢迎")
    assert phone.do("follow", callback, "oNew")["error"] == "openid: oNew follows already"
    assert phone.do("unfollow", callback, "oNew")["pushed"]["Event"] == "unsubscribe"
    assert "does not follow" in phone.do("tap", callback, "oNew", button=[0])["error"]


def test_the_handshake(phone: Follower) -> None:
    assert phone.do("verify", Callback(raw(""))) == {"verified": True, "why": None}

    class Deaf(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, text="success")

    assert phone.do("verify", Deaf())["verified"] is False


@pytest.mark.parametrize(
    ("action", "body", "why"),
    [
        ("tap", {"button": [7]}, "there is no button 7"),
        ("tap", {"button": ["菜单", "没有"]}, "搜索, 小程序, 扫码"),
        ("tap", {"button": [True]}, "there is no button True"),
        ("tap", {"button": "菜单"}, "expected its place"),
        ("tap", {"button": [0], "openid": "oNobody"}, "does not follow"),
        ("tap", {"button": [0], "openid": 7}, "40003"),
        ("tap", {"button": [0], "appid": "x"}, "appid"),
        ("send", {"message": "价格"}, "expected an object"),
        ("send", {"message": {"MsgType": "song"}}, "expected one of text"),
        ("send", {"message": {"MsgType": "text"}}, "message.Content"),
        ("event", {"event": {"Event": "CLICK"}}, "expected one of"),
        ("event", {"event": {"Event": "subscribe"}}, "actions of their own"),
        ("event", {"event": {"Event": "SCAN", "EventKey": "1"}}, "event.Ticket"),
    ],
)
def test_what_can_not_be_done_says_why(phone: Follower, action: str, body: dict[str, Any], why: str) -> None:
    callback = Callback(raw("success"))
    assert why in phone.do(action, callback, **body)["error"]
    assert callback.requests == []


def test_a_menu_of_the_console_is_dead_beside_a_callback(phone: Follower) -> None:
    phone.seed(menu=None, console_menu=MENU)
    assert "web console" in phone.do("tap", Callback(raw("")), button=[0])["error"]


def test_no_callback_no_push(phone: Follower) -> None:
    phone.seed(callback=None)
    assert "--callback URL" in phone.do("tap", Callback(raw("")), button=[0])["error"]


@pytest.mark.parametrize(
    ("callback", "why"),
    [
        ({"url": "http://cb.example.com", "token": TOKEN}, "callback.url: plain http"),
        ({"url": "ftp://cb.example.com", "token": TOKEN}, "callback.url: expected an address"),
        ({"url": "https://cb.example.com"}, "callback.token"),
        ({"url": "https://cb.example.com", "token": "a b"}, "callback.token"),
        ({"url": "https://cb.example.com", "token": TOKEN, "mode": "loud"}, "callback.mode"),
        ({"url": "https://cb.example.com", "token": TOKEN, "mode": "secure"}, "EncodingAESKey"),
    ],
)
def test_a_seed_takes_what_the_console_takes(phone: Follower, callback: dict[str, str], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        phone.seed(callback=callback)


def test_the_server_pushes_where_the_command_line_says(tmp_path: Path) -> None:
    served: list[str] = []

    async def callback(scope: Any, receive: Any, send: Any) -> None:
        served.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"success"})

    (tmp_path / "seed.json").write_text(json.dumps({APPID: {"menu": MENU, "followers": {"oA": {}}}}), "utf-8")
    with listening(callback) as url, program(
        "sandbox", "--seed", "seed.json", "--callback", f"{url}/{{appid}}", "--callback-token", TOKEN,
        cwd=tmp_path, env=environment(),
    ) as server:  # fmt: skip
        address = server.stdout.readline().strip()
        body = json.dumps({"appid": APPID, "openid": "oA", "button": ["今日歌曲"]}).encode()
        with urllib.request.urlopen(f"{address}/sandbox/tap", body, timeout=20) as answer:
            told = json.load(answer)
    assert (told["outcome"], told["pushed"]["EventKey"], served) == ("silent", "SONG", [f"/{APPID}"])


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--callback-token", TOKEN], "add --callback URL"),
        (["--callback", "http://cb.example.com", "--callback-token", TOKEN], "plain http is for this machine alone"),
        (["--callback", "https://cb.example.com"], "token: expected 3 to 32"),
        (
            ["--callback", "https://cb.example.com", "--callback-token", TOKEN, "--callback-aes-key", "x"],
            "43 characters",
        ),
    ],
)
def test_a_callback_that_can_not_be_is_wrong_usage(
    options: list[str], why: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert call(["sandbox", *options]) == Exit.USAGE
    assert why in capfd.readouterr().err
