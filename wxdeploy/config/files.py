"""The files that a pattern names, inside the project and nowhere else."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from wxdeploy.config import file_rules
from wxdeploy.config.documents import MAX_BYTES
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.record import Record
from wxdeploy.model.source import Span

PROJECT_FILE = "wxdeploy.yaml"
_MAGIC = frozenset("*?[")


class Refusal(Record):
    """Why a pattern can't be used, and what to do."""

    detail: str
    fix: str
    outside: bool = False


def find(root: Path, pattern: str) -> tuple[str, ...] | Refusal:
    """The files of a pattern as paths from ``root``, sorted; a file outside the project refuses the whole pattern."""
    parts = PurePosixPath(_native(pattern)).parts
    if pattern.startswith(("/", "~")) or ".." in parts or pattern[1:2] == ":":
        return Refusal(
            detail=f"`{pattern}` leads out of the folder of {PROJECT_FILE}",
            fix="copy or move the file into the project",
            outside=True,
        )
    found = sorted(set(_expand(str(root), "", parts)), key=lambda name: name.split("/")) if "\0" not in pattern else []
    real_root = os.path.realpath(root)
    for name in found:
        if os.path.commonpath([real_root, os.path.realpath(os.path.join(root, name))]) != real_root:  # noqa: PTH118
            return Refusal(
                detail=f"`{display(name)}` is a link that leads out of the folder of {PROJECT_FILE}",
                fix="put the file itself into the project, in place of the link",
                outside=True,
            )
    if not found:
        hint = "write / between folders, not \\" if "\\" in pattern else "correct the name, or remove the entry"
        return Refusal(detail=f"`{pattern}` fits no file of the project", fix=hint)
    return tuple(found)


def read(root: Path, name: str) -> bytes | Diagnostic:
    """The bytes of a file, one more than are accepted at most."""
    path = root / name
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            what = "it is a folder" if stat.S_ISDIR(mode) else "it is no ordinary file"
            return _unreadable(name, what, f"write `{display(name)}/*.yaml` for the files in a folder")
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        return _unreadable(name, error.strerror or "the system refuses to open it", "see whether you may read it")


def _native(name: str) -> str:
    """A name as the system tells it, where its encoding lacks a character: then files go by the bytes of UTF-8."""
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogatepass").decode(sys.getfilesystemencoding(), "surrogateescape")
    return name


def display(name: str) -> str:
    """A file's name as text, whatever its bytes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _unreadable(name: str, why: str, fix: str) -> Diagnostic:
    shown = display(name)
    return file_rules.unreadable_file.found(f"{shown}: {why}", fix, span=Span(shown, 1, 1))


def _expand(root: str, folder: str, parts: tuple[str, ...]) -> Iterator[str]:
    """The files below ``folder`` that fit; only a file named in full may be hidden, a folder or ``wxdeploy.yaml``."""
    if not parts:
        return
    head, rest = parts[0], parts[1:]
    if head == "**":
        while rest[:1] == ("**",):
            rest = rest[1:]
        for below in _folders(root, folder):
            yield from _expand(root, below, rest or ("*",))
    elif not _MAGIC.intersection(head):
        name = folder + head
        if rest:
            yield from _expand(root, f"{name}/", rest)
        elif os.path.lexists(os.path.join(root, name)):  # noqa: PTH118
            yield name
    else:
        for entry in _entries(root, folder):
            if not fnmatchcase(entry.name, head) or (entry.name.startswith(".") and not head.startswith(".")):
                continue
            yield from _fitting(root, folder + entry.name, rest, is_folder=_is_folder(entry))


def _fitting(root: str, name: str, rest: tuple[str, ...], *, is_folder: bool) -> Iterator[str]:
    if rest and is_folder:
        yield from _expand(root, f"{name}/", rest)
    elif not rest and not is_folder and name != PROJECT_FILE:
        yield name


def _folders(root: str, folder: str) -> Iterator[str]:
    """``folder`` and all below it; links are not followed and hidden folders are passed over."""
    pending = [folder]
    while pending:
        below = pending.pop()
        yield below
        pending.extend(
            f"{below}{entry.name}/"
            for entry in _entries(root, below)
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
        )


def _entries(root: str, folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(os.path.join(root, folder)) as entries:  # noqa: PTH118
            return list(entries)
    except OSError:
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
