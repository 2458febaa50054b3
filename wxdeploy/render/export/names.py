"""Names and literals of the formats that programs read: whatever a text holds, it stays inside its quotes."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.render import escape

_DIGITS = 6
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_FOREIGN = re.compile(r"[^A-Za-z0-9_]")
# What an editor or a compiler obeys, hides or reorders by: listed, because what Unicode calls printable changes with
# the version of Python, and an export must not.
HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def json_text(value: JsonValue) -> str:
    """JSON for people to read and to compare: in the order given, two blanks a level, one line break at the end."""
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    return _SURROGATE.sub(_four, escape.json_text(text))


def python(text: str | None) -> str:
    """A text as a literal of Python; None as ``None``."""
    return (
        "None" if text is None else _quoted(text, lambda found: _four(found) if found[0] <= "\uffff" else _eight(found))
    )


def typescript(text: str | None) -> str:
    """A text as a literal of TypeScript; None as ``null``."""
    return (
        "null" if text is None else _quoted(text, lambda found: _four(found) if found[0] <= "\uffff" else _open(found))
    )


def constant(name: str) -> str:
    """``order_paid`` and ``orderPaid`` as ``ORDER_PAID``."""
    words = _FOREIGN.sub("_", _HUMP.sub("_", name)).upper()
    return f"T_{words}" if words[:1].isdigit() or not words else words


def camel(name: str) -> str:
    """``order_paid`` as ``OrderPaid``."""
    words = "".join(word.capitalize() for word in constant(name).split("_"))
    return f"T{words}" if words[:1].isdigit() or not words else words


def apart(names: Iterable[str], form: Callable[[str], str], taken: frozenset[str] = frozenset()) -> dict[str, str]:
    """Name -> identifier; those that would share one, or have one that is taken, end in a digest of the name."""
    formed = {name: form(name) for name in names}
    count = Counter(formed.values())
    return {
        name: f"{made}_{short(name)}" if count[made] > 1 or made in taken else made for name, made in formed.items()
    }


def short(text: str) -> str:
    """Six digits that tell one text from another."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def by_template(document: Mapping[str, Any]) -> dict[str, dict[str, Mapping[str, Any]]]:
    """Logical name -> account -> the account's own template."""
    accounts: Mapping[str, Any] = document["accounts"]
    names = sorted({name for account in accounts.values() for name in account["templates"]})
    return {
        name: {key: each["templates"][name] for key, each in accounts.items() if name in each["templates"]}
        for name in names
    }


def paths(templates: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """What an application supplies for one logical name: source path -> the labels that it is shown under."""
    found: dict[str, dict[str, None]] = {}
    for template in templates.values():
        for path in template["data"]:
            found.setdefault(path, {})
        for field in template["fields"]:
            found[field["from"]][field["label"]] = None
    return {path: ", ".join(labels) for path, labels in found.items()}


def _quoted(text: str, escape: Callable[[re.Match[str]], str]) -> str:
    return '"' + HIDDEN.sub(escape, text.replace("\\", "\\\\").replace('"', '\\"')) + '"'


def _four(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _eight(found: re.Match[str]) -> str:
    return f"\\U{ord(found[0]):08x}"


def _open(found: re.Match[str]) -> str:
    return f"\\u{{{ord(found[0]):x}}}"
