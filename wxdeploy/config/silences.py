"""The comments ``# wxdeploy: ignore[WX220] reason``."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from wxdeploy.config import yaml_rules
from wxdeploy.config.syntax import line_and_column
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.section import Silence
from wxdeploy.model.source import Span

_COMMENT = re.compile(r"(?:(?<=[ \t\r\n])|^)#[ \t]*wxdeploy[ \t]*:?[ \t]*(?=(?i:ignor|disable|silence|noqa))([^\r\n]*)")
_WELL_FORMED = re.compile(r"ignore\[([^\]]*)\][ \t:]*(.*)")
_CODE = re.compile(r"WX[0-9]{3}")
_FIX = "write `# wxdeploy: ignore[WX220] the reason`"


def present(text: str) -> bool:
    """Whether the text may hold such comments at all."""
    return _COMMENT.search(text) is not None


def read(text: str, file: str, scalars: list[tuple[int, int]]) -> Iterator[Silence | Diagnostic]:
    """Every such comment outside the values of the file, which lie at ``scalars``."""
    starts = [start for start, _ in scalars]
    for found in _COMMENT.finditer(text):
        begin = found.start()
        if _within(begin, starts, scalars) or _in_comment(text, begin, starts, scalars):
            continue
        line, column = line_and_column(text, begin)
        yield from _silences(found, text, Span(file, line, column))


def _within(index: int, starts: list[int], scalars: list[tuple[int, int]]) -> bool:
    at = bisect_right(starts, index) - 1
    return at >= 0 and index < scalars[at][1]


def _in_comment(text: str, index: int, starts: list[int], scalars: list[tuple[int, int]]) -> bool:
    """Whether another comment began earlier on the same line: a line that is commented out silences nothing."""
    start = max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1
    return any(
        text[at] == "#" and (at == start or text[at - 1] in " \t") and not _within(at, starts, scalars)
        for at in range(start, index)
    )


def _silences(found: re.Match[str], text: str, span: Span) -> Iterator[Silence | Diagnostic]:
    if not (parts := _WELL_FORMED.match(found[1])):
        yield yaml_rules.malformed_silence.found("the codes in brackets are missing", _FIX, span=span)
        return
    codes = [code.strip() for code in parts[1].split(",")]
    if wrong := [code for code in codes if not _CODE.fullmatch(code)]:
        yield yaml_rules.malformed_silence.found(
            f"`{wrong[0]}` is not the code of one rule, such as WX220", _FIX, span=span
        )
    elif not parts[2].strip():
        yield yaml_rules.malformed_silence.found(
            "the reason is missing, and whoever reads this next year will ask for it", _FIX, span=span
        )
    else:
        target = _target(text, found.start(), span.line)
        for code in dict.fromkeys(codes):
            yield Silence(code, parts[2].strip(), target, span)


def _target(text: str, index: int, line: int) -> int:
    """The comment's own line, or the next one with content where the comment stands alone."""
    start = max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1
    if text[start:index].strip():
        return line
    for offset, content in enumerate(re.split(r"\r\n|\r|\n", text[index:])):
        if offset and content.strip() and not content.lstrip().startswith("#"):
            return line + offset
    return line
