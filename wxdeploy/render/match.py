"""Which menu a follower sees as text, from its public JSON form alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wxdeploy.render.escape import terminal
from wxdeploy.render.menu import lines


def match_text(document: Mapping[str, Any]) -> str:
    """The menu that wins, why, rule by rule, what it holds, and what the account says of it."""
    return "\n".join([*_decision(document), *_account(document.get("account"))]) + "\n"


def _decision(document: Mapping[str, Any]) -> Iterator[str]:
    yield _menu(document["menu"])
    for each in document["considered"]:
        mark = "✓" if each["menu"] == document["menu"] else "·"
        yield f"  {mark} {terminal(each['menu'])}: {terminal(each['why'])}"
    if document["button"] is None:
        yield "    (the default menu is not declared here)"
    for level, name, what in lines({"button": document["button"]}):
        yield f"    {'  ' * level}{name}  {what}"


def _account(account: Mapping[str, Any] | None) -> Iterator[str]:
    if account is None:
        return
    tags = ", ".join(map(terminal, account["tags"])) or "none"
    yield f"The account: the follower's tags are {tags}."
    if account["parting"] is None:
        yield "✓ menu/trymatch answers the same menu"
        return
    yield f"✗ menu/trymatch answers another menu: {terminal(account['parting'])}"
    for level, name, what in lines({"button": account["button"]}):
        yield f"    {'  ' * level}{name}  {what}"


def _menu(name: str | None) -> str:
    return f"They see the menu {terminal(name)}." if name is not None else "They see the default menu."
