"""Files that are no configuration at all: refused in words, soon, and in little space."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cli.shell import REPOSITORY, account, environment
from hypothesis import given
from hypothesis import strategies as st

from wxdeploy.config.bound import MOST_FINDINGS, bounded
from wxdeploy.model.diagnostic import Diagnostic, Severity, order_of
from wxdeploy.model.source import Span

PROJECT = f"version: 1\naccounts:\n{account()}"
MEGABYTES = 300  # that a process may take at most; an ordinary run takes some 50

FILES: dict[str, Callable[[], bytes]] = {
    "50 MB of YAML": lambda: b"menu: {button: [" + b"{type: click, name: a, key: b}," * 1_600_000 + b"]}\n",
    "50 MB of one text": lambda: b"menu: " + b"x" * 50_000_000,
    "a million duplicate keys": lambda: b"a: 1\n" * 1_000_000,
    "a million duplicate keys on one line": lambda: b"{" + b"a: 1," * 1_000_000 + b"}",
    "many unknown keys": lambda: b"".join(b"k%d: 1\n" % number for number in range(8_000)),
    "many wrong buttons": lambda: b"menu: {button: [" + b"{type: clik}," * 100_000 + b"]}\n",
    "many tags of one name": lambda: b"tags: [" + b"{name: a}," * 20_000 + b"]\n",
    "an alias bomb": lambda: (
        b"a: &a [x,x,x,x,x,x,x,x,x]\n"
        + b"".join(b"%c: &%c [%s]\n" % (n, n, b",".join([b"*%c" % (n - 1)] * 9)) for n in range(98, 112))
    ),
    "an alias bomb of merges": lambda: (
        b"a: &a {x: 1, y: 2}\n"
        + b"".join(b"%c: &%c {p: *%c, q: *%c, <<: *%c}\n" % (n, n, n - 1, n - 1, n - 1) for n in range(98, 122))
    ),
    "brackets without an end": lambda: b"menu: " + b"[" * 4_000_000,
    "nothing but line ends": lambda: b"\n" * 5_000_000,
}
# VmHWM and not ru_maxrss: the latter begins with the size of the process that started this one.
RUN = """
import pathlib, sys
from wxdeploy.cli.group import call
code = call(sys.argv[1:])
peak = next(line for line in pathlib.Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024, file=sys.stderr)
sys.exit(int(code))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from Linux's /proc")
@pytest.mark.parametrize("name", FILES)
def test_a_file_of_any_size_is_refused_soon_and_in_little_space(tmp_path: Path, name: str) -> None:
    (tmp_path / "wxdeploy.yaml").write_text(PROJECT, "utf-8")
    (tmp_path / "menu.yaml").write_bytes(FILES[name]())
    done = subprocess.run(
        [sys.executable, "-c", RUN, "-C", str(tmp_path), "validate", "--format", "json"],
        cwd=REPOSITORY, env=environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    if name == "nothing but line ends":
        assert done.returncode == 0
    else:
        assert done.returncode == 3
        findings = json.loads(done.stdout)["findings"]
        assert 0 < len(findings) <= MOST_FINDINGS + 1
        assert all(each["fix"] for each in findings)
    assert len(done.stdout) < 2_000_000
    assert int(done.stderr.split()[-1]) < MEGABYTES
    assert sorted(path.name for path in tmp_path.iterdir()) == ["menu.yaml", "wxdeploy.yaml"]


def test_the_last_finding_of_a_file_says_how_many_more_there_are(tmp_path: Path, invoke: Callable[..., Any]) -> None:
    (tmp_path / "wxdeploy.yaml").write_text(PROJECT, "utf-8")
    more = 234
    (tmp_path / "menu.yaml").write_bytes(b"".join(b"k%d: 1\n" % number for number in range(MOST_FINDINGS + more)))
    ran = invoke("validate", "-C", tmp_path, "--format", "json")
    assert ran.exit == 3
    *told, last = json.loads(ran.out)["findings"]
    assert len(told) == MOST_FINDINGS
    assert last["code"] == "WX008"
    assert f"and {more} more, {more} of them errors" in last["message"]
    assert last["line"] == MOST_FINDINGS + more


def test_where_the_yaml_is_wrong_everywhere_the_last_finding_says_that_the_rest_is_not_read(
    tmp_path: Path, invoke: Callable[..., Any]
) -> None:
    (tmp_path / "wxdeploy.yaml").write_text(PROJECT, "utf-8")
    (tmp_path / "menu.yaml").write_bytes(b"tags: []\n" * 5000)
    ran = invoke("validate", "-C", tmp_path, "--format", "json")
    *told, last = json.loads(ran.out)["findings"]
    assert {each["code"] for each in told} == {"WX012"}
    assert (len(told), last["code"]) == (MOST_FINDINGS - 1, "WX008")
    assert "the rest is not read" in last["message"]


def made(severities: list[tuple[str, bool]]) -> Iterator[Diagnostic]:
    for line, (file, is_error) in enumerate(severities, 1):
        yield Diagnostic(
            code="WX999", severity=Severity.ERROR if is_error else Severity.WARNING, summary="s", detail="d", fix="f",
            span=Span(file, line, 1),
        )  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), max_size=40), st.integers(0, 1500), st.booleans())
def test_no_file_is_told_more_of_than_is_read_and_no_error_gives_way_to_a_warning(
    some: list[tuple[str, bool]], many: int, is_error: bool
) -> None:
    findings = list(made([*some, *[("a", is_error)] * many]))
    told = bounded(findings)
    for file in "ab":
        here = [each for each in findings if each.span and each.span.file == file]
        kept = [each for each in told if each.span and each.span.file == file]
        if len(here) <= MOST_FINDINGS:
            assert kept == sorted(here, key=order_of)
            continue
        assert len(kept) == MOST_FINDINGS + 1
        assert kept[-1].code == "WX008"
        assert f"and {len(here) - MOST_FINDINGS:,} more" in kept[-1].detail
        errors = sum(each.severity is Severity.ERROR for each in here)
        assert sum(each.severity is Severity.ERROR for each in kept[:-1]) == min(errors, MOST_FINDINGS)
