"""When each follower last wrote and last did something: a small SQLite file that outlives the server.

No call of the API tells this (``getmsglist`` knows talks of customer service alone), and the 48 hours in which an
account may write to a follower are counted from it. Openids are kept as they came, and nothing of what was said.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

FILE_NAME = "callback.sqlite3"
"""Its name in the ``.wxdeploy`` folder of a project."""

LOG = logging.getLogger(__name__)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS followers (
  appid TEXT NOT NULL, openid TEXT NOT NULL, message INTEGER, event INTEGER, PRIMARY KEY (appid, openid)
) WITHOUT ROWID
"""
# Times never go back: a repeat that comes late says nothing new.
_SEEN = """
INSERT INTO followers (appid, openid, message, event) VALUES (:appid, :openid, :message, :event)
ON CONFLICT DO UPDATE SET
  message = max(coalesce(message, excluded.message), coalesce(excluded.message, message)),
  event = max(coalesce(event, excluded.event), coalesce(excluded.event, event))
"""
_WAIT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class LastSeen:
    """Seconds since 1970 of a follower's last message and last event; None where the callback has seen none."""

    message: int | None = None
    event: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One message (or event) of a follower, and its time in seconds since 1970."""

    appid: str
    openid: str
    at: int
    is_event: bool


def last_seen(path: Path, appid: str, openid: str) -> LastSeen:
    """What the record in a file holds of a follower; nothing where there is no record. Raises ``sqlite3.Error``."""
    if not path.is_file():
        return LastSeen()
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_WAIT_SECONDS)) as connection:
        query = "SELECT message, event FROM followers WHERE appid = ? AND openid = ?"
        row = connection.execute(query, (appid, openid)).fetchone()
    return LastSeen(*row) if row else LastSeen()


class FollowerRecord:
    """Writes sightings from a thread of its own, so that no answer waits for a disk.

    Several processes may share a file.

    What can't be written is logged and counted in ``lost``, and stops nothing. Raises ``OSError`` or ``sqlite3.Error``
    where the file can't be opened.
    """

    def __init__(self, path: Path) -> None:
        self.lost = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute(_SCHEMA)
        except sqlite3.Error:
            self._connection.close()
            raise
        self._waiting: SimpleQueue[Sighting | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="follower-record", daemon=True)
        self._thread.start()

    def saw(self, sighting: Sighting) -> None:
        """Note that a follower wrote or did something; returns at once."""
        self._waiting.put(sighting)

    def close(self) -> None:
        """Write what is still waiting, and let go of the file; the second time, nothing."""
        self._waiting.put(None)
        self._thread.join()
        self._connection.close()

    def _work(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch: list[Sighting | None] = [first]
            while not self._waiting.empty():
                batch.append(self._waiting.get())
            self._write([each for each in batch if each is not None])
            if None in batch:
                return

    def _write(self, batch: list[Sighting]) -> None:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(_SEEN, _rows(batch))
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            if self._connection.in_transaction:
                self._connection.rollback()
            self.lost += len(batch)
            LOG.warning("%d sightings of followers could not be kept: %s", len(batch), error)


def _rows(batch: Iterable[Sighting]) -> Iterable[dict[str, str | int | None]]:
    for each in batch:
        yield {
            "appid": each.appid,
            "openid": each.openid,
            "message": None if each.is_event else each.at,
            "event": each.at if each.is_event else None,
        }
