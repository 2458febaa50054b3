"""One menu on the page: the phone, and the table of what its buttons do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wxdeploy.model.phone import Key, Phone
from wxdeploy.render.page.markup import grid, said, tell, text
from wxdeploy.render.taps import ANSWER_FACTS, FACTS, Words, answer_of, tap_of

OPS: Mapping[str, tuple[str, Words]] = {
    "add": ("+", Words("新增", "added")),
    "remove": ("−", Words("移除", "removed")),
    "move": ("↕", Words("移动", "moved")),
    "change": ("~", Words("修改", "changed")),
}
"""What happens to a button: its sign and its word."""


_WITHIN = f'<span class="badge within"></span><span class="unseen">{tell("子菜单有改动", "its list changes")}</span>'


def phone(screen: Phone | None, marks: Mapping[str, str], ident: str, title: str) -> str:
    """The phone; where ``screen`` is None, one without a menu. ``ident`` is free of what has a meaning in HTML."""
    if screen is None or not screen.columns:
        nothing = tell("没有菜单", "No menu")
        return f'<div class="phone"><div class="title">{text(title)}</div><div class="none">{nothing}</div></div>'
    hint = tell("点一下菜单，看看会发生什么", "Tap the menu to see what happens")
    first = _first(screen, marks)
    columns = "".join(
        _column(key, f"{ident}-{index}", marks, is_open=index == first) for index, key in enumerate(screen.columns)
    )
    return (
        f'<div class="phone"><div class="title">{text(title)}</div>'
        f'<div class="chat" aria-live="polite"><p class="hint js-only">{hint}</p></div>'
        f'<div class="keys">{columns}</div></div>'
    )


def _column(key: Key, ident: str, marks: Mapping[str, str], *, is_open: bool) -> str:
    mark = _mark(marks.get(key.path))
    if not key.keys:
        return f'<div class="col"><button type="button" class="key"{_tap(ident)}>{_name(key)}{mark}</button></div>'
    # An edit in a list that is closed has to show on the button that opens it.
    within = _WITHIN if not mark and any(each.path in marks for each in key.keys) else ""
    opened = " data-open" if is_open else ""
    subs = "".join(
        f'<button type="button" class="sub"{_tap(f"{ident}-{index}")}>{_name(each)}'
        f"{_mark(marks.get(each.path))}</button>"
        for index, each in enumerate(key.keys)
    )
    return (
        f'<div class="col"><button type="button" class="key" id="k-{ident}"{opened} aria-expanded="true"'
        f' aria-controls="l-{ident}"><span class="lines" aria-hidden="true"></span>{_name(key)}{mark or within}'
        "</button>"
        f'<div class="list" id="l-{ident}" role="group" aria-labelledby="k-{ident}">{subs}</div></div>'
    )


def _first(screen: Phone, marks: Mapping[str, str]) -> int | None:
    """The list that is open at first: the first in which something changes, or else the first of all."""
    lists = [index for index, key in enumerate(screen.columns) if key.keys]
    marked = [index for index in lists if any(key.path in marks for key in screen.columns[index].keys)]
    return next(iter(marked or lists), None)


def _tap(ident: str) -> str:
    return f' data-tap="t-{ident}"'


def _name(key: Key) -> str:
    """What the phone shows; the whole name, where that is more, for those who hear it."""
    if key.shown == key.name:
        return text(key.name)
    return f'<span aria-hidden="true">{text(key.shown)}</span><span class="unseen">{text(key.name)}</span>'


def _mark(op: str | None) -> str:
    if op is None:
        return ""
    sign, words = OPS[op]
    return f'<span class="badge {op}" aria-hidden="true">{sign}</span><span class="unseen">{said(words)}</span>'


def table(screen: Phone, marks: Mapping[str, str], ident: str) -> str:
    """Every button, what a tap does, and where it is written."""
    placed = any(key.place for key in screen.keys)
    head = [tell("按钮", "Button"), tell("点击后", "A tap"), *([tell("写在", "Written in")] if placed else [])]
    rows = "".join(_rows(screen, marks, ident, placed=placed))
    cells = "".join(f'<th scope="col">{each}</th>' for each in head)
    return grid(cells, rows, Words("按钮一览", "Buttons"))


def _rows(screen: Phone, marks: Mapping[str, str], ident: str, *, placed: bool) -> Iterator[str]:
    for number, column in enumerate(screen.columns):
        yield _row(column, marks, f"{ident}-{number}", "", placed=placed)
        for index, key in enumerate(column.keys):
            yield _row(key, marks, f"{ident}-{number}-{index}", ' class="in"', placed=placed)


def _row(key: Key, marks: Mapping[str, str], ident: str, style: str, *, placed: bool) -> str:
    place = f'<td class="place"><code>{text(key.place or "")}</code></td>' if placed else ""
    return f"<tr><td{style}>{text(key.name)} {_mark(marks.get(key.path))}</td><td>{_does(key, ident)}</td>{place}</tr>"


def _does(key: Key, ident: str) -> str:
    tap = tap_of(key)
    facts = _facts(key.facts, FACTS)
    then = f'<p class="then">{said(tap.then)}</p>'
    kind = f' <code class="soft">{text(key.type)}</code>' if key.type else ""
    return (
        f'<div class="does" id="t-{ident}" data-name="{text(key.name)}">'
        f'<p class="verb"><span aria-hidden="true">{tap.sign}</span> {said(tap.does)}{kind}</p>'
        f"{f'<dl>{facts}</dl>' if facts else ''}"
        f"{_answered(key) or then}</div>"
    )


def _answered(key: Key) -> str:
    """What comes back, as it stands in the conversation."""
    words = answer_of(key)
    if key.answer is None or words is None:
        return ""
    if key.answer.type == "text":
        lines = "\n".join(text(line) for _, line in key.answer.facts)
        held = f'<p class="bubble">{lines}</p>'
    else:
        held = f'<dl class="bubble">{_facts(key.answer.facts, ANSWER_FACTS)}</dl>'
    return f'<div class="answer"><p class="soft">{said(words)}</p>{held}</div>'


def _facts(facts: Sequence[tuple[str, str]], names: Mapping[str, Words]) -> str:
    return "".join(
        f"<dt>{said(names.get(field, Words(field, field)))}</dt><dd><code>{text(value)}</code></dd>"
        for field, value in facts
    )
