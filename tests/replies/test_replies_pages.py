"""What the documentation and the example say of replies is so."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from replies.conftest import Find

from wxdeploy.config import schemas
from wxdeploy.config.documents import load

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "replies.md").read_text("utf-8")
EXAMPLE = ROOT / "examples" / "replies"


def test_what_the_page_shows_is_valid(find: Find) -> None:
    shown = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(shown) == 2
    for text in shown:
        assert schemas.check(load(text.encode("utf-8"), "replies.yaml"), "account") == ()
        assert find(text) == ()


def test_a_button_whose_reply_is_taken_away_is_named_as_the_example_shows(
    tmp_path: Path, program: Callable[..., Any]
) -> None:
    folder = tmp_path / "replies"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".wxdeploy"))
    readme = (EXAMPLE / "README.md").read_text("utf-8")
    shown = dict(re.findall(r"<!-- shown: (\w+) -->\n```text\n(.*?)```", readme, re.DOTALL))
    assert program("-C", folder, "validate").out == shown["validate"]
    lines = (folder / "replies.yaml").read_text("utf-8").splitlines(keepends=True)
    (folder / "replies.yaml").write_text("".join(line for line in lines if "SCAN_FOR_TEA" not in line), "utf-8")
    assert program("-C", folder, "validate").out == shown["dead"]
