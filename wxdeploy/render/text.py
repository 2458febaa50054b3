"""A plan as text, from its public JSON form alone.

Every function that gives lines is told the terminal's ``width`` in cells; None, the width of a pipe or a file, folds
nothing, so that each thing stays on a line of its own and a log or a search finds it whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wxdeploy.render.escape import terminal
from wxdeploy.render.findings import finding_line
from wxdeploy.render.layout import columns, fold
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
_LEGEND = {
    "+": "added",
    "~": "changed",
    "-": "removed",
    "»": "renamed",
    "↕": "moved",
    "!": "needs a look",
    "✗": "does not work",
}
_ORIGINS = {
    None: "",
    "configuration": "from this configuration change:",
    "account": "changed in the account, which this would undo:",
    "both": "changed in the configuration and in the account:",
}
_MINUTES = limits.MENU_REFRESH_SECONDS // 60
REFRESH = f"Followers see it on opening the account, once their copy is over {_MINUTES} minutes old."
"""When a phone asks for the menu again."""

Document = Mapping[str, Any]


def plan_text(document: Document, width: int | None = None) -> str:
    """The whole plan: account by account, what the symbols mean, then the sum."""
    parts = [*failure_lines(document.get("error"))]
    for account in document["accounts"]:
        parts.extend(_account(account, width))
        parts.append("")
    return closed(parts, document, width)


def closed(told: Sequence[str], document: Document, width: int | None) -> str:
    """The lines of a plan as text, and behind them what the symbols mean and the sum."""
    lines = [*told, *_legend(told), *narrowed(document), summary(document)]
    return "".join(f"{piece}\n" for line in lines for piece in fold(line, width))


def _legend(lines: Sequence[str]) -> Iterator[str]:
    """What the symbols mean that lines begin with."""
    used = {line.lstrip()[:2] for line in lines}
    told = [f"{symbol} {word}" for symbol, word in _LEGEND.items() if f"{symbol} " in used]
    if told:
        yield f"Symbols: {', '.join(told)}"


def narrowed(document: Document) -> Iterator[str]:
    """That there may be more than what is told of."""
    if document.get("targets"):
        yield f"Note: only {', '.join(map(terminal, document['targets']))} was looked at (--target): there may be more."


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
        text += f" {REFRESH}"
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


def _account(account: Document, width: int | None) -> Iterator[str]:
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
            yield from change_lines(change, width, "  ")
            yield from (f"      · {note}" for note in _notes(account["operations"], index))
    yield from _audiences(account, width)
    if account["unmanaged"]:
        yield "  not managed, left as it is:"
        rows = [
            (f"· {each['kind']} {terminal(each['name'])}", terminal(each["detail"]), "")
            for each in account["unmanaged"]
        ]
        yield from columns(rows, width, "    ")
    if account["warnings"]:
        yield "  to be known:"
        yield from warning_lines(account["warnings"], "    ")


def warning_lines(warnings: Sequence[Document], indent: str) -> Iterator[str]:
    """What a reviewer should know besides, each with where it is about and what to do."""
    for warning in warnings:
        place = f"  {at}" if (at := place_of(warning)) else ""
        symbol = "✗" if _is_blocker(warning) else "!"
        yield f"{indent}{symbol} {warning['code']} {terminal(warning['message'])}{place}"
        if warning["fix"]:
            yield f"{indent}    {terminal(warning['fix'])}"


def _notes(operations: Sequence[Document], change: int) -> Iterator[str]:
    """What else is to be known of the calls that serve a change."""
    for operation in operations:
        if operation["change"] == change and operation["note"]:
            yield terminal(operation["note"])


def _is_blocker(warning: Document) -> bool:
    """Whether it says of an object that it is not as declared, and that no call can settle it."""
    return bool(warning["severity"] == "error")


def change_lines(change: Document, width: int | None = None, indent: str = "") -> Iterator[str]:
    """One object: what happens to it, why and by which place, edit by edit."""
    title = f"{SYMBOLS[change['action']]} {change['kind']} {terminal(change['name'])}: {terminal(change['reason'])}"
    place = f"  {at}" if (at := place_of(change.get("source"))) else ""
    yield f"{indent}{title}{place}"
    if change["action"] == "create":
        yield from _whole(change["after"], "+", width, indent)
    elif change["action"] == "delete":
        yield from _whole(change["before"], "-", width, indent)
    else:
        yield from _edits(change, width, indent)
    for hazard in change["hazards"]:
        needs = f" (needs {hazard['permit']})" if hazard["permit"] else ""
        yield f"{indent}  ! {hazard['code']} {terminal(hazard['message'])}{needs}"
        yield f"{indent}      {terminal(hazard['fix'])}"


def place_of(source: Document | None) -> str:
    """``base/menu.yaml:7`` of what says where it is written; nothing where it does not."""
    return f"{terminal(source['file'])}:{source['line']}" if source and source["file"] else ""


def _audiences(account: Document, width: int | None) -> Iterator[str]:
    """Who sees another menu afterwards, and who sees a third one for a moment."""
    rows, audiences = [], account["audiences"]
    other = "any other platform" if any(each["platform"] for each in audiences) else "any platform"
    then = "no menu" if menu_goes(account) else "the default menu"
    for each in audiences:
        same = "the same menu, changed" if each["buttons_change"] else "the same menu"
        after = _menu(each["after"], then) if each["after"] != each["before"] else same
        moment = f"between two calls: {', '.join(map(_menu, each['between']))}" if each["between"] else ""
        rows.append((_who(each, other), f"{_menu(each['before'])} → {after}", moment))
    if rows:
        yield "  followers who see another menu:"
        yield from columns(rows, width, "    ")


def menu_goes(account: Document) -> bool:
    """Whether nobody has a default menu to fall back to afterwards."""
    return any(change["kind"] == "menu" and change["action"] == "delete" for change in account["changes"])


def _who(audience: Document, other_platform: str) -> str:
    tag = f"tag {terminal(audience['tag'])}" if audience["tag"] else "any other tag"
    return f"{tag}, {audience['platform'] or other_platform}"


def _menu(name: str | None, default: str = "the default menu") -> str:
    return terminal(name) if name is not None else default


def _whole(document: Any, symbol: str, width: int | None, indent: str) -> Iterator[str]:
    if rule := (document or {}).get("matchrule"):
        told = ", ".join(f"{terminal(field)} {terminal(str(value))}" for field, value in rule.items())
        yield f"{indent}    for {told}"
    rows = [(f"{symbol} {'  ' * level}{name}", what, "") for level, name, what in lines(document)]
    yield from columns(rows, width, f"{indent}    ")


def _edits(change: Document, width: int | None, indent: str) -> Iterator[str]:
    rows = [edit_words(edit, change) for edit in change["edits"]]
    told = [(f"{symbol} {name}", what, place) for symbol, name, what, place in rows]
    yield from columns(told, width, f"{indent}    ")


def edit_words(edit: Document, change: Document) -> tuple[str, str, str, str]:
    """One edit of a change: its symbol, the part as a person names it, what happens to it, and where it is written.

    A field of the object itself, such as the name of a tag, is a part of its own.
    """
    within = change["before"] if edit["op"] == "remove" else change["after"]
    name, what = named(within, edit["path"]), _what(edit, change)
    if edit["op"] == "change":
        name, what = (name, f"{terminal(edit['field'])}: {what}") if name else (terminal(edit["field"]), what)
    return SYMBOLS[edit["op"]], name, what, place_of(edit["source"])


def _what(edit: Document, change: Document) -> str:
    match edit["op"]:
        case "add":
            return described(edit["after"])
        case "remove":
            return described(edit["before"])
        case "move":
            return f"moved: {_position(edit['before'], change['before'])} → {_position(edit['after'], change['after'])}"
    return f"{_value(edit['before'])} → {_value(edit['after'])}"


def _position(path: str, document: Any) -> str:
    parent, _, index = path.rpartition("[")
    number = int(index.rstrip("]")) + 1
    within = named(document, parent.rpartition(".")[0])
    return f"{within} {number}" if "." in parent else f"{number}"


def _value(value: Any) -> str:
    return "(none)" if value is None else terminal(str(value))


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


def _s(count: int) -> str:
    return "" if count == 1 else "s"
