"""One follower: who they are to the account, when they last wrote, what they see, whether they may be written to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from wxdeploy.kinds import KINDS
from wxdeploy.model.errors import ApiError, ReadOnlyError, RemoteError, WxdeployError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.plan import Failure
from wxdeploy.wechat import limits
from wxdeploy.wechat.errcodes import Code
from wxdeploy.wechat.scenes import SCENES
from wxdeploy.workflow.load import Configuration, Configured
from wxdeploy.workflow.match import Answer, asked, considered_json
from wxdeploy.workflow.world import World, fetch_live, hosts_of, remote_of, state_of

if TYPE_CHECKING:
    from wxdeploy.callback.followers import LastSeen
    from wxdeploy.client.account import AccountClient

FORMAT = "wxdeploy.user/1"
_TAGS = tuple(kind for kind in KINDS if kind.name == "tag")
_CLOCKS_DIFFER = 600  # seconds
_NOT_KEPT = "the callback of this project has no record of the follower: wxdeploy serve keeps one from its start on"


@dataclass(frozen=True, slots=True)
class LastMessage:
    """When the follower last wrote, in seconds since 1970, and who knows: ``callback`` or ``customer_service``."""

    at: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """What is known of one openid. ``info`` is the answer of user/info, whose ``subscribe`` is 0 for one who left.

    ``tags`` are names by id, ``last_event`` is in seconds since 1970, ``notes`` say what could not be known and why.
    ``seen`` is the menu that they see, None where the account has none or they do not follow.
    """

    account: str
    openid: str
    info: Mapping[str, JsonValue]
    tags: Mapping[int, str]
    last_message: LastMessage | None
    last_event: int | None
    seen: Answer | None
    notes: tuple[str, ...]

    @property
    def follows(self) -> bool:
        """Whether they follow the account now."""
        return bool(self.info.get("subscribe"))


async def look_up(configuration: Configuration, configured: Configured, world: World, openid: str) -> Follower:
    """Ask the account, and the callback's record; reads only. Raises a ``RemoteError`` where the account says no."""
    root = configuration.project.root
    remote = remote_of(configured.account, world.environ)
    kept, notes = _kept(root, remote.appid, openid, world.now())
    async with hosts_of(root, world, read_only=True) as hosts:
        client = await hosts.client(remote)
        info, live = await asyncio.gather(
            client.call("user.info", query={"openid": openid, "lang": "zh_CN"}), fetch_live(client, _TAGS, world)
        )
        follows = bool(info.get("subscribe"))
        seen = await _seen(client, configured, openid) if follows else None
        message = LastMessage(kept.message, "callback") if kept.message is not None else None
        if message is None and follows:
            message, note = await _talked(client, openid, world.now())
            notes = (*notes, note)
    names = {each.remote["id"]: each.spec.name for each in live.readings["tag"].objects}
    listed = info.get("tagid_list")
    ids = [each for each in listed if isinstance(each, int)] if isinstance(listed, list | tuple) else []
    return Follower(
        account=configured.account.name,
        openid=openid,
        info=info,
        tags={each: names.get(each, str(each)) for each in ids},
        last_message=message,
        last_event=kept.event,
        seen=seen,
        notes=notes,
    )


async def _seen(client: AccountClient, configured: Configured, openid: str) -> Answer | None:
    try:
        return await asked(client, configured, openid=openid, platform=None)
    except ApiError as error:
        if error.errcode != Code.NO_DEFAULT_MENU:
            raise
        return None


def _kept(root: Path, appid: str, openid: str, now: datetime) -> tuple[LastSeen, tuple[str, ...]]:
    """What the callback's record holds, and why it holds nothing."""
    import sqlite3

    from wxdeploy.callback.followers import FILE_NAME, LastSeen, last_seen

    path = state_of(root, FILE_NAME)
    try:
        found = last_seen(path, appid, openid)
    except sqlite3.Error as error:
        return LastSeen(), (f"the callback's record can't be read: {error}",)
    if max(found.message or 0, found.event or 0) > now.timestamp() + _CLOCKS_DIFFER:
        return LastSeen(), ("the callback's record names a time that is still to come: is a clock wrong?",)
    return found, () if found.message is not None or found.event is not None else (_NOT_KEPT,)


async def _talked(client: AccountClient, openid: str, now: datetime) -> tuple[LastMessage | None, str]:
    """The follower's last message to the staff of customer service in the last two days, and what that is worth."""
    end, found = int(now.timestamp()), None
    try:
        for _ in range(limits.SERVICE_WINDOW_SECONDS // limits.CHAT_WINDOW_SECONDS):
            begin = end - limits.CHAT_WINDOW_SECONDS
            found = await _last_talk(client, openid, begin, end)
            if found is not None:
                break
            end = begin
    except ReadOnlyError:
        raise
    except RemoteError as error:
        return None, f"customer service could not be asked for its talks: {error.message}"
    note = "customer service knows only messages that its staff handled, and may lack the last one"
    return (LastMessage(found, "customer_service"), note) if found is not None else (None, note)


async def _last_talk(client: AccountClient, openid: str, begin: int, end: int) -> int | None:
    size, msgid, found = limits.CHATS_A_PAGE.value, 1, None
    while True:
        body = {"starttime": begin, "endtime": end, "msgid": msgid, "number": size}
        answer = await client.call("record.list", body)
        records = answer.get("recordlist")
        listed = [each for each in records if isinstance(each, Mapping)] if isinstance(records, list | tuple) else []
        for each in listed:
            at = each.get("time")
            if each.get("openid") == openid and each.get("opercode") == limits.CUSTOMER_SENT and isinstance(at, int):
                found = at if found is None else max(found, at)
        following = answer.get("msgid")
        if len(listed) < size or not isinstance(following, int) or following <= msgid:
            return found
        msgid = following


def to_json(follower: Follower, now: datetime) -> dict[str, JsonValue]:
    """The public JSON form (``schemas/v1/user.schema.json``)."""
    message = follower.last_message
    return {
        "format": FORMAT,
        "account": follower.account,
        "openid": follower.openid,
        "follows": follower.follows,
        "subscribed": _subscribed(follower.info) if follower.follows else None,
        "remark": str(follower.info.get("remark") or ""),
        "unionid": str(follower.info["unionid"]) if follower.info.get("unionid") else None,
        "tags": [{"id": number, "name": name} for number, name in follower.tags.items()],
        "last_message": {"at": _time(message.at), "source": message.source} if message else None,
        "last_event": _time(follower.last_event) if follower.last_event is not None else None,
        "window": _window(follower, now),
        "menu": _menu(follower.seen) if follower.seen else None,
        "notes": [*follower.notes, *_doubts(follower.seen)],
        "error": None,
    }


def failed_json(account: str, openid: str, error: WxdeployError) -> dict[str, JsonValue]:
    """The public JSON form where nothing is known, and why."""
    blank: dict[str, JsonValue] = dict.fromkeys(("subscribed", "unionid", "last_message", "last_event", "menu"))
    window: JsonValue = {"open": None, "until": None, "why": "nothing is known of the follower"}
    known: dict[str, JsonValue] = {"format": FORMAT, "account": account, "openid": openid, "follows": None}
    rest: dict[str, JsonValue] = {"remark": "", "tags": [], "window": window, "notes": []}
    return known | blank | rest | {"error": Failure.of(error).to_json()}


def _subscribed(info: Mapping[str, JsonValue]) -> JsonValue:
    at, scene = info.get("subscribe_time"), str(info.get("subscribe_scene") or "")
    code = info.get("qr_scene_str") or info.get("qr_scene")
    return {
        "at": _time(at) if isinstance(at, int) else None,
        "scene": scene,
        "means": SCENES.get(scene, ""),
        "qr_scene": str(code) if code else None,
    }


def _menu(seen: Answer) -> JsonValue:
    """What menu/trymatch answers, and which of the live menus that is by the follower's tags."""
    winner = seen.live.decision.winner
    return {"menu": winner, "button": seen.button, "considered": considered_json(seen.live.decision)}


def _doubts(seen: Answer | None) -> Iterator[str]:
    """Where what they see is not what the live menus, or the files, would give them."""
    if seen is None:
        return
    if seen.button != seen.live.button:
        yield f"the rules of the live menus give them another menu: {seen.parting}"
    elif seen.button != seen.declared.button:
        winner = seen.declared.decision.winner or "the default menu"
        yield f"the files give them another menu ({winner}) once they are applied: wxdeploy plan"


def _window(follower: Follower, now: datetime) -> JsonValue:
    """Whether customer-service messages may be sent to the follower now (api_sendcustommessage)."""
    hours = limits.SERVICE_WINDOW_SECONDS // 3600
    if not follower.follows:
        return {"open": False, "until": None, "why": "they do not follow the account"}
    if follower.last_message is None:
        why = f"it is open for {hours} hours after a message of the follower, and none is known"
        return {"open": None, "until": None, "why": why}
    until = follower.last_message.at + limits.SERVICE_WINDOW_SECONDS
    is_open = now.timestamp() < until
    if not is_open and follower.last_message.source != "callback":
        why = "the last message that is known is too old, and a later one may not be known"
        return {"open": None, "until": _time(until), "why": why}
    why = f"the follower's last message was {'less' if is_open else 'more'} than {hours} hours ago"
    return {"open": is_open, "until": _time(until), "why": why}


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
