"""The state of the simulated accounts in one SQLite file, which several processes may share."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from wxdeploy.sandbox.autoreplies import SCHEMA as _AUTOREPLY_SCHEMA
from wxdeploy.sandbox.chats import SCHEMA as _CHAT_SCHEMA
from wxdeploy.sandbox.platform_rows import SCHEMA as _PLATFORM_SCHEMA
from wxdeploy.sandbox.receivers import SCHEMA as _RECEIVER_SCHEMA
from wxdeploy.sandbox.receivers import Push
from wxdeploy.sandbox.state import State
from wxdeploy.sandbox.template_rows import SCHEMA as _TEMPLATE_SCHEMA
from wxdeploy.sandbox.template_rows import Message

_BUSY_SECONDS = 30.0

# Menu ids count on from numbers of the size that live accounts show (449778320 was seen in 2020).
_SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    appid TEXT PRIMARY KEY,
    last_menuid INTEGER NOT NULL DEFAULT 450000000,
    last_tag_id INTEGER NOT NULL DEFAULT 0,
    menuid INTEGER, menu TEXT, console_menu TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS conditional_menus (
    appid TEXT NOT NULL, menuid INTEGER NOT NULL, buttons TEXT NOT NULL, matchrule TEXT NOT NULL,
    PRIMARY KEY (appid, menuid)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tags (
    appid TEXT NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (appid, id), UNIQUE (appid, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS followers (
    seq INTEGER PRIMARY KEY, appid TEXT NOT NULL, openid TEXT NOT NULL, platform TEXT, subscribe_time INTEGER NOT NULL,
    UNIQUE (appid, openid)
);
CREATE TABLE IF NOT EXISTS follower_tags (
    seq INTEGER PRIMARY KEY, appid TEXT NOT NULL, openid TEXT NOT NULL, tag_id INTEGER NOT NULL,
    UNIQUE (appid, openid, tag_id)
);
CREATE TABLE IF NOT EXISTS former_followers (
    appid TEXT NOT NULL, openid TEXT NOT NULL, PRIMARY KEY (appid, openid)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS follower_tags_by_tag ON follower_tags (appid, tag_id, seq);
CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY, appid TEXT NOT NULL, kind TEXT NOT NULL, issued REAL NOT NULL, expires REAL NOT NULL,
    forced INTEGER NOT NULL DEFAULT 0, replaced INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tokens_by_account ON tokens (appid, kind, replaced, issued);
CREATE TABLE IF NOT EXISTS calls (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, appid TEXT, method TEXT NOT NULL, path TEXT NOT NULL, mode TEXT NOT NULL,
    errcode INTEGER NOT NULL, at REAL NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS calls_by_path ON calls (appid, path);
"""

_SCHEMAS = (_SCHEMA, _TEMPLATE_SCHEMA, _PLATFORM_SCHEMA, _RECEIVER_SCHEMA, _CHAT_SCHEMA, _AUTOREPLY_SCHEMA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One line of the call log.

    ``mode`` is that of the endpoint (``token``, ``read``, ``write``), ``unknown`` for a path that there is not;
    ``errcode`` is 0 on success.

    ``appid`` is None where the request did not say which account it is for.
    """

    seq: int
    appid: str | None
    method: str
    path: str
    mode: str
    errcode: int


class Store:
    """One database: a file, or ``:memory:``.

    One connection is kept and guarded by a lock. Every transaction takes the write lock at its start, so that what it
    read is still so when it writes, whichever process serves the other requests.
    """

    def __init__(self, path: str | Path = ":memory:") -> None:
        if str(path) != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        self._state = State(self._db)
        try:
            self._prepare()
        except sqlite3.Error:
            self._db.close()
            raise

    def _prepare(self) -> None:
        # What a power cut could lose is play money: synchronous off makes a commit a memory copy.
        self._db.execute("PRAGMA synchronous = OFF")
        _use_write_ahead_log(self._db)
        with self.transaction():
            columns = {row[1] for row in self._db.execute("PRAGMA table_info(calls)")}
            if columns and "at" not in columns:  # a file of before calls were counted by the day
                self._db.execute("ALTER TABLE calls ADD COLUMN at REAL NOT NULL DEFAULT 0")
            for statement in "".join(_SCHEMAS).split(";\n"):
                if statement.strip():
                    self._db.execute(statement)

    @contextmanager
    def transaction(self) -> Iterator[State]:
        """The state, for reading and writing; an exception undoes what was written."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._state
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def calls(self, appid: str | None = None, *, after: int = 0) -> list[Call]:
        """The call log in order, of one account or of all; ``after`` leaves out what came up to that ``seq``."""
        query = "SELECT seq, appid, method, path, mode, errcode FROM calls WHERE seq > ?"
        values: list[object] = [after]
        if appid is not None:
            query += " AND appid = ?"
            values.append(appid)
        with self._lock, closing(self._db.execute(query + " ORDER BY seq", values)) as rows:
            return [
                Call(seq=seq, appid=owner, method=method, path=path, mode=mode, errcode=errcode)
                for seq, owner, method, path, mode, errcode in rows
            ]

    def messages(self, appid: str) -> list[Message]:
        """The template messages that reached followers of this account, in order."""
        with self.transaction() as state:
            return state.templates.messages(appid)

    def pushes(self, appid: str) -> list[Push]:
        """What was pushed to the account's callback, in order."""
        with self.transaction() as state:
            return state.receivers.log_of(appid)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()


def _use_write_ahead_log(db: sqlite3.Connection) -> None:
    """Turn the log on; SQLite does not wait for its lock here, so two processes that start at once have to."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL").fetchall()
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return
