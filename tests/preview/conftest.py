from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from preview.browser import Browser, executable

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="session")
def _chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = executable()
    if program is None:
        pytest.skip("there is no Chromium: apt-get install chromium fonts-noto-cjk")
    browser = Browser(program, tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.close()


@pytest.fixture
def browser(_chromium: Browser) -> Browser:
    """A tab of a real browser: wide, and liking it light."""
    _chromium.size(1240, 1000)
    return _chromium


@pytest.fixture(scope="session")
def axe() -> str:
    """The script that looks for what keeps people out of a page."""
    path = ROOT / ".venv" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        pytest.skip("there is no axe: npm install --prefix .venv/axe axe-core@4")
    return path.read_text("utf-8")


@pytest.fixture
def example(tmp_path: Path) -> Callable[[str], Path]:
    """A copy of an example, without the state of its sandbox."""

    def copied(name: str) -> Path:
        shutil.copytree(EXAMPLES / name, tmp_path / name, ignore=shutil.ignore_patterns(".wxdeploy"))
        return tmp_path / name

    return copied


@pytest.fixture
def shop(example: Callable[[str], Path], program: Callable[..., Any]) -> Path:
    """A shop whose menu was applied and then edited: a rename, a move, a removal, an addition with a long name."""
    folder = example("first-menu")
    assert program("-C", folder, "apply", "--yes").exit == 0
    path = folder / "base" / "menu.yaml"
    text = path.read_text("utf-8")
    points = '        - {type: view, name: 我的积分, url: "${site}/member/points"}\n'
    coupon = "        - {type: click, name: 领优惠券, key: COUPON_TODAY}\n"
    hours = '        - {type: view, name: 营业时间, url: "${site}/stores/hours"}\n'
    for before, after in (
        ("name: 本周新品", "name: 新品尝鲜"),
        (points + coupon, coupon + points),
        (hours, "        - {type: click, name: 预约试饮与门店导览服务, key: BOOK}\n"),
    ):
        assert text.count(before) == 1
        text = text.replace(before, after)
    path.write_text(text, "utf-8")
    return folder


@pytest.fixture
def audiences(example: Callable[[str], Path], program: Callable[..., Any]) -> Path:
    """An account with personalised menus that was applied; then one was changed and another taken away."""
    folder = example("audiences")
    assert program("-C", folder, "apply", "--yes").exit == 0
    project, menus = folder / "wxdeploy.yaml", folder / "audiences.yaml"
    project.write_text(project.read_text("utf-8").replace(", expectations.yaml", ""), "utf-8")
    text = menus.read_text("utf-8").replace("${site}/app", "${site}/get")
    menus.write_text(text[: text.index("  - name: beijing")], "utf-8")
    return folder


@pytest.fixture
def page(program: Callable[..., Any], tmp_path: Path) -> Callable[..., Path]:
    """The file with the page that a command prints."""

    def made(folder: Path, *command: str) -> Path:
        ran = program("-C", folder, *command, "--format", "html")
        assert (ran.exit, ran.err) == (0, "")
        path = tmp_path / f"{'-'.join((folder.name, *command))}.html"
        path.write_text(ran.out, "utf-8")
        return path

    return made
