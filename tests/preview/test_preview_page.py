"""The page as text: nothing is loaded, nothing runs but its own script, nothing from outside is markup."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from preview import hostile
from render import plans

from wxdeploy.render.page import plan_page, preview_page

# fmt: off
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "header", "div", "h1", "h2", "h3", "p", "span", "b",
    "button", "label", "select", "option", "main", "section", "figure", "figcaption", "ul", "li", "dl", "dt", "dd",
    "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "code", "pre", "footer", "script",
}
# fmt: on
VOID = {"meta"}


class Reader(HTMLParser):
    """What is in a page: its elements in order, and that each is closed where it has to be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, Mapping[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("style", "script"):
            return
        self.texts.append(data)


def small() -> str:
    before, after = plans.menu(plans.view("旧")), plans.menu(plans.view("新"))
    return plan_page(plans.document(plans.account(after, before), plans.failed("broken", "no credentials", "set them")))


PAGES: Mapping[str, Callable[[], str]] = {
    "plan": small,
    "hostile plan": lambda: plan_page(hostile.plan()),
    "hostile preview": lambda: preview_page(hostile.configuration()),
}


@pytest.fixture(params=PAGES)
def text(request: pytest.FixtureRequest) -> str:
    return PAGES[request.param]()


def test_a_page_holds_no_element_and_no_attribute_but_its_own(text: str) -> None:
    page = Reader(text)
    assert {tag for tag, _ in page.elements} <= ALLOWED
    for _, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "src", "href", "action")]
    assert [tag for tag, _ in page.elements].count("script") == 1
    assert [tag for tag, _ in page.elements].count("style") == 1


def test_every_id_is_there_once_and_whatever_is_pointed_at_is_there(text: str) -> None:
    attributes = [each for _, each in Reader(text).elements]
    ids = [each["id"] for each in attributes if "id" in each]
    assert len(ids) == len(set(ids))
    for each in attributes:
        for name in ("aria-controls", "aria-labelledby", "data-tap", "data-menu"):
            assert each.get(name) in (None, *ids)


def test_the_policy_allows_its_own_style_and_script_alone(text: str) -> None:
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    hashes = {}
    for name in ("style", "script"):
        (content,) = re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode("utf-8")).digest()).decode("ascii")
        hashes[name] = f"{name}-src 'sha256-{digest}'"
    assert policy == f"default-src 'none'; {hashes['style']}; {hashes['script']}; base-uri 'none'; form-action 'none'"
    assert text.index("Content-Security-Policy") < text.index("<title>")


def test_signs_that_hide_or_reorder_are_written_out(text: str) -> None:
    assert all(sign.isprintable() or sign in "\n\u200d\ufe0f" for sign in text)


def test_the_same_plan_makes_the_same_page() -> None:
    assert small() == small()


def test_a_plan_without_changes_says_so() -> None:
    same = plans.menu(plans.view("同"))
    assert "没有变更" in "".join(Reader(plan_page(plans.document(plans.account(same, same)))).texts)


def test_why_nothing_could_be_planned_is_on_the_page(
    program: Callable[..., Any], example: Callable[[str], Path]
) -> None:
    folder = example("first-menu")
    (folder / "wxdeploy.yaml").write_text("version: 1\naccounts: 3\n", "utf-8")
    ran = program("-C", folder, "plan", "--format", "html")
    assert ran.exit == 3
    assert "wxdeploy.yaml:2" in "".join(Reader(ran.out).texts)


def test_edits_are_told_in_words_with_their_places(shop: Path, page: Callable[..., Path]) -> None:
    said = "".join(Reader(page(shop, "plan").read_text("utf-8")).texts)
    for words in (
        "点单 › 新品尝鲜",
        "本周新品 → 新品尝鲜",
        "base/menu.yaml:8",
        "门店 › 预约试饮与门店导览服务",
        "第 2 个",
    ):
        assert words in said


def test_tags_are_told_as_menus_are_and_their_fields_by_name(
    audiences: Path, page: Callable[..., Path], program: Callable[..., Any]
) -> None:
    tags = audiences / "tags.yaml"
    tags.write_text(
        tags.read_text("utf-8").replace("name: 新客", "{name: 新会员, was: 新客}\n  - name: 上海门店"), "utf-8"
    )
    reader = Reader(page(audiences, "plan").read_text("utf-8"))
    assert "pre" not in {tag for tag, _ in reader.elements}
    said = " ".join("".join(reader.texts).split())
    for words in ("改名renamed", "标签tag 新会员", "名称name: 新客 → 新会员", "标签tag 上海门店", "tags.yaml:7"):
        assert words in said
    text = program("-C", audiences, "plan").out
    assert "      ~ name  新客 → 新会员  tags.yaml:6\n" in text
    comment = program("-C", audiences, "plan", "--format", "markdown").out
    assert "- **&#126;** <code>name</code> <code>新客 → 新会员</code> · <code>tags.yaml&#58;6</code>\n" in comment


def test_a_column_is_there_for_what_somebody_sees_for_a_moment_alone(
    audiences: Path, program: Callable[..., Any]
) -> None:
    document = json.loads(program("-C", audiences, "plan", "--format", "json").out)
    assert "执行中短暂看到" in plan_page(document)
    for audience in document["accounts"][0]["audiences"]:
        audience["between"] = []
    assert "执行中短暂看到" not in plan_page(document)


def test_hazards_and_their_permit_are_on_the_page() -> None:
    console = {"button": [{"type": "text", "name": "你好", "value": "hi"}]}
    document = plans.document(plans.account(plans.menu(plans.view("新")), None, console))
    said = "".join(Reader(plan_page(document)).texts)
    assert "--allow-delete" in said
    assert "WX9" in said
