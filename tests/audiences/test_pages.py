"""The page about audiences and the example's walk-through show what the program does."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from audiences.server import listening
from audiences.shop import Shop

from wxdeploy.sandbox.app import create_app
from wxdeploy.sandbox.seeding import seed
from wxdeploy.sandbox.store import Store

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "audiences.md"
EXAMPLE = ROOT / "examples" / "audiences"
SHOWN = re.compile(r"^(<!-- shown: (\w+) -->\n```text\n)(.*?)(```\n)", re.DOTALL | re.MULTILINE)
STEPS = re.compile(r"^```sh\n(.*?)```\n(?:\n<!-- shown: (\w+) -->)?", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"^<!-- file: (\S+) -->\n```yaml\n(.*?)```\n", re.DOTALL | re.MULTILINE)
BLOCK = re.compile(r"^```(\w+)", re.MULTILINE)

Golden = Callable[[Path, str], None]


def filled(page: Path, shown: dict[str, str]) -> str:
    """The page with what the program printed."""
    text = page.read_text("utf-8")
    assert [name for _, name, *_ in SHOWN.findall(text)] == list(shown)
    return SHOWN.sub(lambda found: found[1] + shown[found[2]] + found[4], text)


def test_the_page_shows_what_the_program_says(shop: Shop, golden: Golden) -> None:
    text = PAGE.read_text("utf-8")
    ((name, written),) = FILE.findall(text)
    assert name == "shop.yaml"
    shop.want(written)
    assert shop.done("validate").out.startswith("All good")
    shop.done("apply", "--yes")
    edited = written.replace("name: 会员, key: VIP}", "name: 会员专享, key: VIP}")
    shop.want(edited)
    shown = {"plan": shop.done("plan").out}
    shown["match"] = shop.done("match", "--tag", "北京门店", "--tag", "VIP", "--platform", "ios").out
    top, vip_ios, vip, rest = re.split(r"(?=^  - name: (?:vip-ios|vip|beijing)$)", written, flags=re.MULTILINE)
    shop.want(top + vip + vip_ios + rest)
    shown["validate"] = shop.run("validate").out
    golden(PAGE, filled(PAGE, shown))
    assert set(BLOCK.findall(text)) == {"yaml", "text"}
    assert len(BLOCK.findall(text)) == len(shown) + 1, "every block is held to the program"


@pytest.mark.parametrize("words", ["2000 additions", "three domains", "older than five minutes"])
def test_the_page_has_the_figures_of_the_table(words: str) -> None:
    from wxdeploy.wechat import limits

    assert words in " ".join(PAGE.read_text("utf-8").split())
    assert (limits.CONDITIONAL_DOMAINS.value, limits.MENU_REFRESH_SECONDS) == (3, 300)


def test_the_partings_told_are_those_that_there_are() -> None:
    source = (ROOT / "wxdeploy" / "workflow" / "match.py").read_text("utf-8")
    for row in re.findall(r"^\| ((?:the account|no tag)[^|]*?)(?: …)? \|", PAGE.read_text("utf-8"), re.MULTILINE):
        assert row.removesuffix(" with the last tag") in source


def test_the_walk_through_can_be_walked(
    tmp_path: Path, program: Callable[..., Any], golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "audiences"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".wxdeploy"))
    monkeypatch.chdir(folder)
    readme = EXAMPLE / "README.md"
    steps = STEPS.findall(readme.read_text("utf-8"))
    shown: dict[str, str] = {}
    with closing(Store()) as store, listening(create_app(store)) as url:
        for text, name in steps:
            printed = ""
            for line in text.splitlines():
                match shlex.split(line):
                    case ["wxdeploy", "sandbox", "--port", "8081", "--seed", file]:
                        seed(store, json.loads(Path(file).read_text("utf-8")))
                    case ["export", "WXDEPLOY_API=http://127.0.0.1:8081"]:
                        monkeypatch.setenv("WXDEPLOY_API", url)
                    case ["wxdeploy", *arguments]:
                        ran = program(*arguments)
                        assert (ran.exit, ran.err) == (0, ""), ran.out + ran.err
                        printed += ran.out if arguments[0] != "apply" else ""
                    case other:
                        raise AssertionError(other)
            if name:
                shown[name] = printed
    golden(readme, filled(readme, shown))
    assert not (folder / ".wxdeploy" / "sandbox.sqlite3").exists(), "the account was that of the server"


def test_the_seed_of_the_example_is_one_that_the_command_takes(tmp_path: Path) -> None:
    """``wxdeploy sandbox --seed`` as a process of its own says that it is ready."""
    import subprocess
    import sys

    command = [sys.executable, "-m", "wxdeploy", "sandbox", "--port", "0", "--seed", str(EXAMPLE / "seed.json")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http://127.0.0.1:")
    finally:
        process.terminate()
        process.communicate()
