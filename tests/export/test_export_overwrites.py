"""An export replaces an export, and no other file that is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from export.shops import example

from wxdeploy.sandbox.store import Store

NAMES = ["a.json", "a.env", "a.py", "a.ts"]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return example(tmp_path / "shop")


def calls(shop: Path) -> int:
    store = Store(shop / ".wxdeploy" / "sandbox.sqlite3")
    try:
        return len(store.calls())
    finally:
        store.close()


@pytest.mark.parametrize("name", ["wxdeploy.yaml", "notes.py", "package.json", "settings.env"])
def test_a_file_that_is_no_export_is_kept_and_nobody_is_called(
    shop: Path, program: Callable[..., Any], name: str
) -> None:
    path = shop / name
    if not path.exists():
        path.write_text('{"name": "wxdeploy.export/1"}  # run `wxdeploy export --format python`\n', "utf-8")
    before = path.read_bytes()
    ran = program("-C", shop, "export", "--out", name)
    assert ran.exit == 4
    assert "is there and is no export" in ran.err
    assert "--force" in ran.err
    assert path.read_bytes() == before
    assert calls(shop) == 0
    if name != "wxdeploy.yaml":
        assert program("-C", shop, "export", "--out", name, "--force").exit == 0
        assert program("-C", shop, "export", "--check", name).exit == 0


@pytest.mark.parametrize("name", NAMES)
def test_an_export_of_any_form_is_renewed(shop: Path, program: Callable[..., Any], name: str) -> None:
    for form in ("json", "dotenv", "python", "typescript"):
        assert program("-C", shop, "export", "--format", form, "--out", name).exit == 0
    text = (shop / name).read_text("utf-8")
    (shop / name).write_text("// Copyright\r\n" + text.replace("\n", "\r\n") + "by hand\n", "utf-8")
    assert program("-C", shop, "export", "--out", name).exit == 0


def test_a_file_without_anything_is_written_to(shop: Path, program: Callable[..., Any]) -> None:
    (shop / "a.py").write_text("\n", "utf-8")
    assert program("-C", shop, "export", "--out", "a.py").exit == 0
