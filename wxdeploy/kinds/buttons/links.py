"""Where the buttons of a menu lead, as WeChat counts it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from wxdeploy.kinds.buttons.spec import Button, leaves

_ORIGIN = re.compile(r"[^/?#]*//[^/?#]*")


def domain(url: str) -> str | None:
    """The domain of a link, as it is written: whether subdomains count as one is not documented."""
    origin = _ORIGIN.match(url)
    return _host(origin[0] if origin else url)


@lru_cache(maxsize=4096)  # the links of an account have few
def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return url  # a bracket out of place


def domains(buttons: Iterable[Button]) -> frozenset[str]:
    """The domains that the buttons link to, those of a mini program's fallback pages included."""
    found = (domain(url) for leaf in leaves(tuple(buttons)) if isinstance(url := leaf.fields.get("url"), str))
    return frozenset(each for each in found if each)
