"""A project as a git revision has it, read through git itself: nothing is checked out, and the index is left alone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from wxdeploy.model.errors import UsageError, WxdeployError

MAIN_BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
"""What the main branch may be called, the best guess first."""

_SECONDS = 60  # a command that only reads and takes longer than this hangs
_MAX_BYTES = 5 * 1024 * 1024  # no file of a project may be larger
_RELATIVE = re.compile(r"^(?:HEAD|@)|[~^:@]")  # counted from another one, which no server knows by that name
_LINK, _FOLDER_OF_ANOTHER = "120000", "160000"


class Commit(NamedTuple):
    """A commit by its full hash, and whether files of the project differ from it (``dirty``)."""

    revision: str
    dirty: bool


def commit_of(root: Path) -> Commit | None:
    """The commit that a project stands at; None outside a repository, without git, or before the first commit."""
    try:
        revision = _text(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        changed = _git(root, "status", "--porcelain", "--", ".")
    except WxdeployError:
        return None
    return Commit(revision, bool(changed.strip()))


def resolve(root: Path, revision: str) -> str:
    """The full hash of a revision; raises ``UsageError`` for one that there is not."""
    try:
        return _text(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except _RefusedByGitError:
        pass
    shallow = _is_shallow(root, f"revision {revision}")
    if not _RELATIVE.search(revision):
        fix = "fetch it first: git fetch origin " + (revision.removeprefix("origin/") or "HEAD")
    else:
        fix = "fetch what is before: git fetch --unshallow origin" if shallow else "name one that git log shows"
    if shallow:
        fix += "; this clone is shallow (in a pipeline: check out with fetch-depth: 0)"
    raise UsageError(f"git knows no revision {revision} here", fix=fix)


def fork_point(root: Path) -> tuple[str, str]:
    """The full hash of the commit at which this work left the main branch, and that branch's name.

    Raises ``UsageError`` where there is no such branch here, or not enough history to tell.
    """
    shallow = _is_shallow(root, "its main branch")
    for branch in MAIN_BRANCHES:
        try:
            _text(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{branch}^{{commit}}")
        except _RefusedByGitError:
            continue
        try:
            return _text(root, "merge-base", "HEAD", branch), branch
        except _RefusedByGitError:
            fix = f"name a revision: wxdeploy diff {branch}"
            if shallow:
                fix = f"fetch more of it: git fetch --unshallow origin; or {fix}"
            raise UsageError(f"where this left {branch} is not in this clone's history", fix=fix) from None
    fix = "name a revision, as in: wxdeploy diff HEAD~1"
    if shallow:
        fix = (
            "this clone is shallow: fetch the main branch (in a pipeline: check out with fetch-depth: 0; or git fetch "
            f"origin main:refs/remotes/origin/main); or {fix}"
        )
    raise UsageError(f"there is no main branch here to compare with ({', '.join(MAIN_BRANCHES)})", fix=fix)


def _is_shallow(root: Path, wanted: str) -> bool:
    try:
        return _text(root, "rev-parse", "--is-shallow-repository") == "true"
    except _RefusedByGitError:
        raise UsageError(f"{root} is in no git repository, so there is no {wanted}", fix="") from None


@contextmanager
def project_at(root: Path, revision: str) -> Iterator[Path]:
    """A temporary folder with the project's files as of a revision; raises ``UsageError`` for one that there is not."""
    commit = resolve(root, revision)
    with tempfile.TemporaryDirectory(prefix="wxdeploy-") as folder:
        target = Path(folder).resolve()
        _write_all(target, _blobs(root, commit), root)
        yield target


class _Blob(NamedTuple):
    name: str
    hash: str
    mode: str


def _blobs(root: Path, commit: str) -> list[_Blob]:
    """The files below the project's folder; names are counted from it."""
    listed = _git(root, "ls-tree", "-r", "-z", "-l", commit, "--", ".")
    found = []
    for line in listed.decode("utf-8", "surrogateescape").split("\0"):
        if not line:
            continue
        facts, _, name = line.partition("\t")
        mode, _, name_of_blob, size = facts.split()
        if mode != _FOLDER_OF_ANOTHER and int(size) <= _MAX_BYTES:
            found.append(_Blob(name, name_of_blob, mode))
    return found


def _write_all(target: Path, blobs: Sequence[_Blob], root: Path) -> None:
    if not blobs:
        return
    asked = "".join(f"{blob.hash}\n" for blob in blobs).encode()
    content = _git(root, "cat-file", "--batch", given=asked)
    at = 0
    for blob in blobs:
        end = content.index(b"\n", at)
        size = int(content[at:end].split()[-1])
        data, at = content[end + 1 : end + 1 + size], end + 1 + size + 1
        path = _place(target, blob.name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if blob.mode == _LINK:
                # Where a link leads out of the project, reading the project refuses it, as it does in the working tree.
                path.symlink_to(os.fsdecode(data))
            else:
                path.write_bytes(data)
        except OSError as error:
            raise WxdeployError(
                f"{blob.name} of that revision can't be written: {error.strerror}", fix="see what git fsck says"
            ) from None


def _place(target: Path, name: str) -> Path:
    """Where a file is written; a tree that nobody checked out may hold any name, and files below links."""
    path = target / name
    if path.is_symlink() or not path.parent.resolve().is_relative_to(target):
        raise WxdeployError(
            f"{name} of that revision leads out of the project, and git would not check it out",
            fix="see what git fsck says",
        )
    return path


class _RefusedByGitError(WxdeployError):
    """Git ended with a code of its own."""


def _text(root: Path, *arguments: str) -> str:
    return _git(root, *arguments).decode("utf-8", "replace").strip()


def _git(root: Path, *arguments: str, given: bytes | None = None) -> bytes:
    program = shutil.which("git")
    if program is None:
        raise WxdeployError("git is not installed, and revisions are read through it", fix="install git")
    # A repository may name programs to be run on the way; none is needed to read it.
    command = [program, "-c", "core.fsmonitor=false", "-C", str(root), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and a revision can't be taken for an option
            command,
            input=given,
            stdin=None if given is not None else subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env={**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"},
        )
    except subprocess.TimeoutExpired:
        raise WxdeployError(f"git {arguments[0]} took longer than {_SECONDS} seconds", fix="run it by hand") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise _RefusedByGitError(f"git {arguments[0]} failed: {said}", fix="run it by hand")
    return done.stdout
