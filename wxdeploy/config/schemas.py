"""The published schemas: where they are, and whether a document is as one of them wants it.

``names`` and ``text`` need no library. Almost every document is valid, and ``verdict`` decides whether one is; only
what it does not take is looked at again by ``refusals``, which can say what is wrong.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from wxdeploy.config.documents import Document
from wxdeploy.model.diagnostic import Diagnostic
from wxdeploy.model.errors import UsageError
from wxdeploy.model.jsonvalue import JsonValue
from wxdeploy.model.source import SourceMap

SUFFIX = ".schema.json"
"""What a schema's file is called after its name."""


@cache
def folder() -> FilePath:
    """Where the schemas are: in the installed package, else beside it in a checkout."""
    package = FilePath(__file__).resolve().parent.parent
    packaged = package / "_schemas" / "v1"
    return packaged if packaged.is_dir() else package.parent / "schemas" / "v1"


@cache
def names() -> tuple[str, ...]:
    """The files of all schemas: ``account.schema.json`` …"""
    return tuple(sorted(path.name for path in folder().iterdir() if path.name.endswith(SUFFIX)))


def text(file: str) -> str:
    """One schema as it is published."""
    if file not in names():
        raise UsageError(f"there is no schema {file}", fix=f"there are {', '.join(names())}")
    return (folder() / file).read_text(encoding="utf-8")


def check(document: Document, name: str) -> tuple[Diagnostic, ...]:
    """What a schema (``account``, ``project``) says of a document."""
    return check_value(document.value, document.sources, name)


def check_value(value: JsonValue, sources: SourceMap, name: str) -> tuple[Diagnostic, ...]:
    """What the schema says of a value whose places are ``sources``, by place and each thing once."""
    from wxdeploy.config.verdict import is_valid

    if is_valid(value, name):
        return ()
    from wxdeploy.config import refusals

    return refusals.of_value(value, sources, name)


def check_sections(document: Document, name: str) -> tuple[tuple[Diagnostic, ...], frozenset[str]]:
    """What is wrong with a file whose variables are not filled in yet, and the sections that have to wait.

    That is what its reading found and what the schema says, the latter by paths that are counted from its sections. A
    section waits where a variable stands for one of several words: which other keys it needs is not known before.
    """
    from wxdeploy.config.verdict import is_valid

    if is_valid(document.value, name):
        return document.diagnostics, frozenset()
    from wxdeploy.config import refusals

    return refusals.of_sections(document, name)


@cache
def properties(name: str) -> frozenset[str]:
    """The keys that the top of a schema knows."""
    return frozenset(contents(name).get("properties", {}))


@cache
def contents(name: str) -> dict[str, Any]:
    """One schema as data."""
    found: dict[str, Any] = json.loads(text(name + SUFFIX))
    return found
