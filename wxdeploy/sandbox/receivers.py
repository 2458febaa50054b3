"""Where the pushes of the simulated accounts go: typed reads and writes, no rules."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from wxdeploy.sandbox.envelope import Seal
from wxdeploy.wechat.callback import MODES, TOKEN

SCHEMA = """
CREATE TABLE IF NOT EXISTS receivers (
    appid TEXT PRIMARY KEY, url TEXT NOT NULL, token TEXT NOT NULL, encoding_aes_key TEXT NOT NULL, mode TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pushes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, appid TEXT NOT NULL, openid TEXT NOT NULL, event TEXT NOT NULL,
    tries INTEGER NOT NULL, outcome TEXT NOT NULL
);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """The message push of one account, as its console has it: ``mode`` is one of ``wechat.callback.MODES``."""

    url: str
    token: str
    encoding_aes_key: str = ""
    mode: str = "plain"

    def checked(self, appid: str) -> Receiver:
        """Itself; ValueError where the console's form would not take it, or a push would leave the machine in plain."""
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("url: expected an address that begins with https://")
        if parts.scheme == "http" and not _loopback(parts.hostname):
            raise ValueError("url: plain http is for this machine alone")
        if not TOKEN.fullmatch(self.token):
            raise ValueError("token: expected 3 to 32 letters and digits")
        if self.mode not in MODES:
            raise ValueError(f"mode: expected one of {', '.join(MODES)}")
        if self.mode != "plain":
            Seal(self.encoding_aes_key, appid)
        return self


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One line of the log of pushes: ``event`` is the event's name or the message's type."""

    seq: int
    appid: str
    openid: str
    event: str
    tries: int
    outcome: str


class ReceiverRows:
    """The rows of one open transaction."""

    __slots__ = ("_db",)

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def empty(self, appid: str) -> None:
        """Take the account's receiver away."""
        self._db.execute("DELETE FROM receivers WHERE appid = ?", (appid,))

    def put(self, appid: str, receiver: Receiver) -> None:
        """Set the account's receiver."""
        values = (appid, receiver.url, receiver.token, receiver.encoding_aes_key, receiver.mode)
        self._db.execute("INSERT OR REPLACE INTO receivers VALUES (?, ?, ?, ?, ?)", values)

    def find(self, appid: str) -> Receiver | None:
        """The account's receiver, where it has one."""
        row = self._db.execute(
            "SELECT url, token, encoding_aes_key, mode FROM receivers WHERE appid = ?", (appid,)
        ).fetchone()
        return Receiver(url=row[0], token=row[1], encoding_aes_key=row[2], mode=row[3]) if row else None

    def log(self, appid: str, openid: str, event: str) -> int:
        """Write that a push is under way; its number."""
        cursor = self._db.execute(
            "INSERT INTO pushes (appid, openid, event, tries, outcome) VALUES (?, ?, ?, 0, 'under way')",
            (appid, openid, event),
        )
        return int(cursor.lastrowid or 0)

    def settle(self, seq: int, tries: int, outcome: str) -> None:
        """Write what became of a push."""
        self._db.execute("UPDATE pushes SET tries = ?, outcome = ? WHERE seq = ?", (tries, outcome, seq))

    def log_of(self, appid: str) -> list[Push]:
        """The pushes of the account, in order."""
        rows = self._db.execute(
            "SELECT seq, openid, event, tries, outcome FROM pushes WHERE appid = ? ORDER BY seq", (appid,)
        )
        return [
            Push(seq=seq, appid=appid, openid=openid, event=event, tries=tries, outcome=outcome)
            for seq, openid, event, tries, outcome in rows
        ]
