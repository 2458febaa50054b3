r"""Rules about signs that can't be sent or seen: escapes left by a wrong encoder, surrogates, control characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from wxdeploy.kinds.base import Violation
from wxdeploy.kinds.buttons.rule import button_rule, name_rule
from wxdeploy.kinds.buttons.walk import Button, shown, texts, whole
from wxdeploy.wechat.errcodes import Code

_ESCAPE = r"\\u([0-9A-Fa-f]{4})"
_SURROGATE = "[\ud800-\udfff]"
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@button_rule("WX250")
def escape_in_text(button: Button) -> Iterator[Violation]:
    r"""A text holds what a wrong encoder left behind.

    What: a name, a url or another text of a button holds an escape as letters (a backslash, a u and four hexadecimal
    digits), or one half of a character that was cut in two (a lone surrogate, U+D800 to U+DFFF).
    Why: an encoder escaped what should have been sent as it is, or cut an emoji. The account would answer 40033, or
    show the escape on the button.
    Bad:
        ```yaml
        menu:
          button:
            - {type: click, name: '\u6b4c', key: V1001_TODAY_MUSIC}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 歌, key: V1001_TODAY_MUSIC}
        ```
    Source: return codes 40033 and 47002.
    """
    for field, text in texts(button):
        if ("\\" in text or not text.isprintable()) and re.search(f"{_ESCAPE}|{_SURROGATE}", text):
            yield Violation(
                path=button.at(field),
                detail=f'{button.who}: the {field} is "{shown(text)}"; '
                f"the account would answer {Code.INVALID_CHARSET:d}",
                fix=f"write `{field}: {whole(_decoded(text))}`",
            )


def _decoded(text: str) -> str:
    plain = re.sub(_ESCAPE, lambda escape: chr(int(escape[1], 16)), text)
    return re.sub(_SURROGATE, "", plain.encode("utf-16", "surrogatepass").decode("utf-16", "ignore"))


@name_rule("WX251")
def control_in_name(button: Button) -> Iterator[Violation]:
    r"""A name holds a control character.

    What: `name` holds a tab, a line break, another control character, or a mark that turns the direction of writing.
    Why: a button has one line. JSON can write most of these only as \uXXXX, to which the account answers 40033; what a
    phone shows for the others is not documented.
    Bad:
        ```yaml
        menu:
          button:
            - {type: click, name: "歌\n曲", key: V1001_TODAY_MUSIC}
        ```
    Good:
        ```yaml
        menu:
          button:
            - {type: click, name: 歌曲, key: V1001_TODAY_MUSIC}
        ```
    Source: return code 40033; RFC 8259 section 7.
    """
    name = button.text("name")
    if name.isprintable():
        return
    bad = [sign for sign in name if _is_control(sign)]
    if bad:
        clean = "".join(sign for sign in name if not _is_control(sign))
        yield Violation(
            path=button.at("name"),
            detail=f"{button.who} holds U+{ord(bad[0]):04X}; expect {Code.INVALID_CHARSET:d}, or an odd button",
            fix=f"write `name: {whole(clean)}`",
        )


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Zl", "Zp") or sign in _DIRECTION


RULES = (escape_in_text, control_in_name)
