"""``wxdeploy probe`` against our callback, one built on an SDK that nobody here wrote, and callbacks that are broken."""

from __future__ import annotations

import asyncio
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import wechatpy
from callback.pushed import APPID, KEY, signature
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.replies import EmptyReply, TextReply

from wxdeploy.callback.app import create_app
from wxdeploy.callback.site import Sites
from wxdeploy.model.cells import cells
from wxdeploy.workflow.serve import sites

TOKEN = "t0ken0fTheProbe"
SCHEMAS = Path(__file__).parents[2] / "schemas" / "v1"
PROJECT = """
version: 1
accounts:
  shop:
    appid: wxba5fad812f8e6fb9
    api: sandbox
    files: [shop.yaml]
    callback: {{token: "${{env:WX_CB_TOKEN}}", encoding_aes_key: "${{env:WX_CB_AES}}", mode: {mode}}}
  bare:
    appid: wx0000000000000002
    api: sandbox
    files: [shop.yaml]
"""
SHOP = """
tags: [{name: VIP}]
menu:
  button:
    - {type: click, name: 今日歌曲, key: SONG}
    - name: 更多
      sub_button:
        - {type: view, name: 官网, url: "https://www.example.com/"}
        - {type: click, name: 订单, key: ORDERS}
        - {type: pic_weixin, name: 相册, key: ALBUM}
        - {type: scancode_waitmsg, name: 扫码, key: SCAN}
conditional_menus:
  - name: vip
    matchrule: {tag: VIP}
    button: [{type: click, name: 会员, key: SONG}]
replies:
  subscribe: {text: 欢迎}
  click:
    SONG: {text: 晴天}
    SCAN: {text: 收到}
  keywords: [{match: 价格, mode: contain, reply: {text: 见菜单}}]
  scan: {table-7: {text: 7 号桌}}
  default: {text: 请点菜单}
  handled_elsewhere: [ORDERS, ALBUM]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    monkeypatch.setenv("WX_CB_TOKEN", TOKEN)
    monkeypatch.setenv("WX_CB_AES", KEY)

    def write(mode: str = "plain") -> Path:
        (tmp_path / "wxdeploy.yaml").write_text(PROJECT.format(mode=mode), "utf-8")
        (tmp_path / "shop.yaml").write_text(SHOP, "utf-8")
        return tmp_path

    return write


@pytest.fixture
def probe(program) -> Callable[..., tuple[int, dict]]:
    """Runs the command and reads its JSON, which is as the schema says."""
    pages = [(each.name, json.loads(each.read_text("utf-8"))) for each in SCHEMAS.glob("*.json")]
    registry = Registry().with_resources((page["$id"], Resource.from_contents(page)) for _, page in pages)
    validator = Draft7Validator(dict(pages)["probe.schema.json"], registry=registry)

    def run(root: Path, *arguments: str) -> tuple[int, dict]:
        ran = program("-C", root, "probe", *arguments, "--format", "json")
        document = json.loads(ran.out)
        validator.validate(document)
        for secret in (TOKEN, KEY):
            assert secret not in ran.out + ran.err
        assert "Traceback" not in ran.err
        return ran.exit, document

    return run


def outcomes(document: Mapping) -> dict[str, str]:
    (account,) = document["accounts"]
    return {each["name"]: each["outcome"] + (" fault" if each["fault"] else "") for each in account["trials"]}


def verdicts(document: Mapping) -> dict[str, str]:
    (account,) = document["accounts"]
    return {each["code"]: each["verdict"] for each in account["checks"]}


SOUND = {"handshake": "ok", "forged-handshake": "ok", "forged-message": "ok"}
TAPS = {
    "a tap on 今日歌曲, vip: 会员": "answered",
    "a tap on 官网": "empty",
    "a tap on 订单": "empty fault",
    "a tap on 相册": "empty",
    "a tap on 扫码": "answered",
}


@pytest.mark.parametrize("mode", ["plain", "compatible", "secure"])
def test_our_own_callback(project, probe, upstream, mode):
    root = project(mode)
    served = sites(root, {"WX_CB_TOKEN": TOKEN, "WX_CB_AES": KEY})

    url = upstream(create_app(Sites(served))).replace("/wx", "/shop")
    code, document = probe(root, url)
    assert verdicts(document) == SOUND
    assert outcomes(document) == {
        "a new follower": "answered",
        **TAPS,
        "the QR code table-7, scanned": "answered",
        "the QR code table-7, followed by": "answered",
        "a text with 价格": "answered",
        "any other text": "answered",
        **{f"a message: {kind}": "answered" for kind in ("image", "voice", "video", "shortvideo", "location", "link")},
        "a follower goes": "empty",
    }
    assert code == 1, "the key of 订单 is said to be handled elsewhere, and nothing handles it here"
    assert document["accounts"][0]["dead_buttons"] == ["订单"]
    assert document["summary"] == {
        "accounts": 1,
        "unverified": 0,
        "trials": 17,
        "faults": 1,
        "insecure": 0,
        "dead_buttons": 1,
    }
    assert document["accounts"][0]["url"] == url


class Sdk:
    """A callback on wechatpy: answers every message and tap, in plain or secure mode."""

    def __init__(self, *, secure: bool) -> None:
        self.crypto = WeChatCrypto(TOKEN, KEY, APPID) if secure else None
        self.app = Starlette(routes=[Route("/wx", self.answer, methods=["GET", "POST"])])

    async def answer(self, request: Request) -> Response:
        query, body = request.query_params, await request.body()
        try:
            if request.method == "GET" or self.crypto is None:
                names = ("signature", "timestamp", "nonce")
                wechatpy.utils.check_signature(TOKEN, *(query[name] for name in names))
            if request.method == "GET":
                return Response(query["echostr"])
            if self.crypto:
                body = self.crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
        except InvalidSignatureException:
            return Response("", 403)
        message = wechatpy.parse_message(body)
        is_quiet = message.type == "event" and message.event in ("view", "unsubscribe", "pic_weixin")
        reply = EmptyReply() if is_quiet else TextReply(content="好", message=message)
        answer = reply.render()
        if self.crypto and answer:
            answer = self.crypto.encrypt_message(answer, query["nonce"], query["timestamp"])
        return Response(answer)


@pytest.mark.parametrize("mode", ["plain", "secure", "compatible"])
def test_a_callback_on_an_sdk(project, probe, upstream, mode):
    code, document = probe(project(mode), upstream(Sdk(secure=mode != "plain").app))
    assert verdicts(document) == SOUND
    assert outcomes(document)["a tap on 订单"] == "answered"
    assert (code, document["summary"]["faults"]) == (0, 0)


def broken(answer: Callable[[str, str], object], *, checks: bool = True) -> Starlette:
    """A callback that answers what a function makes of the sender and the recipient, and perhaps checks no signature."""

    async def serve(request: Request) -> Response:
        query = request.query_params
        if checks and query.get("signature") != signature(TOKEN, query["timestamp"], query["nonce"]):
            return Response("", 403)
        if request.method == "GET":
            return Response(query["echostr"])
        root = ElementTree.fromstring(await request.body())
        made = answer(root.findtext("FromUserName"), root.findtext("ToUserName"))
        if isinstance(made, Exception):
            raise made
        if asyncio.iscoroutine(made):
            made = await made
        return made if isinstance(made, Response) else Response(made)

    return Starlette(routes=[Route("/wx", serve, methods=["GET", "POST"])])


def reply(follower: str, account: str, body: str = "<MsgType>text</MsgType><Content>x</Content>") -> str:
    return f"<xml><ToUserName>{follower}</ToUserName><FromUserName>{account}</FromUserName><CreateTime>1</CreateTime>{body}</xml>"


BROKEN = {
    "JSON": (lambda *_: '{"errcode": 0}', "wrong", "no XML"),
    "a page": (lambda *_: "<html><body>502</body></html>", "wrong", "no XML"),
    "half of it": (lambda *names: reply(*names)[:-4], "wrong", "no XML"),
    "a bomb": (lambda *_: '<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>', "wrong", "no XML"),
    "no UTF-8": (lambda *_: b"<xml>\xff</xml>", "wrong", "no XML"),
    "names not exchanged": (lambda follower, account: reply(account, follower), "wrong", "change places"),
    "no type": (lambda *names: reply(*names, body="<Content>x</Content>"), "wrong", "MsgType"),
    "no content": (lambda *names: reply(*names, body="<MsgType>text</MsgType>"), "wrong", "lacks Content"),
    "no picture": (
        lambda *names: reply(*names, body="<MsgType>image</MsgType><MediaId>m</MediaId>"),
        "wrong",
        "Image/MediaId",
    ),
    "no time": (lambda *names: reply(*names).replace("<CreateTime>1</CreateTime>", ""), "wrong", "CreateTime"),
    "encrypted unasked": (lambda *_: "<xml><Encrypt>AAAA</Encrypt></xml>", "wrong", "the mode is plain"),
    "an error": (lambda *_: ValueError("x"), "error", "HTTP 500"),
    "another place": (lambda *_: Response("", 302, {"location": "http://127.0.0.1:1/"}), "error", "HTTP 302"),
    "without end": (lambda *_: "x" * 1_000_000, "error", "more than"),
    "nothing": (lambda *_: b"", "empty", "nothing to say"),
    "success": (lambda *_: "success\n", "empty", "nothing to say"),
}


@pytest.mark.parametrize(("answer", "outcome", "told"), BROKEN.values(), ids=BROKEN)
def test_a_callback_that_is_broken(project, probe, upstream, answer, outcome, told):
    code, document = probe(project(), upstream(broken(answer)))
    assert code == 1
    assert outcomes(document)["a tap on 今日歌曲, vip: 会员"] == f"{outcome} fault"
    (account,) = document["accounts"]
    assert told in next(each["detail"] for each in account["trials"] if each["name"] == "a new follower")
    assert {"今日歌曲", "vip: 会员"} <= set(account["dead_buttons"])
    assert ("官网" in account["dead_buttons"]) is (outcome != "empty")
    assert verdicts(document)["forged-message"] == "unknown"


def test_a_plain_answer_in_secure_mode(project, probe, upstream):
    sdk = Sdk(secure=True)
    sdk.crypto.encrypt_message = lambda answer, *_: answer
    _, document = probe(project("secure"), upstream(sdk.app))
    assert document["accounts"][0]["trials"][0]["detail"] == "the answer is not encrypted, and the mode is secure"


@pytest.mark.parametrize(
    ("token", "key", "told"),
    [("BBBBB", KEY, "not signed"), (TOKEN, "B" * 43, "not encrypted with this encoding_aes_key")],
)
def test_an_answer_sealed_with_something_else(project, probe, upstream, token, key, told):
    sdk = Sdk(secure=True)
    sdk.crypto.encrypt_message = WeChatCrypto(token, key, APPID).encrypt_message
    code, document = probe(project("secure"), upstream(sdk.app))
    assert code == 1
    assert told in document["accounts"][0]["trials"][0]["detail"]


def test_a_callback_that_takes_any_signature(project, probe, upstream):
    code, document = probe(project(), upstream(broken(reply, checks=False)))
    assert code == 1
    assert verdicts(document) == {"handshake": "ok", "forged-handshake": "insecure", "forged-message": "insecure"}
    assert document["summary"]["insecure"] == 2


def test_a_callback_that_looks_at_the_signature_of_plain_messages_alone(project, probe, upstream):
    """In secure mode that one says nothing of the body: an old query would carry any message."""
    sdk = Sdk(secure=True)
    opened = sdk.crypto.decrypt_message

    def unchecked(body: bytes, _: str, timestamp: str, nonce: str) -> str:
        sealed = ElementTree.fromstring(body).findtext("Encrypt")
        return opened(body, signature(TOKEN, timestamp, nonce, sealed), timestamp, nonce)

    sdk.crypto.decrypt_message = unchecked

    class Half(Sdk):
        async def answer(self, request: Request) -> Response:
            query = request.query_params
            if query["signature"] != signature(TOKEN, query["timestamp"], query["nonce"]):
                return Response("", 403)
            return await sdk.answer(request)

    code, document = probe(project("secure"), upstream(Half(secure=True).app))
    assert code == 1
    assert verdicts(document) == {**SOUND, "forged-message": "insecure"}


def test_a_callback_of_another_token(project, probe, upstream, monkeypatch):
    url = upstream(broken(reply))
    monkeypatch.setenv("WX_CB_TOKEN", "another")
    code, document = probe(project(), url)
    assert code == 1
    assert verdicts(document)["handshake"] == "failed"
    assert outcomes(document)["a new follower"] == "error fault"


def test_a_callback_that_takes_its_time(project, probe, upstream, monkeypatch):
    import wxdeploy.workflow.probe as workflow

    monkeypatch.setattr(workflow, "TIMEOUT_SECONDS", 0.2)
    monkeypatch.setattr(workflow, "AT_ONCE", 32)

    async def never() -> str:
        await asyncio.Event().wait()
        return ""

    code, document = probe(project(), upstream(broken(lambda *_: never())))
    assert code == 1
    assert outcomes(document)["a follower goes"] == "slow fault"


@pytest.mark.parametrize(("arguments", "most"), [((), 4), (("--concurrency", "1"), 1)])
def test_it_is_no_load_on_a_callback(project, probe, upstream, arguments, most):
    seen, under_way = [], []

    async def count() -> str:
        under_way.append(1)
        seen.append(len(under_way))
        for _ in range(20):
            await asyncio.sleep(0)
        under_way.pop()
        return ""

    probe(project(), upstream(broken(lambda *_: count())), *arguments)
    assert max(seen) <= most


def test_an_openid_and_an_original_id_of_one_s_own(project, probe, upstream):
    came = set()
    url = upstream(broken(lambda *names: came.add(names) or reply(*names)))
    assert probe(project(), url, "--openid", "oMe", "--original-id", "gh_1")[0] == 0
    assert came == {("oMe", "gh_1")}
    probe(project(), url)
    probe(project(), url)
    assert len(came) == 3, "another follower at each run, whom no callback has seen"


def test_nobody_there(project, probe):
    code, document = probe(project(), "http://127.0.0.1:1/wx?key=hidden")
    assert code == 1
    assert verdicts(document) == {"handshake": "unknown"}
    (account,) = document["accounts"]
    assert document["summary"]["unverified"] == 1
    assert (account["trials"], account["url"], account["ok"]) == ([], "http://127.0.0.1:1/wx", False)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["http://example.com/"], 1, "unencrypted"),
        (["http://[::1"], 1, "no http or https address"),
        (["https://me:pa55@cb.example.com/wx"], 1, "without a user name"),
        (["--account", "bare"], 64, "no account has a callback"),
        ([], 1, "has no `url`"),
    ],
)
def test_what_can_t_be_tested(project, probe, arguments, code, told):
    ended, document = probe(project(), *arguments)
    error = document["error"] or document["accounts"][0]["error"]
    assert (ended, told in error["message"]) == (code, True)
    assert "pa55" not in json.dumps(document)


def test_wrong_files_and_an_unset_token(project, probe, monkeypatch):
    root = project()
    monkeypatch.delenv("WX_CB_TOKEN")
    assert probe(root)[0] == 3
    (root / "shop.yaml").write_text("menu: {button: []}", "utf-8")
    assert probe(root)[0] == 3


def test_as_text(project, program, upstream):
    root = project()
    ran = program("-C", root, "probe", upstream(broken(lambda *names: reply(*names), checks=False)))
    assert ran.exit == 1
    assert "✗ Message with a wrong signature" in ran.out
    assert "✓ a tap on 今日歌曲, vip: 会员" in ran.out
    assert "2 forged signatures accepted" in ran.out
    ran = program("-C", root, "probe", upstream(broken(lambda *_: "success")))
    assert "✗ Dead buttons: 今日歌曲, vip: 会员, 订单, 扫码" in ran.out
    assert "\x1b" not in ran.out


def test_no_check_is_wider_than_the_terminal(project, program, upstream, monkeypatch):
    monkeypatch.setattr("wxdeploy.cli.probe.width_of_terminal", lambda: 48)
    ran = program("-C", project(), "probe", upstream(broken(lambda *names: reply(*names), checks=False)))
    checks = [line for line in ran.out.splitlines() if line.startswith("  ")]
    assert len(checks) > 10
    assert max(map(cells, checks)) <= 48
