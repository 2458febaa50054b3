"""Carries pushes to callbacks as WeChat does: signed, encrypted where the account asks for it, three times at most.

Sources: doc/service/guide/dev/push (the handshake, the signature), doc/service/guide/dev/push/encryption (modes), and
doc/service/guide/product/message/Passive_user_reply_message (five seconds, three tries, what an answer may be).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wxdeploy.sandbox.answers import HTTP_OK
from wxdeploy.sandbox.envelope import Seal, UnreadableError, read, sealed_answer, signature, write
from wxdeploy.sandbox.receivers import Receiver
from wxdeploy.sandbox.request import Json
from wxdeploy.wechat import limits
from wxdeploy.wechat.callback import ATTEMPTS, EVENT, NOTHING_TO_SAY, REPLY_ELEMENTS, TIMEOUT_SECONDS

if TYPE_CHECKING:
    import httpx

LARGEST_ANSWER = 1 << 20  # our own bound: no page names one


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a push: how often it was sent, the reply if there is one, and why there is none if that failed."""

    tries: int
    reply: Json | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Courier:
    """``transport`` replaces the network; ``clock`` is the time of day in seconds."""

    clock: Callable[[], float]
    transport: httpx.AsyncBaseTransport | None = None

    async def deliver(self, message: Json, appid: str, receiver: Receiver) -> Delivery:
        """Push a message until it is answered as a reply may be, or the tries are used up."""
        failure = ""
        for number in range(1, ATTEMPTS + 1):
            try:
                answer = await self._send("POST", receiver, self._query(message, appid, receiver))
                return Delivery(number, reply=_reply(answer, message, appid, receiver))
            except UnreadableError as error:
                failure = str(error)
        return Delivery(ATTEMPTS, failure=failure)

    async def verify(self, receiver: Receiver) -> str | None:
        """The handshake of the console's form, which wants ``echostr`` back: why it failed, None where it did not."""
        echo = str(secrets.randbelow(10**19))
        try:
            answer = await self._send("GET", receiver, (self._signed(receiver) | {"echostr": echo}, None))
        except UnreadableError as error:
            return str(error)
        return None if answer == echo.encode() else "it did not answer the echostr that it was sent"

    def _signed(self, receiver: Receiver) -> dict[str, str]:
        timestamp, nonce = str(int(self.clock())), str(secrets.randbelow(10**10))
        return {"signature": signature(receiver.token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}

    def _query(self, message: Json, appid: str, receiver: Receiver) -> tuple[Mapping[str, str], bytes]:
        """The query and the body of one push."""
        query = self._signed(receiver) | {"openid": message["FromUserName"]}
        if receiver.mode == "plain":
            return query, write(message)
        sealed = Seal(receiver.encoding_aes_key, appid).encrypt(write(message))
        msg_signature = signature(receiver.token, query["timestamp"], query["nonce"], sealed)
        shown = message if receiver.mode == "compatible" else {"ToUserName": message["ToUserName"]}
        return query | {"encrypt_type": "aes", "msg_signature": msg_signature}, write({**shown, "Encrypt": sealed})

    async def _send(self, method: str, receiver: Receiver, request: tuple[Mapping[str, str], bytes | None]) -> bytes:
        """The body of the answer; raises ``UnreadableError`` where there is none in time."""
        import asyncio

        import httpx

        query, body = request
        url = httpx.URL(receiver.url).copy_merge_params(query)
        headers = {"content-type": "text/xml"} if body is not None else {}
        try:
            async with (
                asyncio.timeout(TIMEOUT_SECONDS),
                httpx.AsyncClient(transport=self.transport, trust_env=False, timeout=TIMEOUT_SECONDS) as client,
                client.stream(method, url, content=body, headers=headers) as response,
            ):
                content = bytearray()
                async for part in response.aiter_bytes():
                    content += part
                    if len(content) > LARGEST_ANSWER:
                        raise UnreadableError(f"it answered more than {LARGEST_ANSWER} bytes")
        except (TimeoutError, httpx.TimeoutException):
            raise UnreadableError(f"it did not answer within {TIMEOUT_SECONDS} seconds") from None
        except httpx.HTTPError as error:
            raise UnreadableError(f"it could not be reached, or broke off ({type(error).__name__})") from None
        if response.status_code != HTTP_OK:
            raise UnreadableError(f"it answered with HTTP status {response.status_code}")
        return bytes(content)


def _reply(answer: bytes, message: Json, appid: str, receiver: Receiver) -> Json | None:
    """The reply in an answer; None where the callback has nothing to say."""
    if answer.strip() in (b"", NOTHING_TO_SAY):
        return None
    fields: Json = read(answer)
    if "Encrypt" in fields and receiver.mode != "plain":
        fields = read(sealed_answer(fields, Seal(receiver.encoding_aes_key, appid), receiver.token))
    elif receiver.mode == "secure":
        raise UnreadableError("it answered in plain text, and the account is in secure mode")
    _check(fields, message)
    return fields


def _check(reply: Json, message: Json) -> None:
    """Raises ``UnreadableError`` for what the follower would not be shown."""
    for name, wanted in (("ToUserName", message["FromUserName"]), ("FromUserName", message["ToUserName"])):
        if reply.get(name) != wanted:
            raise UnreadableError(f"its {name} is not {wanted}")
    if not str(reply.get("CreateTime", "")).isdigit():
        raise UnreadableError("its CreateTime is no number")
    kind = str(reply.get("MsgType"))
    if kind not in REPLY_ELEMENTS:
        raise UnreadableError(f"its MsgType is none of {', '.join(REPLY_ELEMENTS)}")
    for path in REPLY_ELEMENTS[kind]:
        value: Any = reply
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        if not value:
            raise UnreadableError(f"a reply of type {kind} needs {'/'.join(path)}")
    if kind == "news":
        _check_articles(reply, message)


def _check_articles(reply: Json, message: Json) -> None:
    articles = reply["Articles"]["item"]
    count = len(articles) if isinstance(articles, list) else 1
    if str(count) != reply["ArticleCount"]:
        raise UnreadableError(f"its ArticleCount is {reply['ArticleCount']}, and it has {count}")
    limit = limits.REPLY_ARTICLES if message["MsgType"] == EVENT else limits.REPLY_ARTICLES_TO_MESSAGE
    if count > limit:
        raise UnreadableError(f"it has {count} articles, and {limit} may be sent in answer to this")
