"""Where the buttons of a menu lead, as WeChat counts it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from wxdeploy.kinds.buttons.spec import Button, leaves


@lru_cache(maxsize=4096)  # several rules ask for the same
def domain(url: str) -> str | None:
    """The domain of a link, as it is written: whether subdomains count as one is not documented."""
    try:
        return urlsplit(url).hostname
    except ValueError:
        return url  # a bracket out of place


def domains(buttons: Iterable[Button]) -> frozenset[str]:
    """The domains that the buttons link to, those of a mini program's fallback pages included."""
    found = (domain(url) for leaf in leaves(tuple(buttons)) if isinstance(url := leaf.fields.get("url"), str))
    return frozenset(each for each in found if each)
