"""The return codes of the API: 912 of them, as data beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import NamedTuple


class Retry(StrEnum):
    """Whether the same request can succeed later."""

    NO = "no"
    YES = "yes"
    AFTER_WAIT = "after-wait"


class ErrCode(NamedTuple):
    """One row of the table: ``symbol`` is the API's own ``errmsg``."""

    number: int
    symbol: str
    meaning: str
    remedy: str
    retry: Retry
    source: str


@cache
def table() -> Mapping[int, ErrCode]:
    """The whole table, read once when first asked for."""
    import csv
    from importlib.resources import files

    text = files("wxdeploy.wechat").joinpath("errcodes.csv").read_text("utf-8")
    rows = (
        ErrCode(
            number=int(row["errcode"]),
            symbol=row["errmsg_en_or_cn"],
            meaning=row["meaning_in_english"],
            remedy=row["user_action"],
            retry=Retry(row["retryable"]),
            source=row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    )
    return MappingProxyType({row.number: row for row in rows})


def lookup(number: int) -> ErrCode | None:
    """The row of a return code, or None where the table has none."""
    return table().get(number)
