"""A plan where it is reviewed: as comments on its pull request, as one issue, and held to what was reviewed."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wxdeploy.model import planjson
from wxdeploy.model.errors import RefusedError, UsageError
from wxdeploy.model.plan import Plan
from wxdeploy.model.planjson import FORMAT
from wxdeploy.model.source import SourceMap
from wxdeploy.render.fleet_markdown import plan_comment
from wxdeploy.render.markdown import LIMIT, marker
from wxdeploy.workflow.plan import failed
from wxdeploy.workflow.revision import Commit

if TYPE_CHECKING:
    from wxdeploy.client.forge import Forge, Post

_MARKER = re.compile(r"^(?=<!-- wxdeploy:(?:plan|diff)(?::\S+)? -->$)", re.MULTILINE)
_NO_WORD = re.compile(r"\W+")
_CUT = "\n\nCut here: a comment may not be longer. `wxdeploy plan` prints all of it.\n"
_MOST_TOLD = 20  # accounts that are named in one line
_SAME = ("kind", "name", "action", "before", "after")
Document = Mapping[str, Any]


def read_document(path: Path) -> dict[str, Any]:
    """The document that ``plan --out`` kept, or ``plan`` or ``diff --format json`` printed.

    Raises ``UsageError`` where there is no such file, ``RefusedError`` where it is none.
    """
    try:
        return document_of(path.read_bytes(), str(path))
    except FileNotFoundError:
        raise UsageError(f"there is no plan {path}", fix="write one with: wxdeploy plan --out FILE") from None


def document_of(data: bytes, name: str) -> dict[str, Any]:
    """The document in these bytes; raises ``RefusedError`` where there is none of this version's format."""
    from wxdeploy.config.schemas import check_value

    try:
        document = json.loads(data)
        if document["format"] == FORMAT and not check_value(document, SourceMap(), "plan"):
            planjson.from_json(document)
            return dict(document)
    except (KeyError, TypeError, ValueError, RecursionError):
        pass
    raise RefusedError(f"{name} is no plan of the format {FORMAT}", fix="write one with: wxdeploy plan --out FILE")


def comment(document: Document, forge: Forge, name: str = "") -> Iterator[str]:
    """Put the plan, or the comparison, into comments on the pull request; yields what was done, for people.

    There is one for each of few accounts, and one for all of them, each found again by its marker and changed in place.
    An account about which nothing is to be said gets none, but where it has one, or is alone. Comments of accounts that
    the plan does not tell of are left alone: another job may write those. Jobs that share the accounts have a ``name``
    each, by which they find the one for all of theirs.
    """
    verb = "diff" if document.get("against") else "plan"
    parts = {_first_line(part): part for part in _MARKER.split(plan_comment(document)) if part.strip()}
    together = parts.pop(marker(verb), "").partition("\n")[2]
    there = {_first_line(post.body): post for post in reversed(list(forge.comments()))}
    for account in document["accounts"]:
        mark = marker(verb, account["account"])
        if mark in there:
            led = f"{mark}\nTold in the comment on all {len(document['accounts'])} accounts.\n"
            yield from _renew(forge, there[mark], parts.get(mark, led))
        elif mark in parts and not (_is_quiet(account) and len(document["accounts"]) > 1):
            yield from _write(forge, parts[mark])
    last = _named(marker(verb), name)
    if last in there:
        yield from _renew(forge, there[last], f"{last}\n{together}")
    elif together:
        yield from _write(forge, f"{last}\n{together}")


def _named(mark: str, name: str) -> str:
    """The marker of a job of that name; no account has one like it."""
    return mark.replace(" -->", f"/{_NO_WORD.sub('-', name)} -->") if name else mark


def _write(forge: Forge, text: str) -> Iterator[str]:
    forge.comment(_short(text))
    yield f"commented: {_first_line(text)}"


def _renew(forge: Forge, post: Post, text: str) -> Iterator[str]:
    text = _short(text)
    if post.body.strip() != text.strip():
        forge.edit_comment(post, text)
        yield f"changed in place: {_first_line(text)}"


def keep_issue(document: Document, title: str, forge: Forge) -> Iterator[str]:
    """Keep one issue of that title open while an account is not as its plan would leave it; yields what was done.

    A second run changes the open issue instead of opening another, and closes it where nothing differs any more.
    """
    mark = f"<!-- wxdeploy:issue:{_NO_WORD.sub('-', title).strip('-')} -->"
    there = [post for post in forge.issues() if _first_line(post.body) == mark]
    if document["error"] is None and all(each["status"] == "unchanged" for each in document["accounts"]):
        for post in there:
            forge.close_issue(post)
            yield f"closed the issue {post.id}: nothing differs any more"
        return
    differing = {**document, "accounts": [each for each in document["accounts"] if each["status"] != "unchanged"]}
    head = f"{mark}\nWhat is live is not what the configuration asks for. `wxdeploy apply` would do this:\n\n"
    text = _short(head + plan_comment(differing, limit=LIMIT - len(head)))
    if not there:
        forge.open_issue(title, text)
        yield f"opened an issue: {title}"
    elif there[0].body.strip() != text.strip():
        forge.edit_issue(there[0], text)
        yield f"changed the issue {there[0].id} in place"


def unreviewed(document: Document, reviewed: Document) -> dict[str, str]:
    """Account -> what would be done to it that the reviewed plan did not say; raises ``RefusedError`` for no plan.

    What is compared is what a reviewer saw: each object before and after, and each call with its body. An account of
    which nothing is to be done need not have been reviewed, nor one that could not be planned: nothing is sent to it.
    """
    if document["error"]:
        raise not_reviewed("nothing could be planned")
    known = {(each["account"], each["appid"]): each for each in reviewed["accounts"]}
    found = {}
    for account in document["accounts"]:
        if account["changes"] or account["operations"]:
            then = known.get((account["account"], account["appid"]))
            if then is None:
                found[account["account"]] = "it was not reviewed"
            elif differences := list(_differences(account, then)):
                found[account["account"]] = ", ".join(differences)
    return found


def not_reviewed(what: str) -> RefusedError:
    """What is told of a plan, or of one account in it, that is not the one that was reviewed."""
    return RefusedError(
        f"what would be done is not what was reviewed: {what}",
        fix="plan again on a new pull request, or apply by hand what is on this branch",
    )


def told_of(found: Mapping[str, str]) -> str:
    """What ``unreviewed`` found, in one line."""
    told = [f"{account}: {what}" for account, what in itertools.islice(found.items(), _MOST_TOLD)]
    return "; ".join(told) + (f"; and {len(found) - _MOST_TOLD} more accounts" if len(found) > _MOST_TOLD else "")


def reviewed_part(document: Document, found: Mapping[str, str]) -> Plan:
    """The plan, with an error in place of each account in ``found``: an apply refuses that one, and no other for it."""
    plan = planjson.from_json(document)
    accounts = (
        failed(each.account, each.appid, not_reviewed(found[each.account])) if each.account in found else each
        for each in plan.accounts
    )
    return plan._replace(accounts=tuple(accounts))


def commit_in(document: Document) -> Commit | None:
    """The commit that a plan says it was made from."""
    match document.get("commit"):
        case {"revision": str(revision), "dirty": bool(dirty)}:
            return Commit(revision, dirty)
    return None


def _differences(now: Document, then: Document) -> Iterator[str]:
    """The objects whose change is another one; ``the calls`` where every change is the same."""
    seen = [_change(each) for each in then["changes"]]
    other = [each for each in map(_change, now["changes"]) if each not in seen]
    missing = [each for each in seen if each not in map(_change, now["changes"])]
    names = dict.fromkeys(f"{each['kind']} {each['name']}" for each in (*other, *missing))
    yield from names
    if not names and _calls(now) != _calls(then):
        yield "the calls"


def _change(change: Document) -> dict[str, Any]:
    return {name: change[name] for name in _SAME} | {"hazards": sorted(each["code"] for each in change["hazards"])}


def _calls(account: Document) -> Sequence[tuple[str, Any]]:
    return [(each["call"], each["body"]) for each in account["operations"]]


def _is_quiet(account: Document) -> bool:
    """Whether there is nothing that a reviewer has to know."""
    return account["status"] == "unchanged" and not account["warnings"]


def _first_line(text: str) -> str:
    return text.lstrip().partition("\n")[0].strip()


def _short(text: str) -> str:
    """The text, cut after a line where it is longer than a comment may be."""
    if len(text) < LIMIT:
        return text
    return text[: text.rindex("\n", 0, LIMIT - len(_CUT))] + _CUT
