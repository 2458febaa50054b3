"""YAML text to plain data and places.

YAML is read by the events of libyaml (of the same parser in Python where libyaml is absent) and by our own YAML 1.2
core scalars: ``no`` and ``12:30`` are texts, ``010`` is ten, a key that is given twice is an error. Whatever the bytes,
the answer is a ``Document`` whose diagnostics say what is wrong with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from wxdeploy.config import file_rules, yaml_rules
from wxdeploy.config.places import Place, source_map
from wxdeploy.model.diagnostic import Diagnostic, order_of
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.source import SourceMap, Span

if TYPE_CHECKING:
    from wxdeploy.config.builder import EventSource
    from wxdeploy.model.silence import Silence

MAX_BYTES = 5 * 1024 * 1024

_BRACKETS = 1000  # within each other: libyaml's own bound

_FORBIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]"  # none is printable
_PAIR = r"(?<!\\)((?:\\\\)*)(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
_HALF = r"(?<!\\)(?:\\\\)*(\\u[dD][89a-fA-F])"
_NOWHERE: Place = (1, 1, {})


class Document(NamedTuple):
    """One file: its data, where each value and key stands, its silencing comments and what is wrong with it.

    ``varies`` is false where no text in it can hold a variable, so that it is the same for every account.
    """

    file: str
    value: JsonValue
    sources: SourceMap
    silences: tuple[Silence, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    varies: bool = True


def load(data: bytes, file: str) -> Document:
    """The document in ``data``; ``file`` is the name that places are given with."""
    text = text_of(data, file)
    return _failed(file, text) if isinstance(text, Diagnostic) else _parse(text, file)


def text_of(data: bytes, file: str) -> str | Diagnostic:
    """The text of a file of ours: of a bounded size, UTF-8, and without characters that nobody sees."""
    if len(data) > MAX_BYTES:
        detail = f"it holds more than {MAX_BYTES:,} bytes"
        return file_rules.file_too_large.found(
            detail, "leave it out of `files`; the configuration of an account is some kilobytes", span=Span(file, 1, 1)
        )
    text = _decode(data, file)
    if isinstance(text, Diagnostic) or text.replace("\n", "").isprintable():  # as almost every file is
        return text
    found = re.search(_FORBIDDEN, text)
    return _forbidden(text, found.start(), file) if found else text


def _failed(file: str, *findings: Diagnostic) -> Document:
    return Document(file=file, value={}, sources=source_map(file, _NOWHERE), diagnostics=findings)


def _parse(text: str, file: str) -> Document:
    import yaml

    from wxdeploy.config.builder import Builder

    restore = None
    if "\\u" in text and re.search(_PAIR, text):
        text, restore = _join(text)
    noted = "wxdeploy" in text and _has_silences(text)
    builder = Builder(file, restore, ranges=noted)
    try:
        builder.run(_events(text))
    except yaml.YAMLError as error:
        return _failed(file, *builder.diagnostics, _syntax(text, error, file))
    comments: list[Silence] = []
    findings = builder.diagnostics
    if noted:
        from wxdeploy.config import silences

        for comment in silences.read(text, file, builder.ranges):
            if isinstance(comment, Diagnostic):
                findings.append(comment)
            else:
                comments.append(comment)
    return Document(
        file=file,
        value=builder.value,
        sources=source_map(file, builder.place),
        silences=tuple(comments),
        diagnostics=tuple(sorted(findings, key=order_of)) if findings else (),
        varies="${" in text or "\\" in text,  # an escape within quotes can stand for either sign
    )


def _has_silences(text: str) -> bool:
    from wxdeploy.config import silences

    return silences.present(text)


def _place(text: str, index: int) -> tuple[int, int]:
    from wxdeploy.config.syntax import line_and_column

    return line_and_column(text, index)


def _events(text: str) -> EventSource:
    import yaml

    try:
        from yaml._yaml import CParser
    except ImportError:
        return _python_events(text, yaml)
    parser: EventSource = CParser(text)
    return parser


def _python_events(text: str, yaml: Any) -> EventSource:
    # Tabs are white space between the tokens of JSON, and this parser alone refuses them there.
    if text.lstrip()[:1] in ("{", "["):
        text = re.sub(r"^[ \t]+", lambda found: " " * len(found[0]), text, flags=re.MULTILINE)
    # It also lets one half of a surrogate pair through, which libyaml refuses.
    half = re.search(_HALF, text)
    if half and (quote := text.rfind('"', 0, half.start(1))) >= 0:
        begin = yaml.Mark("", quote, 0, 0, None, None)
        raise yaml.scanner.ScannerError("", begin, "", yaml.Mark("", half.start(1), 0, 0, None, None))
    parser: EventSource = yaml.SafeLoader(text)
    return parser


def _join(text: str) -> tuple[str, Callable[[str, str | None], str]]:
    """JSON writes an emoji as two escapes, which YAML does not know: put the character itself in their place.

    Filled up to the same length so that every place stays what it is; the filler is taken out of the value again.
    """
    filler = next(sign for sign in map(chr, range(0xE000, 0xF900)) if sign not in text)
    written: dict[str, str] = {}

    def join(found: re.Match[str]) -> str:
        escapes = found[2]
        character = chr(0x10000 + ((int(escapes[2:6], 16) - 0xD800) << 10) + int(escapes[8:], 16) - 0xDC00)
        written.setdefault(character, escapes)
        return found[1] + character + filler * (len(escapes) - 1)

    joined = re.sub(_PAIR, join, text)
    filled = re.compile(f"(.){filler}{{11}}")

    def restore(value: str, style: str | None) -> str:
        return filled.sub(lambda found: found[1] if style == '"' else written[found[1]], value)

    return joined, restore


def _decode(data: bytes, file: str) -> str | Diagnostic:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data[:4]:
        return _not_utf8(file, Span(file, 1, 1), "it looks like UTF-16 or UTF-32, which some editors call Unicode")
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].removeprefix(b"\xef\xbb\xbf").decode("utf-8")
        line, column = _place(before, len(before))
        byte = data[error.start]
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        detail = f"the byte 0x{byte:02X} here is no part of UTF-8 text"
    else:
        detail = f"the byte 0x{byte:02X} here is no part of UTF-8 text; the file looks like GBK"
    return _not_utf8(file, Span(file, line, column), detail)


def _not_utf8(file: str, span: Span, detail: str) -> Diagnostic:
    return file_rules.not_utf8.found(detail, f"save {file} as UTF-8 in your editor", span=span)


def _forbidden(text: str, index: int, file: str) -> Diagnostic:
    character = text[index]
    line, column = _place(text, index)
    name = {
        "\x00": "a null character",
        "\x85": "an invisible line separator",
        "\u2028": "an invisible line separator",
        "\u2029": "an invisible paragraph separator",
        "\ufeff": "a byte order mark in the middle of the text",
    }.get(character, "a control character")
    return file_rules.forbidden_character.found(
        f"{name} (U+{ord(character):04X}) stands here",
        f'delete it; where it is really meant, write "\\u{ord(character):04X}" within double quotes',
        span=Span(file, line, column),
    )


def _syntax(text: str, error: Any, file: str) -> Diagnostic:
    """The one finding about a text that the parser gave up on."""
    from wxdeploy.config.builder import TOO_DEEP

    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None)
    problem = mark.index if mark is not None else len(text)
    if (deep := _too_deep(text, problem)) is not None:
        return yaml_rules.too_deep.found(*TOO_DEEP, span=Span(file, *_place(text, deep)))
    # The implicit block that surrounds everything begins where the file does and says nothing.
    from wxdeploy.config.syntax import explain

    explanation = explain(text, problem, context.index if context is not None else None)
    line, column = _place(text, explanation.index)
    return yaml_rules.yaml_syntax.found(explanation.detail, explanation.fix, span=Span(file, line, column))


def _too_deep(text: str, problem: int) -> int | None:
    """Where the first bracket too many is opened, if it is for their number that the parser gave up.

    Newer versions of libyaml count them when they look ahead, which is before the builder can.
    """
    from wxdeploy.config.builder import MAX_DEPTH

    before = text[:problem]
    if sum(map(before.count, "[{")) - sum(map(before.count, "]}")) < _BRACKETS:
        return None
    return next(islice(re.finditer(r"[\[{]", text), MAX_DEPTH, None)).start()
