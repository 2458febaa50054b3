"""A newcomer's first minutes: init, and what it wrote; pull into files; what the disk refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib.metadata import PathDistribution
from pathlib import Path
from typing import Any

import pytest
from cli.shell import Project, Ran, account, environment, program
from workflow.drill import menu

Run = Callable[..., Ran]


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "fresh"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_what_init_writes_is_valid_applies_and_leaves_nothing_to_do(run: Run, empty: Path) -> None:
    ran = run("init")
    assert ran.code == 0
    assert ran.err == ""
    written = [line[2:] for line in ran.out.splitlines() if line.startswith("+ ")]
    assert all((empty / each).exists() for each in written)
    assert (empty / ".github/workflows/wxdeploy.yaml").is_file()
    assert run("validate").out.startswith("All good")
    assert run("plan", "--detailed-exitcode").code == 2
    assert run("apply", "--yes").code == 0
    assert run("plan", "--detailed-exitcode").code == 0
    assert run("apply").code == 0
    assert ".wxdeploy/" in (empty / ".gitignore").read_text("utf-8")


@pytest.mark.parametrize(
    ("origin", "action"),
    [
        (
            {"url": "https://github.com/tea/wxdeploy.git", "vcs_info": {"vcs": "git", "commit_id": "a" * 40}},
            "tea/wxdeploy",
        ),
        (
            {"url": "ssh://git@github.com/tea/wxdeploy", "vcs_info": {"vcs": "git", "commit_id": "a" * 40}},
            "tea/wxdeploy",
        ),
        ({"url": "https://git.example.com/tea/wxdeploy", "vcs_info": {"vcs": "git", "commit_id": "a" * 40}}, None),
        ({"url": "https://github.com/tea/wxdeploy", "vcs_info": {"vcs": "git", "commit_id": "main"}}, None),
        ({"url": "file:///somewhere", "dir_info": {}}, None),
        (None, None),
        ([], None),
    ],
    ids=str,
)
def test_the_pipeline_uses_what_was_installed_or_says_what_to_fill_in(
    run: Run, empty: Path, monkeypatch: pytest.MonkeyPatch, origin: Any, action: str | None
) -> None:
    monkeypatch.setattr(
        PathDistribution, "read_text", lambda self, name: None if origin is None else json.dumps(origin)
    )
    ran = run("init")
    assert ran.code == 0
    used = re.findall(r"uses: (\S*wxdeploy@\S+)", (empty / ".github/workflows/wxdeploy.yaml").read_text("utf-8"))
    assert len(used) == 3
    assert set(used) == {f"{action}@{'a' * 40}" if action else f"OWNER/wxdeploy@{'0' * 40}"}
    assert ("say in .github/workflows/wxdeploy.yaml which wxdeploy" in ran.out) is (action is None)


def test_init_makes_the_folder_that_is_named_and_says_where_to_go(run: Run, empty: Path) -> None:
    ran = run("init", "a shop/of mine")
    assert ran.code == 0
    assert (empty / "a shop/of mine/wxdeploy.yaml").is_file()
    assert "cd 'a shop/of mine' && wxdeploy plan\n" in ran.out
    assert run("-C", "a shop/of mine", "validate").code == 0
    assert run("-C", "a shop/of mine/base", "plan").code == 0


@pytest.mark.parametrize("name", ["wxdeploy.yaml", "base/menu.yaml", "schemas/v1/menu.schema.json"])
def test_init_overwrites_nothing_and_then_writes_nothing(run: Run, empty: Path, name: str) -> None:
    (empty / name).parent.mkdir(parents=True, exist_ok=True)
    (empty / name).write_text("mine\n", "utf-8")
    ran = run("init")
    assert ran.code == 4
    assert Path(name).name in ran.err
    assert [path.read_text("utf-8") for path in empty.rglob("*") if path.is_file()] == ["mine\n"]


@pytest.mark.parametrize(
    ("there", "then"),
    [
        ("*.log\n", "*.log\n.wxdeploy/\n"),
        ("*.log", "*.log\n.wxdeploy/\n"),
        ("", ".wxdeploy/\n"),
        (".wxdeploy/\n*.log\n", ".wxdeploy/\n*.log\n"),
    ],
)
def test_init_adds_to_what_git_ignores(run: Run, empty: Path, there: str, then: str) -> None:
    (empty / ".gitignore").write_text(there, "utf-8")
    ran = run("init")
    assert ran.code == 0
    assert (empty / ".gitignore").read_text("utf-8") == then
    said = [line[0] for line in ran.out.splitlines() if line.endswith(" .gitignore")]
    assert said == ([] if there == then else ["~" if there else "+"])


@pytest.mark.parametrize("name", [".gitignore", "wxdeploy.yaml"])
def test_init_writes_through_no_link(run: Run, empty: Path, name: str) -> None:
    (empty / name).symlink_to(empty.parent / "elsewhere")
    ran = run("init")
    assert (ran.code, name in ran.err) == (4, True)
    assert [path.name for path in empty.rglob("*")] == [name]
    assert not (empty.parent / "elsewhere").exists()


def test_a_second_init_is_refused(run: Run, empty: Path) -> None:
    assert run("init").code == 0
    assert run("init").code == 4


@pytest.mark.parametrize("name", ["base", "schemas", ".github", "a file/below"])
def test_init_says_what_stands_in_its_way(run: Run, empty: Path, name: str) -> None:
    blocked = empty / name.partition("/")[0]
    blocked.write_text("a file\n", "utf-8")
    ran = run("init", *(["a file/below"] if "/" in name else []))
    assert ran.code == 1
    assert blocked.name in ran.err


def test_pull_writes_a_folder_named_as_the_account_and_never_over_other_work(project: Project, run: Run) -> None:
    project.live(menu=menu("一"))
    project.want("{}\n")
    ran = run("pull")
    assert ran.code == 0
    pulled = project.root / "shop" / "menu.yaml"
    text = pulled.read_text("utf-8")
    assert "name: 一" in text
    assert run("pull").code == 0
    pulled.write_text(text + "# mine\n", "utf-8")
    ran = run("pull")
    assert ran.code == 4
    assert "--force" in ran.err
    assert pulled.read_text("utf-8").endswith("# mine\n")
    assert run("pull", "--force").code == 0
    assert pulled.read_text("utf-8") == text
    project.accounts(account(files="[shop/*.yaml]"))
    assert run("validate").code == 0
    assert run("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize(
    ("out", "modeline"),
    [
        (None, "# yaml-language-server: $schema=../schemas/v1/account.schema.json"),
        ("live/of/shop", "# yaml-language-server: $schema=../../../schemas/v1/account.schema.json"),
        (".", "# yaml-language-server: $schema=./schemas/v1/account.schema.json"),
    ],
)
def test_what_is_pulled_names_the_schema_of_its_project_where_there_is_one(
    out: str | None, modeline: str, project: Project, run: Run
) -> None:
    project.live(menu=menu("一"))
    project.want("{}\n")
    arguments = ["--force", *(["--out", out] if out else [])]
    pulled = project.root / (out or "shop") / "menu.yaml"
    assert run("pull", *arguments).code == 0
    assert pulled.read_text("utf-8").startswith("menu:\n")
    assert run("schema", "--out", "schemas/v1").code == 0
    assert run("pull", *arguments).code == 0
    first = pulled.read_text("utf-8").splitlines()[0]
    assert first == modeline
    assert (pulled.parent / first.partition("=")[2]).is_file()


def test_pull_to_stdout_prints_one_document_and_nothing_else(project: Project, run: Run) -> None:
    project.live(menu=menu("一"))
    project.want("{}\n")
    ran = run("pull", "--out", "-")
    assert ran.out.startswith("menu:\n")
    assert ran.err == ""
    project.write("menu.yaml", ran.out)
    assert run("plan", "--detailed-exitcode").code == 0


def test_pull_needs_no_files_yet(project: Project, run: Run) -> None:
    project.live(menu=menu("一"))
    project.accounts(account(files="[shop/*.yaml]"))
    assert run("pull").code == 0
    assert run("plan", "--detailed-exitcode").code == 0


def test_pull_of_an_account_without_anything_says_so(project: Project, run: Run) -> None:
    project.want("{}\n")
    ran = run("pull")
    assert ran.code == 0
    assert "nothing to pull" in ran.err
    assert run("pull", "--out", "-").out == "{}\n"


@pytest.mark.parametrize("way", ["a file", "a folder", "other bytes"])
def test_pull_says_what_stands_in_its_way_and_goes_on_with_the_next_account(
    project: Project, run: Run, way: str
) -> None:
    project.accounts(account(), account("other", appid="wx0000000000000002"))
    project.want("{}\n")
    for appid in ("wx0000000000000001", "wx0000000000000002"):
        project.live(appid, menu=menu("一"))
    match way:
        case "a file":
            project.write("shop", "")
        case "a folder":
            (project.root / "shop" / "menu.yaml").mkdir(parents=True)
        case _:
            project.write("shop/menu.yaml", b"\xff\xfe\x00")
    ran = run("pull")
    assert ran.code == (4 if way == "other bytes" else 1)
    assert "shop" in ran.err
    assert (project.root / "other" / "menu.yaml").is_file()


@pytest.mark.parametrize("content", [b"no database at all, but long enough to be taken for one" * 40, None])
def test_an_embedded_sandbox_that_cannot_be_opened_fails_in_words(
    project: Project, run: Run, content: bytes | None
) -> None:
    project.want(menu("一"))
    if content is None:
        (project.root / ".wxdeploy" / "sandbox.sqlite3").mkdir(parents=True)
    else:
        project.write(".wxdeploy/sandbox.sqlite3", content)
    for command in (("plan",), ("apply", "--yes"), ("pull",)):
        ran = run(*command)
        assert ran.code == 1
        assert "sandbox.sqlite3" in ran.out + ran.err


def test_the_sandbox_command_says_what_it_cannot_use(
    project: Project, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("bad.sqlite3", b"no database at all, but long enough to be taken for one" * 40)
    assert run("sandbox", "--db", "bad.sqlite3").code == 1
    assert run("sandbox", "--db", "wxdeploy.yaml/x.sqlite3").code == 1
    project.write("seed.yaml", "wx0000000000000001: {menus: 5}\n")
    project.root.joinpath("below").mkdir()
    for where in ((), ("-C", "..")):  # a seed is found from the project, as its database is
        ran = run("sandbox", *where, "--seed", "seed.yaml")
        assert ran.code == 64
        assert "menus" in ran.err
        monkeypatch.chdir(project.root / "below")
    ran = run("sandbox", "--seed", "nowhere.yaml")
    assert ran.code == 64
    assert "nowhere.yaml can't be read" in ran.err


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "utf-8"])
def test_a_pipe_of_any_encoding_gets_what_it_can_show(project: Project, encoding: str) -> None:
    project.want(menu("一🎉ö"))
    env = environment(PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    with program("plan", cwd=project.root, env=env, encoding=None) as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert b"Traceback" not in err
    assert b"menu default" in out


def test_a_reader_that_leaves_ends_it_quietly(project: Project) -> None:
    project.want(menu(*"一二三"))
    with program("plan", cwd=project.root) as process:
        assert process.stdout is not None
        process.stdout.close()
        process.stdout = None
        assert process.wait(60) in (0, 1)
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


@pytest.mark.parametrize("arguments", [(b"plan", b"--\xff"), (b"plan", b"--account", b"\xff\xfe"), (b"\x80",), (b"explain", b"\xff")])  # fmt: skip
def test_arguments_that_are_no_text_are_refused_in_words(project: Project, arguments: Any) -> None:
    with program(*arguments, cwd=project.root) as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == 64
    assert "Traceback" not in err
    assert out == ""
