"""An address of http: read strictly, and kept in one spelling."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, urlsplit

HTTP = frozenset({"http", "https"})

_PORTS = {"http": 80, "https": 443}
_LAST_PORT = 65535
_LONGEST = 65536
_UNREADABLE = re.compile(r"^ |[\x00-\x1f\x7f]")  # what urlsplit would take away unasked
# RFC 3986 section 3.2; urlsplit passes over what stands behind the bracket
_AUTHORITY = re.compile(r"(?:(?P<user>.+)@)?(?P<host>\[[^]]*\]|[^]:@[]+)(?::(?P<port>[0-9]*))?")
_NAME = re.compile(r"[0-9a-z_-]{1,63}(?:\.[0-9a-z_-]{1,63})*\.?")  # RFC 1035 section 2.3.4
_FOUR_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+){3}")
# What may stand there as it is, by https://url.spec.whatwg.org/#percent-encoded-bytes; an escape is left alone.
_IN_PATH = "!$%&'()*+,/:;=@[\\]^|"
_IN_QUERY = _IN_PATH + "?`{}"


@dataclass(frozen=True, slots=True)
class Url:
    """An address with a host; ``str`` is its one spelling, without the user and the fragment.

    ``host`` is in small letters and ASCII (IDNA), an IPv6 address without brackets; ``port`` is None where it is the
    scheme's. ``path`` begins with a slash and has no dot segments, ``user`` is what stands before the ``@``; they, the
    query and the fragment have escapes where they need them. All but the origin can be a secret.
    """

    scheme: str
    host: str
    port: int | None
    path: str = field(default="/", repr=False)
    query: str = field(default="", repr=False)
    fragment: str = field(default="", repr=False)
    user: str = field(default="", repr=False)

    @property
    def authority(self) -> str:
        """The host, and the port where it is not the scheme's: what a request says as its ``host``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    @property
    def target(self) -> str:
        """The path and the query, as in the first line of a request."""
        return f"{self.path}?{self.query}" if self.query else self.path

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def parse(text: str, schemes: AbstractSet[str] = HTTP) -> Url | None:
    """The URL that the text is, None where it is none, or none of these schemes."""
    try:
        return _parsed(text, schemes)
    except ValueError:  # also of a host or a path that can't be encoded
        return None


def _parsed(text: str, schemes: AbstractSet[str]) -> Url | None:
    if len(text) > _LONGEST or _UNREADABLE.search(text):
        return None
    parts = urlsplit(text)
    found = _AUTHORITY.fullmatch(parts.netloc)
    if found is None or parts.scheme not in schemes:
        return None
    port = int(found["port"]) if found["port"] else _PORTS.get(parts.scheme)
    if port is not None and not 0 < port <= _LAST_PORT:
        return None
    return Url(
        scheme=parts.scheme,
        host=_host(found["host"]),
        port=None if port == _PORTS.get(parts.scheme) else port,
        path=_without_dots(quote(parts.path, safe=_IN_PATH)),
        query=escaped(parts.query),
        fragment=escaped(parts.fragment),
        user=escaped(found["user"] or ""),
    )


def escaped(query: str | bytes) -> str:
    """The text of a query with escapes where it needs them; those that it has are left alone."""
    return quote(query, safe=_IN_QUERY)


def _host(text: str) -> str:
    """The host in its one spelling; raises ``ValueError`` where it is none."""
    if text.startswith("["):
        address = text[1:-1].lower()
        if IPv6Address(address).scope_id is not None:  # a name of this machine's, which no other can know
            raise ValueError
        return address
    name = text.lower()
    if not name.isascii():
        import idna

        name = idna.encode(name).decode("ascii")
    if _FOUR_NUMBERS.fullmatch(name):
        IPv4Address(name)
    elif not _NAME.fullmatch(name):
        raise ValueError
    return name


def _without_dots(path: str) -> str:
    kept = [""]
    for segment in path.split("/")[1:]:
        if segment == "..":
            kept = kept[:-1] or kept
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept) or "/"
