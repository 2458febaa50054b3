"""A syntax error in the words of somebody who edits a file, found by looking at the text around it.

The parser's own words differ between its two implementations and speak of scalars, flow sequences and block
collections; its two places (where it gave up, and where the thing began that it could not finish) are all that is used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CJK = {"：": ":", "，": ",", "“": '"', "”": '"', "‘": "'", "’": "'", "［": "[", "］": "]", "｛": "{", "｝": "}"}
_BREAK = re.compile(r"\r\n|\r|\n")
_BEGINS_NOTHING = "@`%"
_WIDE_COLON = re.compile(r"^\s*(?:- +)?[^\s:#'\"：]+(：)")
_NO_COLON = re.compile(r"^\s*(?:- +)?[^\s:#'\"{\[]+$")
_TIGHT_COLON = re.compile(r"^\s*(?:- +)?[A-Za-z_]+(:)(?=[^\s/])")
_TAB = re.compile(r"^ *(\t)[ \t]*\S")


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where the text is wrong (0-based index into it), what is wrong and what to do."""

    index: int
    detail: str
    fix: str


def explain(text: str, problem: int, context: int | None) -> Explanation:
    """What is wrong near the place where the parser gave up; ``context`` is where the unfinished thing began."""
    problem = min(problem, len(text))
    if context is not None and context < len(text) and (found := _unfinished(text, problem, context)):
        return found
    for start in _lines_near(text, problem):
        if found := _line(text, start):
            return found
    return _character(text, problem) or _misfit(text, problem, context)


def line_and_column(text: str, index: int) -> tuple[int, int]:
    """The 1-based line and column of an index."""
    line, start = 1, 0
    for found in _BREAK.finditer(text, 0, index):
        line, start = line + 1, found.end()
    return line, index - start + 1


def shorten(text: str, size: int) -> str:
    """The text on one line, cut to ``size`` characters."""
    text = " ".join(text.split())
    return text if len(text) <= size else text[: size - 1] + "…"


def _where(text: str, index: int) -> str:
    line, column = line_and_column(text, index)
    return f"line {line}, column {column}"


def _unfinished(text: str, problem: int, context: int) -> Explanation | None:
    opening = text[context]
    if opening in "\"'":
        if problem < len(text) and "\\" in text[problem - 2 : problem + 1] and opening == '"':
            return _escape(text, problem)
        return Explanation(
            context,
            f"the quote {opening} that opens here is never closed",
            f"close it with another {opening}; a quote within the text is written "
            + ('\\"' if opening == '"' else "''"),
        )
    if opening in "[{":
        closing = "]" if opening == "[" else "}"
        if found := _wide_in(text, context, problem) or _open_quote(text, context, problem):
            return found
        if not text[problem:].strip():
            return Explanation(
                context, f"the bracket {opening} that opens here is never closed", f"close it with {closing}"
            )
        return Explanation(
            problem,
            f"a comma or {closing} is missing before this, within the {opening} of {_where(text, context)}",
            f"put a comma between two entries, close the bracket with {closing}, or quote a text that holds brackets",
        )
    if opening in "&*!":
        what = "a type" if opening == "!" else "a reference to another value"
        return Explanation(
            context,
            f"a text that begins with {opening} is taken for {what}",
            f'put the text in quotes: "{opening}..."',
        )
    return None


def _escape(text: str, problem: int) -> Explanation:
    index = text.rfind("\\", 0, problem + 1)
    if re.match(r"\\u[dD][89a-fA-F]", text[index : index + 4]):
        return Explanation(
            index, "this is one half of a character such as an emoji", "write the character itself, or both halves"
        )
    return Explanation(
        index,
        f"within double quotes a backslash begins an escape, and `{text[index : index + 2]}` is none",
        "write \\\\ for a backslash, or put the text in single quotes",
    )


def _open_quote(text: str, start: int, end: int) -> Explanation | None:
    """A quote that the next line's first quote closed: the parser notices it only after that."""
    first = text.rfind("\n", 0, start) + 1
    for line in re.finditer(r"[^\r\n]+", text[first:end]):
        quotes = [at for at, sign in enumerate(line[0]) if sign == '"' and line[0][at - 1 : at] != "\\"]
        if len(quotes) % 2 and first + line.end() < end:
            return Explanation(
                first + line.start() + quotes[-1],
                "a quote opens here and is not closed on its line",
                'close it with another "; a quote within the text is written \\"',
            )
    return None


def _wide_in(text: str, start: int, end: int) -> Explanation | None:
    for index in range(start, min(end + 1, len(text), start + 4096)):
        if text[index] in "：，" and text[index - 1] != " ":
            return _wide(text, index)
    return None


def _wide(text: str, index: int) -> Explanation:
    plain = _CJK[text[index]]
    return Explanation(
        index,
        f"`{text[index]}` is a full-width sign of Chinese text, not the `{plain}` that YAML knows",
        f"write `{plain}`" + (" and a space after it" if plain == ":" else ""),
    )


def _lines_near(text: str, problem: int) -> list[int]:
    """The starts of the line of the problem and of the last line with content before it."""
    breaks = [0, *(found.end() for found in _BREAK.finditer(text, 0, problem))]
    before = [start for start in breaks[-6:-1] if text[start : start + 1].strip(" \t\r\n") or _content(text, start)]
    return [breaks[-1], *before[-1:]]


def _content(text: str, start: int) -> str:
    end = _BREAK.search(text, start)
    return text[start : end.start() if end else len(text)].strip()


def _line(text: str, start: int) -> Explanation | None:
    end = _BREAK.search(text, start)
    line = text[start : end.start() if end else len(text)]
    if found := _TAB.match(line):
        return Explanation(
            start + found.start(1),
            "the line is indented with a tab, which YAML does not allow",
            "indent with spaces; most editors have a setting for it",
        )
    if found := _WIDE_COLON.match(line):
        return _wide(text, start + found.start(1))
    if found := _TIGHT_COLON.match(line):
        return Explanation(
            start + found.start(1), "there is no space after the colon", "put a space between the colon and the value"
        )
    if _NO_COLON.match(line) and not line.strip().startswith(("-", "]", "}", "!", *_BEGINS_NOTHING)):
        return Explanation(
            start + len(line) - len(line.lstrip()),
            f"there is no colon after `{shorten(line, 40)}`",
            "write `key: value`, with a colon and a space",
        )
    return None


def _character(text: str, problem: int) -> Explanation | None:
    sign = text[problem : problem + 1]
    if sign in _BEGINS_NOTHING and sign:
        return Explanation(problem, f"a text can't begin with {sign} in YAML", f'put the text in quotes: "{sign}..."')
    if sign == "\t":
        return Explanation(
            problem, "a tab stands here, which YAML does not allow before a value", "write spaces instead"
        )
    if sign == ":":
        return Explanation(
            problem,
            "a second colon follows on the same line, or the line does not fit the one above",
            "put a text that holds `: ` in quotes; else check the indentation",
        )
    if sign in "]}" and sign:
        return Explanation(problem, f"the bracket {sign} closes nothing", "remove it, or open the bracket before it")
    return None


def _misfit(text: str, problem: int, context: int | None) -> Explanation:
    around = f" the block that begins at {_where(text, context)}" if context is not None else " what stands above it"
    return Explanation(
        min(problem, max(len(text.rstrip()), 0)),
        f"this does not fit{around}",
        "indent it as its neighbours are, with the same number of spaces; "
        "see whether the line above lacks a colon, a quote or a bracket",
    )
