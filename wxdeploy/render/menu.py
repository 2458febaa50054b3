"""A menu in words: each button as a person names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wxdeploy.model.jsonvalue import JsonValue, parse_path
from wxdeploy.render.escape import terminal

_WHAT = ("key", "url", "media_id", "article_id", "appid", "pagepath", "value")


def named(document: JsonValue, path: str) -> str:
    """``button[1].sub_button[0]`` of a menu's document as ``菜单 › 搜索``.

    The path itself where nothing is there, nothing for the document as a whole.
    """
    names: list[str] = []
    here: JsonValue = document
    for step in parse_path(path):
        if isinstance(step, int):
            if isinstance(here, str) or not isinstance(here, Sequence) or step >= len(here):
                return terminal(path)
            here = here[step]
            name = here.get("name") if isinstance(here, Mapping) else None
            names.append(terminal(str(name)) if name is not None else f"[{step}]")
        else:
            here = here.get(step) if isinstance(here, Mapping) else None
            if step not in ("button", "sub_button"):
                names.append(terminal(step))
    return " › ".join(names)


def described(button: JsonValue) -> str:
    """What a tap on the button does: ``view https://…``, ``3 buttons``."""
    if not isinstance(button, Mapping):
        return terminal(str(button))
    children = button.get("sub_button")
    if isinstance(children, Sequence) and not isinstance(children, str) and children:
        return f"{len(children)} button{'s' if len(children) != 1 else ''}"
    parts = [str(button["type"])] if button.get("type") else []
    parts += [str(button[key]) for key in _WHAT if button.get(key)]
    return terminal(" ".join(parts))


def lines(document: JsonValue) -> Iterator[tuple[int, str, str]]:
    """Level, name and description of every button, from the top."""
    if isinstance(document, Mapping):
        yield from _lines(document.get("button"), 0)


def _lines(buttons: JsonValue, level: int) -> Iterator[tuple[int, str, str]]:
    if isinstance(buttons, str) or not isinstance(buttons, Sequence):
        return
    for button in buttons:
        if isinstance(button, Mapping):
            yield level, terminal(str(button.get("name", ""))), described(button)
            yield from _lines(button.get("sub_button"), level + 1)
