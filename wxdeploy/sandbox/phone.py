"""A follower's phone, which no official call stands for: taps, messages and follows, each pushed to the callback.

``POST /sandbox/ACTION`` with a JSON object of ``appid``, ``openid`` and, by action:

- ``tap``: ``button``, its place in the menu that this follower sees: ``[0]`` or ``["菜单"]`` on the first level,
  ``[1, 2]`` or ``["菜单", "搜索"]`` on the second;
- ``send``: ``message``, such as ``{"MsgType": "text", "Content": "价格"}``;
- ``follow`` and ``unfollow``; the first takes ``platform`` and ``tags`` as a seed does, and ``scene``, of the QR code
  that was scanned;
- ``event``: ``event``, any other one of ``wechat.callback.EVENT_FIELDS``;
- ``verify``: nothing more: the handshake that the console makes when the address is saved.

The answer says what was pushed, how often, and what came back::

    {"pushed": {"Event": "CLICK", ...} or null, "tries": 1, "outcome": "replied", "reply": {...} or null, "why": null}

``outcome`` is ``replied``, ``silent`` (the callback has nothing to say), ``failed`` (the follower reads that the
account is not available) or ``nothing pushed``. What can't be done is HTTP status 400 and ``{"error": why}``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wxdeploy.sandbox.account import Account
from wxdeploy.sandbox.answers import encode, text_of
from wxdeploy.sandbox.audience import checked_openid
from wxdeploy.sandbox.buttons import Button
from wxdeploy.sandbox.courier import Courier, Delivery
from wxdeploy.sandbox.events import addressed, happened, sent, tapped
from wxdeploy.sandbox.receivers import Receiver
from wxdeploy.sandbox.request import Json, Refusal
from wxdeploy.sandbox.seeding import follow
from wxdeploy.sandbox.state import State
from wxdeploy.sandbox.store import Store
from wxdeploy.wechat.appids import APPID
from wxdeploy.wechat.callback import EVENT, SCENE_PREFIX, UNAVAILABLE
from wxdeploy.wechat.errcodes import Code

if TYPE_CHECKING:
    import httpx

_REFUSED = 400
_FIRST_MSGID = 23_000_000_000_000_000  # ids of messages are of this size


@dataclass(frozen=True, slots=True)
class Phone:
    """The phones of all followers; ``receivers`` are where accounts push to that have no receiver of their own.

    One under the name ``""`` is that of all others, and ``{appid}`` in its address stands for the account's appid.
    """

    store: Store
    clock: Callable[[], float]
    receivers: Mapping[str, Receiver]
    transport: httpx.AsyncBaseTransport | None = None

    @property
    def routes(self) -> list[Route]:
        """Where the actions are."""
        actions = {
            "tap": self._tap, "send": self._send, "event": self._event, "follow": self._follow,
            "unfollow": self._unfollow,
        }  # fmt: skip
        pushing = [
            Route(f"/sandbox/{name}", self._handler(action), methods=["POST"]) for name, action in actions.items()
        ]
        return [*pushing, Route("/sandbox/verify", self._verify, methods=["POST"])]

    def _handler(self, action: Callable[[State, str, Json], Json | None]) -> Callable[[Request], Any]:
        async def handle(request: Request) -> Response:
            try:
                body = _body(await request.body())
                appid = _appid(body)
                with self.store.transaction() as state:
                    receiver = self._receiver(state, appid)
                    message = action(state, appid, body)
                    if message is None:
                        return _answer(_told(None, Delivery(0)))
                    message = addressed(message, appid=appid, openid=body["openid"], now=self.clock())
                    seq = state.receivers.log(appid, body["openid"], str(message.get("Event", message["MsgType"])))
                    if message["MsgType"] != EVENT:
                        message["MsgId"] = _FIRST_MSGID + seq
            except (ValueError, Refusal) as error:
                return _answer({"error": _words(error)}, _REFUSED)
            delivery = await Courier(self.clock, self.transport).deliver(message, appid, receiver)
            told = _told(message, delivery)
            with self.store.transaction() as state:
                state.receivers.settle(seq, delivery.tries, told["outcome"])
            return _answer(told)

        return handle

    async def _verify(self, request: Request) -> Response:
        try:
            appid = _appid(_body(await request.body()))
            with self.store.transaction() as state:
                receiver = self._receiver(state, appid)
        except ValueError as error:
            return _answer({"error": _words(error)}, _REFUSED)
        why = await Courier(self.clock, self.transport).verify(receiver)
        return _answer({"verified": why is None, "why": why})

    def _receiver(self, state: State, appid: str) -> Receiver:
        receiver = state.receivers.find(appid)
        if receiver is None:
            given = self.receivers.get(appid) or self.receivers.get("")
            if given is None:
                raise ValueError(f"{appid} has no callback: start the sandbox with --callback URL, or seed one")
            receiver = Receiver(
                url=given.url.replace("{appid}", appid),
                token=given.token,
                encoding_aes_key=given.encoding_aes_key,
                mode=given.mode,
            )
        return receiver.checked(appid)

    # What the actions push

    def _tap(self, state: State, appid: str, body: Json) -> Json | None:
        menuid, buttons = Account(state, appid).seen_by(_follower(state, appid, body))
        return tapped(_button(buttons, body.get("button")), menuid)

    def _send(self, state: State, appid: str, body: Json) -> Json:
        _follower(state, appid, body)
        return sent(_object(body, "message"))

    def _event(self, state: State, appid: str, body: Json) -> Json:
        event = _object(body, "event")
        if event.get("Event") in ("subscribe", "unsubscribe"):
            raise ValueError("event.Event: follow and unfollow are actions of their own")
        _follower(state, appid, body)
        return happened(event)

    def _follow(self, state: State, appid: str, body: Json) -> Json:
        openid = checked_openid(body.get("openid"))
        if state.follower(appid, openid):
            raise ValueError(f"openid: {openid} follows already")
        state.ensure_account(appid)
        follow(state, appid, openid, {name: body[name] for name in ("platform", "tags") if name in body}, self.clock())
        scene = body.get("scene")
        from_code = {} if scene is None else {"EventKey": f"{SCENE_PREFIX}{scene}", "Ticket": "TICKET"}
        return happened({"Event": "subscribe", **from_code})

    def _unfollow(self, state: State, appid: str, body: Json) -> Json:
        state.remove_follower(appid, _follower(state, appid, body))
        return happened({"Event": "unsubscribe"})


def _body(content: bytes) -> Json:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        raise ValueError("expected a JSON object of appid, openid and what the action takes") from None
    if not isinstance(body, dict):
        raise ValueError("expected a JSON object of appid, openid and what the action takes")  # noqa: TRY004
    return body


def _appid(body: Json) -> str:
    appid = body.get("appid")
    if not isinstance(appid, str) or not APPID.fullmatch(appid):
        raise ValueError("appid: expected wx and 16 hexadecimal digits")
    return appid


def _object(body: Json, name: str) -> Json:
    value = body.get(name)
    if not isinstance(value, dict):
        raise ValueError(f"{name}: expected an object")  # noqa: TRY004 - what is wrong is the request
    return value


def _follower(state: State, appid: str, body: Json) -> str:
    openid = checked_openid(body.get("openid"))
    if state.follower(appid, openid) is None:
        raise ValueError(f"openid: {openid} does not follow {appid}: seed the follower, or let them follow first")
    return openid


def _button(buttons: Sequence[Button], place: object) -> Button:
    """The button at a place, by number or name on each level."""
    if not isinstance(place, list) or not 0 < len(place) <= 2:
        raise ValueError("button: expected its place, such as [0] or ['菜单', '搜索']")
    found: Button = {"sub_button": list(buttons)}
    for step in place:
        inside = found.get("sub_button", [])
        at = step if isinstance(step, int) and not isinstance(step, bool) else None
        if at is None:
            at = next((index for index, each in enumerate(inside) if each["name"] == step), -1)
        if not 0 <= at < len(inside):
            names = ", ".join(each["name"] for each in inside) or "none"
            raise ValueError(f"button: there is no button {step!r}; there are: {names}")
        found = inside[at]
    return found


def _told(message: Json | None, delivery: Delivery) -> Json:
    if message is None:
        outcome = "nothing pushed"
    elif delivery.failure is not None:
        outcome = "failed"
    else:
        outcome = "silent" if delivery.reply is None else "replied"
    told: Json = {"pushed": message, "tries": delivery.tries, "outcome": outcome, "reply": delivery.reply}
    return told | {"why": delivery.failure, "shown": UNAVAILABLE if outcome == "failed" else None}


def _words(error: Exception) -> str:
    if not isinstance(error, Refusal):
        return str(error)
    if error.code == Code.NO_DEFAULT_MENU:
        return "there is no menu made through the API, and one of the web console does not work beside a callback"
    return error.text or f"{error.code} {text_of(error.code)}"


def _answer(document: Json, status: int = 200) -> Response:
    return Response(encode(document), status, media_type="application/json")
