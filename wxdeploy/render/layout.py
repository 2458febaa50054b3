"""Lines and columns in terminal cells: as wide as a terminal is, or unfolded where nobody's terminal is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wxdeploy.model.cells import cells

_HANG = 4
_ALIGNED = 100
"""Without a width, a row wider than this does not push the columns of the others."""
_LEAST = 24
"""No terminal is taken for narrower: there is no sense in a line of a few characters."""


def fold(line: str, width: int | None) -> Iterator[str]:
    """The line in pieces of at most ``width`` cells, those behind the first further in; whole without a width.

    It is broken at spaces and beside wide characters, which is where Chinese is broken. What has neither (an address)
    stays whole, so that it can be copied, however long it is.
    """
    if width is None or cells(line) <= max(width, _LEAST):
        yield line
        return
    width = max(width, _LEAST)
    indent = line[: len(line) - len(line.lstrip(" "))]
    hang = " " * min(len(indent) + _HANG, width // 2)
    here = indent
    for piece in _pieces(line[len(indent) :]):
        if here.strip() and cells(here) + cells(piece.rstrip()) > width:
            yield here.rstrip()
            here = hang + piece.lstrip()
        else:
            here += piece
    if here.strip():
        yield here.rstrip()


def columns(rows: Sequence[tuple[str, str, str]], width: int | None, indent: str) -> Iterator[str]:
    """Rows of three cells, aligned; a row that is too wide for that in lines of its own."""
    room = (_ALIGNED if width is None else max(width, _LEAST)) - len(indent)
    fitting = [row for row in rows if sum(map(cells, row)) + 4 <= room] or list(rows)
    first = max((cells(row[0]) for row in fitting), default=0)
    second = max((cells(row[1]) for row in fitting if row[2]), default=0)
    for one, two, three in rows:
        line = f"{padded(one, first)}  {padded(two, second) if three else two}  {three}".rstrip()
        if width is None or cells(line) <= room:
            yield indent + line
            continue
        yield from fold(indent + one, width)
        below = indent + " " * (len(one) - len(one.lstrip(" ")) + _HANG)
        for part in filter(None, (two, three)):
            yield from fold(below + part, width)


def padded(text: str, width: int) -> str:
    """The text with spaces behind it up to ``width`` cells."""
    return text + " " * (width - cells(text))


def _pieces(text: str) -> Iterator[str]:
    """Parts between which a line may be broken, each with the spaces behind it."""
    piece = ""
    for index, character in enumerate(text):
        piece += character
        following = text[index + 1 : index + 2]
        if following and following != " " and (character == " " or _breaks(character, following)):
            yield piece
            piece = ""
    if piece:
        yield piece


def _breaks(before: str, after: str) -> bool:
    """Whether a line may end between two characters that no space parts: punctuation stays with what it follows."""
    return (cells(before) == 2 or cells(after) == 2) and after not in _CLOSING and before not in _OPENING


_CLOSING = frozenset("，。、；：？！）」』】》”’…,.;:?!)]}›→")
_OPENING = frozenset("（「『【《“‘([{")
