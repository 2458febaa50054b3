"""The parts of an account's comment in Markdown, each with how gladly it is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wxdeploy.render.escape import markdown_code as code
from wxdeploy.render.escape import markdown_prose as prose
from wxdeploy.render.findings import place_and_words
from wxdeploy.render.markdown_phone import screens, table
from wxdeploy.render.text import SYMBOLS, edit_words, failure_lines, menu_goes, place_of

_KINDS = {
    "menu": "menu",
    "conditional_menu": "personalised menu",
    "tag": "tag",
    "template": "template",
    "replies": "replies",
}
_ORIGINS = {
    "configuration": "The configuration changed.",
    "account": "It was changed in the account, which this would undo.",
    "both": "It was changed in the configuration and in the account.",
}
_FIELDS = {"client_platform_type": "platform", "tag_id": "tag id"}
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some lines, and what is said of them where there is no room; ``rank`` 0 is never left out, the highest first."""

    text: str
    rank: int = 0
    what: str = ""


def errors(account: Document) -> Iterator[Block]:
    """Why the account, or all of them, could not be planned."""
    if account["error"] is None:
        return
    findings = account["error"]["findings"]
    first, *rest = (line.strip() for line in failure_lines({**account["error"], "findings": []}))
    lines = [f"- {prose(line)}" for line in rest]
    for finding in findings:
        place, told = place_and_words(finding)
        lines.append(f"- {code(place)} {prose(told)}")
        if finding["fix"]:
            lines.append(f"  - fix: {prose(finding['fix'])}")
    yield Block("\n".join([f"**{prose(first)}**", "", *lines]) + "\n")


def decisions(account: Document) -> Iterator[Block]:
    """Deletions, hazards, and what no call can settle."""
    lines = []
    for change in account["changes"]:
        if change["action"] == "delete" or change["hazards"]:
            lines.append(f"- {_title(change)}: {prose(change['reason'])}{_at(change.get('source'))}")
        for hazard in change["hazards"]:
            needs = f" (needs {code(hazard['permit'])})" if hazard["permit"] else ""
            lines.append(f"  - {hazard['code']} {prose(hazard['message'])}{needs}; {prose(hazard['fix'])}")
    lines += [_warning(each) for each in account["warnings"] if each["severity"] == "error"]
    if lines:
        yield Block("#### Deletions, and what needs a decision\n\n" + "\n".join(lines) + "\n")


def _warning(warning: Document) -> str:
    fix = f"; {prose(warning['fix'])}" if warning["fix"] else ""
    return f"- {warning['code']} {prose(warning['message'])}{fix}{_at(warning)}"


def _at(source: Document | None) -> str:
    place = place_of(source)
    return f" · {code(place)}" if place else ""


def changes(account: Document) -> Iterator[Block]:
    """Each change: its head, its edits in words, the phone before and after; what goes comes first."""
    for change in sorted(account["changes"], key=lambda change: change["action"] != "delete"):
        head = f"#### {_title(change)}\n\n"
        phones = _phones(change)
        if change["action"] == "delete":
            # That it goes, and why, is told at the top.
            if phones:
                yield Block(f"{head}{phones}", 4, "phone")
            continue
        origin = f" {_ORIGINS[change['origin']]}" if change.get("origin") else ""
        reason = change["reason"][:1].upper() + change["reason"][1:]
        why = f"{prose(reason)}.{_seen_by(change['after'])}{origin}{_at(change.get('source'))}"
        yield Block(f"{head}{why}\n", 1, "change")
        if change["edits"]:
            yield Block("".join(_edit(edit, change) for edit in change["edits"]), 2, "list of edits")
        if phones:
            yield Block(phones, 4, "phone")


def _seen_by(document: Any) -> str:
    rule = (document or {}).get("matchrule")
    told = [f"{prose(_FIELDS.get(key, key))} {code(str(value))}" for key, value in (rule or {}).items()]
    return f" Seen by: {', '.join(told)}." if told else ""


def _title(change: Document) -> str:
    kind = _KINDS.get(change["kind"]) or prose(change["kind"])
    return f"**{prose(SYMBOLS[change['action']])}** {kind} {code(change['name'])}"


def _edit(edit: Document, change: Document) -> str:
    symbol, name, what, place = edit_words(edit, change)
    where = f" · {code(place)}" if place else ""
    return f"- **{prose(symbol)}** {code(name)} {code(what)}{where}\n"


def _phones(change: Document) -> str:
    """The screens before and after; folded for all menus but the default one."""
    body = screens(change) if "menu" in change["kind"] else ""
    if change["kind"] == "menu" or not body:
        return body
    return f"<details><summary>The phone of {code(change['name'])}</summary>\n\n{body}\n</details>\n"


def audiences(account: Document) -> Iterator[Block]:
    """Who sees another menu."""
    rows = []
    last = "no menu" if menu_goes(account) else "the default menu"
    for each in account["audiences"]:
        tag = f"tag {code(each['tag'])}" if each["tag"] else "any other tag"
        same = "the same, changed" if each["buttons_change"] else "the same"
        then = _menu(each["after"], last) if each["after"] != each["before"] else same
        who = f"{tag}, {code(each['platform']) if each['platform'] else 'any other platform'}"
        rows.append([who, _menu(each["before"]), then, ", ".join(map(_menu, each["between"]))])
    if rows:
        head = ["Followers", "See before", "See after", "For a moment between two calls"]
        if not any(row[3] for row in rows):
            head, rows = head[:3], [row[:3] for row in rows]
        yield Block(f"#### Followers who see another menu\n\n{table(head, rows)}", 2, "table of followers")


def _menu(name: str | None, default: str = "the default menu") -> str:
    return code(name) if name is not None else default


def warnings(account: Document) -> Iterator[Block]:
    """What a reviewer should know besides."""
    if lines := [_warning(each) for each in account["warnings"] if each["severity"] != "error"]:
        yield Block("#### Warnings\n\n" + "\n".join(lines) + "\n", 1, "list of warnings")


def unmanaged(account: Document) -> Iterator[Block]:
    """What is left alone."""
    items = account["unmanaged"]
    if items:
        lines = [
            f"- {_KINDS.get(each['kind']) or prose(each['kind'])} {code(each['name'])}: {prose(each['detail'])}"
            for each in items
        ]
        yield Block(_folded(f"{len(items)} not managed", lines), 5, "list of what is not managed")


def calls(account: Document) -> Iterator[Block]:
    """The calls, each with what it serves."""
    found = account["operations"]
    if found:
        lines = []
        for number, each in enumerate(found, 1):
            note = f" ({prose(each['note'])})" if each["note"] else ""
            lines.append(f"{number}. {code(each['call'])} for {_title(account['changes'][each['change']])}{note}")
        yield Block(_folded(f"{len(found)} API call{'' if len(found) == 1 else 's'}", lines), 5, "list of calls")


def _folded(title: str, lines: Sequence[str]) -> str:
    return f"<details><summary>{title}</summary>\n\n" + "\n".join(lines) + "\n\n</details>\n"
