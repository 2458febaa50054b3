"""The raw live answers of an account, kept on disk before its first write."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from wxdeploy.model.errors import WxdeployError
from wxdeploy.model.jsonvalue import JsonValue, digest

FORMAT = "wxdeploy.snapshot/1"


def save(
    folder: Path, *, account: str, appid: str | None, taken: str, fingerprint: str, answers: Mapping[str, JsonValue]
) -> Path:
    """Write one snapshot, for the owner's eyes only, and return its path.

    ``taken`` is the time in UTC as ``20261122T021500Z``; one account's snapshots sort by it. Raises ``WxdeployError``
    where it can't be kept.
    """
    document = {
        "format": FORMAT,
        "account": account,
        "appid": appid,
        "taken": taken,
        "fingerprint": fingerprint,
        "answers": dict(answers),
    }
    path = folder / f"{account}-{taken}-{digest(document)[7:15]}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise WxdeployError(
            f"nothing is written to an account before its state is kept, and {path} can't be written: {error.strerror}",
            fix="make room for it, or remove what is in its way, and run it again",
        ) from None
    return path
