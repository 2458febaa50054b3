"""The comments ``# wxdeploy: ignore[WX220] reason``."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from wxdeploy.config import yaml_rules
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.silence import Silence
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
    lines = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text))]
    values = [start for start, _ in scalars]
    targets = _targets(text, lines)
    seen = -1
    for found in _COMMENT.finditer(text):
        line = bisect_right(lines, found.start()) - 1
        if line == seen:
            continue  # the first one tells whether the line has a comment for us
        seen = line
        begin = _comment(text, lines[line], values, scalars)
        if begin is not None and (comment := _COMMENT.match(text, begin)):
            alone = not text[lines[line] : begin].strip()
            target = targets[line] if alone else line + 1
            yield from _silences(comment, Span(file, line + 1, begin - lines[line] + 1), target)


def _comment(text: str, start: int, values: list[int], scalars: list[tuple[int, int]]) -> int | None:
    """Where the comment of the line begins: what stands within it, a line that is commented out too, is no other."""
    for sign in re.compile(r"#|[\r\n]").finditer(text, start):
        at = sign.start()
        if sign[0] != "#":
            return None
        value = bisect_right(values, at) - 1
        if (at == start or text[at - 1] in " \t") and not (value >= 0 and at < scalars[value][1]):
            return at
    return None


def _targets(text: str, lines: list[int]) -> list[int]:
    """For each line the number of the next one below it that has content; its own where there is none."""
    content = re.compile(r"[ \t]*[^ \t\r\n#]")
    targets = list(range(1, len(lines) + 1))
    for line in range(len(lines) - 2, -1, -1):
        if content.match(text, lines[line + 1]):
            targets[line] = line + 2
        elif targets[line + 1] > line + 2:
            targets[line] = targets[line + 1]
    return targets


def _silences(found: re.Match[str], span: Span, target: int) -> Iterator[Silence | Diagnostic]:
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
        for code in dict.fromkeys(codes):
            yield Silence(code, parts[2].strip(), target, span)
