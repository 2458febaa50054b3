"""Text from outside, made harmless for the medium it is shown in."""

from __future__ import annotations

import json
import re
import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_JOINERS = frozenset("\u200d\ufe0f")  # emoji are made of these
_ENTITIES = {ord(sign): f"&#{ord(sign)};" for sign in "&<>`*_[]\\|~:$\"'"}
# Mentions and references of both platforms (GitLab takes a name in quotes too), short codes of emoji, addresses.
_REFERENCES = r"(?i)(?:[@#!~%$&^*](?=[\w\"'])|\bGH-(?=\d)|:(?=//|[\w+-]+:)|www(?=\.)|\[(?=\w+:))"
_WEB = r"(?i)(www)\."
_BREAK = "\u200b"
# DEL, C1, and what has no shape or turns the direction round; of all these JSON itself would escape none.
_UNSEEN = (
    "[\x7f-\x9f\xad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001-\U000e007f]"
)


def terminal(text: str) -> str:
    """``text`` with every character that a terminal would obey, hide or reorder by written as ``\\u{1b}``."""
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    if unicodedata.category(character) in _HIDDEN and character not in _JOINERS:
        return f"\\u{{{ord(character):x}}}"
    return character


def json_text(document: str) -> str:
    """A JSON document in which what a terminal would obey, hide or reorder by is an escape; it means the same."""
    return re.sub(_UNSEEN, lambda found: json.dumps(found[0])[1:-1], document)


def markdown_code(text: str) -> str:
    """``text`` as it stands, in a code element that GitHub and GitLab show in a table too.

    Nothing in it is a mark of Markdown or HTML, and neither platform looks for mentions, references and links in code.
    """
    # An address would be a link even there, were the sign not followed by something that is no text.
    return f"<code>{_entities(terminal(text)).replace('@', '@<!-- -->')}</code>" if text else ""


def markdown_prose(text: str) -> str:
    """``text`` as part of a sentence, or as all of a line.

    What would be a mention, a reference or a link there is broken by a space of no width, since both platforms look for
    those in what Markdown has become, where an entity is a plain character again.
    """
    whole = re.sub(_REFERENCES, lambda found: found[0] + _BREAK, terminal(text))
    first, rest = whole[:1], whole[1:]
    if first.isascii() and not first.isalpha():
        # At the beginning of a line it could make a heading, a list, a quotation or code.
        return f"&#{ord(first)};{_entities(rest)}" if first else ""
    return _entities(whole)


def _entities(text: str) -> str:
    return re.sub(_WEB, r"\1&#46;", text.translate(_ENTITIES))
