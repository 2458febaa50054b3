"""The rows behind the simulated accounts: typed reads and writes, no rules.

Every function works inside the transaction that ``Store.transaction`` has opened.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from wxdeploy.sandbox.autoreplies import AutoreplyRows
from wxdeploy.sandbox.buttons import Button
from wxdeploy.sandbox.chats import ChatRows
from wxdeploy.sandbox.platform_rows import PlatformRows
from wxdeploy.sandbox.receivers import ReceiverRows
from wxdeploy.sandbox.request import Json
from wxdeploy.sandbox.template_rows import TemplateRows
from wxdeploy.wechat import limits


@dataclass(frozen=True, slots=True)
class Menu:
    """The default menu."""

    menuid: int
    buttons: list[Button]


@dataclass(frozen=True, slots=True)
class ConditionalMenu:
    """One personalised menu, its rule in the form in which it is read."""

    menuid: int
    buttons: list[Button]
    matchrule: Json


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag with the number of its followers."""

    id: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Follower:
    """One follower; ``tags`` in the order in which they were given."""

    openid: str
    platform: str | None
    subscribe_time: int
    tags: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One access token; ``replaced`` when a newer one took its place before its time."""

    value: str
    appid: str
    issued: float
    expires: float
    forced: bool
    replaced: bool


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class State:
    """The rows of one open transaction."""

    __slots__ = ("_db", "autoreplies", "chats", "platforms", "receivers", "templates")

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.templates = TemplateRows(db)
        self.platforms = PlatformRows(db)
        self.receivers = ReceiverRows(db)
        self.chats = ChatRows(db)
        self.autoreplies = AutoreplyRows(db)

    def _rows(self, query: str, *values: object) -> list[Any]:
        return self._db.execute(query, values).fetchall()

    def _value(self, query: str, *values: object) -> Any:
        row = self._db.execute(query, values).fetchone()
        return None if row is None else row[0]

    # Accounts and the log

    def ensure_account(self, appid: str) -> None:
        """Make the account if it is not there."""
        if self._value("SELECT 1 FROM accounts WHERE appid = ?", appid) is None:
            self._db.execute(
                "INSERT INTO accounts (appid, last_tag_id) VALUES (?, ?)", (appid, limits.FIRST_TAG_ID - 1)
            )

    def empty_account(self, appid: str) -> None:
        """Take everything away but tokens, the logs and the count of menu ids, which are never used twice."""
        self.ensure_account(appid)
        self.remove_menus(appid)
        self.templates.empty(appid)
        self.platforms.empty(appid)
        self.receivers.empty(appid)
        self.chats.empty(appid)
        self.autoreplies.empty(appid)
        for table in ("tags", "followers", "follower_tags", "former_followers"):
            self._db.execute(f"DELETE FROM {table} WHERE appid = ?", (appid,))  # noqa: S608 - the names above
        self._db.execute("UPDATE accounts SET last_tag_id = ? WHERE appid = ?", (limits.FIRST_TAG_ID - 1, appid))

    def log(self, appid: str | None, method: str, path: str, mode: str, errcode: int, at: float) -> None:
        """Write one line of the call log."""
        self._db.execute(
            "INSERT INTO calls (appid, method, path, mode, errcode, at) VALUES (?, ?, ?, ?, ?, ?)",
            (appid, method, path, mode, errcode, at),
        )

    def calls_since(self, appid: str, path: str, begin: float) -> int:
        """How many calls of a path the log has of the account since then."""
        return int(
            self._value("SELECT count(*) FROM calls WHERE appid = ? AND path = ? AND at >= ?", appid, path, begin)
        )

    def _next(self, column: str, appid: str) -> int:
        rows = self._rows(f"UPDATE accounts SET {column} = {column} + 1 WHERE appid = ? RETURNING {column}", appid)  # noqa: S608
        return int(rows[0][0])

    # Menus

    def menu(self, appid: str) -> Menu | None:
        """The default menu that was made through the API."""
        rows = self._rows("SELECT menuid, menu FROM accounts WHERE appid = ? AND menu IS NOT NULL", appid)
        return Menu(rows[0][0], json.loads(rows[0][1])) if rows else None

    def put_menu(self, appid: str, buttons: list[Button]) -> None:
        """Replace the default menu; it gets a new id."""
        menuid = self._next("last_menuid", appid)
        self._db.execute("UPDATE accounts SET menuid = ?, menu = ? WHERE appid = ?", (menuid, _dump(buttons), appid))

    def console_menu(self, appid: str) -> list[Button] | None:
        """The menu that was made in the web console, while it is the one that followers see."""
        text = self._value("SELECT console_menu FROM accounts WHERE appid = ?", appid)
        return None if text is None else list(json.loads(text))

    def put_console_menu(self, appid: str, buttons: list[Button] | None) -> None:
        """Set or take away the menu of the web console."""
        text = None if buttons is None else _dump(buttons)
        self._db.execute("UPDATE accounts SET console_menu = ? WHERE appid = ?", (text, appid))

    def remove_menus(self, appid: str) -> None:
        """Take all menus away."""
        self._db.execute(
            "UPDATE accounts SET menuid = NULL, menu = NULL, console_menu = NULL WHERE appid = ?", (appid,)
        )
        self._db.execute("DELETE FROM conditional_menus WHERE appid = ?", (appid,))

    def conditional_menus(self, appid: str) -> list[ConditionalMenu]:
        """The personalised menus, the newest first."""
        rows = self._rows(
            "SELECT menuid, buttons, matchrule FROM conditional_menus WHERE appid = ? ORDER BY menuid DESC", appid
        )
        return [ConditionalMenu(menuid, json.loads(buttons), json.loads(rule)) for menuid, buttons, rule in rows]

    def add_conditional_menu(self, appid: str, buttons: list[Button], matchrule: Json) -> int:
        """Add a personalised menu; its id is above all before it."""
        menuid = self._next("last_menuid", appid)
        self._db.execute(
            "INSERT INTO conditional_menus (appid, menuid, buttons, matchrule) VALUES (?, ?, ?, ?)",
            (appid, menuid, _dump(buttons), _dump(matchrule)),
        )
        return menuid

    def remove_conditional_menu(self, appid: str, menuid: int) -> bool:
        """Remove one personalised menu; whether it was there."""
        cursor = self._db.execute("DELETE FROM conditional_menus WHERE appid = ? AND menuid = ?", (appid, menuid))
        return cursor.rowcount > 0

    # Tags

    def tags(self, appid: str) -> list[Tag]:
        """The account's own tags by id, with their counts."""
        rows = self._rows(
            "SELECT id, name, (SELECT count(*) FROM follower_tags AS f WHERE f.appid = tags.appid AND f.tag_id = id)"
            " FROM tags WHERE appid = ? ORDER BY id",
            appid,
        )
        return [Tag(*row) for row in rows]

    def tag_total(self, appid: str) -> int:
        """How many tags the account has made."""
        return int(self._value("SELECT count(*) FROM tags WHERE appid = ?", appid))

    def tag_name(self, appid: str, tag_id: int) -> str | None:
        """The name of a tag of the account's own."""
        name: str | None = self._value("SELECT name FROM tags WHERE appid = ? AND id = ?", appid, tag_id)
        return name

    def tag_id(self, appid: str, name: str) -> int | None:
        """The id of a tag of the account's own."""
        found: int | None = self._value("SELECT id FROM tags WHERE appid = ? AND name = ?", appid, name)
        return found

    def add_tag(self, appid: str, name: str, tag_id: int | None = None) -> int:
        """Add a tag under a new id, or under the given one, after which counting goes on."""
        if tag_id is None:
            tag_id = self._next("last_tag_id", appid)
        else:
            self._db.execute("UPDATE accounts SET last_tag_id = max(last_tag_id, ?) WHERE appid = ?", (tag_id, appid))
        self._db.execute("INSERT INTO tags (appid, id, name) VALUES (?, ?, ?)", (appid, tag_id, name))
        return tag_id

    def rename_tag(self, appid: str, tag_id: int, name: str) -> None:
        """Give a tag another name."""
        self._db.execute("UPDATE tags SET name = ? WHERE appid = ? AND id = ?", (name, appid, tag_id))

    def remove_tag(self, appid: str, tag_id: int) -> None:
        """Remove a tag, and take it from its followers."""
        self._db.execute("DELETE FROM tags WHERE appid = ? AND id = ?", (appid, tag_id))
        self._db.execute("DELETE FROM follower_tags WHERE appid = ? AND tag_id = ?", (appid, tag_id))

    # Followers

    def add_follower(self, appid: str, openid: str, platform: str | None, subscribe_time: int) -> None:
        """Add a follower without tags."""
        self._db.execute(
            "INSERT INTO followers (appid, openid, platform, subscribe_time) VALUES (?, ?, ?, ?)",
            (appid, openid, platform, subscribe_time),
        )

    def follower(self, appid: str, openid: str) -> Follower | None:
        """One follower with their tags."""
        rows = self._rows(
            "SELECT platform, subscribe_time FROM followers WHERE appid = ? AND openid = ?", appid, openid
        )
        if not rows:
            return None
        tags = self._rows("SELECT tag_id FROM follower_tags WHERE appid = ? AND openid = ? ORDER BY seq", appid, openid)
        return Follower(openid, rows[0][0], rows[0][1], tuple(tag_id for (tag_id,) in tags))

    def remove_follower(self, appid: str, openid: str) -> None:
        """Remove a follower with their tags; that they once followed is kept."""
        self._db.execute("INSERT OR IGNORE INTO former_followers (appid, openid) VALUES (?, ?)", (appid, openid))
        for table in ("follower_tags", "followers"):
            self._db.execute(f"DELETE FROM {table} WHERE appid = ? AND openid = ?", (appid, openid))  # noqa: S608

    def followed_once(self, appid: str, openid: str) -> bool:
        """Whether they left the account."""
        row = self._value("SELECT 1 FROM former_followers WHERE appid = ? AND openid = ?", appid, openid)
        return row is not None

    def follows_another(self, appid: str, openid: str) -> bool:
        """Whether an openid is one of another account's."""
        return self._value("SELECT 1 FROM followers WHERE openid = ? AND appid <> ?", openid, appid) is not None

    def follower_total(self, appid: str) -> int:
        """How many followers the account has."""
        return int(self._value("SELECT count(*) FROM followers WHERE appid = ?", appid))

    def follower_page(self, appid: str, after: str, size: int) -> list[str]:
        """The openids after ``after`` (from the first if it is empty) in the order in which they followed."""
        rows = self._rows(
            "SELECT openid FROM followers WHERE appid = ? AND seq >"
            " coalesce((SELECT seq FROM followers WHERE appid = ? AND openid = ?), 0) ORDER BY seq LIMIT ?",
            *(appid, appid, after, size),
        )
        return [openid for (openid,) in rows]

    def tagged_total(self, appid: str, tag_id: int) -> int:
        """How many followers have the tag."""
        return int(self._value("SELECT count(*) FROM follower_tags WHERE appid = ? AND tag_id = ?", appid, tag_id))

    def tagged_page(self, appid: str, tag_id: int, after: str, size: int) -> list[str]:
        """The openids that have the tag after ``after``, in the order in which they got it."""
        rows = self._rows(
            "SELECT openid FROM follower_tags WHERE appid = ? AND tag_id = ? AND seq >"
            " coalesce((SELECT seq FROM follower_tags WHERE appid = ? AND tag_id = ? AND openid = ?), 0)"
            " ORDER BY seq LIMIT ?",
            *(appid, tag_id, appid, tag_id, after, size),
        )
        return [openid for (openid,) in rows]

    def give_tag(self, appid: str, openid: str, tag_id: int) -> None:
        """Add a tag as the follower's last; one that they have keeps its place."""
        self._db.execute(
            "INSERT OR IGNORE INTO follower_tags (appid, openid, tag_id) VALUES (?, ?, ?)", (appid, openid, tag_id)
        )

    def take_tag(self, appid: str, openid: str, tag_id: int) -> None:
        """Take a tag from a follower."""
        self._db.execute(
            "DELETE FROM follower_tags WHERE appid = ? AND openid = ? AND tag_id = ?", (appid, openid, tag_id)
        )

    # Tokens

    def token(self, value: str) -> Token | None:
        """The token of this value."""
        rows = self._rows("SELECT token, appid, issued, expires, forced, replaced FROM tokens WHERE token = ?", value)
        return _token(rows[0]) if rows else None

    def newest_token(self, appid: str, kind: str) -> Token | None:
        """The token that a call of this kind would hand out again."""
        rows = self._rows(
            "SELECT token, appid, issued, expires, forced, replaced FROM tokens"
            " WHERE appid = ? AND kind = ? AND replaced = 0 ORDER BY expires DESC LIMIT 1",
            appid,
            kind,
        )
        return _token(rows[0]) if rows else None

    def replace_tokens(self, appid: str, kind: str) -> None:
        """End all tokens of this kind before their time."""
        self._db.execute("UPDATE tokens SET replaced = 1 WHERE appid = ? AND kind = ? AND replaced = 0", (appid, kind))

    def add_token(self, kind: str, token: Token) -> None:
        """Add a token, and forget those that ended before it was made by as long as it will live."""
        self._db.execute(
            "DELETE FROM tokens WHERE appid = ? AND kind = ? AND expires < ?",
            (token.appid, kind, token.issued - limits.TOKEN_SECONDS),
        )
        self._db.execute(
            "INSERT INTO tokens (token, appid, kind, issued, expires, forced) VALUES (?, ?, ?, ?, ?, ?)",
            (token.value, token.appid, kind, token.issued, token.expires, token.forced),
        )


def _token(row: tuple[str, str, float, float, int, int]) -> Token:
    value, appid, issued, expires, forced, replaced = row
    return Token(value=value, appid=appid, issued=issued, expires=expires, forced=bool(forced), replaced=bool(replaced))
