"""The raw live answers of an account, kept on disk: before the first write to it, and whenever asked for."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wxdeploy.execution.files import write_atomically
from wxdeploy.model.errors import RefusedError, WxdeployError
from wxdeploy.model.jsonvalue import JsonValue, digest

FORMAT = "wxdeploy.snapshot/1"
_MARK = b"wxdeploy.snapshot/"  # near the beginning of every snapshot
_MAX_BYTES = 50_000_000  # an account's answers are a few hundred kilobytes at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What an account answered at a time, and the kinds of object that the answers were read for.

    ``taken`` is the time in UTC as ``20261122T021500.000000Z``; one account's snapshots sort by it. ``command`` is the
    one that took it.
    """

    account: str
    appid: str | None
    taken: str
    command: str
    fingerprint: str
    kinds: tuple[str, ...]
    answers: Mapping[str, JsonValue]

    def to_json(self) -> dict[str, JsonValue]:
        """The document of the file (``schemas/v1/snapshot.schema.json``)."""
        return {
            "format": FORMAT,
            "account": self.account,
            "appid": self.appid,
            "taken": self.taken,
            "command": self.command,
            "fingerprint": self.fingerprint,
            "kinds": list(self.kinds),
            "answers": dict(self.answers),
        }


def save(folder: Path, snapshot: Snapshot) -> Path:
    """Write one snapshot among those of the project, for the owner's eyes only, and return its path.

    Raises ``WxdeployError`` where it can't be kept.
    """
    path = folder / f"{snapshot.account}-{snapshot.taken}-{snapshot.command}-{digest(snapshot.to_json())[7:15]}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write(path, snapshot)
    except OSError as error:
        raise WxdeployError(
            f"nothing is written to an account before its state is kept, and {path} can't be written: {error.strerror}",
            fix="make room for it, or remove what is in its way, and run it again",
        ) from None
    return path


def write(path: Path, snapshot: Snapshot) -> None:
    """Write one snapshot to a file, whole or not at all."""
    text = json.dumps(snapshot.to_json(), ensure_ascii=False, indent=1) + "\n"
    write_atomically(path, text.encode("utf-8", "backslashreplace"))


def check_replaceable(path: Path) -> None:
    """Raise ``RefusedError`` where there is a file that is no snapshot and would be lost."""
    try:
        with path.open("rb") as file:
            beginning = file.read(100)
    except FileNotFoundError:
        return
    except OSError as error:
        raise RefusedError(f"{path} can't be replaced: {error.strerror}", fix="choose another file") from None
    if beginning and _MARK not in beginning:
        raise RefusedError(f"{path} is there and is no snapshot", fix="choose another file, or remove that one")


def read(path: Path) -> Snapshot:
    """The snapshot in a file; raises ``RefusedError`` for one that can't be used."""
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise RefusedError(
            f"{path} can't be read: {error.strerror}", fix="name a file that wxdeploy snapshot or an apply wrote"
        ) from None
    try:
        document = json.loads(data) if len(data) <= _MAX_BYTES else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise _no_snapshot(path, "it is no JSON object, or cut off")
    if document.get("format") != FORMAT:
        raise _no_snapshot(path, f"its format is {document.get('format')!r}, and {FORMAT} is read here")
    return _of(path, document)


def of_account(folder: Path, account: str) -> list[tuple[Path, str]]:
    """The account's snapshots among those of the project and the command that took each, the latest at the front."""
    # An account's name may hold hyphens, and begin with another's.
    names = [(path, path.name.rsplit("-", 3)) for path in folder.glob("*.json")]
    mine = [(parts[1], path, parts[2]) for path, parts in names if len(parts) == 4 and parts[0] == account]
    return [(path, command) for _, path, command in sorted(mine, reverse=True)]


def _of(path: Path, document: Mapping[str, Any]) -> Snapshot:
    answers, kinds = document.get("answers"), document.get("kinds")
    texts = {key: document.get(key) for key in ("account", "taken", "command", "fingerprint")}
    appid = document.get("appid")
    whole = (
        all(isinstance(text, str) for text in texts.values())
        and (appid is None or isinstance(appid, str))
        and isinstance(kinds, list)
        and all(isinstance(kind, str) for kind in kinds)
        and isinstance(answers, dict)
        and all(isinstance(answer, dict) for answer in answers.values())
    )
    if not whole:
        raise _no_snapshot(path, "something is missing in it, or of another type")
    return Snapshot(
        account=str(texts["account"]),
        appid=appid,
        taken=str(texts["taken"]),
        command=str(texts["command"]),
        fingerprint=str(texts["fingerprint"]),
        kinds=tuple(kinds or ()),
        answers=answers or {},
    )


def _no_snapshot(path: Path, why: str) -> RefusedError:
    return RefusedError(
        f"{os.fspath(path)} is no snapshot that can be used: {why}",
        fix="name a file that wxdeploy snapshot or an apply wrote",
    )
