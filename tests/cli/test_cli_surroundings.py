"""Surroundings that lack something: a locale that knows no Chinese, a stream that is closed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from cli.shell import Project, Ran, account, environment
from workflow.drill import menu

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="locales and descriptors of POSIX")

BARE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def run(project: Project, *arguments: str, closing: str = "", **more: str) -> Ran:
    line = ["sh", "-c", f'exec "$@" {closing}', "sh", sys.executable, "-m", "wxdeploy", *arguments]
    done = subprocess.run(line, cwd=project.root, env=environment(**more), capture_output=True, timeout=60, check=False)
    out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in out + err, err
    return Ran(done.returncode, out, err)


def entry(files: str) -> str:
    return f"  shop:\n    appid: wx0000000000000001\n    api: sandbox\n    files: {files}\n"


def test_a_chinese_folder_is_found_whatever_the_locale(project: Project) -> None:
    patterns = ("[菜单/*.yaml]", "['菜单/**/*.yaml']", "[菜单/首页.yaml]", "['*/首页.yaml']")
    entries = (account(f"shop-{n}", appid=f"wx{n:016x}", files=files) for n, files in enumerate(patterns, 1))
    project.accounts(*entries)
    project.want(menu("新"), "菜单/首页.yaml")
    ran = run(project, "plan", "--detailed-exitcode", "--format", "json", **BARE)
    assert ran.code == 2, ran.err
    planned = {each["account"]: len(each["changes"]) for each in ran.json["accounts"]}
    assert planned == {f"shop-{n}": 1 for n in range(1, len(patterns) + 1)}


def test_a_chinese_file_that_is_missing_is_told(project: Project) -> None:
    project.accounts(entry("[菜单/*.yaml]"))
    ran = run(project, "validate", "--format", "json", **BARE)
    assert ran.code == 3
    assert "`菜单/*.yaml` fits no file" in ran.out


@pytest.mark.parametrize("where", ["计划.json", "没有/计划.json", "菜单.yaml"])
def test_a_plan_under_a_chinese_name(project: Project, where: str) -> None:
    project.want(menu("新"))
    project.write("菜单.yaml", "x")
    subprocess.run(["git", "init", "-q"], cwd=project.root, check=True)
    ran = run(project, "plan", "--out", where, **BARE)
    assert ran.code == {"计划.json": 0, "没有/计划.json": 1, "菜单.yaml": 4}[where], ran.err
    if ran.code == 0:
        assert json.loads((project.root / where).read_text("utf-8"))["accounts"]
        assert run(project, "apply", "--yes", where, **BARE).code == 0


@pytest.mark.parametrize("line", [["plan"], ["plan", "--format", "json"], ["apply", "--yes"], ["explain", "40018"]])
def test_a_closed_stdout_is_told_before_anything_is_done(project: Project, line: list[str]) -> None:
    project.want(menu("新"))
    ran = run(project, *line, closing=">&-")
    assert ran.code == 1
    assert "stdout is closed" in ran.err
    assert "/dev/null" in ran.err
    assert project.calls() == []


@pytest.mark.parametrize(
    "line", [["plan"], ["apply", "--yes", "-vv"], ["export", "--check", "x"], ["plam"], ["plan", "-C", "x"]]
)
def test_a_closed_stderr_changes_no_code(project: Project, line: list[str]) -> None:
    project.want(menu("新"))
    assert run(project, *line, closing="2>&-").code == {"export": 1, "plam": 64}.get(line[0], 64 if "-C" in line else 0)
