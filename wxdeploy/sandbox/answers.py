"""What an answer looks like on the wire."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

from wxdeploy.sandbox.request import Json
from wxdeploy.wechat.errtable import lookup

# "encoding", not "charset": as the real host writes it (community thread 000ce859ec8898b5297ad66645c000).
CONTENT_TYPE = b"application/json; encoding=utf-8"

HTTP_OK = 200
HTTP_NOT_FOUND = 404


def encode(answer: Mapping[str, Any]) -> bytes:
    """The body of an answer: raw UTF-8, no blanks."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def failure(code: int, now: float, text: str | None = None) -> Json:
    """What a refused call is told.

    ``errmsg`` ends in an id that is another one each time; its first part is the time (617682e0 of the sample in
    rid/get is the invoke_time there).
    """
    rid = f"{int(now) & 0xFFFFFFFF:08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    return {"errcode": code, "errmsg": f"{text or text_of(code)} rid: {rid}"}


def text_of(code: int) -> str:
    """The vendor's own text of a return code; where the table has none, its meaning stands in."""
    row = lookup(code)
    return "system error" if row is None else row.meaning if row.symbol.startswith("(") else row.symbol
