"""The hook for pre-commit: installed by pre-commit from a clone of this repository, and run on good and bad projects.

Its own environment is made and the clone is built and installed into it; nothing is downloaded, so that what wxdeploy
needs is lent by this environment, through ``PYTHONPATH``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cli.repository import git
from cli.shell import REPOSITORY

PRE_COMMIT = Path(sys.executable).with_name("pre-commit")
TRACKED = ("wxdeploy", "schemas", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A repository with what this one has, and its commit."""
    folder = tmp_path_factory.mktemp("wxdeploy")
    for name in TRACKED:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".wxdeploy"))
        else:
            shutil.copy(source, folder)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "all of it")
    return folder, git(folder, "rev-parse", "HEAD")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps what it has installed."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def repository(tmp_path: Path, clone: tuple[Path, str]) -> Path:
    """A repository with two projects and a file that is in none, and the hook in its configuration."""
    for name in ("north", "south"):
        shutil.copytree(
            REPOSITORY / "examples" / "first-menu", tmp_path / name, ignore=shutil.ignore_patterns(".wxdeploy")
        )
    (tmp_path / "other.yaml").write_text("a: 1\n", "utf-8")
    folder, commit = clone
    config = f"repos:\n  - repo: {folder}\n    rev: {commit}\n    hooks: [{{id: wxdeploy-validate}}]\n"
    (tmp_path / ".pre-commit-config.yaml").write_text(config, "utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    return tmp_path


def hook(repository: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PRE_COMMIT), "run", "--color=never", *arguments],
        cwd=repository,
        env={
            **os.environ,
            "PRE_COMMIT_HOME": str(home),
            "PIP_NO_INDEX": "1",
            "PIP_NO_BUILD_ISOLATION": "0",  # pip reads this the wrong way round: there is none
            "PIP_NO_DEPS": "1",
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path.endswith("site-packages")),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_installed_and_finds_what_is_wrong_in_the_projects_of_the_files(repository: Path, home: Path) -> None:
    done = hook(repository, home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stdout
    menu = repository / "south" / "base" / "menu.yaml"
    menu.write_text(menu.read_text("utf-8").replace("name: 门店", "name: 附近的门店地图"), "utf-8")
    git(repository, "add", ".")
    done = hook(repository, home)
    assert done.returncode == 1
    assert "south/base/menu.yaml:14:13: error WX220" in done.stdout
    assert "north/" not in done.stdout
    (repository / "south" / "accounts.csv").write_text("name,appid\n", "utf-8")
    git(repository, "add", "south/accounts.csv")
    assert hook(repository, home, "--files", "south/accounts.csv").returncode == 1, (
        "a table of accounts is looked at too"
    )
    done = hook(repository, home, "--files", "north/base/menu.yaml", "other.yaml")
    assert done.returncode == 0, done.stdout
