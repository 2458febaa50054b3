"""The talks of customer-service staff with followers, as msgrecord/getmsglist tells of them.

Source: doc/service/api/customer/message/api_getmsglist; an empty answer as in community thread 0006aa2bd3ce48b5….
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from wxdeploy.sandbox.request import Json, Refusal, number
from wxdeploy.wechat import limits
from wxdeploy.wechat.errcodes import Code

SCHEMA = """
CREATE TABLE IF NOT EXISTS chats (
    msgid INTEGER PRIMARY KEY AUTOINCREMENT, appid TEXT NOT NULL, openid TEXT NOT NULL, opercode INTEGER NOT NULL,
    text TEXT NOT NULL, time INTEGER NOT NULL, worker TEXT NOT NULL
);
"""
_FIRST_MSGID = 20_000_000  # ids of messages are of this size, so that 1 stands before the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """One message of a talk: ``opercode`` says whose it is, ``time`` is in seconds."""

    openid: str
    text: str
    time: int
    worker: str
    opercode: int = limits.CUSTOMER_SENT


class ChatRows:
    """The rows of one open transaction."""

    __slots__ = ("_db",)

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def empty(self, appid: str) -> None:
        """Take the account's talks away."""
        self._db.execute("DELETE FROM chats WHERE appid = ?", (appid,))

    def add(self, appid: str, chat: Chat) -> None:
        """Add a message."""
        self._db.execute(
            "INSERT INTO chats (appid, openid, opercode, text, time, worker) VALUES (?, ?, ?, ?, ?, ?)",
            (appid, chat.openid, chat.opercode, chat.text, chat.time, chat.worker),
        )

    def page(self, appid: str, body: Json) -> Json:
        """msgrecord/getmsglist: the messages of a window of a day at most, after ``msgid``, in their order."""
        begin, end, after, size = (number(body.get(name)) for name in ("starttime", "endtime", "msgid", "number"))
        if begin is None or end is None or after is None or size is None or end < begin or after < 0:
            raise Refusal(Code.INVALID_RECORD_QUERY)
        if not 0 < size <= limits.CHATS_A_PAGE.value:
            raise Refusal(Code.INVALID_RECORD_QUERY)
        if end - begin > limits.CHAT_WINDOW_SECONDS:
            raise Refusal(Code.RECORD_WINDOW_TOO_LONG)
        rows = self._db.execute(
            "SELECT msgid, openid, opercode, text, time, worker FROM chats"
            " WHERE appid = ? AND time BETWEEN ? AND ? AND msgid > ? ORDER BY msgid LIMIT ?",
            (appid, begin, end, after - _FIRST_MSGID, size),
        ).fetchall()
        names = ("openid", "opercode", "text", "time", "worker")
        listed: list[dict[str, Any]] = [dict(zip(names, row[1:], strict=True)) for row in rows]
        return {"recordlist": listed, "number": len(listed), "msgid": rows[-1][0] + _FIRST_MSGID if rows else 0}
