"""Links in a project, as whoever proposes a change of its files can put them there: nothing is written behind one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cli.shell import Project, Ran
from workflow.drill import menu

Run = Callable[..., Ran]


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "file").write_text("precious", "utf-8")
    return folder


def untouched(outside: Path) -> bool:
    return [each.name for each in outside.iterdir()] == ["file"] and (outside / "file").read_text("utf-8") == "precious"


@pytest.mark.parametrize(
    ("link", "target"),
    [
        (".wxdeploy", "."),
        (".wxdeploy/journal", "."),
        (".wxdeploy/journal/shop.jsonl", "file"),
        (".wxdeploy/snapshots", "."),
        (".wxdeploy/sandbox.sqlite3", "new.sqlite3"),
    ],
)
def test_what_a_run_leaves_is_left_behind_no_link(
    project: Project, run: Run, outside: Path, link: str, target: str
) -> None:
    project.want(menu("一"))
    path = project.root / link
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(outside / target)
    ran = run("apply", "--yes")
    assert ran.code == 4
    assert f"{link} is a link" in (ran.out + ran.err).replace(f"{project.root}/", "")
    assert project.writes() == []
    assert untouched(outside)


def test_an_account_is_pulled_into_no_folder_behind_a_link(project: Project, run: Run, outside: Path) -> None:
    project.live(menu=menu("一"))
    project.want("{}\n")
    (project.root / "shop").symlink_to(outside)
    ran = run("pull")
    assert ran.code == 4
    assert "leads out of the project" in ran.err
    assert untouched(outside)
    assert run("pull", "--out", str(outside / "mine")).code == 0


@pytest.mark.parametrize(("out", "bounds"), [(None, "project"), ("pulled", "folder")])
def test_an_account_is_pulled_into_no_file_behind_a_link(
    project: Project, run: Run, outside: Path, out: str | None, bounds: str
) -> None:
    project.live(menu=menu("一"))
    project.want("{}\n")
    folder = project.root / (out or "shop")
    folder.mkdir()
    (folder / "menu.yaml").symlink_to(outside / "menu.yaml")
    ran = run("pull", "--force", *(["--out", out] if out else []))
    assert ran.code == 4
    assert f"leads out of the {bounds}" in ran.err
    assert untouched(outside)
