"""The rows behind templates, industries and the messages sent: typed reads and writes, no rules."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS templates (
    seq INTEGER PRIMARY KEY, appid TEXT NOT NULL, template_id TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL,
    content TEXT NOT NULL, primary_industry TEXT NOT NULL, deputy_industry TEXT NOT NULL, example TEXT NOT NULL,
    listed TEXT NOT NULL, UNIQUE (appid, template_id)
);
CREATE TABLE IF NOT EXISTS test_accounts (appid TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS industries (
    appid TEXT PRIMARY KEY, first INTEGER NOT NULL, second INTEGER NOT NULL, changed REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, appid TEXT NOT NULL, openid TEXT NOT NULL, template_id TEXT NOT NULL,
    data TEXT NOT NULL, url TEXT, miniprogram TEXT, client_msg_id TEXT, sent REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_by_client_id ON messages (appid, openid, client_msg_id, sent);
"""

# Ids of today have nineteen digits (one of 2024-07 was seen), more than a floating point number can hold.
_MSGIDS = 3_400_000_000_000_000_000

_TEMPLATE = "template_id, kind, title, content, primary_industry, deputy_industry, example, listed"
_MESSAGE = "seq, openid, template_id, data, url, miniprogram, client_msg_id, sent"


class Kind(StrEnum):
    """Where a template comes from; no call of the API tells."""

    CATEGORY = "category"
    HISTORICAL = "historical"
    TYPED_IN = "typed in"
    ONE_TIME = "one-time subscription"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One template of an account. ``listed`` holds, by placeholder, the only values that it takes."""

    template_id: str
    kind: Kind
    title: str
    content: str
    primary_industry: str = ""
    deputy_industry: str = ""
    example: str = ""
    listed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Industries:
    """The two industries of an account by number, and when they were set."""

    first: int
    second: int
    changed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One template message as it reached a follower: ``data`` holds what the phone shows, by placeholder.

    ``msgid`` is given when it is written down.
    """

    openid: str
    template_id: str
    data: Mapping[str, str]
    url: str | None = None
    miniprogram: Mapping[str, Any] | None = None
    client_msg_id: str | None = None
    sent: float
    msgid: int = 0


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class TemplateRows:
    """The part of one open transaction that is about templates."""

    __slots__ = ("_db",)

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def _rows(self, query: str, *values: object) -> list[Any]:
        return self._db.execute(query, values).fetchall()

    def empty(self, appid: str) -> None:
        """Take away the templates, the industries and that it is a test account; messages sent stay sent."""
        for table in ("templates", "test_accounts", "industries"):
            self._db.execute(f"DELETE FROM {table} WHERE appid = ?", (appid,))  # noqa: S608 - the names above

    # The account

    def is_test_account(self, appid: str) -> bool:
        """Whether it is one of the test accounts, whose templates are typed in by hand."""
        return bool(self._rows("SELECT 1 FROM test_accounts WHERE appid = ?", appid))

    def make_test_account(self, appid: str) -> None:
        """Make it a test account."""
        self._db.execute("INSERT OR IGNORE INTO test_accounts (appid) VALUES (?)", (appid,))

    def industries(self, appid: str) -> Industries | None:
        """The industries, if any were ever set."""
        rows = self._rows("SELECT first, second, changed FROM industries WHERE appid = ?", appid)
        return Industries(first=rows[0][0], second=rows[0][1], changed=rows[0][2]) if rows else None

    def put_industries(self, appid: str, industries: Industries) -> None:
        """Set the industries."""
        self._db.execute(
            "INSERT OR REPLACE INTO industries (appid, first, second, changed) VALUES (?, ?, ?, ?)",
            (appid, industries.first, industries.second, industries.changed),
        )

    # Templates

    def all(self, appid: str) -> list[Template]:
        """The templates in the order in which they were added."""
        rows = self._rows(f"SELECT {_TEMPLATE} FROM templates WHERE appid = ? ORDER BY seq", appid)  # noqa: S608
        return [_template(row) for row in rows]

    def find(self, appid: str, template_id: str) -> Template | None:
        """The template of this id."""
        rows = self._rows(
            f"SELECT {_TEMPLATE} FROM templates WHERE appid = ? AND template_id = ?",  # noqa: S608
            *(appid, template_id),
        )
        return _template(rows[0]) if rows else None

    def total(self, appid: str) -> int:
        """How many slots are taken; the row of one-time subscriptions takes none."""
        rows = self._rows("SELECT count(*) FROM templates WHERE appid = ? AND kind <> ?", appid, Kind.ONE_TIME)
        return int(rows[0][0])

    def add(self, appid: str, template: Template) -> None:
        """Add a template behind the others."""
        listed = {key: list(values) for key, values in template.listed.items()}
        self._db.execute(
            f"INSERT INTO templates (appid, {_TEMPLATE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (
                appid,
                template.template_id,
                template.kind,
                template.title,
                template.content,
                template.primary_industry,
                template.deputy_industry,
                template.example,
                _dump(listed),
            ),
        )

    def remove(self, appid: str, template_id: str) -> None:
        """Remove a template."""
        self._db.execute("DELETE FROM templates WHERE appid = ? AND template_id = ?", (appid, template_id))

    # Messages

    def sent_since(self, appid: str, openid: str, client_msg_id: str, moment: float) -> int | None:
        """The id of the message that was sent to this follower under this ``client_msg_id`` after a moment."""
        rows = self._rows(
            "SELECT max(seq) FROM messages WHERE appid = ? AND openid = ? AND client_msg_id = ? AND sent > ?",
            *(appid, openid, client_msg_id, moment),
        )
        return None if rows[0][0] is None else _MSGIDS + int(rows[0][0])

    def add_message(self, appid: str, message: Message) -> int:
        """Write down a message; its id."""
        cursor = self._db.execute(
            "INSERT INTO messages (appid, openid, template_id, data, url, miniprogram, client_msg_id, sent)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                appid,
                message.openid,
                message.template_id,
                _dump(message.data),
                message.url,
                None if message.miniprogram is None else _dump(message.miniprogram),
                message.client_msg_id,
                message.sent,
            ),
        )
        return _MSGIDS + int(cursor.lastrowid or 0)

    def messages(self, appid: str) -> list[Message]:
        """What was sent, in order."""
        rows = self._rows(f"SELECT {_MESSAGE} FROM messages WHERE appid = ? ORDER BY seq", appid)  # noqa: S608
        return [
            Message(
                msgid=_MSGIDS + seq,
                openid=openid,
                template_id=template_id,
                data=json.loads(data),
                url=url,
                miniprogram=None if page is None else json.loads(page),
                client_msg_id=client_msg_id,
                sent=sent,
            )
            for seq, openid, template_id, data, url, page, client_msg_id, sent in rows
        ]


def _template(row: tuple[str, str, str, str, str, str, str, str]) -> Template:
    template_id, kind, title, content, primary, deputy, example, listed = row
    return Template(
        template_id=template_id,
        kind=Kind(kind),
        title=title,
        content=content,
        primary_industry=primary,
        deputy_industry=deputy,
        example=example,
        listed={key: tuple(values) for key, values in json.loads(listed).items()},
    )
