"""The compilers that hold the exports: mypy, which development needs anyhow, and tsc, which the gate installs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / ".venv" / "typescript" / "node_modules" / ".bin" / "tsc"


@dataclass(frozen=True)
class Compiled:
    """What a compiler said."""

    code: int
    said: str


def ran(command: Sequence[str | Path], folder: Path) -> Compiled:
    done = subprocess.run(
        [str(word) for word in command], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    return Compiled(done.returncode, done.stdout + done.stderr)


def mypy(folder: Path, *files: str) -> Compiled:
    """``mypy --strict``, away from this repository's settings."""
    return ran([sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull, *files], folder)


def tsc(folder: Path, *arguments: str) -> Compiled:
    """``tsc``; where it is not installed, the gate fails and everybody else skips."""
    found = INSTALLED if INSTALLED.exists() else shutil.which("tsc")
    if found is None:
        pytest.skip("there is no tsc: npm install --prefix .venv/typescript typescript@5.9")
    return ran([found, *arguments], folder)


def node(folder: Path, program: str) -> Compiled:
    """A module run by node, which tsc needs itself."""
    return ran([shutil.which("node") or "node", "--input-type=module", "--eval", program], folder)
