"""``wxdeploy preview``: offline, in three forms, of all menus or of one follower's."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from preview import hostile

from wxdeploy.model.cells import cells
from wxdeploy.render.svg import preview_svg
from wxdeploy.render.terminal_phone import preview_text

ROOT = Path(__file__).parents[2]
EXPECTED = Path(__file__).parent / "expected"
SVG = "{http://www.w3.org/2000/svg}"

Program = Callable[..., Any]
Golden = Callable[[Path, str], None]


@pytest.mark.parametrize("name", ["audiences", "official-samples"])
def test_the_terminal_shows_the_phone(name: str, program: Program, golden: Golden) -> None:
    ran = program("-C", ROOT / "examples" / name, "preview")
    assert (ran.exit, ran.err) == (0, "")
    golden(EXPECTED / f"{name}.txt", ran.out)


def test_the_picture_of_the_documentation_is_the_program_s(program: Program, golden: Golden) -> None:
    ran = program("-C", ROOT / "examples" / "audiences", "preview", "--format", "svg")
    assert (ran.exit, ran.err) == (0, "")
    golden(ROOT / "docs" / "preview.svg", ran.out)


@pytest.mark.parametrize("name", ["first-menu", "audiences"])
def test_the_frame_is_straight(name: str, program: Program) -> None:
    drawing: list[str] = []
    for line in program("-C", ROOT / "examples" / name, "preview").out.splitlines():
        if line.startswith("  ╭"):
            drawing = []
        if line.startswith(("  ╭", "  │", "  ├", "  ╰")):
            drawing.append(line)
            assert cells(line) == cells(drawing[0])


def test_a_follower_sees_one_menu(example: Callable[[str], Path], program: Program) -> None:
    folder = example("audiences")
    ran = program("-C", folder, "preview", "--tag", "北京门店", "--tag", "VIP", "--platform", "ios")
    assert ran.exit == 0
    assert "vip-ios: tag VIP · iOS" in ran.out
    assert "Default menu" not in ran.out
    assert "Default menu" in program("-C", folder, "preview", "--platform", "android").out


def test_only_what_is_aimed_at_is_shown(example: Callable[[str], Path], program: Program) -> None:
    folder = example("audiences")
    assert "vip-ios" not in program("-C", folder, "preview", "--target", "menu").out
    assert program("-C", folder, "preview", "--target", "tag").out == "shop\n  no menu is declared here\n"


@pytest.mark.parametrize(
    ("name", "begins"),
    [("a/phone.html", "<!doctype html>"), ("phone.svg", "<svg "), ("phone.txt", "demo\n"), ("x", "demo\n")],
)
def test_the_name_of_the_file_asks_for_the_form(
    name: str, begins: str, example: Callable[[str], Path], program: Program
) -> None:
    folder = example("first-menu")
    ran = program("-C", folder, "preview", "--out", name)
    assert (ran.exit, ran.out) == (0, "")
    assert ran.err == f"Wrote {folder / name}.\n"
    assert (folder / name).read_text("utf-8").startswith(begins)


@pytest.mark.parametrize("name", ["phone.html", "phone.svg", "phone.txt", "phone.md"])
def test_a_preview_is_renewed_and_no_other_file_is_lost(
    name: str, example: Callable[[str], Path], program: Program
) -> None:
    folder = example("first-menu")
    assert program("-C", folder, "preview", "--out", name).exit == 0
    assert program("-C", folder, "preview", "--out", name).exit == 0
    for menu in ("base/menu.yaml", "wxdeploy.yaml"):
        before = (folder / menu).read_bytes()
        ran = program("-C", folder, "preview", "--out", menu)
        assert ran.exit == 4
        assert f"{menu} is there and is no preview" in ran.err
        assert (folder / menu).read_bytes() == before


def test_a_file_that_can_t_be_written_is_told(example: Callable[[str], Path], program: Program) -> None:
    folder = example("first-menu")
    ran = program("-C", folder, "preview", "--out", "wxdeploy.yaml/phone.svg")
    assert ran.exit == 1
    assert "can't be written" in ran.err


def test_what_is_wrong_is_told_and_nothing_shown(example: Callable[[str], Path], program: Program) -> None:
    folder = example("first-menu")
    menu = folder / "base" / "menu.yaml"
    menu.write_text(menu.read_text("utf-8").replace("key: COUPON_TODAY", "kee: COUPON"), "utf-8")
    ran = program("-C", folder, "preview")
    assert (ran.exit, ran.out) == (3, "")
    assert "base/menu.yaml:12" in ran.err


def test_what_a_button_does_is_folded_to_the_terminal_and_lies_below_its_name() -> None:
    address = f"https://{'a' * 38}"
    menu = {"button": [{"name": "菜单", "sub_button": [{"type": "view", "name": "搜索", "url": address}]}]}
    menus = [{"name": None, "rule": None, "menu": menu, "places": {"button[0].sub_button[0]": "menu.yaml:7"}}]
    lines = preview_text({"accounts": [{"account": "demo", "menus": menus}]}, 60).splitlines()
    at = lines.index("      ↗ 搜索")
    assert lines[at + 1 :] == [
        "          Opens a web page",
        f"              {address}",
        "          menu.yaml:7",
    ]
    assert all(cells(line) <= 60 for line in lines)


def test_the_terminal_obeys_no_name() -> None:
    text = preview_text(hostile.configuration())
    assert all(sign.isprintable() or sign in "\n\u200d\ufe0f" for sign in text)


def test_the_picture_is_well_formed_whatever_the_names() -> None:
    picture = ET.fromstring(preview_svg(hostile.configuration()))
    allowed = {f"{SVG}{name}" for name in ("svg", "title", "desc", "style", "rect", "path", "text", "g")}
    assert {each.tag for each in picture.iter()} == allowed
    attributes = {name for each in picture.iter() for name in each.attrib}
    assert not [name for name in attributes if name.startswith("on") or "href" in name]


def test_the_menus_of_a_revision_are_the_picture_before(example: Callable[[str], Path], program: Program) -> None:
    folder = example("first-menu")
    before = program("-C", folder, "preview", "--format", "svg").out
    user = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "a menu")):
        subprocess.run(("git", *user, *arguments), cwd=folder, check=True, capture_output=True)
    path = folder / "base" / "menu.yaml"
    path.write_text(path.read_text("utf-8").replace("name: 本周新品", "name: 新品尝鲜"), "utf-8")
    after = program("-C", folder, "preview", "--format", "svg").out
    assert after != before
    for form in ("svg", "html", "text"):
        ran = program("-C", folder, "preview", "--at", "HEAD", "--format", form)
        assert (ran.exit, ran.err) == (0, "")
        assert "本周新品" in ran.out
        assert "新品尝鲜" not in ran.out
    assert program("-C", folder, "preview", "--at", "HEAD", "--format", "svg").out == before
    assert program("-C", folder, "preview", "--at", "no-such").exit == 64
