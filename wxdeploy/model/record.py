"""Values of named fields that every start defines and few places make."""

from __future__ import annotations

from typing import Any, dataclass_transform


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Record:
    """To the type checker a frozen dataclass whose fields are given by name; to define one costs what a class costs.

    A dataclass takes a hundred times as long, a named tuple sixteen times. Two records are equal where they are one.
    """

    def __init__(self, **fields: Any) -> None:
        vars(self).update(fields)
