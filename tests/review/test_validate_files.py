"""``validate FILE``: the projects that the files are in, with paths that the caller knows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cli.shell import Project, Ran

Run = Callable[..., Ran]
GOOD = {"button": [{"type": "click", "name": "好", "key": "K"}]}
BAD = {"button": [{"type": "click", "name": "附近的门店地图", "key": "K"}]}


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a good project in ``north`` and a bad one in ``shops/south``."""
    (tmp_path / ".git").mkdir()
    for name, menu in (("north", GOOD), ("shops/south", BAD)):
        made = Project(tmp_path / name)
        made.root.mkdir(parents=True)
        made.accounts()
        made.want(menu)
    (tmp_path / "other.yaml").write_text("a: [", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_projects_of_the_files_are_looked_at_and_no_other(two: Path, run: Run) -> None:
    ran = run("validate", "north/menu.yaml", "other.yaml", "north/wxdeploy.yaml")
    assert (ran.code, ran.out) == (0, "All good (1 account, 2 files).\n")
    ran = run("validate", "shops/south/wxdeploy.yaml")
    assert ran.code == 3
    assert ran.out.startswith("shops/south/menu.yaml:1:")
    ran = run("validate", "shops/south/menu.yaml", "north/menu.yaml")
    assert ran.code == 3
    assert "(2 projects)" in ran.out


@pytest.mark.parametrize("names", [["other.yaml"], ["nowhere/at.yaml"], ["no such.yaml"]])
def test_files_of_no_project_are_passed_over(two: Path, run: Run, names: list[str]) -> None:
    ran = run("validate", *names)
    assert (ran.code, ran.out) == (0, "All good (0 projects).\n")


def test_every_format_has_paths_of_the_repository(two: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    place = "shops/south/menu.yaml"
    for folder, name in ((two, place), (two / "shops", "south/menu.yaml"), (two / "shops" / "south", "menu.yaml")):
        monkeypatch.chdir(folder)
        assert f"file={place}," in run("validate", name, "--format", "github").out
        assert json.loads(run("validate", name, "--format", "gitlab").out)[0]["location"]["path"] == place
        found = run("validate", name, "--format", "json").json["findings"][0]
        assert found["file"] == name


def test_names_are_counted_from_the_folder_that_is_named(two: Path, run: Run) -> None:
    ran = run("-C", "shops", "validate", "south/menu.yaml")
    assert ran.code == 3
    assert ran.out.startswith("south/menu.yaml:1:")
    assert run("validate", str(two / "shops" / "south" / "menu.yaml")).out.startswith("shops/south/menu.yaml:1:")
