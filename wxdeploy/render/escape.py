"""Text from outside, made harmless for the medium it is shown in."""

from __future__ import annotations

import re
import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = frozenset("\u200d\ufe0f")  # emoji are made of these
_ENTITIES = {ord(sign): f"&#{ord(sign)};" for sign in "&<>`*_[]\\|~:$\"'"}
_REFERENCES = re.compile(r"(?:[@#!~%$&](?=\w)|\bGH-(?=\d)|:(?=//))", re.IGNORECASE)
_WEB = re.compile(r"\b(www)\.", re.IGNORECASE)
_BREAK = "\u200b"


def terminal(text: str) -> str:
    """``text`` with every character that a terminal would obey, hide or reorder by written as ``\\u{1b}``."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if unicodedata.category(character) in _HIDDEN and character not in _JOINERS:
        return f"\\u{{{ord(character):x}}}"
    return character


def markdown_code(text: str) -> str:
    """``text`` as it stands, in a code element that GitHub and GitLab show in a table too.

    Nothing in it is a mark of Markdown or HTML, and neither platform looks for mentions, references and links in code.
    """
    return f"<code>{_entities(terminal(text))}</code>" if text else ""


def markdown_prose(text: str) -> str:
    """``text`` as part of a sentence.

    What would be a mention, a reference or a link there is broken by a space of no width, since both platforms look for
    those in what Markdown has become, where an entity is a plain character again.
    """
    return _entities(_REFERENCES.sub(lambda found: found[0] + _BREAK, terminal(text)))


def _entities(text: str) -> str:
    return _WEB.sub(r"\1&#46;", text.translate(_ENTITIES))
