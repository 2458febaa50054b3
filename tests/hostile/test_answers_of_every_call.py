"""Whatever an account answers to any call of any kind, and whatever a pattern asks for: words, and nothing beyond."""

from __future__ import annotations

import copy
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cli.shell import Project, Ran, account
from faults.bench import CALLS
from hostile.everything import LIVE, WANTED
from hypothesis import given
from hypothesis import strategies as st
from laws import searched
from workflow.drill import ALLOW, Drill, Fault

from wxdeploy.model import planjson, reportjson
from wxdeploy.model.report import ApplyReport
from wxdeploy.render.report import report_text
from wxdeploy.render.text import plan_text
from wxdeploy.wechat.endpoints import ENDPOINTS, Mode
from wxdeploy.workflow.pull import yaml_of

Run = Callable[..., Ran]
READS = [name for name in CALLS if ENDPOINTS[name].mode is Mode.READ]
GONE = "(gone)"
DEEP: Any = "x"
for _ in range(300):
    DEEP = [DEEP]
INSTEAD: list[Any] = [
    GONE, None, True, -1, 10**400, 1.5, float("inf"), "", "x" * 100_000, "\x1b[2J\u202e\x00", "\ud83d", [], {}, [[]],
    [None, 5, "a", {}], {"list": 7}, {"": {"": []}}, DEEP,
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every value within a value, that of the whole first."""
    yield path
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in entries:
        yield from places(part, (*path, key))


def replaced(value: Any, path: tuple[Any, ...], instead: Any) -> Any:
    """A copy of a value with something else in one place, or nothing."""
    if not path:
        return {} if instead is GONE else instead
    made = copy.deepcopy(value)
    parent = made
    for key in path[:-1]:
        parent = parent[key]
    if instead is GONE:
        del parent[path[-1]]
    else:
        parent[path[-1]] = instead
    return made


def drilled(folder: Path) -> Drill:
    drill = Drill(folder, settings="    prune: [tags, templates]\n")
    drill.want(json.dumps(WANTED, ensure_ascii=False))
    drill.live(**LIVE)
    return drill


def read_sensibly_or_refused(drill: Drill) -> None:
    """Plan and pull, and print what they say."""
    plan = planjson.to_json(drill.plans(), version="0")
    json.dumps(plan, ensure_ascii=False).encode("utf-8", "backslashreplace")
    plan_text(plan).encode("utf-8", "backslashreplace")
    pulled = drill.pull()
    if pulled.error is None:
        yaml_of(pulled.sections, schema=None).encode("utf-8")
    else:
        assert pulled.error.message


def with_answer(drill: Drill, call: str, make: Callable[[Any], Any]) -> None:
    drill.line.faults.clear()
    drill.line.faults.append(Fault(ENDPOINTS[call].path, make, times=99))


def truth(drill: Drill, call: str) -> Any:
    """What the account really answers."""
    seen: list[Any] = []
    with_answer(drill, call, lambda answer: seen.append(answer) or answer)
    drill.plans()
    return seen[0]


@pytest.mark.parametrize("call", READS)
def test_an_answer_with_anything_in_any_place_is_read_or_refused_in_words(call: str, tmp_path: Path) -> None:
    drill = drilled(tmp_path)
    with closing(drill.store):
        answer = truth(drill, call)
        cases = [(path, instead) for path in places(answer) for instead in INSTEAD]
        # Of each place every fourth value in turn, and so all of them at some place.
        for number, (path, instead) in enumerate(cases):
            if number % 4 != len(path) % 4:
                continue
            with_answer(drill, call, lambda real, path=path, instead=instead: replaced(real, path, instead))
            read_sensibly_or_refused(drill)
        assert drill.writes() == []


@pytest.mark.fuzz
@searched(8)
@given(data=st.data())
def test_an_apply_on_answers_with_anything_in_several_places_ends_with_a_report(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        drill = drilled(Path(folder))
        with closing(drill.store):
            answers = {call: truth(drill, call) for call in READS}
            drill.line.faults.clear()
            for call in data.draw(st.sets(st.sampled_from(READS), min_size=1)):
                path = data.draw(st.sampled_from(list(places(answers[call]))))
                instead = data.draw(st.sampled_from(INSTEAD))
                made = replaced(answers[call], path, instead)
                drill.line.faults.append(Fault(ENDPOINTS[call].path, json.dumps(made).encode(), times=999))
            report = drill.apply(allow=ALLOW)
            document = reportjson.to_json(ApplyReport((report,)), version="0")
            report_text(document).encode("utf-8", "backslashreplace")


OUTSIDE = [
    "../outside.yaml", "/etc/hosts", "~/x.yaml", "../*.yaml", "a/../../outside.yaml", "**/../../outside.yaml",
    "C:\\x.yaml", "link.yaml", "folder/outside.yaml", "*/outside.yaml", "*.yaml", "./../outside.yaml", "\\\\host\\x",
    "file:///etc/hosts", "link.yam?", "[l]ink.yaml",
]  # fmt: skip


@pytest.mark.parametrize("pattern", OUTSIDE)
def test_no_pattern_reads_a_file_outside_the_project(project: Project, run: Run, pattern: str) -> None:
    told = "a-line-that-nobody-may-read"
    (project.root.parent / "outside.yaml").write_text(f"{told}: [\n", "utf-8")
    (project.root / "link.yaml").symlink_to(project.root.parent / "outside.yaml")
    (project.root / "folder").symlink_to(project.root.parent, target_is_directory=True)
    project.accounts(account(files=json.dumps([pattern])))
    for command in ("validate", "plan", "apply"):
        ran = run(command, "--format", "json")
        assert ran.code == 3
        assert told not in ran.out + ran.err
    assert project.calls() == []
