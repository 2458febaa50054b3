"""What is published is whole and is nothing else, and works where there is no checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from wxdeploy import __version__

ROOT = Path(__file__).parents[2]
INFO = f"wxdeploy-{__version__}.dist-info"


def run(*command: str | Path, cwd: Path | str, env: Mapping[str, str] | None = None) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "WX"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**clean, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a source distribution and the wheel made of it, built from a copy of the checkout."""
    source = tmp_path_factory.mktemp("source") / "wxdeploy"
    shutil.copytree(
        ROOT,
        source,
        ignore=shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "dist", "build"),
    )
    for trace in ("wxdeploy/stray.pyc", "examples/first-menu/.wxdeploy/sandbox.sqlite3"):
        (source / trace).parent.mkdir(exist_ok=True)
        (source / trace).write_bytes(b"")
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, source, cwd=source)
    return out


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel in a folder of its own, which ``PYTHONPATH`` puts before the checkout."""
    target = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", target, wheel, cwd="/")
    return target


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    shutil.copytree(ROOT / "examples" / "first-menu", folder, ignore=shutil.ignore_patterns(".wxdeploy"))
    return folder


def test_the_wheel_is_what_its_name_says(wheel: Path) -> None:
    assert wheel.name == f"wxdeploy-{__version__}-py3-none-any.whl"


def test_the_wheel_holds_the_package_its_data_and_nothing_else(wheel: Path) -> None:
    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "wxdeploy").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    schemas = {f"wxdeploy/_schemas/v1/{path.name}" for path in (ROOT / "schemas" / "v1").glob("*.schema.json")}
    info = {f"{INFO}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")}
    assert package >= {"wxdeploy/py.typed", "wxdeploy/cli/group.py"}
    assert set(zipfile.ZipFile(wheel).namelist()) == package | schemas | info


def test_every_file_of_data_is_meant_to_be_there(wheel: Path) -> None:
    """Schemas, the pages of ``init``, and what stands beside the module of the same name that reads it."""
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "wxdeploy/_schemas/v1/account.schema.json",
        "wxdeploy/_schemas/v1/project.schema.json",
        "wxdeploy/cli/project/wxdeploy.yaml",
        "wxdeploy/wechat/errcodes.csv",
    } <= names
    places = ("wxdeploy/_schemas/v1/", "wxdeploy/cli/project/", INFO)
    stray = [
        name
        for name in names
        if not name.endswith(".py") and not name.startswith(places) and f"{name.rpartition('.')[0]}.py" not in names
    ]
    assert stray == ["wxdeploy/py.typed"]


def test_the_source_distribution_holds_the_tests_and_no_traces_of_work(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as held:
        names = {name.partition("/")[2] for name in held.getnames()}
    assert {
        "README.md",
        "README.zh-CN.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "pyproject.toml",
        "PKG-INFO",
    } <= names
    assert {"schemas/v1/menu.schema.json", "examples/first-menu/wxdeploy.yaml", "tests/conftest.py", ".ci/run"} <= names
    top = {name.partition("/")[0] for name in names}
    assert top == {
        "README.md", "README.zh-CN.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "pyproject.toml", "PKG-INFO", ".gitignore", ".ci",
        "wxdeploy", "schemas", "examples", "tests", "docs", "benchmarks", "templates",
        "action.yml", ".pre-commit-hooks.yaml", "Dockerfile", ".dockerignore",
    }  # fmt: skip
    assert not [name for name in names if "__pycache__" in name or ".wxdeploy" in name or name.endswith(".pyc")]


@pytest.mark.parametrize("how", ["module", "script"])
def test_the_installed_program_works_from_anywhere(how: str, installed: Path, shop: Path) -> None:
    env = {"PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    where = run(sys.executable, "-c", "import wxdeploy; print(wxdeploy.__file__)", cwd="/", env=env).strip()
    assert Path(where) == installed / "wxdeploy" / "__init__.py"
    program = [sys.executable, "-m", "wxdeploy"] if how == "module" else [str(installed / "bin" / "wxdeploy")]
    assert run(*program, "--version", cwd="/", env=env) == f"wxdeploy {__version__}\n"
    assert run(*program, "-C", shop, "validate", cwd="/", env=env).startswith("All good")
    assert run(*program, "explain", "40018", cwd="/", env=env).startswith("40018 ")
    assert '"$id"' in run(*program, "schema", "menu", cwd="/", env=env)


def test_the_installed_program_writes_a_project_that_works(installed: Path, tmp_path: Path) -> None:
    env = {"PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1", "WXDEPLOY_CACHE": str(tmp_path / "cache")}
    program = [sys.executable, "-m", "wxdeploy"]
    run(*program, "init", tmp_path / "shop", cwd="/", env=env)
    assert run(*program, "-C", tmp_path / "shop", "apply", "--yes", cwd="/", env=env).endswith("Apply: 1 call done.\n")


def test_the_package_says_that_it_is_typed(installed: Path) -> None:
    assert (installed / "wxdeploy" / "py.typed").is_file()
    metadata = (installed / INFO / "METADATA").read_text("utf-8")
    assert "\nLicense-Expression: Apache-2.0\n" in metadata
    assert "\nRequires-Python: >=3.11\n" in metadata
