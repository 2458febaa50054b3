"""Whatever bytes stand in the files, the program ends with a code of its own and says something."""

from __future__ import annotations

import io
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from cli.shell import Project, Ran
from hypothesis import given
from hypothesis import strategies as st
from laws import searched

from wxdeploy.cli.group import call

PROJECT = b"version: 1\naccounts:\n  shop:\n    appid: wx0000000000000001\n    api: sandbox\n    files: [menu.yaml]\n"
MENU = "menu:\n  button:\n    - {type: click, name: 一, key: K}\n".encode()

HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b" \n\t\n",
    "a null byte": b"\x00",
    "no text": bytes(range(256)),
    "another encoding": "menu: 菜单".encode("gb18030"),
    "utf-16": "menu: 菜单".encode("utf-16"),
    "a mark": b"\xef\xbb\xbf" + MENU,
    "two marks": b"\xef\xbb\xbf\xef\xbb\xbfmenu: absent\n",
    "tabs": b"menu:\n\tbutton: []\n",
    "a list": b"[1, 2, 3]",
    "a scalar": b"42",
    "two documents": b"menu: absent\n---\nmenu: absent\n",
    "a directive": b"%YAML 9.9\n---\nmenu: absent\n",
    "a tag": b"menu: !!python/object/apply:os.system [echo]\n",
    "an unknown anchor": b"menu: *nowhere\n",
    "an anchor in itself": b"menu: &a [*a]\n",
    "a merge of itself": b"menu: &a {<<: *a}\n",
    "laughs": b"a: &a [x,x,x,x,x,x,x,x,x]\n"
    + b"".join(b"%c: &%c [%s]\n" % (n, n, b",".join([b"*%c" % (n - 1)] * 9)) for n in range(98, 112)),
    "deep": b"menu: " + b"[" * 3000 + b"]" * 3000,
    "deep maps": b"menu: " + b"{a: " * 3000 + b"}" * 3000,
    "a long key": b"? " + b"k" * 5000 + b"\n: 1\n",
    "keys that are lists": b"? [a, b]\n: 1\n",
    "keys that are nothing": b"? \n: 1\n~: 2\n",
    "a key twice": b"menu: absent\nmenu: absent\n",
    "half a character": b'menu: {button: [{type: click, name: "\\ud83d", key: K}]}\n',
    "control characters": b'menu: {button: [{type: click, name: "\\e[31m\\0\\r", key: K}]}\n',
    "endless numbers": b"menu: {button: [{type: click, name: 1e999, key: .inf}]}\n",
    "long numbers": b"menu: {button: [{type: click, name: " + b"9" * 5000 + b", key: K}]}\n",
    "dates": b"menu: {button: [{type: click, name: 2024-01-01, key: 12:30:45}]}\n",
    "variables in a circle": b"menu: {button: [{type: click, name: '${a}${', key: '${env:}'}]}\n",
    "many variables": b"menu: {button: [{type: click, name: '" + b"${a}" * 20000 + b"', key: K}]}\n",
    "much": b"# " + b"x" * 200_000 + b"\n" + MENU,
}
COMMANDS = (
    ("validate",),
    ("validate", "--format", "json"),
    ("plan",),
    ("apply", "--yes", "--format", "json"),
    ("pull",),
)


def check(code: int, *texts: str) -> None:
    assert code in (0, 1, 3, 4, 64)
    for text in texts:
        assert "Traceback" not in text
        assert "Error(" not in text
        assert not any(sign in text for sign in "\x1b\x00\x07\x9b\u202e")
    assert any(texts) or code == 0


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("place", ["menu.yaml", "wxdeploy.yaml"])
def test_hostile_bytes_are_refused_in_words(project: Project, run: Any, name: str, place: str) -> None:
    project.write("menu.yaml", MENU)
    project.write(place, HOSTILE[name])
    for command in COMMANDS:
        ran: Ran = run(*command)
        check(ran.code, ran.out, ran.err)
        if "json" in command and ran.code != 64:
            assert ran.json["format"].startswith("wxdeploy.")


@pytest.mark.parametrize("what", ["a folder", "a link to itself", "a pipe", "a link outside"])
def test_what_is_no_file_is_refused_in_words(project: Project, run: Any, what: str) -> None:
    place = project.root / "menu.yaml"
    match what:
        case "a folder":
            place.mkdir()
        case "a link to itself":
            place.symlink_to(place)
        case "a pipe":
            import os

            os.mkfifo(place)
        case _:
            place.symlink_to("/etc/hosts")
    for command in COMMANDS[:-1]:
        assert run(*command).code == 3


LINES = st.sampled_from(
    [
        b"version: 1\n", b"accounts:\n", b"  shop:\n", b"    appid: wx0000000000000001\n", b"    api: sandbox\n",
        b"    files: [menu.yaml]\n", b"    files: ['*', 'base/**/x', '../x', '/etc/*', '[']\n", b"    rules: {WX2xx: off}\n",
        b"    protect: [menu, tag.]\n", b"    vars: {a: '${b}', b: '${a}'}\n", b"defaults: {vars: {site: 1}}\n",
        b"menu:\n", b"  button:\n", b"    - {type: click, name: a, key: b}\n", b"    - name: a\n", b"      sub_button: []\n",
        b"menu: absent\n", b"override: [menu]\n", b"tags: [{name: a}]\n", b"conditional_menus: []\n", b"&a ", b"*a\n",
        b"<<: *a\n", b"- ", b"? ", b": ", b"!!x ", b"|\n", b"\xff", b"\x00", b"\t", b"---\n", b"# wxdeploy: ignore[WX201] x\n",
        b"${site}", b"${env:HOME}", b"'", b'"', b"{", b"}", b"[", b"]",
    ]
)  # fmt: skip
FILES = st.one_of(
    st.lists(LINES, max_size=14).map(b"".join),
    st.binary(max_size=60),
    st.tuples(st.just(PROJECT), st.lists(LINES, max_size=4).map(b"".join)).map(b"".join),
    st.tuples(st.just(MENU), st.binary(max_size=8)).map(b"".join),
)


@pytest.mark.fuzz
@searched(100)
@given(project=st.one_of(st.just(PROJECT), FILES), menu=FILES)
def test_any_bytes_in_the_files_end_with_a_code_and_words(project: bytes, menu: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "wxdeploy.yaml").write_bytes(project)
        (Path(folder) / "menu.yaml").write_bytes(menu)
        for command in (("validate",), ("plan", "--format", "json")):
            out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
            with redirect_stdout(out), redirect_stderr(err):
                code = call(["-C", folder, *command])
                out.flush()
                err.flush()
            check(int(code), *(each.buffer.getvalue().decode() for each in (out, err)))  # type: ignore[attr-defined]


@pytest.mark.parametrize("row", ["../../evil,wx0000000000000001,", "shop,wx0000000000000001,written-here"])
@pytest.mark.parametrize("command", [("pull",), ("snapshot",), ("rollback", "--yes")])
def test_an_account_whose_row_is_wrong_is_not_called(
    project: Project, run: Any, row: str, command: tuple[str, ...]
) -> None:
    """A name that climbs out of the project, and a secret in the table, as whoever opens a pull request can write."""
    project.write("wxdeploy.yaml", "version: 1\naccounts_file: accounts.csv\ndefaults: {api: sandbox, files: []}\n")
    project.write("accounts.csv", f"name,appid,secret\n{row}\n")
    project.live(menu={"button": [{"type": "click", "name": "一", "key": "K"}]})
    assert run(*command).code == 3
    assert project.calls() == []
    assert not list(project.root.parent.rglob("*evil*"))
    assert not list(project.root.rglob("snapshots"))
