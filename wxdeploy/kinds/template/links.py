"""Source paths, and the variables of a link: ``{order.no}`` is filled by the application when it sends.

``${name}`` is a variable of the configuration and is filled long before; what is left in single braces is the
application's.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_NAME = "[A-Za-z_][A-Za-z0-9_]*"
_PATH = re.compile(rf"{_NAME}(?:\.(?:{_NAME}|[0-9]+))*")
_BRACED = re.compile(r"\{([^{}]*)\}")
_BRACES = re.compile(r"\{+[^{}]*\}*|\}+")


def is_path(text: str) -> bool:
    """Whether a text is a source path: names joined by dots, an entry of a list by its number (``items.0.name``)."""
    return bool(_PATH.fullmatch(text))


def variables(link: str) -> tuple[str, ...]:
    """The source paths that a link names, each once, in order."""
    return tuple(dict.fromkeys(found for found in _BRACED.findall(link) if is_path(found)))


def unreadable(link: str) -> tuple[str, ...]:
    """The pieces in braces that are no variable, and braces without a partner."""
    return tuple(found for found in _BRACES.findall(link) if not (_BRACED.fullmatch(found) and is_path(found[1:-1])))


def fill(link: str, value_of: Callable[[str], str]) -> str:
    """The link with every variable filled in by ``value_of``, which is given the source path."""
    return _BRACED.sub(lambda found: value_of(found[1]) if is_path(found[1]) else found[0], link)
