"""A plan of many accounts as one comment in Markdown; from its public JSON form alone.

Failures and decisions first, then each change once for all accounts that it changes alike, with the phone of one of
them; then a line for each account. What has no room is left out from the end, and counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wxdeploy.render.escape import markdown_code as code
from wxdeploy.render.escape import markdown_prose as prose
from wxdeploy.render.fleet import MANY, MOST_VALUES, Group, Line, changes_alike, notes_alike, planned
from wxdeploy.render.markdown import LIMIT, marker, plan_markdown
from wxdeploy.render.markdown_parts import changes, decisions, errors
from wxdeploy.render.text import narrowed, summary

_NAMES = 20  # accounts of a group that are named
_ROWS = 300  # accounts that have a line of their own
_NOTE = 200  # room for the line that says what is left out
Document = Mapping[str, Any]


def plan_comment(document: Document, *, limit: int = LIMIT) -> str:
    """A plan, or a comparison with a git revision: a comment for each of few accounts, one for many together."""
    if len(document["accounts"]) < MANY:
        return plan_markdown(document, limit=limit)
    verb = "diff" if document.get("against") else "plan"
    accounts = document["accounts"]
    head = f"{marker(verb)}\n### wxdeploy {verb}: {len(accounts)} accounts\n\n**{prose(summary(document))}**\n"
    parts = [*(f"{prose(line)}\n" for line in narrowed(document))]
    parts += [*(block.text for block in errors(document)), *_failures(accounts)]
    groups = changes_alike(accounts)
    parts += [_change(group, len(accounts)) for group in sorted(groups, key=lambda group: not _decides(group))]
    parts += [_note(group, len(accounts)) for group in notes_alike(accounts)]
    parts += _table(accounts)
    return _fitted(head, parts, limit)


def _fitted(head: str, parts: Sequence[str], limit: int) -> str:
    """The parts from the first on, as many as there is room for."""
    shown, room = [head], limit - len(head) - _NOTE
    for number, part in enumerate(parts):
        if len(part) + 1 > room:
            left = len(parts) - number
            shown.append(f"Left out for length: {left} of {len(parts)} parts. `wxdeploy plan` prints all of it.\n")
            break
        shown.append(part)
        room -= len(part) + 1
    return "\n".join(shown)


def _failures(accounts: Sequence[Document]) -> Iterator[str]:
    """Each failure once, with the accounts that it is the same for, but for the findings behind it."""
    found: dict[tuple[str, ...], list[Document]] = defaultdict(list)
    for account in accounts:
        if error := account["error"]:
            found[(error["message"], *(each["code"] for each in error["findings"]))].append(account)
    for alike in found.values():
        (block,) = errors(alike[0])
        yield f"{_heading('####', [each['account'] for each in alike], len(accounts))}\n{block.text}"
        if any(each["error"]["findings"] != alike[0]["error"]["findings"] for each in alike):
            yield f"Above: {code(alike[0]['account'])}. The others have the like, each of its own.\n"


def _decides(group: Group) -> bool:
    """Whether somebody has to decide about the change."""
    return any(change["hazards"] or change["action"] == "delete" for change in group.sample["changes"])


def _change(group: Group, accounts: int) -> str:
    blocks = [*decisions(group.sample), *changes(group.sample)]
    text = f"{_heading('###', group.accounts, accounts)}\n" + "\n".join(block.text for block in blocks)
    if told := [item for line in group.lines if line.own for item in _own(line, len(group.accounts))]:
        title = f"Above: {code(group.accounts[0])}. What differs from account to account"
        text += f"\n<details><summary>{title}</summary>\n\n" + "\n".join(told) + "\n\n</details>\n"
    return text


def _own(line: Line, accounts: int) -> Iterator[str]:
    if line.common is not None:
        yield f"- {accounts - len(line.own)} accounts: {code(line.common.strip())}"
    for name, text in line.own[:MOST_VALUES]:
        yield f"  - {code(name)}: {code(text.strip())}"
    if (left := len(line.own) - MOST_VALUES) > 0:
        yield f"  - and {left} more, each its own: `wxdeploy plan --account NAME` shows them"


def _note(group: Group, accounts: int) -> str:
    told = [line.common or "" for line in group.lines]
    lines = "".join(f"{'  ' if text.startswith(' ') else ''}- {prose(text.strip())}\n" for text in told)
    return f"{_heading('####', group.accounts, accounts)}\n{lines}"


def _table(accounts: Sequence[Document]) -> Iterator[str]:
    """A line for each account that is not as it should be, those that failed first, and how many are."""
    differing = sorted((each for each in accounts if each["status"] != "unchanged"), key=lambda each: not each["error"])
    rows = [f"- {code(each['account'])}: {prose(planned(each))}" for each in differing[:_ROWS]]
    if (left := len(differing) - _ROWS) > 0:
        rows.append(f"- and {left} more")
    unchanged = len(accounts) - len(differing)
    if unchanged:
        rows.append(f"- {unchanged} without changes")
    yield f"<details><summary>{len(accounts)} accounts</summary>\n\n" + "\n".join(rows) + "\n\n</details>\n"


def _heading(level: str, names: Sequence[str], accounts: int) -> str:
    """Which accounts of all are told about; their names below, unless they are all, which the comment ends with."""
    if len(names) == 1:
        return f"{level} {code(names[0])}\n"
    if len(names) == accounts:
        return f"{level} In all {accounts} accounts\n"
    told = ", ".join(code(name) for name in names[:_NAMES])
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return f"{level} In {len(names)} accounts\n\n{told}{more}\n"
