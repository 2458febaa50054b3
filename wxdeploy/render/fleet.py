"""A plan or a report of many accounts as text, from its public JSON form: failures first, a line for each account, and
what changes told once for all accounts that it changes alike.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from wxdeploy.model.cells import cells
from wxdeploy.render.escape import terminal
from wxdeploy.render.report import report_text, total
from wxdeploy.render.text import SYMBOLS, change_lines, closed, failure_lines, plan_text

MANY = 10
"""From so many accounts on they are told of together and not one after another."""

MOST_VALUES = 5
"""Accounts whose own values are shown of one line."""

_NAMES = 8  # accounts of a group that are named
_SCREEN = 40  # accounts from which on their lines fill a screen
_MOST_FAILURES = 3  # that are told once more at the end
_TURNS = {"create": "to create", "update": "to change", "rename": "to rename", "delete": "to delete"}
_ENDINGS = {
    "failed": "✗",
    "partial": "✗",
    "refused": "!",
    "not-tried": "·",
    "applied": "✓",
    "unchanged": "✓",
}
Document = Mapping[str, Any]


class Line(NamedTuple):
    """A line of a group: ``common`` to more than half of its accounts (None: no text is), ``own`` to each other one."""

    common: str | None
    own: tuple[tuple[str, str], ...] = ()


class Group(NamedTuple):
    """What holds for all of ``accounts`` alike; ``sample`` is the first of them, with that and nothing else."""

    accounts: tuple[str, ...]
    lines: tuple[Line, ...]
    sample: Document


def plan_told(document: Document, width: int | None = None) -> str:
    """A plan as text: of few accounts one after another, of many together; ``width`` is the terminal's."""
    return plan_overview(document, width) if len(document["accounts"]) >= MANY else plan_text(document, width)


def report_told(document: Document, goal: str) -> str:
    """What an apply did as text, likewise; ``goal`` is what accounts are to match."""
    if len(document["accounts"]) >= MANY:
        return report_overview(document, goal)
    whole = "".join(f"{line}\n" for line in failure_lines(document["error"]))
    return whole + report_text(document, goal)


def plan_overview(document: Document, width: int | None = None) -> str:
    """A plan, or a comparison with a git revision, of many accounts."""
    accounts = document["accounts"]
    failures = _failures(accounts)
    lines = [*failure_lines(document.get("error")), *_told(failures)]
    lines += [f"{len(accounts)} accounts:", *_rows(accounts, _symbol, planned), ""]
    for group in changes_alike(accounts):
        lines += [*group_lines(group), ""]
    for group in notes_alike(accounts):
        lines += [*group_lines(group), ""]
    return closed(lines, document, width) + "".join(f"{line}\n" for line in _at_the_end(failures, accounts))


def report_overview(document: Document, goal: str) -> str:
    """What an apply did to many accounts."""
    accounts = document["accounts"]
    failures = _failures(accounts, operations=True)
    lines = [*failure_lines(document.get("error")), *_told(failures)]
    lines += [f"{len(accounts)} accounts:", *_rows(accounts, _ending, applied), ""]
    lines += [total(document["summary"], goal), *_at_the_end(failures, accounts)]
    return "\n".join(lines) + "\n"


def _failures(accounts: Sequence[Document], *, operations: bool = False) -> list[Group]:
    """Each failure once, with the accounts that it is the same for, but for the findings behind it.

    What kept others from being begun comes first.
    """
    groups: dict[Any, list[tuple[str, list[str]]]] = defaultdict(list)
    for account in sorted(accounts, key=lambda account: account["status"] == "not-tried"):
        lines = [*failure_lines(account["error"])]
        for operation in account["operations"] if operations else ():
            if operation["error"]:
                lines += [f"✗ {operation['call']}: {operation['outcome']}"]
                lines += [f"    {line}" for line in failure_lines(operation["error"])]
        if lines:
            lines = [_without_rid(line) for line in lines]
            groups[(len(lines), *(_codes(account["error"]) or lines))].append((account["account"], lines))
    return [_group(members, {}) for members in groups.values()]


def _told(failures: Sequence[Group]) -> Iterator[str]:
    for group in failures:
        yield from group_lines(group)
    if failures:
        yield ""


def _at_the_end(failures: Sequence[Group], accounts: Sequence[Document]) -> Iterator[str]:
    """The failures in short where their lines have left the screen: what most accounts have comes first."""
    if len(accounts) < _SCREEN:
        return
    order = sorted(failures, key=lambda group: -len(group.accounts))
    for group in order[:_MOST_FAILURES]:
        told = [line.common.strip() for line in group.lines if line.common and line.common.lstrip().startswith("✗")]
        count = len(group.accounts)
        whose = f"{count} accounts" if count > 1 else terminal(group.accounts[0])
        yield f"✗ {whose}: {told[-1].removeprefix('✗ ') if told else 'told above'}"
    if (left := len(order) - _MOST_FAILURES) > 0:
        yield f"✗ and {left} more failure{'' if left == 1 else 's'}, told above"


def _codes(error: Document | None) -> list[str]:
    """The rules that the configuration of an account breaks, as of others in places of their own."""
    return [finding["code"] for finding in error["findings"]] if error else []


def _without_rid(line: str) -> str:
    """The id of a request is another one for each account; those who need it look at the one account, or at JSON."""
    return re.sub(r" \(rid [^)]*\)$", "", line)


def _rows(accounts: Sequence[Document], symbol: Any, words: Any) -> Iterator[str]:
    """A line for each account: those that failed first, then those that change, then the others."""
    order = "✗!~?·✓ "
    shown = sorted(accounts, key=lambda account: order.index(symbol(account)))
    width = max((cells(terminal(account["account"])) for account in accounts), default=0)
    for account in shown:
        name, appid = terminal(account["account"]), terminal(account["appid"] or "")
        padded = name + " " * (width - cells(name))
        yield f"  {symbol(account)} {padded}  {appid:18}  {words(account)}".rstrip()


def _symbol(account: Document) -> str:
    if account["status"] == "error":
        return "✗"
    if any(change["hazards"] for change in account["changes"]) or _blocked(account):
        return "!"
    return "~" if account["changes"] else " "


def _blocked(account: Document) -> bool:
    return any(warning["severity"] == "error" for warning in account["warnings"])


def planned(account: Document) -> str:
    """What would become of an account, in a few words."""
    if account["error"]:
        return terminal(account["error"]["message"])
    counts = [(sum(each["action"] == action for each in account["changes"]), told) for action, told in _TURNS.items()]
    parts = [f"{count} {told}" for count, told in counts if count]
    if any(change["hazards"] for change in account["changes"]):
        parts.append("needs a decision")
    if _blocked(account):
        parts.append("something that no call can settle")
    return ", ".join(parts) or "no changes"


def _ending(account: Document) -> str:
    return _ENDINGS.get(account["status"], "?")


def applied(account: Document) -> str:
    """What became of an account, in a few words."""
    if account["status"] in ("unchanged", "not-tried"):
        return "nothing to do" if account["status"] == "unchanged" else "not tried"
    done = sum(each["outcome"] in ("applied", "skipped") for each in account["operations"])
    left = len(account["operations"]) - done
    parts = [account["status"], f"{done} call{'' if done == 1 else 's'} done"]
    if left:
        parts.append(f"{left} not done or unknown")
    if account["converged"]:
        parts.append("verified")
    return ", ".join(parts)


def changes_alike(accounts: Iterable[Document]) -> list[Group]:
    """The changes of all accounts, each told once with the accounts that it is the same for, but for their values."""
    found: dict[Any, list[tuple[str, list[str]]]] = defaultdict(list)
    samples: dict[Any, Document] = {}
    for account in accounts:
        for index, change in enumerate(account["changes"]):
            lines = [_packed(line) for line in change_lines(change)]
            lines += [
                f"      · {terminal(operation['note'])}"
                for operation in account["operations"]
                if operation["change"] == index and operation["note"]
            ]
            key = (_shape(change), len(lines))
            found[key].append((account["account"], lines))
            samples.setdefault(key, {**account, "changes": [change], "warnings": []})
    groups = [_group(members, samples[key]) for key, members in found.items()]
    return sorted(groups, key=lambda group: -len(group.accounts))


def notes_alike(accounts: Iterable[Document]) -> list[Group]:
    """What is to be known besides, each thing once with the accounts that it is about."""
    found: dict[tuple[str, ...], list[Document]] = defaultdict(list)
    for account in accounts:
        for lines in _notes(account):
            found[lines].append(account)
    return [
        Group(tuple(each["account"] for each in about), tuple(map(Line, lines)), about[0])
        for lines, about in found.items()
    ]


def _notes(account: Document) -> Iterator[tuple[str, ...]]:
    for warning in account["warnings"]:
        mark = "✗" if warning["severity"] == "error" else "!"
        yield f"{mark} {warning['code']} {terminal(warning['message'])}", f"    {terminal(warning['fix'])}"
    for each in account["unmanaged"]:
        yield (f"· {each['kind']} {terminal(each['name'])} is not managed",)
    if account["audiences"]:
        yield ("· some followers see another menu afterwards: wxdeploy plan --account NAME says who",)


def _group(members: Sequence[tuple[str, list[str]]], sample: Document) -> Group:
    names = tuple(name for name, _ in members)
    positions = zip(*(lines for _, lines in members), strict=True)
    return Group(names, tuple(_line(names, variants) for variants in positions), sample)


def _line(names: Sequence[str], variants: Sequence[str]) -> Line:
    text, count = Counter(variants).most_common(1)[0]
    common = text if count * 2 > len(variants) else None
    own = tuple((name, each) for name, each in zip(names, variants, strict=True) if each != common)
    return Line(common, own)


def group_lines(group: Group) -> Iterator[str]:
    """A group: its accounts, what holds for them alike, and below each line the values of accounts of their own."""
    yield f"{named(group.accounts)}:"
    for line in group.lines:
        if line.common is not None:
            yield f"  {line.common}"
        for name, text in line.own[:MOST_VALUES]:
            yield f"        {terminal(name)}: {text.strip()}"
        if (left := len(line.own) - MOST_VALUES) > 0:
            yield f"        and {left} more, each its own: --account NAME and --format json tell them"


def named(names: Sequence[str]) -> str:
    """``in 18 accounts (a, b, c and 15 more)``, or the one account's name."""
    if len(names) == 1:
        return terminal(names[0])
    told = ", ".join(terminal(name) for name in names[:_NAMES])
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return f"in {len(names)} accounts ({told}{more})"


def _packed(line: str) -> str:
    """A line without the blanks that align it with its neighbours, which differ with the values of an account."""
    indent = len(line) - len(line.lstrip())
    return line[:indent] + re.sub(r" {2,}", "  ", line[indent:])


def _shape(change: Document) -> Any:
    """What two accounts have to have in common for a change of theirs to be the same but for values."""
    edits = tuple(
        (edit["op"], edit["path"], edit["field"], tuple(sorted((edit["source"] or {}).items())))
        for edit in change["edits"]
    )
    hazards = tuple((hazard["code"], hazard["permit"]) for hazard in change["hazards"])
    whole = None if change["edits"] else _skeleton([change["before"], change["after"]])
    return (SYMBOLS[change["action"]], change["kind"], change["name"], change.get("origin"), edits, hazards, whole)


def _skeleton(value: Any) -> Any:
    """The structure of a document without its values."""
    if isinstance(value, Mapping):
        return tuple((key, _skeleton(each)) for key, each in value.items())
    if isinstance(value, list):
        return tuple(_skeleton(each) for each in value)
    return None
