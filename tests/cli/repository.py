"""A project in a git repository."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from cli.shell import Project

GIT = shutil.which("git") or ""
with_git = pytest.mark.skipif(not GIT, reason="there is no git")


def git(folder: Path, *arguments: str, given: bytes | None = None) -> str:
    """What a git command prints, run by somebody with a name."""
    config = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run([GIT, *config, *arguments], cwd=folder, capture_output=True, check=True, input=given)
    return done.stdout.decode("utf-8").strip()


def commit(project: Project) -> str:
    """Commit the project as it is, but for its history and what commands wrote; gives the hash."""
    if not (project.root / ".git").exists():
        git(project.root, "init", "-q", "-b", "main")
        project.write(".gitignore", ".wxdeploy/\n*.json\n")
    git(project.root, "add", "-A")
    git(project.root, "commit", "-q", "-m", "a state")
    return git(project.root, "rev-parse", "HEAD")
