"""A part of a fleet that one of several runs takes care of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from wxdeploy.model.jsonvalue import JsonValue


@dataclass(frozen=True, slots=True)
class Shard:
    """The part ``index`` (from 1) of ``count``; ``accounts`` are those of all parts, in the order of the project."""

    index: int
    count: int
    accounts: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"

    def of(self, accounts: Iterable[str]) -> Shard:
        """The same part of these accounts."""
        return replace(self, accounts=tuple(accounts))

    def holds(self, appid: str) -> bool:
        """Whether an account belongs to this part: its appid alone decides, whichever other accounts there are."""
        digest = hashlib.sha256(appid.encode("utf-8", "surrogatepass")).digest()
        return int.from_bytes(digest[:8]) % self.count == self.index - 1

    def to_json(self) -> dict[str, JsonValue]:
        """The public form."""
        return {"index": self.index, "count": self.count, "accounts": list(self.accounts)}

    @classmethod
    def from_json(cls, value: Any) -> Shard:
        """The shard that a document tells of; raises ``ValueError`` where it tells of none."""
        if not isinstance(value, Mapping):
            raise ValueError("shard")  # noqa: TRY004 - what was read is amiss, and no caller passed it
        index, count, accounts = value.get("index"), value.get("count"), value.get("accounts")
        if type(index) is not int or type(count) is not int or not 1 <= index <= count:
            raise ValueError("shard")
        if not isinstance(accounts, list) or not all(isinstance(name, str) for name in accounts):
            raise ValueError("shard")
        return cls(index, count, tuple(accounts))
