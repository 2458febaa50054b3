"""Findings as annotations of GitHub Actions, and as a step's summary; from their public JSON form alone.

GitHub shows at most ten annotations of a type for a step, and loses the whole summary of a step that is over its size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wxdeploy.render.escape import markdown_code, markdown_prose, terminal
from wxdeploy.render.findings import accounts_of, findings_text, tally, whose
from wxdeploy.render.fingerprints import placed, worst_first

SUMMARY_BYTES = 1024 * 1024
"""What the summary of one step may hold."""

_SHOWN = 10
_NOTE_BYTES = 200  # room for the line that says how much was left out

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def annotated(document: Mapping[str, Any], *, folder: str = "", looked: str = "", summarised: bool = False) -> str:
    """The commands that make annotations, worst first, then a line for the log.

    ``folder`` is the project's in the repository, ``looked`` says what was looked at, ``summarised`` that the step's
    summary has everything.
    """
    findings = worst_first(document["findings"])
    lines: list[str] = []
    more: dict[str, int] = {}
    for severity in ("error", "warning"):
        of_type = [each for each in findings if each["severity"] == severity]
        lines += [_command(each, folder) for each in of_type[:_SHOWN]]
        if len(of_type) > _SHOWN:
            more[severity] = len(of_type) - _SHOWN
    if more:
        left = " and ".join(f"{count} more {word}{'' if count == 1 else 's'}" for word, count in more.items())
        where = "the summary of this step has all of them" if summarised else "run wxdeploy validate for all of them"
        lines.append(f"::notice title=wxdeploy::{f'and {left}: {where}'.translate(_DATA)}")
    last = findings_text({"findings": findings}, looked=looked).splitlines()[-1]
    return "\n".join([*lines, last]) + "\n"


def _command(finding: Mapping[str, Any], folder: str) -> str:
    properties = {"file": placed(finding, folder)} if finding["file"] else {}
    if finding["line"]:
        properties |= {"line": finding["line"], "endLine": finding["line"], "col": finding["column"]}
    properties["title"] = finding["code"]
    told = ",".join(f"{key}={terminal(str(value)).translate(_PROPERTY)}" for key, value in properties.items())
    text = terminal(finding["message"]) + whose(finding)
    if finding["fix"]:
        text += f"\nfix: {terminal(finding['fix'])}"
    return f"::{finding['severity']} {told}::{text.translate(_DATA)}"


def step_summary(document: Mapping[str, Any], *, looked: str = "", room: int = SUMMARY_BYTES) -> str:
    """Every finding as a table in Markdown, worst first, in ``room`` bytes; says how many it had to leave out."""
    findings = worst_first(document["findings"])
    where = f" ({looked})" if looked else ""
    head = f"### wxdeploy validate\n\n{_headline(findings)}{where}\n"
    if not findings:
        return _if_room(head, room)
    head += "\n| | Place | What is wrong | What to do |\n| --- | --- | --- | --- |\n"
    rows, left = _within(list(_rows(findings)), room - len(head.encode()) - _NOTE_BYTES)
    note = f"\nLeft out for length: {left} more. `wxdeploy validate` prints them all.\n" if left else ""
    return _if_room(head + "".join(rows) + note, room)


def _headline(findings: Sequence[Mapping[str, Any]]) -> str:
    return f"**{tally(findings)}**" if findings else "**All good**"


def _rows(findings: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for each in findings:
        place = ":".join(str(each[key]) for key in ("file", "line", "column") if each[key] is not None)
        sign = "❌" if each["severity"] == "error" else "⚠️"
        names = accounts_of(each)
        account = f" ({markdown_code(names)})" if names else ""
        message = f"{each['code']} {markdown_prose(each['message'])}{account}"
        yield f"| {sign} | {markdown_code(place)} | {message} | {markdown_prose(each['fix'])} |\n"


def _within(rows: Sequence[str], room: int) -> tuple[list[str], int]:
    """The rows that there is room for, from the first on, and how many are left out."""
    for count, row in enumerate(rows):
        room -= len(row.encode("utf-8", "surrogatepass"))
        if room < 0:
            return list(rows[:count]), len(rows) - count
    return list(rows), 0


def _if_room(text: str, room: int) -> str:
    return text if len(text.encode("utf-8", "surrogatepass")) <= room else ""
