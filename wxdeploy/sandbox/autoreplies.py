"""The auto-replies of the web console, as get_current_autoreply_info tells of them.

Source: doc/service/api/notify/autoreplies/api_getcurrentautoreplyinfo.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from wxdeploy.sandbox.request import Json

SCHEMA = """
CREATE TABLE IF NOT EXISTS autoreplies (
    appid TEXT PRIMARY KEY, info TEXT NOT NULL, reads INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
"""

FLAGS = ("is_add_friend_reply_open", "is_autoreply_open")
SINGLE = ("add_friend_autoreply_info", "message_default_autoreply_info")
KEYWORDS = "keyword_autoreply_info"

TYPES = ("text", "img", "voice", "video")
"""Types of any auto-reply; one to a keyword may be ``news`` too."""

NEWS = "news"
REPLY_MODES = ("reply_all", "random_one")
MATCH_MODES = ("contain", "equal")
RULE = ("rule_name", "create_time", "reply_mode", "keyword_list_info", "reply_list_info")
ARTICLE = ("title", "author", "digest", "show_cover", "cover_url", "content_url", "source_url")

_TEMPORARY = frozenset({"img", "voice"})


class AutoreplyRows:
    """The rows of one open transaction."""

    __slots__ = ("_db",)

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def empty(self, appid: str) -> None:
        """Take the account's auto-replies away."""
        self._db.execute("DELETE FROM autoreplies WHERE appid = ?", (appid,))

    def put(self, appid: str, info: Json) -> None:
        """Set the account's auto-replies, in the form of the answer."""
        self._db.execute(
            "INSERT OR REPLACE INTO autoreplies (appid, info) VALUES (?, ?)",
            (appid, json.dumps(info, ensure_ascii=False)),
        )

    def info(self, appid: str) -> Json:
        """get_current_autoreply_info: ids of pictures and voices are temporary, and others at each read."""
        self._db.execute("UPDATE autoreplies SET reads = reads + 1 WHERE appid = ?", (appid,))
        row = self._db.execute("SELECT info, reads FROM autoreplies WHERE appid = ?", (appid,)).fetchone()
        if row is None:
            return dict.fromkeys(FLAGS, 0)
        info: Json = _renewed(json.loads(row[0]), f"{appid} {row[1]}")
        return info


def _renewed(value: Any, salt: str) -> Any:
    if isinstance(value, list):
        return [_renewed(each, f"{salt} {index}") for index, each in enumerate(value)]
    if not isinstance(value, Mapping):
        return value
    fresh = {name: _renewed(each, f"{salt} {name}") for name, each in value.items()}
    if value.get("type") in _TEMPORARY:
        fresh["content"] = base64.urlsafe_b64encode(hashlib.sha384(salt.encode()).digest()).decode()
    return fresh
