"""A plan as text, from its public JSON form alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wxdeploy.model.phone import cells
from wxdeploy.render.escape import terminal
from wxdeploy.render.menu import described, lines, named
from wxdeploy.wechat import limits

SYMBOLS = {
    "create": "+",
    "update": "~",
    "delete": "-",
    "rename": "»",
    "add": "+",
    "remove": "-",
    "move": "↕",
    "change": "~",
}
_ORIGINS = {
    None: "",
    "configuration": "from this configuration change:",
    "account": "changed in the account, which this would undo:",
    "both": "changed in the configuration and in the account:",
}
Document = Mapping[str, Any]


def plan_text(document: Document) -> str:
    """The whole plan: account by account, then the sum."""
    parts = [*failure_lines(document.get("error"))]
    for account in document["accounts"]:
        parts.extend(_account(account))
        parts.append("")
    parts.append(summary(document))
    return "\n".join(parts) + "\n"


def summary(document: Document) -> str:
    """The last line of a plan, or of a comparison with a git revision."""
    if document.get("against"):
        return _comparison(document)
    counts, calls = document["summary"], sum(len(account["operations"]) for account in document["accounts"])
    unsettled = sum(_is_blocker(each) for account in document["accounts"] for each in account["warnings"])
    if not calls and not unsettled and not counts["errors"] and not document.get("error"):
        return (
            "No changes. The account matches its configuration."
            if counts["accounts"] == 1
            else (f"No changes. All {counts['accounts']} accounts match their configuration.")
        )
    parts = counted(counts)
    if unsettled:
        parts.append(f"{unsettled} that no call can settle")
    text = f"Plan: {', '.join(parts) or 'nothing could be planned'} · {calls} API call{_s(calls)}."
    if any("menu" in change["kind"] for account in document["accounts"] for change in account["changes"]):
        text += f" Followers see it within {limits.MENU_REFRESH_SECONDS // 60} minutes of opening the account."
    return text


def counted(counts: Document) -> list[str]:
    """How many objects are to be created, changed and so on, in words."""
    words = {"create": "create", "update": "change", "rename": "rename", "delete": "delete"}
    parts = [f"{counts[key]} to {word}" for key, word in words.items() if counts[key]]
    if counts["errors"]:
        parts.append(f"{counts['errors']} account{_s(counts['errors'])} with errors")
    return parts


def _comparison(document: Document) -> str:
    """What differs from a revision; nothing is known of the live accounts, so no call is promised."""
    name = terminal(document["against"]["name"])
    if not (parts := counted(document["summary"])):
        return f"No changes: the files ask for what they asked for at {name}."
    return f"Since {name}: {', '.join(parts)}. No account was asked: wxdeploy plan says what it takes."


def _account(account: Document) -> Iterator[str]:
    appid = f" ({terminal(account['appid'])})" if account["appid"] else ""
    yield f"{terminal(account['account'])}{appid}"
    yield from (f"  {line}" for line in failure_lines(account["error"]))
    if account["status"] == "unchanged":
        yield "  no changes"
    for origin, heading in _ORIGINS.items():
        changes = [(index, each) for index, each in enumerate(account["changes"]) if each.get("origin") == origin]
        if heading and changes:
            yield f"  {heading}"
        for index, change in changes:
            yield from (f"  {line}" for line in change_lines(change))
            yield from (f"      · {note}" for note in _notes(account["operations"], index))
    yield from (f"  {line}" for line in _audiences(account["audiences"]))
    for item in account["unmanaged"]:
        detail = f": {terminal(item['detail'])}" if item["detail"] else ""
        yield f"  · {item['kind']} {terminal(item['name'])} is not managed{detail}"
    for warning in account["warnings"]:
        yield f"  {'✗' if _is_blocker(warning) else '!'} {warning['code']} {terminal(warning['message'])}"
        yield f"      {terminal(warning['fix'])}"


def _notes(operations: Sequence[Document], change: int) -> Iterator[str]:
    """What else is to be known of the calls that serve a change."""
    for operation in operations:
        if operation["change"] == change and operation["note"]:
            yield terminal(operation["note"])


def _is_blocker(warning: Document) -> bool:
    """Whether it says of an object that it is not as declared, and that no call can settle it."""
    return bool(warning["severity"] == "error")


def change_lines(change: Document) -> Iterator[str]:
    """One object: what happens to it and why, edit by edit."""
    yield f"{SYMBOLS[change['action']]} {change['kind']} {terminal(change['name'])}: {terminal(change['reason'])}"
    if change["action"] == "create":
        yield from _whole(change["after"], "+")
    elif change["action"] == "delete":
        yield from _whole(change["before"], "-")
    else:
        yield from _edits(change)
    for hazard in change["hazards"]:
        needs = f" (needs {hazard['permit']})" if hazard["permit"] else ""
        yield f"  ! {hazard['code']} {terminal(hazard['message'])}{needs}"
        yield f"      {terminal(hazard['fix'])}"


def _audiences(audiences: Sequence[Document]) -> Iterator[str]:
    """Who sees another menu afterwards, and who sees a third one for a moment."""
    rows = []
    other = "any other platform" if any(each["platform"] for each in audiences) else "any platform"
    for each in audiences:
        same = "the same menu, changed" if each["buttons_change"] else "the same menu"
        after = _menu(each["after"]) if each["after"] != each["before"] else same
        moment = f"between two calls: {', '.join(map(_menu, each['between']))}" if each["between"] else ""
        rows.append((_who(each, other), f"{_menu(each['before'])} → {after}", moment))
    if rows:
        yield "  followers who see another menu:"
        yield from _columns(rows)


def _who(audience: Document, other_platform: str) -> str:
    tag = f"tag {terminal(audience['tag'])}" if audience["tag"] else "any other tag"
    return f"{tag}, {audience['platform'] or other_platform}"


def _menu(name: str | None) -> str:
    return terminal(name) if name is not None else "the default menu"


def _whole(document: Any, symbol: str) -> Iterator[str]:
    if rule := (document or {}).get("matchrule"):
        yield "    for " + ", ".join(f"{terminal(field)} {terminal(str(value))}" for field, value in rule.items())
    rows = [(f"{symbol} {'  ' * level}{name}", what) for level, name, what in lines(document)]
    yield from _columns([(left, right, "") for left, right in rows])


def _edits(change: Document) -> Iterator[str]:
    rows = [edit_words(edit, change) for edit in change["edits"]]
    yield from _columns([(f"{symbol} {name}", what, place) for symbol, name, what, place in rows])


def edit_words(edit: Document, change: Document) -> tuple[str, str, str, str]:
    """One edit of a change: its symbol, the part as a person names it, what happens to it, and where it is written."""
    within = change["before"] if edit["op"] == "remove" else change["after"]
    source = edit["source"]
    place = f"{terminal(source['file'])}:{source['line']}" if source else ""
    return SYMBOLS[edit["op"]], named(within, edit["path"]), _what(edit, change), place


def _what(edit: Document, change: Document) -> str:
    match edit["op"]:
        case "add":
            return described(edit["after"])
        case "remove":
            return described(edit["before"])
        case "move":
            return f"moved: {_position(edit['before'], change['before'])} → {_position(edit['after'], change['after'])}"
    return f"{terminal(edit['field'])}: {_value(edit['before'])} → {_value(edit['after'])}"


def _position(path: str, document: Any) -> str:
    parent, _, index = path.rpartition("[")
    number = int(index.rstrip("]")) + 1
    within = named(document, parent.rpartition(".")[0])
    return f"{within} {number}" if "." in parent else f"{number}"


def _value(value: Any) -> str:
    return "(none)" if value is None else terminal(str(value))


def _columns(rows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    first = max((cells(row[0]) for row in rows), default=0)
    second = max((cells(row[1]) for row in rows if row[2]), default=0)
    for one, two, three in rows:
        line = f"{_pad(one, first)}  {_pad(two, second) if three else two}  {three}"
        yield "    " + line.rstrip()


def _pad(text: str, width: int) -> str:
    return text + " " * (width - cells(text))


def failure_lines(error: Document | None) -> Iterator[str]:
    """Why something could not be done and what to do, with the findings behind it."""
    if error is None:
        return
    rid = f" (rid {terminal(error['rid'])})" if error["rid"] else ""
    yield f"✗ {terminal(error['message'])}{rid}"
    if error["fix"]:
        yield f"    {terminal(error['fix'])}"
    for finding in error["findings"]:
        yield f"    {terminal(finding_line(finding))}"
        if finding["fix"]:
            yield f"        fix: {terminal(finding['fix'])}"


def finding_line(finding: Document) -> str:
    """``base/menu.yaml:7:11: error WX220 …`` of one finding in its public form."""
    place = ":".join(str(finding[key]) for key in ("file", "line", "column") if finding[key] is not None)
    return f"{place + ': ' if place else ''}{finding['severity']} {finding['code']} {finding['message']}"


def _s(count: int) -> str:
    return "" if count == 1 else "s"
