"""The second line of defence for tokens and secrets: text that is about to be logged.

The first is that they are ``Secret`` values and that no exception of the HTTP library is shown or chained. But WeChat
wants the token in the query of every URL, and httpx and httpcore log requests, addresses and headers on their own
loggers, which a ``-vv`` or a host program may have turned on.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence

from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.secret import Secret

REDACTED = "[redacted]"

_NAMES = r"access_token|refresh_token|secret|ticket|openid|user_id|authorization|cookie"
# name=value in a query, also where the URL is itself a value inside another one (%3D, %253D)
_QUERY = re.compile(rf"(?i)({_NAMES})(=|%(?:25)*3d)(?:\[redacted\]|[^&\s\"'<>%\\)\],;]|%(?!(?:25)*26))*")
# "name": "value" in JSON, in the repr of a dict, and in either of them once more inside a string
_FIELD = re.compile(rf"(?i)({_NAMES})(\\*[\"'])(\s*[:,]\s*)(b?\\*[\"'])(?:\\.|[^\"'\\])*")
# A header in httpcore's lists of pairs, and the words of a status line: what a host makes up is not for a log.
_HEADER = re.compile(r"""\((b['"](?:\\.|[^'"\\])*['"]), (b'(?:\\.|[^'\\])*'|b"(?:\\.|[^"\\])*")\)""")
_STATUS = re.compile(r"""(\(b'HTTP/[0-9.]+', [0-9]{3}, )(?:b'(?:\\.|[^'\\])*'|b"(?:\\.|[^"\\])*")""")
_PLAIN_HEADERS = frozenset(
    f"b'{name}'" for name in ("connection", "content-length", "content-type", "date", "server", "transfer-encoding")
)

_LOGGERS = (
    "httpx",
    "httpcore",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
    "wxdeploy",
    "wxdeploy.waiting",
)


def redact(text: str) -> str:
    """The text without the value of anything that is named like a token, a secret or an openid."""
    text = _STATUS.sub(rf"\1b'{REDACTED}'", _HEADER.sub(_header, text)) if "(b" in text else text
    return _FIELD.sub(rf"\1\2\3\4{REDACTED}", _QUERY.sub(rf"\1\2{REDACTED}", text))


def _header(found: re.Match[str]) -> str:
    """A header whose value is the protocol's as it stands, of every other its name."""
    return found[0] if found[1].lower() in _PLAIN_HEADERS else f"({found[1]}, b'{REDACTED}')"


def veil(value: JsonValue, hidden: Sequence[Secret]) -> JsonValue:
    """The value without the texts in ``hidden``, wherever in it they stand."""
    return _veiled(value, tuple(secret.reveal() for secret in hidden if secret.reveal()))


def _veiled(value: JsonValue, hidden: Sequence[str]) -> JsonValue:
    if isinstance(value, str):
        for text in hidden:
            value = value.replace(text, REDACTED)
        return value
    # What was read from JSON is a dict or a list, which is told at once; asking for an abstract class is not.
    if isinstance(value, dict) or isinstance(value, Mapping):  # noqa: SIM101
        return {str(_veiled(key, hidden)): _veiled(part, hidden) for key, part in value.items()}
    if isinstance(value, list) or isinstance(value, Sequence):  # noqa: SIM101
        return [_veiled(part, hidden) for part in value]
    return value


class RedactingFilter(logging.Filter):
    """Redacts the message, the arguments, the exception text and the stack of every record; lets all of them pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Make of the record one that is finished text, so that no handler formats the originals again."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # arguments that do not fit their message: logging would print both
            message = f"{record.msg} {record.args!r}"
        record.msg = redact(message)
        record.args = ()
        if record.exc_info:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        elif record.exc_text:
            record.exc_text = redact(record.exc_text)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return True


_FILTER = RedactingFilter()


def install() -> None:
    """Put the filter on the loggers that can come to hold a URL; doing it again changes nothing."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_FILTER)
