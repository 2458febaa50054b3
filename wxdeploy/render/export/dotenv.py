"""The export as a dotenv file that shells and the dotenv libraries read alike.

They disagree on escapes, and agree that between single quotes all is as it stands. So a value never holds a single
quote, a dollar sign or a line break: in a plain value these are percent-encoded (no id holds one, and in a link that
means the same), in JSON they are ``\\u`` escapes, whose backslash no reader takes away.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from wxdeploy.render.export.names import HIDDEN, constant, short

_PLAIN = re.compile(r"[A-Za-z0-9_./:-]*")
_UNSAFE = re.compile(HIDDEN.pattern[:-1] + "'\\\\$`]")
_IN_JSON = re.compile(HIDDEN.pattern[:-1] + "'$`]")

_HEAD = """\
# Template messages and menu keys of WeChat accounts, by logical name.
# Made by `wxdeploy export --format dotenv`: a change by hand is lost with the next one.
"""


def dotenv(document: Mapping[str, Any]) -> str:
    """``WX_EAST_ORDER_PAID_TEMPLATE_ID=…`` and what else belongs to it; what has a shape is JSON."""
    lines = list(_lines(document))
    count = Counter(name for name, _, _ in lines)
    text = _HEAD
    account = None
    for name, (owner, *whole), value in lines:
        if owner != account:
            text, account = text + "\n", owner
        text += f"{name}_{short(chr(0).join((owner, *whole))).upper()}" if count[name] > 1 else name
        text += f"={value}\n"
    return text


def _lines(document: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Variable, what it is about, value."""
    for account, held in document["accounts"].items():
        if held["appid"] is not None:
            yield _named(account, "APPID"), (account,), _plain(held["appid"])
        if held["menu_keys"]:
            yield _named(account, "MENU_KEYS"), (account,), _json(list(held["menu_keys"]))
        for name, template in held["templates"].items():
            about = (account, name)
            yield _named(account, name, "TEMPLATE_ID"), about, _plain(template["template_id"])
            yield _named(account, name, "FIELDS"), about, _json(template["fields"])
            if template["url"] is not None:
                yield _named(account, name, "URL"), about, _plain(template["url"])
            if template["miniprogram"]:
                yield _named(account, name, "MINIPROGRAM"), about, _json(template["miniprogram"])


def _named(*parts: str) -> str:
    return "_".join(("WX", *(constant(part).removeprefix("T_") for part in parts)))


def _plain(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    return "'" + _UNSAFE.sub(lambda found: quote(found[0], safe="", errors="surrogatepass"), text) + "'"


def _json(value: object) -> str:
    """JSON without a backslash but before a ``u``."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    text = re.sub(r'\\(["\\bfnrt])', lambda found: f"\\u{ord(_ESCAPED[found[1]]):04x}", text)
    return "'" + _IN_JSON.sub(_escape, text) + "'"


_ESCAPED = {'"': '"', "\\": "\\", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def _escape(found: re.Match[str]) -> str:
    # JSON knows characters beyond the first plane by their two halves alone.
    halves = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{halves[at : at + 2].hex()}" for at in range(0, len(halves), 2))
