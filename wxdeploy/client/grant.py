"""A token that a program printed or a service answered: read strictly, because what follows is sent to WeChat."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from wxdeploy.client.cache import is_token
from wxdeploy.model.errors import CredentialError
from wxdeploy.model.secret import Secret

# RFC 6750 section 2.1; those of WeChat are made of letters, digits, - and _
_ALPHABET = re.compile(r"[A-Za-z0-9._~+/=-]+")
_NOTHING = frozenset({"null", "none", "nil", "undefined", "true", "false", "error"})
_LONGEST_NUMBER = 12


@dataclass(frozen=True, slots=True)
class Grant:
    """A token, and for how many seconds it is good (None: not said)."""

    token: Secret
    expires_in: float | None


def printed(content: bytes, who: str) -> Grant:
    """What a program printed: a bare token, or JSON with ``access_token`` and perhaps ``expires_in``.

    Raises ``CredentialError`` for everything else, and shows none of it.
    """
    text = content.decode("utf-8-sig", "replace").strip()
    if text.startswith("{"):
        return answered(content, "access_token", who)
    return Grant(_token(text, who), None)


def answered(content: bytes, field: str, who: str) -> Grant:
    """The token that stands at ``field`` of a JSON object, with the ``expires_in`` beside it.

    Raises ``CredentialError`` where there is none, and shows nothing of the answer.
    """
    try:
        value = json.loads(content.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        value = None
    *way, last = field.split(".")
    for step in way:
        value = value.get(step) if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not isinstance(text := value.get(last), str):
        raise CredentialError(
            f"{who} gave no JSON with a text at `{field}`", fix=f'Wanted is {{"{last}": "...", "expires_in": 7200}}.'
        )
    return Grant(_token(text, who), _seconds(value.get("expires_in")))


def _token(text: str, who: str) -> Secret:
    if not text:
        raise CredentialError(f"{who} gave nothing", fix="It has to give the access token, and nothing beside it.")
    if not is_token(text) or not _ALPHABET.fullmatch(text) or text.lower() in _NOTHING:
        raise CredentialError(
            f"{who} gave something else than an access token",
            fix="It has to give the bare token (no quotes, no line breaks, nothing beside it), or JSON with "
            "`access_token`.",
        )
    return Secret(text)


def _seconds(value: object) -> float | None:
    """A life in seconds, as a number or its digits; None for what is none, as if it were not said."""
    if isinstance(value, str) and len(value) <= _LONGEST_NUMBER and value.isascii() and value.isdigit():
        return float(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < float("inf"):
        return float(min(value, 10**_LONGEST_NUMBER))
    return None
