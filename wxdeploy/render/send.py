"""A template message and what became of it as text, from its public JSON form alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wxdeploy.render.escape import terminal
from wxdeploy.render.text import failure_lines
from wxdeploy.wechat import limits

_MINUTES = limits.CLIENT_MSG_ID_SECONDS // 60


def letter_text(document: Mapping[str, Any]) -> str:
    """What is to be sent, as the follower will read it, and what speaks against it."""
    return "".join(f"{line}\n" for line in _letter(document))


def delivery_text(document: Mapping[str, Any]) -> str:
    """What became of it."""
    return "".join(f"{line}\n" for line in _delivery(document))


def _letter(document: Mapping[str, Any]) -> Iterator[str]:
    request = document["request"]
    who = f"{document['account']} ({document['appid']})"
    yield terminal(f"{document['template']} from {who} to {request['touser']}")
    yield f"  {terminal(document['title'])}"
    for placeholder, field in request.get("data", {}).items():
        label = document["labels"].get(placeholder, placeholder)
        yield f"    {terminal(label)}: {terminal(field['value'])}  ({terminal(placeholder)})"
    page = request.get("miniprogram")
    if page:
        yield f"  opens {terminal(page.get('pagepath', 'the first page'))} of {terminal(page['appid'])}"
    if "url" in request:
        where = " where it can't open the mini program" if page else ""
        yield f"  opens {terminal(request['url'])}{where}"
    for sign, found in (("✗", document["problems"]), ("!", document["warnings"])):
        for each in found:
            yield f"  {sign} {terminal(each['about'])}: {terminal(each['detail'])}"
            yield f"      {terminal(each['fix'])}"


def _delivery(document: Mapping[str, Any]) -> Iterator[str]:
    error = list(failure_lines(document["error"]))
    match document["status"]:
        case "sent":
            if document.get("repeated"):
                yield f"✓ sent before, and not once more: msgid {terminal(document['msgid'])}"
                yield f"    the same message goes to a follower once in {_MINUTES} minutes; --again sends it anew"
            else:
                yield f"✓ sent: msgid {terminal(document['msgid'])}"
        case "unknown":
            yield f"? unknown whether it was sent{error[0].removeprefix('✗').join((':', ''))}"
            yield from error[1:]
        case _:
            yield "✗ not sent"
            yield from (f"  {line}" for line in error)
