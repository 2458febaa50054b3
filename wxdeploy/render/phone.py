"""From a menu's document to what a phone shows of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wxdeploy.model.cells import cut
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.phone import Answer, Key, Phone
from wxdeploy.render.escape import terminal
from wxdeploy.wechat import limits
from wxdeploy.wechat.buttons import ALL_FIELDS

_FACTS = (*ALL_FIELDS, "value")
Replies = Mapping[str, Mapping[str, JsonValue]]
"""The key of a button -> the reply to it, as the ``replies`` section has it: a mapping whose one key is the type."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What is known of buttons beside the menu."""

    places: Mapping[str, str]
    replies: Replies


def phone_of(document: JsonValue, places: Mapping[str, str] | None = None, replies: Replies | None = None) -> Phone:
    """What is on the screen; ``places`` says by path where buttons are written, ``replies`` what is answered to taps.

    Every text of it can be shown in a terminal; no other medium's signs are escaped.
    """
    buttons = document.get("button") if isinstance(document, Mapping) else None
    return Phone(_keys(buttons, "button", limits.NAME_CELLS, _Look(places or {}, replies or {})))


def marks_of(
    edits: Sequence[Mapping[str, JsonValue]], before: JsonValue, after: JsonValue
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """By path, what happens to the keys of a menu: of those that it has, and of those that it is to have."""
    olds: dict[str, str] = {}
    news: dict[str, str] = {}
    changed: dict[str, list[Mapping[str, JsonValue]]] = {}
    for edit in edits:
        op, path = str(edit["op"]), str(edit["path"])
        if op == "change":
            changed.setdefault(path, []).append(edit)
        else:
            if op in ("remove", "move"):
                olds[path if op == "remove" else str(edit["before"])] = op
            if op in ("add", "move"):
                news[path] = op
    fields = _fields(before)
    for path, its in changed.items():
        news.setdefault(path, "change")
        was = _undone(_fields(after).get(path, {}), its)
        same = [place for place, each in fields.items() if each == was]
        if path in same or len(same) == 1:
            olds.setdefault(path if path in same else same[0], "change")
    return olds, news


def _undone(fields: Mapping[str, JsonValue], edits: Sequence[Mapping[str, JsonValue]]) -> Mapping[str, JsonValue]:
    """What a button held before it was changed: an edit does not say where the button stood."""
    was = {**fields, **{str(edit["field"]): edit["before"] for edit in edits}}
    return {field: value for field, value in was.items() if value is not None}


def _fields(document: JsonValue) -> dict[str, Mapping[str, JsonValue]]:
    """By path, what each button of a menu holds besides its list."""
    found: dict[str, Mapping[str, JsonValue]] = {}
    waiting = [(document, "")]
    for holder, path in waiting:
        for name in ("button", "sub_button"):
            buttons = holder.get(name) if isinstance(holder, Mapping) else None
            if isinstance(buttons, Sequence) and not isinstance(buttons, str):
                for index, button in enumerate(buttons):
                    if isinstance(button, Mapping):
                        place = f"{path}.{name}[{index}]" if path else f"{name}[{index}]"
                        found[place] = {key: value for key, value in button.items() if key != "sub_button"}
                        waiting.append((button, place))
    return found


def _keys(buttons: JsonValue, path: str, width: int, look: _Look) -> tuple[Key, ...]:
    if isinstance(buttons, str) or not isinstance(buttons, Sequence):
        return ()
    return tuple(
        _key(button, f"{path}[{index}]", width, look)
        for index, button in enumerate(buttons)
        if isinstance(button, Mapping)
    )


def _key(button: Mapping[str, JsonValue], path: str, width: int, look: _Look) -> Key:
    name = terminal(_text(button.get("name")))
    keys = _keys(button.get("sub_button"), f"{path}.sub_button", limits.SUB_NAME_CELLS, look)
    kind = button.get("type")
    facts = tuple((field, terminal(_text(button[field]))) for field in _FACTS if button.get(field) not in (None, ""))
    return Key(
        name=name,
        shown=cut(name, width),
        path=path,
        type=terminal(str(kind)) if kind and not keys else None,
        facts=() if keys else facts,
        keys=keys,
        place=look.places.get(path),
        answer=None if keys else _answer(look.replies.get(_text(button.get("key")))),
    )


def _answer(reply: Mapping[str, JsonValue] | None) -> Answer | None:
    """The reply with its fields, of a text line by line."""
    if not reply:
        return None
    kind, held = next(iter(reply.items()))
    if isinstance(held, str):
        return Answer(terminal(kind), tuple((kind, terminal(line)) for line in held.split("\n")))
    items = [item for item in (held if isinstance(held, Sequence) else [held]) if isinstance(item, Mapping)]
    return Answer(
        terminal(kind),
        tuple((terminal(field), terminal(_text(value))) for item in items for field, value in item.items()),
    )


def _text(value: JsonValue) -> str:
    return "" if value is None else str(value)
