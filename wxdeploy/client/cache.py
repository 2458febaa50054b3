"""Tokens between runs: one small file for each account and host, readable by its owner alone.

Nothing that is wrong with the folder or a file stops a run: a token can always be fetched again. So a file that is
corrupt, foreign, a link or open to others is passed over and replaced, and a folder that can't be used holds nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import stat
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from wxdeploy.model.secret import Secret

_FORMAT = "wxdeploy.token/1"
_LARGEST_FILE = 16 * 1024
_LONGEST_TOKEN = 4096  # the vendor asks for room for 512 characters at least
_LOG = logging.getLogger("wxdeploy")


def is_token(text: str) -> bool:
    """Whether the text can be an access token: visible ASCII, within a bound."""
    return 0 < len(text) <= _LONGEST_TOKEN and text.isascii() and text.isprintable() and " " not in text


def default_cache_folder(environ: Mapping[str, str], platform: str = sys.platform) -> Path | None:
    """``WXDEPLOY_CACHE``, else the user's cache folder by the custom of the platform; None where there is no home."""
    if chosen := environ.get("WXDEPLOY_CACHE"):
        return Path(chosen).absolute()
    if platform == "win32":
        local = environ.get("LOCALAPPDATA")
        return Path(local) / "wxdeploy" / "Cache" if local else None
    xdg = environ.get("XDG_CACHE_HOME", "")
    if platform != "darwin" and Path(xdg).is_absolute():
        return Path(xdg) / "wxdeploy"
    home = environ.get("HOME")
    if not home:
        return None
    return Path(home, "Library", "Caches", "wxdeploy") if platform == "darwin" else Path(home, ".cache", "wxdeploy")


class TokenCache:
    """The tokens in ``tokens/`` of a cache folder (0700), a file of mode 0600 each, replaced as a whole.

    Several processes can read and write at once: the last one wins, and a reader sees an old or a new file, never half
    of one. No method raises for the state of the disk.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "tokens"

    def read(self, appid: str, host: str) -> tuple[Secret, float] | None:
        """The token kept for the account on this host and the time of day in seconds until which it is good."""
        try:
            data = json.loads(_read_own(self._path(appid, host)))
        except (OSError, ValueError, RecursionError):
            return None
        if not isinstance(data, dict) or (data.get("format"), data.get("appid"), data.get("host")) != (
            _FORMAT,
            appid,
            host,
        ):
            return None
        token, end = data.get("access_token"), data.get("good_until")
        if not isinstance(token, str) or not is_token(token) or not isinstance(end, float):
            return None
        return Secret(token), end

    def write(self, appid: str, host: str, token: Secret, good_until: float) -> None:
        """Keep a token; where the folder can't be used, it is not kept."""
        entry = {
            "format": _FORMAT,
            "appid": appid,
            "host": host,
            "access_token": token.reveal(),
            "good_until": float(good_until),
        }
        try:
            own_folder(self._folder)
            replace(self._path(appid, host), json.dumps(entry).encode())
        except OSError as error:
            _LOG.debug("the access token is not kept for the next run: %s", error.strerror)

    def drop(self, appid: str, host: str) -> None:
        """Forget the token of the account on this host."""
        with contextlib.suppress(OSError):
            self._path(appid, host).unlink()

    def _path(self, appid: str, host: str) -> Path:
        name = hashlib.sha256(f"{host}\n{appid}".encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / f"{name}.json"


class Kept(NamedTuple):
    """The place of one account's token in a cache; ``issuer`` tells tokens apart that different programs were given."""

    cache: TokenCache
    appid: str
    issuer: str = ""

    def read(self, host: str) -> tuple[Secret, float] | None:
        """As ``TokenCache.read``."""
        return self.cache.read(self.appid, host + self.issuer)

    def write(self, host: str, token: Secret, good_until: float) -> None:
        """As ``TokenCache.write``."""
        self.cache.write(self.appid, host + self.issuer, token, good_until)

    def drop(self, host: str) -> None:
        """As ``TokenCache.drop``."""
        self.cache.drop(self.appid, host + self.issuer)


def _is_own(state: os.stat_result) -> bool:
    """Owned by this user and closed to all others (where the platform knows of such things)."""
    if not hasattr(os, "geteuid"):
        return True
    return state.st_uid == os.geteuid() and not state.st_mode & 0o077


def exposed(folder: Path) -> str | None:
    """Why tokens in a folder are not this user's secret, None where they are; raises ``OSError``."""
    state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode):
        return "is no folder"
    if not _is_own(state):
        return f"is open to others, or another user's (mode {stat.S_IMODE(state.st_mode):o})"
    for path in folder.glob("*.json"):
        state = path.lstat()
        if not stat.S_ISREG(state.st_mode) or not _is_own(state):
            return f"holds a file that is open to others, or another user's (mode {stat.S_IMODE(state.st_mode):o})"
    return None


def _read_own(path: Path) -> bytes:
    """The content of a regular file of this user's; raises ``OSError`` for anything else, a link too."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode) or not _is_own(state):
            raise PermissionError
        return os.read(descriptor, _LARGEST_FILE)
    finally:
        os.close(descriptor)


def own_folder(folder: Path) -> None:
    """Make the folder, or see that it is this user's own and closed; raises ``OSError`` where it is not."""
    try:
        state = folder.lstat()
    except FileNotFoundError:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode):
        raise NotADirectoryError
    if not _is_own(state):
        folder.chmod(0o700)  # refused by the system where the folder is another user's
        if not _is_own(folder.lstat()):
            raise PermissionError


def replace(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 under another name and put it in place at once (a link there is replaced itself)."""
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - opened by descriptor, as it was created
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
