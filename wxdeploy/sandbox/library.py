"""The small public library that accounts add templates from, and the industries: the data beside this file.

Of the real category library no list is published, and no call reads it: titles, keywords and numbers are modelled on
live templates. Industries: doc/service/guide/product/template_message, second levels as get_industry writes them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    """One keyword of a library template.

    The digits of ``key`` are the keyword's number in the library, wherever it is put in an account's template.
    ``values`` are the only ones that a ``const`` or an ``enum_string`` takes. One that is ``dropped`` is accepted by
    api_add_template and missing from the template that comes of it, as was met in 2023-09 with a ``const``.
    """

    name: str
    key: str
    example: str
    values: tuple[str, ...] = ()
    dropped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryTemplate:
    """One template of the library; live ones use the colon of full width and the narrow one."""

    id: str
    title: str
    category: tuple[str, str]
    colon: str
    keywords: Mapping[str, Keyword]


@cache
def templates() -> Mapping[str, LibraryTemplate]:
    """Number -> template."""
    return MappingProxyType({row["id"]: _template(row) for row in _data()["templates"]})


@cache
def industries() -> Mapping[int, tuple[str, str]]:
    """Number -> names of the first and the second level."""
    return MappingProxyType({int(key): (first, second) for key, (first, second) in _data()["industries"].items()})


def _data() -> Any:
    return json.loads(files("wxdeploy.sandbox").joinpath("library.json").read_text("utf-8"))


def _template(row: Mapping[str, Any]) -> LibraryTemplate:
    keywords = (
        Keyword(
            name=keyword["name"],
            key=keyword["key"],
            example=keyword["example"],
            values=tuple(keyword.get("values", ())),
            dropped=keyword.get("dropped", False),
        )
        for keyword in row["keywords"]
    )
    first, second = row["category"]
    return LibraryTemplate(
        id=row["id"],
        title=row["title"],
        category=(first, second),
        colon=row["colon"],
        keywords=MappingProxyType({keyword.name: keyword for keyword in keywords}),
    )
