"""The formats by name, and the one that a file's name asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from wxdeploy.render.export.dotenv import dotenv
from wxdeploy.render.export.names import json_text
from wxdeploy.render.export.python import python
from wxdeploy.render.export.typescript import typescript

FORMATS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "json": json_text,
    "dotenv": dotenv,
    "python": python,
    "typescript": typescript,
}

_ENDINGS = {
    ".json": "json",
    ".env": "dotenv",
    ".py": "python",
    ".pyi": "python",
    ".ts": "typescript",
    ".mts": "typescript",
}

_MADE = (
    re.compile(r'\A\s*\{\s*"format":\s*"wxdeploy\.export/'),
    re.compile(r"^(# |// )?Made by `wxdeploy export --format (dotenv|python|typescript)`", re.MULTILINE),
)


def format_of(file_name: str) -> str | None:
    """``wx_templates.py`` is ``python``; None for a name that says nothing."""
    return next((form for ending, form in _ENDINGS.items() if file_name.endswith(ending)), None)


def is_export(beginning: str) -> bool:
    """Whether a file that begins so was made by an export, in whatever form."""
    return any(each.search(beginning) for each in _MADE)
