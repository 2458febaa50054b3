"""``validate`` for machines: annotations, SARIF, Code Quality; the same findings and the same codes in each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli.shell import Project, Ran
from jsonschema import Draft4Validator
from markdown_it import MarkdownIt

from wxdeploy.render.escape import markdown_code
from wxdeploy.render.github import annotated, step_summary

CASES = Path(__file__).parent / "cases"
SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
FORMATS = ["text", "json", "github", "sarif", "gitlab"]
WRONG = """\
menu:
  button:
    - {type: click, name: "100%, a: b", key: K}
    - {type: view, name: 附近的门店地图, url: "shop.example.com/hours"}
    - {type: click, name: 联系我们}
"""
HOSTILE = "a|b`c` <b>@everyone</b> ![x](https://evil.example) ::error::x\r\n::stop-commands::y"

Run = Callable[..., Ran]


def finding(number: int = 1, severity: str = "error", **facts: Any) -> dict[str, Any]:
    known = {
        "code": "WX220",
        "severity": severity,
        "message": f"A name is too long: number {number}",
        "fix": "shorten it",
        "file": "base/menu.yaml",
        "line": number,
        "column": 3,
        "account": None,
        "path": f"button[{number}].name",
    }
    return {**known, **facts}


def document(*findings: dict[str, Any]) -> dict[str, Any]:
    return {"format": "wxdeploy.findings/1", "findings": list(findings)}


@pytest.fixture
def wrong(project: Project) -> Project:
    (project.root / ".git").mkdir()
    project.want(WRONG)
    return project


@pytest.mark.parametrize("form", FORMATS)
def test_the_code_is_the_same_in_every_format(wrong: Project, run: Run, form: str) -> None:
    assert run("validate", "--format", form).code == 3
    wrong.want({"button": [{"type": "click", "name": "好", "key": "K"}]})
    assert run("validate", "--format", form).code == 0
    assert run("validate", "--format", form, "--account", "nobody").code == 64
    (wrong.root / "wxdeploy.yaml").write_text("version: 1\n", "utf-8")
    assert run("validate", "--format", form).code == 3
    assert run("validate", "--format", form, "--no-such-option").code == 64
    assert wrong.calls() == []


@pytest.mark.parametrize("form", ["github", "sarif", "gitlab"])
def test_the_findings_are_told_as_they_were_reviewed(
    wrong: Project, run: Run, form: str, golden: Callable[[Path, str], None]
) -> None:
    out = run("validate", "--format", form).out
    # The pages of the rules have their own tests.
    out = re.sub(r'"(text|markdown)": "([^"\\]|\\.){200,}"', r'"\1": "…"', out)
    golden(CASES / "findings" / f"{form}.txt", re.sub(r'"semanticVersion": "[^"]*"', '"semanticVersion": "0"', out))


def test_the_log_is_what_the_standard_says(wrong: Project, run: Run) -> None:
    Draft4Validator.check_schema(SCHEMA)
    log = json.loads(run("validate", "--format", "sarif").out)
    Draft4Validator(SCHEMA).validate(log)
    (found,) = log["runs"]
    rules = found["tool"]["driver"]["rules"]
    for result in found["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "menu.yaml"
        assert place["region"]["startLine"] > 1
    for rule in rules:
        assert rule["help"]["markdown"].startswith(f"# {rule['id']}: ")
    wrong.want({"button": [{"type": "click", "name": "好", "key": "K"}]})
    empty = json.loads(run("validate", "--format", "sarif").out)
    Draft4Validator(SCHEMA).validate(empty)
    assert empty["runs"][0]["results"] == []


def test_the_report_is_what_gitlab_reads(wrong: Project, run: Run) -> None:
    report = json.loads(run("validate", "--format", "gitlab").out)
    assert report
    assert len({each["fingerprint"] for each in report}) == len(report)
    for each in report:
        assert each.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        assert each["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert each["location"]["path"] == "menu.yaml"
        assert each["location"]["lines"]["begin"] > 1
    wrong.want({"button": [{"type": "click", "name": "好", "key": "K"}]})
    assert json.loads(run("validate", "--format", "gitlab").out) == []


def marks(run: Run) -> tuple[list[str], list[str]]:
    log = json.loads(run("validate", "--format", "sarif").out)
    report = json.loads(run("validate", "--format", "gitlab").out)
    first = [each["partialFingerprints"]["wxdeployFinding/v1"] for each in log["runs"][0]["results"]]
    return first, [each["fingerprint"] for each in report]


def test_a_line_above_does_not_make_it_another_finding(wrong: Project, run: Run) -> None:
    before = marks(run)
    assert before[0] == before[1]
    assert len(set(before[0])) == len(before[0]) > 2
    wrong.want("# a comment\n\n" + WRONG)
    assert marks(run) == before


def test_paths_are_counted_from_the_top_of_the_repository(tmp_path: Path, run: Run) -> None:
    project = Project(tmp_path / "repository" / "店 铺")
    project.root.mkdir(parents=True)
    (tmp_path / "repository" / ".git").write_text("gitdir: elsewhere\n", "utf-8")
    project.accounts()
    project.want(WRONG)
    at = ("-C", str(project.root), "validate", "--format")
    assert "file=店 铺/menu.yaml," in run(*at, "github").out
    assert {each["location"]["path"] for each in json.loads(run(*at, "gitlab").out)} == {"店 铺/menu.yaml"}
    log = json.loads(run(*at, "sarif").out)
    Draft4Validator(SCHEMA).validate(log)
    uri = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "%E5%BA%97%20%E9%93%BA/menu.yaml"
    assert run(*at, "json").json["findings"][0]["file"] == "menu.yaml"
    project.close()


def test_annotations_are_ten_of_a_type_worst_first_and_say_how_many_more() -> None:
    many = [finding(n, "warning") for n in range(1, 13)] + [finding(n) for n in range(1, 16)]
    lines = annotated(document(*many)).splitlines()
    assert [line.partition(" ")[0] for line in lines[:20]] == ["::error"] * 10 + ["::warning"] * 10
    assert lines[20] == (
        "::notice title=wxdeploy::and 5 more errors and 2 more warnings: run wxdeploy validate for all of them"
    )
    assert lines[21].startswith("Found 15 errors, 12 warnings")
    assert "the summary of this step" in annotated(document(*many), summarised=True)
    assert "::notice" not in annotated(document(*many[:10]))


def test_no_text_makes_a_command_of_its_own() -> None:
    lines = annotated(
        document(finding(file="a,b:c%.yaml", message=HOSTILE, fix=HOSTILE, account="x\n::error::"))
    ).split("\n")
    assert len(lines) == 3
    command, properties, message = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", lines[0]).groups()  # type: ignore[union-attr]
    assert command == "error"
    assert properties == "file=a%2Cb%3Ac%25.yaml,line=1,endLine=1,col=3,title=WX220"
    assert message.count("%0A") == 1


def test_the_summary_of_the_step_has_everything(
    wrong: Project, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "summary.md"
    path.write_text("before\n", "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    findings = run("validate", "--format", "json").json["findings"]
    assert path.read_text("utf-8") == "before\n"
    assert run("validate", "--format", "github").code == 3
    text = path.read_text("utf-8")
    assert text.startswith("before\n### wxdeploy validate\n")
    assert MarkdownIt("commonmark").enable("table").render(text).count("<tr>") == len(findings) + 1
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    ran = run("validate", "--format", "github")
    assert ran.code == 3
    assert "can't be written" in ran.err


def test_the_summary_stays_within_its_room_and_says_what_is_left_out() -> None:
    many = document(*(finding(n, message="长" * 500) for n in range(1, 2000)))
    text = step_summary(many)
    assert 1024 * 1024 - 2500 < len(text.encode()) <= 1024 * 1024
    rows = text.count("\n| ❌")
    assert f"Left out for length: {1999 - rows} more." in text
    assert step_summary(many, room=40) == ""
    assert "All good" in step_summary(document())


def test_no_text_gets_out_of_its_cell_in_the_summary() -> None:
    text = step_summary(document(finding(message=HOSTILE, fix=HOSTILE, file=HOSTILE, account=HOSTILE)))
    html = MarkdownIt("gfm-like", {"linkify": False}).render(text)
    assert html.count("<td") == 4
    assert set(re.findall(r"</?(\w+)", html)) <= {
        "h3",
        "p",
        "strong",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "code",
    }
    outside = re.sub(r"<code>.*?</code>", "", html)
    assert not re.search(r"@\w|#\d|://", outside.replace("&lt;", "<"))
    assert markdown_code("") == ""
