"""A plan or a report as JUnit XML, which Jenkins, GitLab and GitHub's actions show: a test case for each account.

An account that could not be planned or was left half-way is an error, one that was refused for safety, or that no call
can bring to where it should be, a failure; one that was not tried is skipped. Changes alone are a success: what they
are stands in ``system-out``. No time is told, so that the same result is the same file.

Source: the elements and attributes are those that the xUnit plugin of Jenkins accepts (junit-10.xsd of
jenkinsci/xunit-plugin), where ``time`` is optional.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from wxdeploy.model.xml import IMPOSSIBLE
from wxdeploy.render.escape import terminal
from wxdeploy.render.fleet import applied, planned
from wxdeploy.render.text import change_lines, failure_lines

Document = Mapping[str, Any]
_ERRORS = ("error", "failed", "partial")


def junit(document: Document, verb: str) -> str:
    """The XML of a plan or of a report; ``verb`` is the command that it is of."""
    cases = [*_cases(document, f"wxdeploy.{verb}")]
    counts = {
        "tests": len(cases),
        "failures": sum("<failure " in case for case in cases),
        "errors": sum("<error " in case for case in cases),
        "skipped": sum("<skipped " in case for case in cases),
    }
    numbers = " ".join(f'{name}="{count}"' for name, count in counts.items())
    totals = numbers.rpartition(" ")[0]
    body = "".join(f"    {case}\n" for case in cases)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="wxdeploy" {totals}>\n'
        f'  <testsuite name="wxdeploy {verb}" {numbers}>\n{body}  </testsuite>\n'
        "</testsuites>\n"
    )


def _cases(document: Document, suite: str) -> Iterator[str]:
    if error := document["error"]:
        yield _case(suite, f"wxdeploy {suite.partition('.')[2]}", _outcome("error", error["message"], error))
    for account in document["accounts"]:
        yield _case(suite, account["account"], _result(account))


def _case(suite: str, name: str, inside: str) -> str:
    head = f"<testcase classname={_attribute(suite)} name={_attribute(name)}"
    return f"{head}>{inside}</testcase>" if inside else f"{head}/>"


def _result(account: Document) -> str:
    status = account["status"]
    told = planned(account) if "changes" in account else applied(account)
    out = _element("system-out", _details(account, told)) if status not in ("unchanged", "not-tried") else ""
    blockers = [each for each in account.get("warnings", ()) if each["severity"] == "error"]
    error = account["error"]
    if status in _ERRORS:
        return _outcome("error", error["message"] if error else told, error) + out
    if status == "refused":
        return _outcome("failure", error["message"] if error else told, error) + out
    if status == "not-tried":
        return f"<skipped message={_attribute(error['message'] if error else 'not tried')}/>"
    if blockers:
        return _outcome("failure", blockers[0]["message"], None, blockers[0]["fix"]) + out
    return out


def _outcome(tag: str, message: str, error: Document | None, fix: str = "") -> str:
    lines = "\n".join(failure_lines(error)) if error else fix
    return f"<{tag} message={_attribute(message)} type={_attribute(tag)}>{_text(lines)}</{tag}>"


def _details(account: Document, told: str) -> str:
    lines = [told]
    for change in account.get("changes", account.get("plan", {}).get("changes", ())):
        lines.extend(change_lines(change))
    for operation in account["operations"]:
        if "outcome" in operation:
            lines.append(f"{operation['call']}: {operation['outcome']}")
            lines.extend(f"  {line}" for line in failure_lines(operation["error"]))
    return "\n".join(lines)


def _element(tag: str, text: str) -> str:
    return f"<{tag}>{_text(text)}</{tag}>"


def _text(text: str) -> str:
    return escape(IMPOSSIBLE.sub("", "\n".join(map(terminal, text.split("\n")))))


def _attribute(text: str) -> str:
    return quoteattr(IMPOSSIBLE.sub("", terminal(text)))
