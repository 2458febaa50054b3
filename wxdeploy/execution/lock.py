"""One apply at a time on one account.

The lock is the operating system's own, on a file: it ends with the process that holds it, however that ends, so that
none is left behind. What the file says is for people, and for telling whether somebody else was at work in between.
It holds between the processes of one user on one machine. Between machines nothing but the fingerprints of a plan
protects.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from wxdeploy.model.errors import RefusedError, WxdeployError
from wxdeploy.model.jsonvalue import JsonValue

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # a byte that is never written: the text before it stays readable

    def _seize(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
else:
    import fcntl

    def _seize(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def last_holder(path: Path) -> str:
    """What the file says of whoever holds the lock, or held it last; empty where nobody did."""
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


@contextmanager
def hold(path: Path, *, now: str, account: str, project: Path) -> Iterator[str]:
    """Hold the lock, and give what the file said before; raises ``RefusedError`` where another process holds it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _unusable(path, error) from None
    try:
        _acquire(descriptor, path, account)
        before = last_holder(path)
        owner = {**_process(), "since": now, "account": account, "project": str(project), "over": False}
        try:
            _say(descriptor, owner)
            yield before
        finally:
            # The text stays: the next one sees by it that somebody was here.
            with contextlib.suppress(OSError):
                _say(descriptor, {**owner, "over": True})
    finally:
        os.close(descriptor)


def is_free(path: Path) -> bool:
    """Whether no process holds the lock."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return True
    try:
        _seize(descriptor)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def _acquire(descriptor: int, path: Path, account: str) -> None:
    try:
        _seize(descriptor)
    except (BlockingIOError, PermissionError):
        raise RefusedError(
            f"{account} is being applied to by somebody else: {_described(last_holder(path))}",
            fix="wait until that run has ended, and look at the account again with: wxdeploy plan",
        ) from None
    except OSError as error:
        raise _unusable(path, error) from None


def _process() -> dict[str, JsonValue]:
    return {"pid": os.getpid(), "host": socket.gethostname(), "user": _user()}


def _say(descriptor: int, owner: Mapping[str, JsonValue]) -> None:
    """Write who holds the lock: which process of whom, where, since when, for which account of which project."""
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, (json.dumps(owner, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace"))


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container whose user has no name
        return "somebody without a name"


def _described(text: str) -> str:
    try:
        owner = json.loads(text)
        told = f"process {owner['pid']} of {owner['user']} on {owner['host']}, since {owner['since']}"
        return f"{told}, as the account {owner['account']} of {owner['project']}"
    except (ValueError, TypeError, KeyError, RecursionError):
        return "by whom is not known"


def _unusable(path: Path, error: OSError) -> WxdeployError:
    return WxdeployError(
        f"one run at a time may write to an account, and {path} can't be locked: {error.strerror}",
        fix="make room for it, or remove what is in its way; WXDEPLOY_CACHE names another folder",
    )
