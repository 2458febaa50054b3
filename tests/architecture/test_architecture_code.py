"""What review refuses, as far as a program can see it."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from wxdeploy.wechat import limits
from wxdeploy.wechat.errtable import table
from wxdeploy.wechat.limits import Limit

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "wxdeploy"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST_MODULE, LONGEST_FUNCTION = 400, 50
REASON = re.compile(r"\bLong(er)?\b.*\b(because|since|so that)\b", re.DOTALL)

CODES = {number for number in table() if number >= 10_000}
# Below this, a number says nothing: everything is compared with 2 or 3.
TELLING = 10
FIGURES = {each.value for each in vars(limits).values() if isinstance(each, Limit)} | {
    value for name, value in vars(limits).items() if name.isupper() and type(value) is int
}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def placed(path: Path) -> list[tuple[str, ast.AST]]:
    """Every node of a module with its place."""
    file = path.relative_to(ROOT)
    return [(f"{file}:{getattr(node, 'lineno', 0)}", node) for node in ast.walk(tree(path))]


def nodes(*folders_left_out: str) -> Iterator[tuple[str, ast.AST]]:
    """Every node of the package with its place, but for some folders."""
    for path in MODULES:
        if path.relative_to(PACKAGE).parts[0] not in folders_left_out:
            yield from placed(path)


def number(node: ast.AST) -> int | None:
    return node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


def test_return_codes_stand_in_their_table_alone() -> None:
    assert [f"{place}: {number(node)}" for place, node in nodes("wechat") if number(node) in CODES] == []


def test_figures_of_wechat_stand_in_their_table_alone() -> None:
    """A literal that something is compared with, and that is one of the bounds; the client compares HTTP's statuses."""
    found = [
        f"{place}: {ast.unparse(node)}"
        for place, node in nodes("wechat", "client")
        if isinstance(node, ast.Compare)
        and any((number(each) or 0) >= TELLING and number(each) in FIGURES for each in (node.left, *node.comparators))
    ]
    assert found == []


def test_every_limit_has_its_source_and_month() -> None:
    for each in vars(limits).values():
        if isinstance(each, Limit):
            assert each.source, each.name
            assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", each.verified), each.name


def test_no_table_of_wechat_is_written_a_second_time() -> None:
    def assigned(path: Path) -> Iterator[str]:
        for node in tree(path).body:
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if isinstance(value, ast.Call | ast.Tuple | ast.Dict | ast.Set):
                yield ast.unparse(value)

    ours = {text for path in MODULES if path.parent.name == "wechat" for text in assigned(path)}
    assert ours
    copies = [(path.name, text) for path in MODULES if path.parent.name != "wechat" for text in assigned(path)]
    assert [each for each in copies if each[1] in ours] == []


def test_only_the_command_line_prints_ends_and_colours() -> None:
    found = []
    for place, node in nodes("cli"):
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        if called in {"print", "sys.exit", "os._exit", "exit", "quit"}:
            found.append(f"{place}: {called}")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\x1b[" in node.value:
            found.append(f"{place}: a colour code")
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {
            "sys.stdout",
            "sys.stderr",
            "sys.stdin",
            "sys.argv",
        }:
            found.append(f"{place}: {ast.unparse(node)}")
    assert found == []


def test_no_except_takes_everything() -> None:
    """But to put something in order on the way out: then it ends with ``raise``."""
    found = [
        place
        for place, node in nodes()
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) == "BaseException")
        and ast.unparse(node.body[-1]) != "raise"
    ]
    assert found == []


def test_every_error_is_of_the_one_tree() -> None:
    """A class of exceptions descends from ``WxdeployError``, or is the sandbox's own, which shares nothing with us."""
    outside = []
    for place, node in nodes("sandbox"):
        if isinstance(node, ast.ClassDef):
            outside += [
                f"{place}: {node.name}({ast.unparse(base)})"
                for base in node.bases
                if ast.unparse(base)
                in {"Exception", "BaseException", "ValueError", "RuntimeError", "click.ClickException"}
                and node.name != "WxdeployError"
            ]
    assert outside == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_is_documented_and_short(path: Path) -> None:
    docstring = ast.get_docstring(tree(path)) or ""
    lines = len(path.read_text("utf-8").splitlines())
    assert docstring or lines == 0, "what is this module for?"
    assert lines <= LONGEST_MODULE or REASON.search(docstring), f"{lines} lines, and the docstring does not say why"


def test_functions_are_short() -> None:
    """Their docstrings are not counted: a rule's is its page."""
    found = []
    for place, node in nodes():
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            docstring = ast.get_docstring(node) or ""
            first = node.body[0]
            written = (first.end_lineno or 0) - first.lineno + 1 if docstring else 0
            lines = (node.end_lineno or 0) - node.lineno + 1 - written
            if lines > LONGEST_FUNCTION and not REASON.search(docstring):
                found.append(f"{place}: {node.name} has {lines} lines")
    assert found == []


def test_modules_are_named_by_what_they_hold() -> None:
    refused = {"utils", "util", "helpers", "helper", "manager", "common", "service", "handler", "misc"}
    assert [str(path) for path in MODULES if path.stem in refused or path.parent.name in refused] == []


def test_no_code_asks_whether_it_is_tested() -> None:
    words = re.compile(r"PYTEST_CURRENT_TEST|_called_from_test|\bif testing\b|unittest|\bimport pytest\b")
    assert [str(path) for path in MODULES if words.search(path.read_text("utf-8"))] == []


def test_nothing_tracked_names_a_place_of_one_machine() -> None:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("this is no checkout")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    place = re.compile(r"(?<![\w.])/(?:work|root|home|tmp|Users)/")
    found = []
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file() and path != Path(__file__):
            found += [
                f"{name}:{line}: {text.strip()}"
                for line, text in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
                if place.search(text)
            ]
    assert found == []
