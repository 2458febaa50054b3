"""A plan, or a comparison with a git revision, as comments in Markdown for GitHub and GitLab; from its JSON form alone.

There is one comment for each account. It begins with a hidden marker, by which a pipeline finds the comment of its last
run, and all comments together are shorter than one may be. What has no room is left out, least important first, and
counted; errors, deletions and whatever needs a decision are never left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wxdeploy.render.escape import markdown_code, markdown_prose
from wxdeploy.render.markdown_parts import (
    Block,
    audiences,
    calls,
    changes,
    decisions,
    errors,
    unmanaged,
    warnings,
)
from wxdeploy.render.text import REFRESH, counted, narrowed, summary

LIMIT = 65_536
"""A comment of GitHub has fewer characters than this."""

_NOTE = 400  # room for the line that says what an account's comment leaves out
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Comment:
    """What there is to say of one account, in the order in which it is shown."""

    account: str
    blocks: tuple[Block, ...]

    @property
    def unchanged(self) -> bool:
        return all(block.rank == 0 for block in self.blocks) and len(self.blocks) == 1


def plan_markdown(document: Document, *, limit: int = LIMIT) -> str:
    """The comments of all accounts, then, where there are several, the sum; shorter than ``limit`` characters.

    It is longer only where errors, deletions and decisions alone are.
    """
    verb = "diff" if document.get("against") else "plan"
    comments = [_comment(each, document, verb) for each in document["accounts"]]
    tail = _tail(document, verb, hidden=0)
    room = limit - 1 - len(_tail(document, verb, hidden=len(comments)))
    shown = comments
    if sum(map(_least, comments)) > room:
        shown = [each for each in comments if not each.unchanged]
        tail = _tail(document, verb, hidden=len(comments) - len(shown))
    kept = _kept(shown, room)
    parts = [_told(each, kept, verb) for each in shown]
    return "".join(f"{part}\n" for part in (*parts, tail) if part)


def _comment(account: Document, document: Document, verb: str) -> _Comment:
    name = account["account"]
    blocks = [Block(_head(account, document, verb))]
    for make in (errors, decisions, changes, audiences, warnings, unmanaged, calls):
        blocks.extend(make(account))
    return _Comment(name, tuple(blocks))


def _head(account: Document, document: Document, verb: str) -> str:
    appid = f" ({markdown_code(account['appid'])})" if account["appid"] else ""
    lines = [marker(verb, account["account"]), f"### wxdeploy {verb}: {markdown_code(account['account'])}{appid}", ""]
    notes = (f"\n{prose}\n" for prose in map(markdown_prose, narrowed(document)))
    return "\n".join([*lines, _sum(account, document)]) + "\n" + "".join(notes)


def _sum(account: Document, document: Document) -> str:
    against = document.get("against")
    counts = Counter(change["action"] for change in account["changes"])
    parts = counted({"create": 0, "update": 0, "rename": 0, "delete": 0, "errors": 0} | counts)
    since = f"Since {markdown_code(against['name'])}: " if against else ""
    if account["error"]:
        return f"{since}**It could not be {'compared' if against else 'planned'}.**"
    if not parts and not any(each["severity"] == "error" for each in account["warnings"]):
        what = "the files ask for what they asked for" if against else "the account matches its configuration"
        return f"{since}**No changes:** {what}."
    told = f"{since}**{', '.join(parts) or 'nothing that a call can do'}**"
    if against:
        return f"{told}. No account was asked: `wxdeploy plan` says what it takes."
    number = len(account["operations"])
    told += f" · {number} API call{'' if number == 1 else 's'}."
    if any("menu" in change["kind"] for change in account["changes"]):
        told += f" {REFRESH}"
    return told


def marker(verb: str, account: str | None = None) -> str:
    """The hidden line by which a comment is found again: ``<!-- wxdeploy:plan:ACCOUNT -->``."""
    if account is None:
        return f"<!-- wxdeploy:{verb} -->"
    # A comment of HTML ends at two hyphens, and other signs have no business in it.
    safe = re.sub(r"[^\w.-]|-(?=-)|-$", lambda found: f"%{ord(found[0]):X}", account)
    return f"<!-- wxdeploy:{verb}:{safe} -->"


def _tail(document: Document, verb: str, *, hidden: int) -> str:
    """What is said of all accounts together."""
    lines = [*(block.text for block in errors(document))]
    if len(document["accounts"]) > 1:
        lines.append(f"**{len(document['accounts'])} accounts.** {markdown_prose(summary(document))}")
    if hidden:
        accounts = f"{hidden} account{'' if hidden == 1 else 's'}"
        lines.append(f"Left out for length: {accounts} without changes.")
    return "\n".join([marker(verb), *lines]) + "\n" if lines else ""


def _least(comment: _Comment) -> int:
    """The length of what is never left out, with the line that says what is."""
    note = 0 if all(block.rank == 0 for block in comment.blocks) else _NOTE
    return sum(len(block.text) + 1 for block in comment.blocks if block.rank == 0) + note + 1


def _kept(comments: Sequence[_Comment], room: int) -> set[int]:
    """The blocks that there is room for, by identity: all accounts' of one rank before any of the next."""
    room -= sum(map(_least, comments))
    kept: set[int] = set()
    blocks = [block for comment in comments for block in comment.blocks]
    for block in sorted(blocks, key=lambda block: block.rank):
        size = len(block.text) + 1
        if block.rank == 0:
            kept.add(id(block))
        elif size <= room:
            room -= size
            kept.add(id(block))
    return kept


def _told(comment: _Comment, kept: set[int], verb: str) -> str:
    lines = [block.text for block in comment.blocks if id(block) in kept]
    if left := list(_left_out(block for block in comment.blocks if id(block) not in kept)):
        whole = f"wxdeploy {verb} --account {comment.account}"
        where = f" {markdown_code(whole)} prints all of it." if len(whole) < _NOTE // 4 else ""
        lines.append(f"Left out for length: {', '.join(left)}.{where}\n")
    return "\n".join(lines)


def _left_out(blocks: Iterable[Block]) -> Iterator[str]:
    for what, count in Counter(block.what for block in blocks).items():
        yield f"{count} {what}{'' if count == 1 else 's'}"
