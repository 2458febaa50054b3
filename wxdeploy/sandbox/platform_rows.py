"""The rows behind third-party platforms and behind what WeChat knows of callbacks: typed reads and writes, no rules."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

SCHEMA = """
CREATE TABLE IF NOT EXISTS component_tokens (
    token TEXT PRIMARY KEY, component_appid TEXT NOT NULL, expires REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS authorizers (
    component_appid TEXT NOT NULL, appid TEXT NOT NULL, refresh_token TEXT NOT NULL, former TEXT NOT NULL,
    PRIMARY KEY (component_appid, appid)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS callbacks (appid TEXT PRIMARY KEY, ips TEXT NOT NULL, lost INTEGER NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class ComponentToken:
    """One component_access_token."""

    component_appid: str
    expires: float


@dataclass(frozen=True, slots=True)
class Callback:
    """What the name of a callback's address stands for, and whether pings to it are lost."""

    ips: tuple[str, ...]
    lost: bool


class PlatformRows:
    """The rows of one open transaction."""

    __slots__ = ("_db",)

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def empty(self, appid: str) -> None:
        """Take away what is known of the account's callback."""
        self._db.execute("DELETE FROM callbacks WHERE appid = ?", (appid,))

    def put_callback(self, appid: str, callback: Callback) -> None:
        """Say what the account's callback is like."""
        values = (appid, json.dumps(callback.ips), callback.lost)
        self._db.execute("INSERT OR REPLACE INTO callbacks (appid, ips, lost) VALUES (?, ?, ?)", values)

    def callback(self, appid: str) -> Callback | None:
        """The account's callback, where one is configured in its console."""
        row = self._db.execute("SELECT ips, lost FROM callbacks WHERE appid = ?", (appid,)).fetchone()
        return Callback(tuple(json.loads(row[0])), bool(row[1])) if row else None

    def add_component_token(self, value: str, token: ComponentToken) -> None:
        """Add the token of a platform."""
        self._db.execute(
            "INSERT INTO component_tokens (token, component_appid, expires) VALUES (?, ?, ?)",
            (value, token.component_appid, token.expires),
        )

    def component_token(self, value: str) -> ComponentToken | None:
        """The platform's token of this value."""
        row = self._db.execute(
            "SELECT component_appid, expires FROM component_tokens WHERE token = ?", (value,)
        ).fetchone()
        return ComponentToken(*row) if row else None

    def refresh_tokens(self, component_appid: str, appid: str) -> tuple[str, str] | None:
        """The refresh token of an account that has authorised the platform, and the one before it."""
        row = self._db.execute(
            "SELECT refresh_token, former FROM authorizers WHERE component_appid = ? AND appid = ?",
            (component_appid, appid),
        ).fetchone()
        return (row[0], row[1]) if row else None

    def put_refresh_tokens(self, component_appid: str, appid: str, refresh_token: str, former: str) -> None:
        """Set both."""
        self._db.execute(
            "INSERT OR REPLACE INTO authorizers (component_appid, appid, refresh_token, former) VALUES (?, ?, ?, ?)",
            (component_appid, appid, refresh_token, former),
        )

    def authorized(self, component_appid: str) -> list[tuple[str, str]]:
        """The accounts that have authorised the platform, each with its refresh token."""
        rows = self._db.execute(
            "SELECT appid, refresh_token FROM authorizers WHERE component_appid = ? ORDER BY appid", (component_appid,)
        )
        return [(appid, token) for appid, token in rows]
