"""The name of one managed object."""

from __future__ import annotations

from typing import NamedTuple


class Address(NamedTuple):
    """A kind and a name in it, written ``tag.VIP``."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}.{self.name}"
